#include "tui/replay_move.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tui/view.h"

bool replay_step(struct world *w, int events)
{
    uint64_t last = timeline_events(w->replay->timeline) - 1;
    uint64_t seq = replay_event(w);
    uint64_t way = (uint64_t)(events < 0 ? -(int64_t)events : events);
    uint64_t to = events < 0 ? (seq > way ? seq - way : 0)
                             : (last - seq > way ? seq + way : last);

    w->selection.event = to + 1;
    return to != seq;
}

bool replay_step_op(struct world *w, int ops)
{
    struct selection *s = &w->selection;
    struct timeline_op op;

    if (!timeline_op(w->replay->timeline, s->op + (uint64_t)(int64_t)ops, &op))
        return false;
    s->op += (uint64_t)(int64_t)ops;
    s->event = op.first + 1;
    s->block = 0; /* the next one's of the same site */
    return true;
}

bool replay_goto(struct world *w, const char *text)
{
    struct timeline_op op;
    const struct timeline *t = w->replay->timeline;
    bool is_op = false;
    char *end;
    unsigned long long number;

    while (isspace((unsigned char)*text))
        text++;
    if (strncasecmp(text, "op", 2) == 0) {
        is_op = true;
        text += 2;
    }
    while (isspace((unsigned char)*text))
        text++;
    if (!isdigit((unsigned char)*text))
        return false;
    number = strtoull(text, &end, 10);
    if (*end != '\0')
        return false;
    if (!is_op) {
        if (number >= timeline_events(t) - w->replay->window.op_first)
            return false;
        w->selection.event = w->replay->window.op_first + number + 1;
        return true;
    }
    if (!timeline_op(t, number, &op))
        return false;
    w->selection.op = number;
    w->selection.event = op.first + 1;
    w->selection.block = 0;
    return true;
}

bool replay_handle(struct world *w, enum command cmd)
{
    switch (cmd) {
    case CMD_PREV_EVENT:
    case CMD_NEXT_EVENT:
        w->replay->is_playing = false;
        if (!replay_step(w, cmd == CMD_NEXT_EVENT ? 1 : -1))
            w->said = cmd == CMD_NEXT_EVENT ? MSG_LAST_EVENT : MSG_FIRST_EVENT;
        return true;
    case CMD_PREV_OP:
    case CMD_NEXT_OP:
        if (!replay_step_op(w, cmd == CMD_NEXT_OP ? 1 : -1))
            w->said = w->selection.op == 0 ? MSG_WHOLE_HERE
                      : cmd == CMD_NEXT_OP ? MSG_LAST_OP
                                           : MSG_FIRST_OP;
        return true;
    default:
        return false;
    }
}

void replay_follow(struct world *w)
{
    const struct window *win = &w->replay->window;
    uint64_t seq = replay_event(w);
    const struct event *ev;

    if (!replay_is_ready(w->replay) || seq < win->first || seq > win->last)
        return;
    ev = &win->events[seq - win->first];
    if (ev->kind != EV_ALLOC && ev->kind != EV_FREE)
        return;
    for (size_t i = 0; i < win->block_count; i++)
        if (win->blocks[i].addr == ev->addr &&
            (win->blocks[i].seq == seq || win->blocks[i].freed_seq == seq)) {
            replay_select(w, i);
            return;
        }
}

bool replay_go_mark(struct world *w, int step)
{
    const struct timeline *t = w->replay->timeline;
    uint64_t seq = replay_event(w);
    uint64_t near = timeline_op_before(t, seq);
    uint64_t best = UINT64_MAX;
    struct timeline_marks marks;
    struct timeline_op op;

    timeline_marks(t, &marks);
    for (int i = -1; i <= 3; i++) {
        uint64_t at = UINT64_MAX;

        if (i == 2)
            at = marks.peak_seq;
        else if (i == 3)
            at = marks.first_move_seq;
        else if (timeline_op(t, near + (uint64_t)(int64_t)i, &op))
            at = op.first;
        if (at == UINT64_MAX || at == seq || (at > seq) != (step > 0))
            continue;
        if (best == UINT64_MAX || (at < best) == (step > 0))
            best = at;
    }
    if (best != UINT64_MAX)
        w->selection.event = best + 1;
    return best != UINT64_MAX;
}
