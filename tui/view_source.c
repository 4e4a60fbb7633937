/*
 * view_source.c - what should change: the source with what each line costs,
 * against the stage before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/site_text.h"
#include "tui/source_state.h"
#include "tui/units.h"
#include "tui/view.h"

static void draw(const void *state, const struct world *w, struct area a)
{
    source_draw(state, w, a);
}

static void source_brief(const void *state, const struct world *w, char *out,
                         size_t cap)
{
    const struct source_state *s = state;
    const struct line *line;
    const struct diff_row *row;
    char number[UNITS_MAX];

    (void)w;
    out[0] = '\0';
    if (s->row >= s->row_count)
        return;
    row = &s->rows[s->row];
    line = source_row_line(s, s->row);
    snprintf(out, cap, "%s %u %.*s",
             units_tenths(source_row_allocs(s, s->row), number),
             (row->right != DIFF_NONE ? row->right : row->left) + 1,
             (int)(line->size < 400 ? line->size : 400), line->text);
}

static void source_teach(const void *state, const struct world *w, char *out,
                         size_t cap)
{
    const struct source_state *s = state;
    bool is_gone;
    const struct site *site = source_row_site(s, w, &is_gone);
    char name[NAME_SHORT];
    char label[16];

    out[0] = '\0';
    if (s->row_count == 0)
        return;
    snprintf(label, sizeof(label), "S%u", world_stage(w)->number);
    if (site == NULL)
        say_to(out, cap, w->language, MSG_SOURCE_WHY);
    else if (is_gone && stage_key_allocs(world_stage(w), site->key) <= 0)
        say_to(out, cap, w->language, MSG_SITE_NOT_HERE,
               name_short(site->function, name), label);
    else
        site_why(w, site, verdict_main(&site->verdicts), out, cap);
}

/* Selects a row, and with it its site. */
static void select_row(struct source_state *s, struct world *w, size_t row)
{
    const struct site *site;
    bool is_gone;

    if (row >= s->row_count)
        return;
    if (row != s->row)
        s->page = 0;
    s->row = row;
    s->is_call = false;
    site = source_row_site(s, w, &is_gone);
    if (site == NULL)
        return;
    selection_set_site(&w->selection, site);
    s->seen = w->selection;
}

/* The next row that allocates, round the end. */
static void next_spot(struct source_state *s, struct world *w, bool forward)
{
    size_t at = s->row;

    for (size_t tried = 0; tried < s->row_count; tried++) {
        at = forward ? (at + 1) % s->row_count
                     : (at + s->row_count - 1) % s->row_count;
        if (source_row_allocs(s, at) > 0) {
            select_row(s, w, at);
            return;
        }
    }
    w->said = MSG_SOURCE_NO_SPOT;
}

static void hottest(struct source_state *s, struct world *w)
{
    size_t best = 0;

    for (size_t i = 1; i < s->row_count; i++)
        if (source_row_allocs(s, i) > source_row_allocs(s, best))
            best = i;
    if (s->row_count > 0 && source_row_allocs(s, best) > 0)
        select_row(s, w, best);
    else
        w->said = MSG_SOURCE_NO_SPOT;
}

static void toggle(struct source_state *s, struct world *w, enum command cmd)
{
    if (!source_has_diff(s))
        w->said = MSG_SOURCE_NO_DIFF;
    else if (cmd == CMD_DIFF)
        s->is_diff_off = !s->is_diff_off;
    else if (s->mode == SOURCE_UNIFIED && !s->is_unified)
        w->said = MSG_SOURCE_TOO_NARROW;
    else
        s->is_unified = !s->is_unified;
}

static bool source_handle(void *state, struct world *w, enum command cmd,
                          int key)
{
    struct source_state *s = state;
    size_t row = s->row;

    (void)key;
    switch (cmd) {
    case CMD_NEXT_SPOT:
    case CMD_PREV_SPOT:
        next_spot(s, w, cmd == CMD_NEXT_SPOT);
        return true;
    case CMD_HOTTEST:
        hottest(s, w);
        return true;
    case CMD_DIFF:
    case CMD_LAYOUT:
        toggle(s, w, cmd);
        return true;
    case CMD_MORE:
        s->page = (s->page + 1) % 10000;
        return true;
    default:
        if (!world_move(cmd, s->row_count, w->rows - 9, &row))
            return false;
        select_row(s, w, row);
        return true;
    }
}

static bool source_find_text(void *state, struct world *w, int step)
{
    struct source_state *s = state;
    size_t at = s->row;

    for (size_t tried = 0; tried < s->row_count; tried++) {
        const struct line *line;
        char text[1024];

        at = step > 0 ? (at + 1) % s->row_count
                      : (at + s->row_count - 1) % s->row_count;
        line = source_row_line(s, at);
        snprintf(text, sizeof(text), "%.*s", (int)line->size, line->text);
        if (strcasestr(text, w->search) != NULL) {
            select_row(s, w, at);
            return true;
        }
    }
    return false;
}

const struct view view_source = {
    .name = "source",
    .title = MSG_SOURCE,
    .opened_by = CMD_GO_SOURCE,
    .scope = SCOPE_SOURCE,
    .has_filters = true,
    .state_size = sizeof(struct source_state),
    .back = &view_sites,
    .refresh = source_refresh,
    .draw = draw,
    .brief = source_brief,
    .teach = source_teach,
    .handle = source_handle,
    .find = source_find_text,
    .fini = source_fini,
};
