#include "analysis/window.h"

#include <stdlib.h>

#include "analysis/frames.h"
#include "analysis/spans.h"
#include "base/vec.h"

void window_fini(struct window *w)
{
    free(w->events);
    free(w->blocks);
    free(w->rows);
    free(w->spans);
    *w = (struct window){ 0 };
}

/* The part of [first, last] in which `around` lies. */
static void part_of(uint64_t first, uint64_t last, uint64_t around,
                    uint64_t *part_first, uint64_t *part_last)
{
    if (around < first)
        around = first;
    if (around > last)
        around = last;
    *part_first = around - (around - first) % WINDOW_EVENTS_MAX;
    *part_last = last - *part_first < WINDOW_EVENTS_MAX
                     ? last
                     : *part_first + WINDOW_EVENTS_MAX - 1;
}

bool window_is(const struct window *w, uint64_t op, uint64_t around)
{
    uint64_t first, last;

    if (w->event_count == 0 || w->op != op)
        return false;
    part_of(w->op_first, w->op_last, around, &first, &last);
    return w->first == first && w->last == last;
}

const struct window_block *window_block_of(const struct window *w, uint64_t seq)
{
    size_t low = 0;
    size_t high = w->block_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (w->blocks[middle].seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low < w->block_count && w->blocks[low].seq == seq ? &w->blocks[low]
                                                             : NULL;
}

static enum err_code read_events(struct window *w, struct timeline *t,
                                 struct err *err)
{
    size_t count = (size_t)(w->last - w->first) + 1;
    enum err_code rc = ERR_OK;

    w->events = calloc(count, sizeof(*w->events));
    if (w->events == NULL)
        return err_no_memory(err);
    for (; rc == ERR_OK && w->event_count < count; w->event_count++)
        rc = timeline_event(t, w->first + w->event_count,
                            &w->events[w->event_count], err);
    return rc;
}

static enum err_code add_block(struct window *w, const struct timeline *t,
                               const struct event *ev, uint64_t number,
                               struct err *err)
{
    const struct timeline_made made = { number, w->op, ev->stack };
    struct window_block b = {
        .number = number,
        .seq = ev->seq,
        .freed_seq = WINDOW_NEVER,
        .maker_gone = WINDOW_NEVER,
        .addr = ev->addr,
        .size_bytes = ev->size_bytes,
        .activation = ev->activation,
        .stack = ev->stack,
        .text = ev->text,
        .thread = ev->thread,
    };
    struct fate fate;
    enum err_code rc = vec_grow(&w->blocks, w->block_count, &w->block_cap,
                                sizeof(*w->blocks), err);

    if (rc != ERR_OK || !timeline_fate(t, number, &fate))
        return rc;
    b.has_owner = timeline_judge(t, &made, &b.verdict, &b.owner);
    b.is_grown = (fate.what & FATE_GROWN) != 0;
    if ((fate.what & FATE_FREED) != 0) {
        b.freed_seq = ev->seq + fate.life;
        b.freed_stack = fate.freed_stack;
        b.is_resized = (fate.what & FATE_RESIZED) != 0;
    }
    w->blocks[w->block_count++] = b;
    return ERR_OK;
}

static enum err_code find_blocks(struct window *w, struct timeline *t,
                                 struct err *err)
{
    uint64_t number = 0;
    enum err_code rc = ERR_OK;

    if (w->first > 0) {
        rc = timeline_seek(t, w->first - 1, err);
        number = timeline_moment(t)->allocs;
    }
    for (size_t i = 0; rc == ERR_OK && i < w->event_count; i++) {
        const struct event *ev = &w->events[i];

        if (ev->kind != EV_ALLOC)
            continue;
        if (w->op == 0 || ev->thread == w->thread)
            rc = add_block(w, t, ev, number, err);
        number++;
    }
    return rc;
}

/* When the frame that made a block was gone: its return was seen, or its
 * span ended. Of a call that was inlined neither tells; then it is the free
 * that proves it. */
static uint64_t maker_gone(const struct window *w, const struct window_block *b,
                           const struct map *returns)
{
    const struct window_span *span =
        b->span == 0 ? NULL : &w->spans[b->span - 1];
    uint64_t gone = WINDOW_NEVER;

    if (b->verdict.kind == VERDICT_TEMPORARY)
        return WINDOW_NEVER;
    if (b->activation == ACTIVATION_NONE ||
        !map_get(returns, b->activation, &gone) || gone < b->seq)
        gone =
            span != NULL && span->end != END_OPEN ? span->last : WINDOW_NEVER;
    return gone < b->freed_seq ? gone : b->freed_seq;
}

static enum err_code find_returns(struct window *w, struct err *err)
{
    struct map returns = { 0 }; /* activation -> event */
    enum err_code rc = ERR_OK;

    for (size_t i = 0; rc == ERR_OK && i < w->event_count; i++)
        if (w->events[i].kind == EV_RETURN)
            rc = map_put(&returns, w->events[i].activation, w->events[i].seq,
                         err);
    for (size_t i = 0; rc == ERR_OK && i < w->block_count; i++)
        w->blocks[i].maker_gone = maker_gone(w, &w->blocks[i], &returns);
    map_fini(&returns);
    return rc;
}

/* The op's bounds, and the depth of its own frame. */
static enum err_code find_op(struct window *w, struct timeline *t,
                             uint64_t around, uint32_t *base, struct err *err)
{
    const struct tables *tables = timeline_tables(t);
    struct timeline_op op;
    struct event ev;
    enum err_code rc = ERR_OK;

    if (timeline_events(t) == 0)
        return ERR_NOT_FOUND;
    if (w->op != 0) {
        if (!timeline_op(t, w->op, &op))
            return ERR_NOT_FOUND;
        w->op_first = op.first;
        w->op_last = op.last;
        w->thread = op.thread;
        *base = frames_depth(tables, op.stack);
        return ERR_OK;
    }
    w->op_last = timeline_events(t) - 1;
    if (around > w->op_last)
        around = w->op_last;
    rc = timeline_event(t, around, &ev, err);
    w->thread = rc == ERR_OK ? ev.thread : 0;
    return rc;
}

/* Without an op: where the thread's own code begins. */
static uint32_t outermost(const struct window *w, const struct tables *t)
{
    for (size_t i = 0; i < w->event_count; i++) {
        const struct event *ev = &w->events[i];

        if (ev->thread == w->thread && ev->stack >= STACK_FIRST)
            return frames_outermost(t, ev->stack);
    }
    return 0;
}

enum err_code window_load(struct window *w, struct timeline *t, uint64_t op,
                          uint64_t around, struct err *err)
{
    uint32_t base = 0;
    enum err_code rc;

    window_fini(w);
    w->op = op;
    rc = find_op(w, t, around, &base, err);
    if (rc == ERR_OK) {
        part_of(w->op_first, w->op_last, around, &w->first, &w->last);
        rc = read_events(w, t, err);
    }
    if (rc == ERR_OK)
        rc = find_blocks(w, t, err);
    if (rc == ERR_OK)
        rc = spans_find(w, timeline_tables(t),
                        op == 0 ? outermost(w, timeline_tables(t)) : base, err);
    if (rc == ERR_OK)
        rc = find_returns(w, err);
    if (rc != ERR_OK)
        window_fini(w);
    return rc;
}
