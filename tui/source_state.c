#include "tui/source_state.h"

#include <stdlib.h>
#include <string.h>

enum {
    CALLS_MAX = 256,  /* looked through for a call in the file */
    SIDES_COLS = 100, /* from here on both texts fit beside each other */
};

static const struct line_cost no_cost;

const struct line_cost *source_cost(const struct source_side *side,
                                    uint32_t line)
{
    if (line >= side->text.lines.count || side->costs == NULL)
        return &no_cost;
    return &side->costs[line];
}

bool source_has_diff(const struct source_state *s)
{
    return s->diff.gone > 0 || s->diff.added > 0;
}

/* Whether the row shows what the stage before had there. */
static bool shows_left(const struct source_state *s, size_t row)
{
    return s->mode == SOURCE_SIDES ||
           (s->mode == SOURCE_UNIFIED && s->rows[row].right == DIFF_NONE);
}

double source_row_allocs(const struct source_state *s, size_t row)
{
    double now = source_cost(&s->now, s->rows[row].right)->allocs;
    double before = source_cost(&s->before, s->rows[row].left)->allocs;

    return shows_left(s, row) && before > now ? before : now;
}

const struct line *source_row_line(const struct source_state *s, size_t row)
{
    const struct diff_row *r = &s->rows[row];

    return r->right != DIFF_NONE ? &s->now.text.lines.lines[r->right]
                                 : &s->before.text.lines.lines[r->left];
}

/* The site that the cursor names in a stage, or NULL. */
static const struct site *site_in(const struct stage *s,
                                  const struct selection *selection)
{
    const struct site *found = NULL;
    int best = 0;

    for (size_t i = 0; s != NULL && i < s->site_count && best < 2; i++) {
        int match = selection_match(selection, &s->sites[i]);

        if (match > best) {
            best = match;
            found = &s->sites[i];
        }
    }
    return found;
}

const struct site *source_row_site(const struct source_state *s,
                                   const struct world *w, bool *is_gone)
{
    const struct site *site;

    *is_gone = false;
    if (s->row >= s->row_count)
        return NULL;
    site = source_cost(&s->now, s->rows[s->row].right)->site;
    if (site == NULL && s->is_call)
        site = site_in(world_stage(w), &w->selection);
    if (site != NULL)
        return site;
    *is_gone = true;
    if (shows_left(s, s->row))
        site = source_cost(&s->before, s->rows[s->row].left)->site;
    if (site == NULL && s->is_call)
        site = site_in(world_stage_before(w), &w->selection);
    return site;
}

/* The file to show when no site says which. */
static const char *default_path(const struct world *w)
{
    const struct stage *s = world_stage(w);

    if (s->lesson != NULL && s->lesson->source != NULL &&
        source_find(s, s->lesson->source) != NULL)
        return source_find(s, s->lesson->source);
    for (size_t i = 0; i < s->site_count; i++)
        if (s->sites[i].file[0] != '\0' &&
            filters_pass(&w->filters, w->filters.count, &s->sites[i]))
            return s->sites[i].file;
    return s->site_count > 0 ? s->sites[0].file : NULL;
}

static const char *path_wanted(const struct world *w)
{
    const struct stage *s = world_stage(w);
    const struct stage *before = world_stage_before(w);
    const struct site *site = site_in(s, &w->selection);
    const struct site *gone = site_in(before, &w->selection);
    const char *path = NULL;

    if (site == NULL && gone == NULL && !w->selection.has_site &&
        s->site_count > 0)
        site = &s->sites[0];
    if (site != NULL)
        path = site->file;
    else if (gone != NULL)
        path = source_counterpart(before, gone->file, s);
    if (path == NULL)
        path = default_path(w);
    return path != NULL && path[0] != '\0' ? path : NULL;
}

static void side_fini(struct source_side *side)
{
    source_text_fini(&side->text);
    free(side->costs);
    *side = (struct source_side){ 0 };
}

static void unload(struct source_state *s)
{
    side_fini(&s->now);
    side_fini(&s->before);
    line_diff_fini(&s->diff);
    free(s->rows);
    s->rows = NULL;
    s->row_count = s->row = 0;
    s->was_loaded = false;
}

static enum err_code side_open(struct source_side *side, const struct stage *s,
                               const char *path, struct err *err)
{
    enum err_code rc = source_text_open(s, path, &side->text, err);

    if (rc != ERR_OK)
        return rc;
    side->costs = calloc(side->text.lines.count + 1, sizeof(*side->costs));
    return side->costs == NULL ? err_no_memory(err) : ERR_OK;
}

static enum err_code load(struct source_state *s, const struct world *w,
                          const char *path, struct err *err)
{
    const struct stage *stage = world_stage(w);
    const struct stage *before = world_stage_before(w);
    enum err_code rc;

    unload(s);
    rc = side_open(&s->now, stage, path, err);
    if (rc == ERR_OK && before != NULL && path != NULL)
        rc = side_open(&s->before, before,
                       source_counterpart(stage, path, before), err);
    if (rc == ERR_OK && s->now.text.origin != SOURCE_MISSING &&
        s->before.text.origin != SOURCE_MISSING)
        rc =
            line_diff(&s->before.text.lines, &s->now.text.lines, &s->diff, err);
    if (rc != ERR_OK) {
        unload(s);
        return rc;
    }
    s->was_loaded = true;
    s->stage = w->selection.stage;
    s->version = w->story->version;
    /* Go to the selected site anew. */
    s->seen.stage = SIZE_MAX;
    return ERR_OK;
}

/* What was missing may be there once more was read. */
static bool is_loaded(const struct source_state *s, const struct world *w,
                      const char *path)
{
    const char *loaded = s->now.text.path;

    if (!s->was_loaded || s->stage != w->selection.stage)
        return false;
    if (s->version != w->story->version &&
        (s->now.text.origin != SOURCE_EMBEDDED ||
         s->before.text.origin != SOURCE_EMBEDDED))
        return false;
    return path == NULL || loaded == NULL ? path == loaded
                                          : strcmp(path, loaded) == 0;
}

static void add_costs(struct source_side *side, const struct stage *stage,
                      const struct filters *filters)
{
    side->allocs = 0;
    side->lines_allocating = 0;
    if (side->costs == NULL || side->text.path == NULL)
        return;
    memset(side->costs, 0, (side->text.lines.count + 1) * sizeof(*side->costs));
    for (size_t i = 0; i < stage->site_count; i++) {
        const struct site *site = &stage->sites[i];
        struct line_cost *cost;

        if (strcmp(site->file, side->text.path) != 0 ||
            !filters_pass(filters, filters->count, site))
            continue;
        side->allocs += stage_site_allocs(stage, site);
        if (site->line == 0 || site->line > side->text.lines.count)
            continue;
        cost = &side->costs[site->line - 1];
        side->lines_allocating += cost->site == NULL;
        if (cost->site == NULL) /* the first, so the biggest */
            cost->site = site;
        cost->allocs += stage_site_allocs(stage, site);
        cost->bytes += stage_site_bytes(stage, site);
    }
}

/* Index of the line of the file that asks for the site's blocks, or that
 * calls what does; DIFF_NONE when none of it is in this file. */
static uint32_t line_of_site(const struct stage *s, const struct site *site,
                             const char *path)
{
    if (strcmp(site->file, path) == 0)
        return site->line - 1; /* 0, unknown, becomes DIFF_NONE */
    for (size_t i = 1; s->profile != NULL && i < CALLS_MAX; i++) {
        struct trace_name name;
        const char *function;
        char unnamed[64];

        if (!profile_call(s->profile, site->stack, site->site_frame + i, &name,
                          &function, unnamed, sizeof(unnamed)))
            break;
        if (name.line > 0 &&
            strcmp(tables_string(profile_tables(s->profile), name.file),
                   path) == 0)
            return name.line - 1;
    }
    return DIFF_NONE;
}

/* Selects the row of a line of this stage, or of the stage before; where that
 * line is not shown, the one that stands in its place. */
static void go_to(struct source_state *s, uint32_t left, uint32_t right)
{
    if (right == DIFF_NONE && left != DIFF_NONE && s->mode == SOURCE_PLAIN) {
        size_t i = 0;

        while (i < s->diff.count && s->diff.rows[i].left != left)
            i++;
        while (i < s->diff.count && s->diff.rows[i].right == DIFF_NONE)
            i++;
        if (i < s->diff.count)
            right = s->diff.rows[i].right;
    }
    for (size_t i = 0; i < s->row_count; i++) {
        const struct diff_row *r = &s->rows[i];

        if (right != DIFF_NONE ? r->right == right
                               : left != DIFF_NONE && r->left == left) {
            s->row = i;
            return;
        }
    }
}

static void go_to_site(struct source_state *s, const struct world *w)
{
    const struct stage *stage = world_stage(w);
    const struct stage *before = world_stage_before(w);
    const struct site *site = site_in(stage, &w->selection);
    const struct site *gone = site_in(before, &w->selection);
    uint32_t left = DIFF_NONE;
    uint32_t right = DIFF_NONE;

    if (site == NULL && !w->selection.has_site && stage->site_count > 0)
        site = &stage->sites[0];
    if (site != NULL && s->now.text.path != NULL)
        right = line_of_site(stage, site, s->now.text.path);
    if (site == NULL && gone != NULL && s->before.text.path != NULL)
        left = line_of_site(before, gone, s->before.text.path);
    go_to(s, left, right);
    s->is_call = left != DIFF_NONE || right != DIFF_NONE;
}

static enum source_mode mode_of(const struct source_state *s,
                                const struct world *w)
{
    if (!source_has_diff(s) || s->is_diff_off)
        return SOURCE_PLAIN;
    return w->cols >= SIDES_COLS && !s->is_unified ? SOURCE_SIDES
                                                   : SOURCE_UNIFIED;
}

static enum err_code build_rows(struct source_state *s, struct err *err)
{
    size_t all = s->diff.count > 0 ? s->diff.count : s->now.text.lines.count;
    struct diff_row *rows = calloc(all + 1, sizeof(*rows));
    struct diff_row here = { DIFF_NONE, DIFF_NONE };

    if (rows == NULL)
        return err_no_memory(err);
    if (s->row < s->row_count)
        here = s->rows[s->row];
    free(s->rows);
    s->rows = rows;
    s->row = 0;
    if (s->mode == SOURCE_SIDES) {
        s->row_count = line_diff_pair(&s->diff, rows);
    } else if (s->mode == SOURCE_UNIFIED) {
        s->row_count = s->diff.count;
        memcpy(rows, s->diff.rows, s->row_count * sizeof(*rows));
    } else {
        s->row_count = s->now.text.lines.count;
        for (size_t i = 0; i < s->row_count; i++)
            rows[i] = (struct diff_row){ DIFF_NONE, (uint32_t)i };
    }
    go_to(s, here.left, here.right);
    return ERR_OK;
}

enum err_code source_refresh(void *state, const struct world *w,
                             struct err *err)
{
    struct source_state *s = state;
    const char *path = path_wanted(w);
    enum source_mode mode;
    enum err_code rc = ERR_OK;

    if (!is_loaded(s, w, path))
        rc = load(s, w, path, err);
    if (rc != ERR_OK)
        return rc;
    s->version = w->story->version;
    add_costs(&s->now, world_stage(w), &w->filters);
    if (world_stage_before(w) != NULL)
        add_costs(&s->before, world_stage_before(w), &w->filters);
    mode = mode_of(s, w);
    if (s->rows == NULL || mode != s->mode) {
        s->mode = mode;
        rc = build_rows(s, err);
    }
    if (rc == ERR_OK && !selection_equal(&s->seen, &w->selection)) {
        go_to_site(s, w);
        s->seen = w->selection;
        s->page = 0;
    }
    return rc;
}

void source_fini(void *state)
{
    unload(state);
}
