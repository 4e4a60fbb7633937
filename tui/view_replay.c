/*
 * view_replay.c - one op, step by step: what happened, under which stack, and
 * what was live then.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attrs.h"
#include "tui/block_text.h"
#include "tui/replay_move.h"
#include "tui/replay_panels.h"
#include "tui/units.h"
#include "tui/view.h"

enum { THREE_COLS = 100, PAGE_EVENTS = 20 };

struct replay_view {
    bool shows_heap; /* where there is room for two panels only */
};

static enum err_code view_replay_refresh(void *state, const struct world *w,
                                         struct err *err)
{
    (void)state;
    (void)w;
    (void)err;
    return ERR_OK;
}

static void draw_status(const struct world *w, struct area a)
{
    const struct replay *r = w->replay;
    const struct window *win = &r->window;
    uint64_t seq = replay_event(w);
    char text[256];
    char speed[64];
    char time[UNITS_MAX];
    char number[UNITS_MAX];
    int col;

    replay_place(w, text, sizeof(text));
    if (seq >= win->first && seq <= win->last && win->first == win->op_first) {
        say_plain(text, sizeof(text), "   ");
        say_plain(text, sizeof(text),
                  units_time((double)(win->events[seq - win->first].t_ns -
                                      win->events[0].t_ns),
                             time));
    }
    say_to(speed, sizeof(speed), w->language,
           r->is_playing ? MSG_PLAYING : MSG_PAUSED,
           units_count(replay_speeds[r->speed], number));
    col = area_text_right(a, 0, 1, r->is_playing ? STYLE_ACCENT : STYLE_DIM,
                          speed);
    area_fit(a, 0, 2, col - 4, STYLE_ACCENT, text);
}

static void view_replay_draw(const void *state, const struct world *w,
                             struct area a)
{
    const struct replay_view *s = state;
    int curve = a.rows >= 22 ? 7 : a.rows >= 16 ? 5 : 4;
    struct area panels = area_part(a, 1 + curve, 0, -1, -1);
    int third = a.cols * 32 / 100;

    replay_draw_waiting(w, a);
    if (!replay_is_ready(w->replay))
        return;
    draw_status(w, a);
    replay_draw_curve(w, area_part(a, 1, 0, curve, -1));
    if (a.cols >= THREE_COLS) {
        replay_draw_events(w, area_part(panels, 0, 0, -1, third + 4));
        replay_draw_stack(
            w, area_part(panels, 0, third + 4, -1, a.cols - 2 * third - 4));
        replay_draw_heap(w, area_part(panels, 0, a.cols - third, -1, third));
        return;
    }
    replay_draw_events(w, area_part(panels, 0, 0, -1, a.cols / 2));
    panels = area_part(panels, 0, a.cols / 2, -1, -1);
    if (s->shows_heap)
        replay_draw_heap(w, panels);
    else
        replay_draw_stack(w, panels);
}

static bool event_now(const struct world *w, struct event *ev)
{
    struct err err;

    return replay_is_ready(w->replay) &&
           timeline_event(w->replay->timeline, replay_event(w), ev, &err) ==
               ERR_OK;
}

static void view_replay_brief(const void *state, const struct world *w,
                              char *out, size_t cap)
{
    char number[UNITS_MAX];
    char text[256];
    struct event ev;

    (void)state;
    out[0] = '\0';
    if (!event_now(w, &ev))
        return;
    replay_event_text(w, &ev, text, sizeof(text));
    snprintf(out, cap, "%s %s", units_count(replay_relative(w, ev.seq), number),
             text);
}

static void view_replay_teach(const void *state, const struct world *w,
                              char *out, size_t cap)
{
    const struct window_block *b = replay_block(w);
    struct event ev;

    (void)state;
    out[0] = '\0';
    if (!event_now(w, &ev))
        return;
    if (b != NULL && (b->seq == ev.seq || b->freed_seq == ev.seq))
        block_why(w, b, out, cap);
    else if (ev.kind == EV_RETURN)
        say_to(out, cap, w->language, MSG_WHY_RETURN);
}

static void move(struct world *w, int64_t events)
{
    const struct window *win = &w->replay->window;
    uint64_t seq = replay_event(w);

    w->replay->is_playing = false;
    if (events == INT64_MIN)
        w->selection.event = win->op_first + 1;
    else if (events == INT64_MAX)
        w->selection.event = win->op_last + 1;
    else
        replay_step(w, (int)events);
    if (w->selection.event == seq + 1)
        w->said = events < 0 ? MSG_FIRST_EVENT : MSG_LAST_EVENT;
}

/* Commands that move the position; false: none of them. */
static bool move_by(struct world *w, enum command cmd)
{
    /* clang-format off */
    static const struct {
        enum command cmd;
        int64_t events;
    } moves[] = {
        { CMD_UP, -1 }, { CMD_DOWN, 1 },
        { CMD_PAGE_UP, -PAGE_EVENTS }, { CMD_PAGE_DOWN, PAGE_EVENTS },
        { CMD_HOME, INT64_MIN }, { CMD_END, INT64_MAX },
    };
    /* clang-format on */

    for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
        if (moves[i].cmd != cmd)
            continue;
        move(w, moves[i].events);
        return true;
    }
    return replay_handle(w, cmd);
}

static void change_speed(struct replay *r, int step)
{
    size_t at = r->speed + replay_speed_count + (size_t)(ptrdiff_t)step;

    /* No way round from the fastest to the slowest. */
    if (at >= replay_speed_count && at < 2 * replay_speed_count)
        r->speed = at - replay_speed_count;
}

static bool view_replay_handle(void *state, struct world *w, enum command cmd,
                               int key)
{
    struct replay_view *s = state;

    (void)key;
    if (!replay_is_ready(w->replay))
        return false;
    switch (cmd) {
    case CMD_PLAY:
        replay_play(w);
        return true;
    case CMD_FASTER:
    case CMD_SLOWER:
        change_speed(w->replay, cmd == CMD_FASTER ? 1 : -1);
        return true;
    case CMD_NEXT_MARK:
    case CMD_PREV_MARK:
        if (!replay_go_mark(w, cmd == CMD_NEXT_MARK ? 1 : -1))
            w->said = MSG_NO_MARK;
        return true;
    case CMD_MORE:
        s->shows_heap = !s->shows_heap;
        return true;
    default:
        return move_by(w, cmd);
    }
}

/* To the next event that mentions it. */
static bool view_replay_find(void *state, struct world *w, int step)
{
    uint64_t all;
    uint64_t at = replay_event(w);

    (void)state;
    if (!replay_is_ready(w->replay))
        return false;
    all = w->replay->window.event_count;
    at = at < w->replay->window.first ? 0 : at - w->replay->window.first;
    for (uint64_t tried = 0; tried < all; tried++) {
        char text[256];

        at = step > 0 ? (at + 1) % all : (at % all + all - 1) % all;
        replay_event_text(w, &w->replay->window.events[at], text, sizeof(text));
        if (strcasestr(text, w->search) == NULL)
            continue;
        w->selection.event = w->replay->window.first + at + 1;
        return true;
    }
    return false;
}

static bool view_replay_is_moving(const void *state, const struct world *w)
{
    (void)state;
    return w->replay->is_playing;
}

const struct view view_replay = {
    .name = "replay",
    .title = MSG_REPLAY,
    .opened_by = CMD_GO_REPLAY,
    .scope = SCOPE_REPLAY,
    .has_replay = true,
    .has_follow = true,
    .state_size = sizeof(struct replay_view),
    .deeper = &view_ribbons,
    .back = &view_ribbons,
    .refresh = view_replay_refresh,
    .draw = view_replay_draw,
    .brief = view_replay_brief,
    .teach = view_replay_teach,
    .handle = view_replay_handle,
    .find = view_replay_find,
    .is_moving = view_replay_is_moving,
};
