/*
 * window.h - one op of a trace, or a part of it, laid open: its events, the
 * blocks made in it with what becomes of them, and when which frame ran.
 *
 * A frame's span begins with the first event whose stack shows it. It ends
 * where its return was seen, or, when nobody watched it, with the first event
 * of its thread that shows that it is gone (END_INFERRED).
 */
#ifndef ANALYSIS_WINDOW_H
#define ANALYSIS_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/timeline.h"
#include "analysis/verdict.h"
#include "base/err.h"
#include "trace/event.h"

enum {
    WINDOW_EVENTS_MAX = 16384, /* a longer op is shown in parts */
    WINDOW_ROWS_MAX = 256,     /* ways to be called that are told apart */
    WINDOW_DEPTH_MAX = 64,     /* frames below the op's that are followed */
};

#define WINDOW_NEVER UINT64_MAX /* a seq: it did not happen, or not in here */

struct window_block {
    uint64_t number;     /* as in moment_block */
    uint64_t seq;        /* of its EV_ALLOC */
    uint64_t freed_seq;  /* or WINDOW_NEVER */
    uint64_t maker_gone; /* when the frame that made it had returned, if it
                            lived to see that; else WINDOW_NEVER */
    tracee_addr addr;
    uint64_t size_bytes;
    uint64_t activation; /* its first owner */
    uint32_t stack, text, thread;
    uint32_t freed_stack; /* meaningless unless it is freed */
    uint32_t span;        /* 1 + index of its maker's; 0 none */
    struct verdict verdict;
    bool has_owner;
    struct frame_call owner; /* who had to own it */
    bool is_grown;           /* +G */
    bool is_resized;         /* a realloc ended it */
};

enum window_end { END_OPEN, END_SEEN, END_INFERRED };

/* A function, called in one way: its caller's row is `parent` - 1. */
struct window_row {
    uint32_t node;   /* a stack that ends in it */
    uint32_t parent; /* 1 + row; 0: the op's own */
    uint32_t depth;  /* below the op's own, which has 0 */
};

struct window_span { /* one activation */
    uint32_t row;
    uint32_t parent; /* 1 + the span of its caller; 0 none */
    uint64_t first, last;
    uint64_t shown;      /* the last event whose stack shows it */
    uint64_t activation; /* or ACTIVATION_NONE: not known */
    enum window_end end;
};

struct window {
    uint64_t op; /* 0: the whole run is one op */
    uint64_t op_first, op_last;
    uint64_t first, last; /* the part that is here */
    uint32_t thread;      /* whose frames these are */
    struct event *events; /* of all threads; owned, as is the rest */
    size_t event_count;
    struct window_block *blocks; /* the op's; by rising seq */
    size_t block_count, block_cap;
    struct window_row *rows; /* callers before callees */
    size_t row_count, row_cap;
    struct window_span *spans; /* by rising first event */
    size_t span_count, span_cap;
};

void window_fini(struct window *w); /* leaves it empty and usable */

/*
 * Fills *w (empty, or filled before) with the part of op number `op` (0: the
 * whole run) in which event `around` lies, or the part nearest to it.
 * ERR_NOT_FOUND: there is no such op, or no event; else as timeline_seek. On
 * failure it is empty.
 */
enum err_code window_load(struct window *w, struct timeline *t, uint64_t op,
                          uint64_t around, struct err *err) MUST_CHECK;

/* Whether it is what window_load would give. */
bool window_is(const struct window *w, uint64_t op, uint64_t around);

/* The block made by event `seq`; NULL: it is not here. */
const struct window_block *window_block_of(const struct window *w,
                                           uint64_t seq);

/* Whether a part of its life outlived its maker. */
static inline bool window_outlives(const struct window_block *b)
{
    return b->maker_gone != WINDOW_NEVER;
}

#endif
