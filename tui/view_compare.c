/*
 * view_compare.c - two stages side by side: figures first, then the sites
 * that changed.
 */
#include <stdio.h>
#include <string.h>

#include "tui/compare_state.h"
#include "tui/site_text.h"
#include "tui/units.h"
#include "tui/view.h"

static struct compare_trace trace_of(const struct stage *s, double *time)
{
    *time = s->ns_per_op;
    return (struct compare_trace){
        .ops = s->ops,
        .totals = s->totals,
        .sites = s->sites,
        .site_count = s->site_count,
        .times = time,
        .time_count = s->ns_per_op > 0 ? 1 : 0,
    };
}

/* Which two: the cursor's stage and the one before it, until one is chosen. */
static void follow(struct compare_state *s, const struct world *w)
{
    size_t stage = w->selection.stage;
    size_t count = w->story->count;

    if (s->was_shown && s->stage == stage)
        return;
    s->was_shown = true;
    s->stage = stage;
    s->b = stage;
    if (!s->is_chosen)
        s->a = stage > 0 ? stage - 1 : 0;
    if (s->a == s->b && s->b == 0 && count > 1)
        s->b = 1;
    else if (s->a == s->b)
        s->a = s->b > 0 ? s->b - 1 : 0;
}

static bool passes(const void *ctx, const struct site *site)
{
    const struct filters *f = ctx;

    return filters_pass(f, f->count, site);
}

static enum err_code compare_refresh(void *state, const struct world *w,
                                     struct err *err)
{
    struct compare_state *s = state;
    const struct stage *a, *b;
    enum err_code rc = ERR_OK;

    follow(s, w);
    a = compare_stage(w, s->a);
    b = compare_stage(w, s->b);
    s->traces[0] = trace_of(a, &s->times[0]);
    s->traces[1] = trace_of(b, &s->times[1]);
    compare_sites_fini(&s->sites);
    s->rows = s->selected = 0;
    s->is_possible = s->a != s->b && stage_has_data(a) && stage_has_data(b) &&
                     compare_is_possible(s->traces, 2);
    if (!s->is_possible)
        return ERR_OK;
    rc = compare_times(&s->traces[0], &s->traces[1], &s->timing, err);
    if (rc == ERR_OK)
        rc = compare_sites(s->traces, 2, 0, 1, passes, &w->filters, &s->sites,
                           err);
    if (rc != ERR_OK) {
        s->is_possible = false;
        return rc;
    }
    s->rows = s->shows_unchanged ? s->sites.count : s->sites.changed;
    for (size_t i = 0; i < s->rows && w->selection.has_site; i++)
        if (s->sites.rows[i].key == w->selection.site_key)
            s->selected = i;
    return ERR_OK;
}

static void draw(const void *state, const struct world *w, struct area a)
{
    compare_draw(state, w, a);
}

static void compare_brief(const void *state, const struct world *w, char *out,
                          size_t cap)
{
    const struct compare_state *s = state;
    const struct compare_site *row;
    char label[SITE_LABEL_MAX];
    char number[UNITS_MAX];
    int used;

    out[0] = '\0';
    if (s->rows == 0)
        return;
    row = &s->sites.rows[s->selected];
    used = snprintf(out, cap, "%s ",
                    units_tenths(row->allocs[1] - row->allocs[0], number));
    site_label_fit(row->site, w->cols - used, label);
    say_plain(out, cap, label);
}

static void compare_teach(const void *state, const struct world *w, char *out,
                          size_t cap)
{
    const struct compare_state *s = state;
    struct compare_value a, b;

    out[0] = '\0';
    if (!s->is_possible)
        return;
    compare_value(&s->traces[0], COMPARE_ALLOCS, &a);
    compare_value(&s->traces[1], COMPARE_ALLOCS, &b);
    say_to(out, cap, w->language,
           compare_outcome(&a, &b) == COMPARE_EXACT ? MSG_COMPARE_WHY_EXACT
                                                    : MSG_COMPARE_WHY_RANGE);
}

/* The next stage that is not the other one. */
static size_t next_stage(const struct world *w, size_t at, size_t other)
{
    size_t count = w->story->count;

    at = (at + 1) % count;
    return at == other ? (at + 1) % count : at;
}

static void choose(struct compare_state *s, struct world *w, enum command cmd)
{
    size_t a = s->a;

    if (w->story->count < 2) {
        w->said = MSG_COMPARE_ONE;
        return;
    }
    if (cmd == CMD_SWAP) {
        s->a = s->b;
        s->b = a;
    } else if (cmd == CMD_CHOOSE_A) {
        s->a = next_stage(w, s->a, s->b);
    } else {
        s->b = next_stage(w, s->b, s->a);
    }
    s->is_chosen = true;
    /* The cursor goes with B, so that the other views show it. */
    w->selection.stage = s->b;
    s->stage = s->b;
}

static void select_row(struct compare_state *s, struct world *w, size_t row)
{
    if (row >= s->rows)
        return;
    s->selected = row;
    selection_set_site(&w->selection, s->sites.rows[row].site);
}

static bool compare_handle(void *state, struct world *w, enum command cmd,
                           int key)
{
    struct compare_state *s = state;
    size_t row = s->selected;

    (void)key;
    switch (cmd) {
    case CMD_SWAP:
    case CMD_CHOOSE_A:
    case CMD_CHOOSE_B:
        choose(s, w, cmd);
        return true;
    case CMD_UNCHANGED:
        s->shows_unchanged = !s->shows_unchanged;
        return true;
    case CMD_OPEN:
        select_row(s, w, row);
        return false;
    default:
        if (!world_move(cmd, s->rows, w->rows - 12, &row))
            return false;
        select_row(s, w, row);
        return true;
    }
}

static bool compare_find(void *state, struct world *w, int step)
{
    struct compare_state *s = state;
    size_t at = s->selected;

    for (size_t tried = 0; tried < s->rows; tried++) {
        at = step > 0 ? (at + 1) % s->rows : (at + s->rows - 1) % s->rows;
        if (site_contains(s->sites.rows[at].site, w->search)) {
            select_row(s, w, at);
            return true;
        }
    }
    return false;
}

static void compare_fini(void *state)
{
    struct compare_state *s = state;

    compare_sites_fini(&s->sites);
}

const struct view view_compare = {
    .name = "compare",
    .title = MSG_COMPARE,
    .opened_by = CMD_GO_COMPARE,
    .scope = SCOPE_COMPARE,
    .has_filters = true,
    .state_size = sizeof(struct compare_state),
    .deeper = &view_source,
    .back = &view_stages,
    .refresh = compare_refresh,
    .draw = draw,
    .brief = compare_brief,
    .teach = compare_teach,
    .handle = compare_handle,
    .find = compare_find,
    .fini = compare_fini,
};
