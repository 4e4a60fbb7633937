/*
 * view_ribbons.c - why are the blocks of one op on the heap: the life of each
 * against the frames that ran meanwhile.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "tui/block_text.h"
#include "tui/replay_move.h"
#include "tui/ribbons_draw.h"
#include "tui/units.h"
#include "tui/view.h"

enum { ZOOM_MAX = 11 };

static enum err_code ribbons_refresh(void *state, const struct world *w,
                                     struct err *err)
{
    struct ribbons_state *s = state;
    const struct window *win = &w->replay->window;
    enum err_code rc = ERR_OK;

    s->count = 0;
    s->selected = 0;
    if (!replay_is_ready(w->replay))
        return ERR_OK;
    for (size_t i = 0; i < win->block_count && rc == ERR_OK; i++) {
        if (!block_passes(w, i))
            continue;
        rc = vec_grow(&s->rows, s->count, &s->cap, sizeof(*s->rows), err);
        if (rc != ERR_OK)
            break;
        /* The selected block, or else the last one made before it. */
        if (win->blocks[i].seq < w->selection.block)
            s->selected = s->count;
        s->rows[s->count++] = i;
    }
    return rc;
}

static void ribbons_view_draw(const void *state, const struct world *w,
                              struct area a)
{
    replay_draw_waiting(w, a);
    ribbons_draw(state, w, a);
}

static void ribbons_brief(const void *state, const struct world *w, char *out,
                          size_t cap)
{
    const struct ribbons_state *s = state;
    const struct window_block *b;
    char name[BLOCK_NAME_MAX];
    char verdict[64];
    char size[UNITS_MAX];
    char maker[NAME_SHORT];

    out[0] = '\0';
    if (s->count == 0)
        return;
    b = &w->replay->window.blocks[s->rows[s->selected]];
    snprintf(out, cap, "%s %s %s %s", block_name(w, s->rows[s->selected], name),
             block_verdict(w, b, verdict), units_bytes(b->size_bytes, size),
             block_maker(w, b->stack, b->text, maker));
}

static void ribbons_teach(const void *state, const struct world *w, char *out,
                          size_t cap)
{
    const struct ribbons_state *s = state;

    out[0] = '\0';
    if (s->count > 0)
        block_why(w, &w->replay->window.blocks[s->rows[s->selected]], out, cap);
}

static void select_row(struct ribbons_state *s, struct world *w, size_t row)
{
    s->selected = row;
    replay_select(w, s->rows[row]);
}

/* To the next block, round the end, that outlives its maker. */
static bool go_outliving(struct ribbons_state *s, struct world *w, int step)
{
    size_t at = s->selected;

    for (size_t tried = 0; tried < s->count; tried++) {
        at = step > 0 ? (at + 1) % s->count : (at + s->count - 1) % s->count;
        if (window_outlives(&w->replay->window.blocks[s->rows[at]])) {
            select_row(s, w, at);
            return true;
        }
    }
    return false;
}

static void zoom(struct ribbons_state *s, const struct world *w,
                 enum command cmd)
{
    uint64_t length = w->replay->window.last - w->replay->window.first + 1;

    if (cmd == CMD_ZOOM_ALL)
        s->zoom = 0;
    else if (cmd == CMD_ZOOM_OUT && s->zoom > 0)
        s->zoom--;
    else if (cmd == CMD_ZOOM_IN && s->zoom < ZOOM_MAX && length >> s->zoom > 8)
        s->zoom++;
}

static bool ribbons_handle(void *state, struct world *w, enum command cmd,
                           int key)
{
    struct ribbons_state *s = state;
    size_t row = s->selected;

    (void)key;
    if (!replay_is_ready(w->replay))
        return false;
    switch (cmd) {
    case CMD_NEXT_OUTLIVING:
    case CMD_PREV_OUTLIVING:
        if (!go_outliving(s, w, cmd == CMD_NEXT_OUTLIVING ? 1 : -1))
            w->said = MSG_NONE_OUTLIVES;
        return true;
    case CMD_ZOOM_IN:
    case CMD_ZOOM_OUT:
    case CMD_ZOOM_ALL:
        zoom(s, w, cmd);
        return true;
    default:
        if (replay_handle(w, cmd))
            return true;
        if (!world_move(cmd, s->count, w->rows / 2, &row))
            return false;
        if (s->count > 0)
            select_row(s, w, row);
        return true;
    }
}

static bool ribbons_find(void *state, struct world *w, int step)
{
    struct ribbons_state *s = state;
    size_t at = s->selected;

    for (size_t tried = 0; tried < s->count; tried++) {
        const struct site *site;

        at = step > 0 ? (at + 1) % s->count : (at + s->count - 1) % s->count;
        site = replay_site(w, s->rows[at]);
        if (site != NULL && site_contains(site, w->search)) {
            select_row(s, w, at);
            return true;
        }
    }
    return false;
}

static void ribbons_fini(void *state)
{
    struct ribbons_state *s = state;

    free(s->rows);
}

const struct view view_ribbons = {
    .name = "ribbons",
    .title = MSG_RIBBONS,
    .opened_by = CMD_GO_RIBBONS,
    .scope = SCOPE_RIBBONS,
    .has_filters = true,
    .has_replay = true,
    .state_size = sizeof(struct ribbons_state),
    .deeper = &view_source,
    .back = &view_sites,
    .refresh = ribbons_refresh,
    .draw = ribbons_view_draw,
    .brief = ribbons_brief,
    .teach = ribbons_teach,
    .handle = ribbons_handle,
    .find = ribbons_find,
    .fini = ribbons_fini,
};
