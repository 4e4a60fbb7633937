#include "analysis/spans.h"

#include "analysis/frames.h"
#include "base/vec.h"

/* The frames that are open, outermost first. */
struct tracker {
    struct window *w;
    const struct tables *t;
    uint32_t base;                   /* depth of the op's own frame */
    uint32_t open[WINDOW_DEPTH_MAX]; /* spans */
    uint32_t count;
};

static struct window_span *span_at(const struct tracker *k, uint32_t depth)
{
    return &k->w->spans[k->open[depth]];
}

/* Closes the frames from `depth` inwards; the one there in the way `end`. */
static void close_from(struct tracker *k, uint32_t depth, uint64_t seq,
                       enum window_end end)
{
    while (k->count > depth) {
        struct window_span *s = span_at(k, --k->count);

        s->last = seq;
        s->end = k->count == depth ? end : END_INFERRED;
    }
}

/* The row of a function called by `parent` (1 + row, or 0). False when there
 * are too many. */
static enum err_code find_row(struct tracker *k, uint32_t node, uint32_t parent,
                              uint32_t *out, struct err *err)
{
    struct window *w = k->w;
    enum err_code rc;

    for (*out = 0; *out < w->row_count; (*out)++)
        if (w->rows[*out].parent == parent &&
            frames_is_same_function(k->t,
                                    k->t->stacks[w->rows[*out].node].frame,
                                    k->t->stacks[node].frame))
            return ERR_OK;
    if (w->row_count == WINDOW_ROWS_MAX)
        return ERR_NOT_FOUND;
    rc = vec_grow(&w->rows, w->row_count, &w->row_cap, sizeof(*w->rows), err);
    if (rc == ERR_OK)
        w->rows[w->row_count++] = (struct window_row){ node, parent, k->count };
    return rc;
}

/* Opens a frame inside the innermost one. ERR_NOT_FOUND: no room for it. */
static enum err_code open_frame(struct tracker *k, uint32_t node, uint64_t seq,
                                struct err *err)
{
    struct window *w = k->w;
    uint32_t caller = k->count == 0 ? 0 : k->open[k->count - 1] + 1;
    uint32_t row;
    enum err_code rc = find_row(
        k, node, caller == 0 ? 0 : w->spans[caller - 1].row + 1, &row, err);

    if (rc == ERR_OK)
        rc = vec_grow(&w->spans, w->span_count, &w->span_cap, sizeof(*w->spans),
                      err);
    if (rc != ERR_OK)
        return rc;
    k->open[k->count++] = (uint32_t)w->span_count;
    w->spans[w->span_count++] = (struct window_span){
        .row = row, .parent = caller, .first = seq, .last = seq, .shown = seq
    };
    return ERR_OK;
}

/* Whether the open frame at that depth can be the one the stack shows. */
static bool is_same(const struct tracker *k, uint32_t depth, uint32_t node)
{
    const struct window_row *row = &k->w->rows[span_at(k, depth)->row];

    return frames_is_same_function(k->t, k->t->stacks[row->node].frame,
                                   k->t->stacks[node].frame);
}

/* Makes the open frames those of the stack, up to the site's. */
static enum err_code show_stack(struct tracker *k, const struct event *ev,
                                struct err *err)
{
    uint32_t node = frames_site(k->t, ev->stack, NULL);
    uint32_t depth = frames_depth(k->t, node);
    uint32_t nodes[WINDOW_DEPTH_MAX];
    uint32_t count = 0;
    uint32_t same = 0;
    enum err_code rc = ERR_OK;

    if (depth < k->base || k->base == 0)
        return ERR_OK;
    for (; depth >= k->base; depth--, node = k->t->stacks[node].parent) {
        if (depth - k->base >= WINDOW_DEPTH_MAX)
            continue;
        nodes[depth - k->base] = node;
        if (count == 0)
            count = depth - k->base + 1;
    }
    while (same < count && same < k->count && is_same(k, same, nodes[same]))
        same++;
    /* Another activation of the maker, though nobody saw the last one go. */
    if (ev->kind == EV_ALLOC && same == count && count > 0 &&
        ev->activation != ACTIVATION_NONE &&
        span_at(k, same - 1)->activation != ACTIVATION_NONE &&
        span_at(k, same - 1)->activation != ev->activation)
        same--;
    close_from(k, same, ev->seq, END_INFERRED);
    while (rc == ERR_OK && k->count < count)
        rc = open_frame(k, nodes[k->count], ev->seq, err);
    for (uint32_t d = 0; d < k->count; d++)
        span_at(k, d)->shown = ev->seq;
    if (rc == ERR_NOT_FOUND)
        rc = ERR_OK;
    else if (rc == ERR_OK && ev->kind == EV_ALLOC && k->count > 0)
        span_at(k, k->count - 1)->activation = ev->activation;
    return rc;
}

static void show_return(struct tracker *k, const struct event *ev)
{
    uint32_t depth = k->count;

    if (ev->activation == ACTIVATION_NONE)
        return;
    while (depth > 0 && span_at(k, depth - 1)->activation != ev->activation)
        depth--;
    if (depth == 0)
        return;
    close_from(k, depth - 1, ev->seq,
               (ev->flags & EV_INFERRED) != 0 ? END_INFERRED : END_SEEN);
    if (k->count > 0 && ev->parent != ACTIVATION_NONE &&
        span_at(k, k->count - 1)->activation == ACTIVATION_NONE)
        span_at(k, k->count - 1)->activation = ev->parent;
}

static enum err_code show_event(struct tracker *k, const struct event *ev,
                                struct err *err)
{
    switch (ev->kind) {
    case EV_ALLOC:
    case EV_FREE:
        return show_stack(k, ev, err);
    case EV_OP_BEGIN: {
        enum err_code rc = k->w->op == 0 ? ERR_OK : show_stack(k, ev, err);

        if (rc == ERR_OK && k->w->op != 0 && k->count > 0)
            span_at(k, 0)->activation = ev->activation;
        return rc;
    }
    case EV_RETURN:
        show_return(k, ev);
        return ERR_OK;
    case EV_OP_END:
        if (k->w->op != 0)
            close_from(k, 0, ev->seq,
                       (ev->flags & EV_INFERRED) != 0 ? END_INFERRED
                                                      : END_SEEN);
        return ERR_OK;
    default:
        return ERR_OK;
    }
}

enum err_code spans_find(struct window *w, const struct tables *t,
                         uint32_t base, struct err *err)
{
    struct tracker k = { .w = w, .t = t, .base = base };
    enum err_code rc = ERR_OK;
    size_t block = 0;

    for (size_t i = 0; rc == ERR_OK && i < w->event_count; i++) {
        const struct event *ev = &w->events[i];

        if (ev->thread != w->thread)
            continue;
        rc = show_event(&k, ev, err);
        while (block < w->block_count && w->blocks[block].seq < ev->seq)
            block++;
        if (rc == ERR_OK && block < w->block_count && k.count > 0 &&
            w->blocks[block].seq == ev->seq)
            w->blocks[block].span = k.open[k.count - 1] + 1;
    }
    close_from(&k, 0, w->last, END_OPEN);
    for (size_t i = 0; i < w->span_count; i++)
        if (w->spans[i].last == w->last && w->spans[i].end == END_INFERRED &&
            w->last < w->op_last)
            w->spans[i].end = END_OPEN; /* it may go on in the next part */
    return rc;
}
