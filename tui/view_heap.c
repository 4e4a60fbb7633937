/*
 * view_heap.c - where the blocks lie: a map of the addresses in use at the
 * replay's position, and the block under the cursor with its neighbours.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/block_text.h"
#include "tui/heap_draw.h"
#include "tui/replay_move.h"
#include "tui/units.h"
#include "tui/view.h"

enum {
    SCALE_MAX = 16, /* doublings */
    CELL_BYTES = 16,
};

/* The item under the cursor stays the same block; one that is gone gives way
 * to the one made last. */
static void find_cursor(struct heap_state *s, const struct world *w)
{
    uint64_t newest = 0;

    if (s->block != w->selection.block)
        s->cursor = w->selection.block;
    s->block = w->selection.block;
    s->at = 0;
    for (size_t i = 0; i < s->map.count; i++) {
        const struct heap_item *b = &s->map.items[i];

        if (b->seq + 1 == s->cursor) {
            s->at = i;
            return;
        }
        if (b->seq >= newest) {
            newest = b->seq;
            s->at = i;
        }
    }
}

/* Whether the map is the one that is asked for: it is dear to make. */
static bool is_current(const struct heap_state *s, const struct world *w,
                       uint64_t cell_bytes, int cells)
{
    return s->is_built && s->stage == w->selection.stage &&
           s->event == w->selection.event &&
           s->events == timeline_events(w->replay->timeline) &&
           s->map.cell_bytes == cell_bytes && s->map.cells == cells;
}

static enum err_code heap_refresh(void *state, const struct world *w,
                                  struct err *err)
{
    struct heap_state *s = state;
    uint64_t cell_bytes = (uint64_t)CELL_BYTES << s->scale;
    int cells = w->cols - HEAP_LABEL_COLS - 1;
    enum err_code rc = ERR_OK;

    cells = cells < 8 ? 8 : cells - cells % 8; /* lines begin at round places */
    if (!replay_is_ready(w->replay)) {
        s->is_built = false;
        s->map.count = 0;
        s->map.line_count = 0;
        s->at = 0;
        return ERR_OK;
    }
    if (!is_current(s, w, cell_bytes, cells)) {
        s->map.cell_bytes = cell_bytes;
        s->map.cells = cells;
        s->stage = w->selection.stage;
        s->event = w->selection.event;
        s->events = timeline_events(w->replay->timeline);
        rc = heap_map_build(&s->map, w, err);
        s->is_built = rc == ERR_OK;
    }
    if (rc == ERR_OK)
        find_cursor(s, w);
    else
        s->map.count = 0;
    return rc;
}

static void heap_view_draw(const void *state, const struct world *w,
                           struct area a)
{
    heap_draw(state, w, a);
}

static void heap_brief(const void *state, const struct world *w, char *out,
                       size_t cap)
{
    const struct heap_state *s = state;
    const struct heap_item *item;
    struct window_block b;
    char letter[16];
    char bytes[UNITS_MAX];
    char maker[NAME_SHORT];

    out[0] = '\0';
    if (s->map.count == 0)
        return;
    item = &s->map.items[s->at];
    b = heap_block(w, item);
    snprintf(out, cap, "%s %s 0x%" PRIx64 " %s",
             block_letter(&b.verdict, letter),
             units_bytes(item->size_bytes, bytes), item->addr,
             block_maker(w, item->stack, item->text, maker));
}

static void heap_teach(const void *state, const struct world *w, char *out,
                       size_t cap)
{
    const struct heap_state *s = state;
    struct window_block b;

    out[0] = '\0';
    if (s->map.count == 0)
        return;
    b = heap_block(w, &s->map.items[s->at]);
    block_why(w, &b, out, cap);
}

static void select_item(struct heap_state *s, struct world *w, size_t at)
{
    const struct window *win = &w->replay->window;
    const struct window_block *b = window_block_of(win, s->map.items[at].seq);

    s->at = at;
    s->cursor = s->map.items[at].seq + 1;
    if (b != NULL)
        replay_select(w, (size_t)(b - win->blocks));
    s->block = w->selection.block;
}

/* To the first item that begins in another line above or below, and on to the
 * one nearest to the same column. */
static size_t item_beside(const struct heap_state *s, int step)
{
    uint64_t bytes = heap_map_line_bytes(&s->map);
    const struct heap_item *here = &s->map.items[s->at];
    uint64_t column = here->addr % bytes;
    size_t best = s->at;
    uint64_t line = here->addr / bytes;
    uint64_t found = line;

    for (size_t i = s->at;;) {
        const struct heap_item *b = &s->map.items[i];
        uint64_t off = b->addr % bytes;
        uint64_t best_off = s->map.items[best].addr % bytes;

        if (b->addr / bytes != line && found == line) {
            found = b->addr / bytes;
            best = i;
        } else if (found != line && b->addr / bytes != found) {
            break;
        } else if (found != line &&
                   (off > column ? off - column : column - off) <
                       (best_off > column ? best_off - column
                                          : column - best_off)) {
            best = i;
        }
        if ((step < 0 && i == 0) || (step > 0 && i + 1 == s->map.count))
            break;
        i += step > 0 ? 1 : (size_t)-1;
    }
    return best;
}

static bool heap_move(struct heap_state *s, struct world *w, enum command cmd)
{
    size_t at = s->at;

    switch (cmd) {
    case CMD_CELL_LEFT:
        at -= at > 0 ? 1 : 0;
        break;
    case CMD_CELL_RIGHT:
        at += at + 1 < s->map.count ? 1 : 0;
        break;
    case CMD_UP:
    case CMD_DOWN:
        at = s->map.count == 0 ? 0 : item_beside(s, cmd == CMD_DOWN ? 1 : -1);
        break;
    default:
        if (!world_move(cmd, s->map.count, 20, &at))
            return false;
        break;
    }
    if (s->map.count > 0)
        select_item(s, w, at);
    return true;
}

static bool heap_handle(void *state, struct world *w, enum command cmd, int key)
{
    struct heap_state *s = state;

    (void)key;
    if (!replay_is_ready(w->replay))
        return false;
    switch (cmd) {
    case CMD_PLAY:
        replay_play(w);
        return true;
    case CMD_FINER:
        s->scale -= s->scale > 0 ? 1 : 0;
        return true;
    case CMD_COARSER:
        s->scale += s->scale < SCALE_MAX ? 1 : 0;
        return true;
    default:
        return heap_move(s, w, cmd) || replay_handle(w, cmd);
    }
}

static bool heap_find(void *state, struct world *w, int step)
{
    struct heap_state *s = state;
    size_t at = s->at;

    for (size_t tried = 0; tried < s->map.count; tried++) {
        char maker[NAME_SHORT];

        at = step > 0 ? (at + 1) % s->map.count
                      : (at + s->map.count - 1) % s->map.count;
        block_maker(w, s->map.items[at].stack, s->map.items[at].text, maker);
        if (strcasestr(maker, w->search) == NULL)
            continue;
        select_item(s, w, at);
        return true;
    }
    return false;
}

static bool heap_is_moving(const void *state, const struct world *w)
{
    (void)state;
    return w->replay->is_playing;
}

static void heap_fini(void *state)
{
    struct heap_state *s = state;

    heap_map_fini(&s->map);
}

const struct view view_heap = {
    .name = "heap",
    .title = MSG_HEAP_MAP,
    .opened_by = CMD_GO_HEAP,
    .scope = SCOPE_HEAP,
    .has_replay = true,
    .has_follow = true,
    .state_size = sizeof(struct heap_state),
    .deeper = &view_ribbons,
    .back = &view_replay,
    .refresh = heap_refresh,
    .draw = heap_view_draw,
    .brief = heap_brief,
    .teach = heap_teach,
    .handle = heap_handle,
    .find = heap_find,
    .is_moving = heap_is_moving,
    .fini = heap_fini,
};
