/*
 * verdict.h - what was observed about a block's life against its frames.
 *
 * A tracer sees frees, not last reads: each lifetime is an upper bound.
 *
 * Climbs are recorded in frames of the machine; people read calls, inlined
 * ones too. Here maker() was inlined into g(), which f() called:
 *
 *     the block is made              it is freed
 *     ------------------             -----------------------------
 *     maker  (inlined) \ one         g      h = 0, but maker is no
 *     g                / frame       f      longer there: U1
 *     f                              -----------------------------
 *                                    f      h = 1: U2
 *                                    -----------------------------
 *                                    maker  \ h = 0, maker still
 *                                    g      / there: T
 *                                    f
 *
 * So of the frame that owns the block at last, those calls are alive which
 * the free's stack still shows, from the real function inwards: the same
 * function, called from the same place. (Two runs of one inlined call from
 * one place cannot be told apart: nothing returns from them.)
 */
#ifndef ANALYSIS_VERDICT_H
#define ANALYSIS_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/frames.h"
#include "trace/tables.h"

enum verdict_kind {
    VERDICT_TEMPORARY, /* T: freed before its maker returned */
    VERDICT_UP,        /* Un: freed while the frame n levels up was alive */
    VERDICT_OPERATION, /* O: outlived all frames below the op's own, freed
                          before the op ended */
    VERDICT_CROSSES,   /* C: freed after its op ended, or by another thread */
    VERDICT_LIVE,      /* L: never freed while recording */
    VERDICT_KIND_COUNT
};

struct verdict {
    enum verdict_kind kind;
    uint32_t up;     /* frames climbed, counted as the reader sees them:
                        inlined calls too. For T 0; for U at least 1 */
    bool is_at_most; /* frames were not watched: at most this local */
};

/* A block freed within its op, by the thread that made it. */
struct verdict_life {
    uint32_t made_stack, freed_stack;
    uint32_t op_depth; /* of the frame in made_stack that stands for the op:
                          the op's own, or for a whole run the outermost one
                          outside the runtime; 0 not known */
    bool is_whole_run; /* no op was named */
    bool is_watched;   /* else only the stacks tell, and the next three mean
                          nothing */
    uint32_t hops;
    bool owner_is_op;   /* the op's own frame had it */
    bool owner_unknown; /* the climb had ended: at least these hops */
};

/* The letter alone: 'T', 'U', 'O', 'C', 'L'. */
char verdict_letter(enum verdict_kind kind);

/* T, U or O. *owner becomes the call that had to own the block; false, and
 * *owner untouched, when there is none to name. */
bool verdict_judge(const struct tables *t, const struct verdict_life *life,
                   struct verdict *out, struct frame_call *owner);

#endif
