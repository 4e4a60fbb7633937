/*
 * view_sites.c - where do the allocations of one stage come from, ranked;
 * and, for the selected site, why it is on the heap.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "tui/site_text.h"
#include "tui/sites_table.h"
#include "tui/units.h"
#include "tui/view.h"
#include "tui/widgets.h"

static int compare_double(double a, double b)
{
    return (a < b) - (a > b); /* the bigger first */
}

static int compare_by(enum sites_sort sort, const struct site *a,
                      const struct site *b)
{
    switch (sort) {
    case SORT_ALLOCS:
        return compare_double((double)a->allocs, (double)b->allocs);
    case SORT_BYTES:
        return compare_double((double)a->bytes, (double)b->bytes);
    case SORT_LIFE:
        return compare_double((double)a->life_median_events,
                              (double)b->life_median_events);
    case SORT_VERDICT: {
        int order = (int)b->worst_kind - (int)a->worst_kind;

        return order != 0 ? order : (int)b->worst_up - (int)a->worst_up;
    }
    default: {
        int order = strcmp(a->function, b->function);

        return order != 0 ? order : strcmp(a->file, b->file);
    }
    }
}

/* Ties keep the order of the profile, most allocations first: the addresses
 * of its array tell. */
static int compare_rows(const void *left, const void *right, void *state)
{
    const struct sites_state *s = state;
    const struct site *a = ((const struct site_row *)left)->site;
    const struct site *b = ((const struct site_row *)right)->site;
    int order = compare_by(s->sort, a, b);

    if (order != 0)
        return s->is_reversed ? -order : order;
    return (a > b) - (a < b);
}

static enum err_code add_row(struct sites_state *s, const struct site *site,
                             const struct change *gone, struct err *err)
{
    enum err_code rc =
        vec_grow(&s->rows, s->count, &s->cap, sizeof(*s->rows), err);

    if (rc == ERR_OK)
        s->rows[s->count++] = (struct site_row){ site, gone };
    return rc;
}

static void select_row(struct sites_state *s, const struct selection *selection)
{
    int best = 0;

    s->selected = 0;
    for (size_t i = 0; i < s->count && best < 2; i++) {
        int match = selection_match(selection, s->rows[i].site);

        if (match > best) {
            best = match;
            s->selected = i;
        }
    }
}

static enum err_code sites_refresh(void *state, const struct world *w,
                                   struct err *err)
{
    struct sites_state *s = state;
    const struct stage *stage = world_stage(w);
    enum err_code rc = ERR_OK;

    s->count = 0;
    for (size_t i = 0; i < stage->site_count && rc == ERR_OK; i++)
        if (filters_pass(&w->filters, w->filters.count, &stage->sites[i]))
            rc = add_row(s, &stage->sites[i], NULL, err);
    s->present = s->count;
    for (size_t i = 0; i < stage->change_count && rc == ERR_OK; i++) {
        const struct change *c = &stage->changes[i];

        if (c->is_gone && filters_pass(&w->filters, w->filters.count, c->site))
            rc = add_row(s, c->site, c, err);
    }
    if (rc == ERR_OK && s->present > 1)
        qsort_r(s->rows, s->present, sizeof(*s->rows), compare_rows, s);
    if (rc != ERR_OK)
        s->present = s->count = 0;
    select_row(s, &w->selection);
    return rc;
}

static void sites_fini(void *state)
{
    struct sites_state *s = state;

    free(s->rows);
}

static void draw_why(const struct sites_state *s, const struct world *w,
                     struct area a)
{
    const struct site_row *r = &s->rows[s->selected];
    char text[SITE_TEXT_MAX];
    char label[SITE_LABEL_MAX];
    char title[sizeof(label) + 24];
    char more[64];
    int pages;

    snprintf(title, sizeof(title), "#%zu ", s->selected + 1);
    if (r->gone != NULL)
        title[0] = '\0';
    site_label_fit(r->site, a.cols - 6 - (int)strlen(title), label);
    say_plain(title, sizeof(title), label);
    site_text(w, r->site, r->gone, text);
    area_clear(a);
    pages =
        widget_pages(area_part(a, 1, 2, -2, -3), STYLE_PLAIN, text, s->page);
    say_to(more, sizeof(more), w->language, MSG_MORE, s->page % pages + 1,
           pages);
    widget_box(a, title, pages > 1 ? more : NULL);
}

/* Beside the table where there is room for both. */
static bool has_room(int rows, int cols)
{
    return rows >= 24 && cols >= 100;
}

static bool shows_why(const struct sites_state *s, const struct world *w)
{
    return s->count > 0 && has_room(w->rows, w->cols) != s->is_info_flipped;
}

static void sites_draw(const void *state, const struct world *w, struct area a)
{
    const struct sites_state *s = state;
    int why = a.rows * 45 / 100;

    if (!shows_why(s, w)) {
        sites_draw_table(s, w, a);
    } else if (has_room(a.rows, a.cols)) {
        sites_draw_table(s, w, area_part(a, 0, 0, -1 - why, -1));
        draw_why(s, w, area_part(a, a.rows - why, 0, why, -1));
    } else {
        draw_why(s, w, a);
    }
}

static void sites_brief(const void *state, const struct world *w, char *out,
                        size_t cap)
{
    const struct sites_state *s = state;
    const struct site_row *r;
    char label[SITE_LABEL_MAX];
    char number[UNITS_MAX];
    char letters[VERDICT_TEXT_MAX];
    int used;

    out[0] = '\0';
    if (s->count == 0)
        return;
    r = &s->rows[s->selected];
    used =
        snprintf(out, cap, "%s %s ",
                 units_tenths(r->gone == NULL
                                  ? stage_site_allocs(world_stage(w), r->site)
                                  : -r->gone->allocs_before,
                              number),
                 verdict_text(&r->site->verdicts, letters));
    site_label_fit(r->site, w->cols - used, label);
    say_plain(out, cap, label);
}

/* The function of the cursor's site in whatever stage has it. */
static const struct site *find_anywhere(const struct world *w)
{
    for (size_t i = 0; i < w->story->count; i++) {
        const struct stage *s = &w->story->stages[i];

        for (size_t j = 0; j < s->site_count; j++)
            if (selection_match(&w->selection, &s->sites[j]) > 0)
                return &s->sites[j];
    }
    return NULL;
}

static void sites_teach(const void *state, const struct world *w, char *out,
                        size_t cap)
{
    const struct sites_state *s = state;
    const struct site_row *r;
    const struct site *missed;
    char name[NAME_SHORT];
    char label[16];

    out[0] = '\0';
    snprintf(label, sizeof(label), "S%u", world_stage(w)->number);
    if (s->count == 0)
        return;
    r = &s->rows[s->selected];
    if (w->filters.count == 0 && w->selection.has_site &&
        selection_match(&w->selection, r->site) == 0 &&
        (missed = find_anywhere(w)) != NULL) {
        say_to(out, cap, w->language, MSG_SITE_NOT_HERE,
               name_short(missed->function, name), label);
        return;
    }
    site_why(w, r->site, verdict_main(&r->site->verdicts), out, cap);
}

static void select_site(struct sites_state *s, struct world *w, size_t row)
{
    if (row != s->selected || !w->selection.has_site)
        s->page = 0;
    s->selected = row;
    selection_set_site(&w->selection, s->rows[row].site);
}

static bool sites_handle(void *state, struct world *w, enum command cmd,
                         int key)
{
    struct sites_state *s = state;
    size_t row = s->selected;

    (void)key;
    switch (cmd) {
    case CMD_SORT_LEFT:
    case CMD_SORT_RIGHT:
        s->sort = (enum sites_sort)(
            (s->sort + (cmd == CMD_SORT_LEFT ? SORT_COUNT - 1 : 1)) %
            SORT_COUNT);
        break;
    case CMD_REVERSE:
        s->is_reversed = !s->is_reversed;
        break;
    case CMD_INFO:
        s->is_info_flipped = !s->is_info_flipped;
        s->page = 0;
        break;
    case CMD_MORE:
        s->page = (s->page + 1) % 10000;
        break;
    case CMD_BACK:
    case CMD_CANCEL:
        if (!shows_why(s, w) || has_room(w->rows, w->cols))
            return false;
        s->is_info_flipped = false;
        break;
    case CMD_OPEN:
    case CMD_GO_RIBBONS:
    case CMD_GO_SOURCE:
    case CMD_GO_FLAME:
    case CMD_GO_REPLAY:
    case CMD_GO_HEAP:
        /* What is on the selected row is what the next view shows, also when
         * a filter hides what was selected before. */
        if (s->count > 0 &&
            selection_match(&w->selection, s->rows[row].site) == 0)
            select_site(s, w, row);
        return false;
    case CMD_PREV_STAGE:
    case CMD_NEXT_STAGE:
        /* The site on the selected row is the one to follow. */
        if (s->count > 0 && !w->selection.has_site)
            select_site(s, w, row);
        return false;
    default:
        if (!world_move(cmd, s->count, w->rows - 3, &row))
            return false;
        if (s->count > 0)
            select_site(s, w, row);
        return true;
    }
    /* What was on the selected row stays selected, wherever it goes. */
    if (s->count > 0 && !w->selection.has_site)
        select_site(s, w, row);
    return true;
}

static bool sites_find(void *state, struct world *w, int step)
{
    struct sites_state *s = state;
    size_t at = s->selected;

    for (size_t tried = 0; tried < s->count; tried++) {
        at = step > 0 ? (at + 1) % s->count : (at + s->count - 1) % s->count;
        if (site_contains(s->rows[at].site, w->search)) {
            select_site(s, w, at);
            return true;
        }
    }
    return false;
}

const struct view view_sites = {
    .name = "sites",
    .title = MSG_SITES,
    .opened_by = CMD_GO_SITES,
    .scope = SCOPE_SITES,
    .has_filters = true,
    .state_size = sizeof(struct sites_state),
    .deeper = &view_ribbons,
    .back = &view_stages,
    .refresh = sites_refresh,
    .draw = sites_draw,
    .brief = sites_brief,
    .teach = sites_teach,
    .handle = sites_handle,
    .find = sites_find,
    .fini = sites_fini,
};
