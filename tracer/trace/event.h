/*
 * event.h - one thing that was observed, in the order it was observed.
 *
 * A trace is a stream of these. `seq` is the position in the stream: it is
 * the clock of every lifetime, because it repeats from run to run and time
 * does not. A free comes before the real free and an allocation after the
 * real one, so that no address is ever live twice.
 *
 * Activations. One run of one frame is an activation, named by a number that
 * is never used again. An allocation names the activation that must own the
 * block at first: that of its site frame, the innermost frame outside the
 * runtime. When that frame returns while blocks it owns are alive, EV_RETURN
 * hands them to the activation one frame up:
 *
 *     main          3  ............ EV_RETURN act=5 parent=3 ..... owner 3
 *      parse        5  . EV_RETURN act=9 parent=5 |  owner 5
 *       token_copy  9  malloc  |  owner 9
 *
 * How often a block changed hands before it was freed is how many frames it
 * climbed. Nothing else about frames has to be known, so the same events
 * serve recursion, threads, coroutines and stacks that could not be unwound.
 */
#ifndef TRACE_EVENT_H
#define TRACE_EVENT_H

#include <stdint.h>

typedef uint64_t tracee_addr; /* an address in the traced process */

enum event_kind {
    EV_ALLOC,        /* a block was handed out */
    EV_FREE,         /* a block is about to be freed */
    EV_RETURN,       /* a watched activation ended */
    EV_OP_BEGIN,     /* the op function was entered, outermost */
    EV_OP_END,       /* it returned, or was unwound past */
    EV_THREAD_BEGIN, /* first event of a thread; addr is its tid */
    EV_THREAD_END,   /* the thread is gone */
    EV_MARK,         /* something worth knowing; text says what */
    EV_KIND_COUNT
};

enum event_flag {
    EV_REALLOC = 1 << 0,  /* ALLOC, FREE: the two halves of one realloc; the
                             FREE comes first, perhaps not right before */
    EV_INFERRED = 1 << 1, /* RETURN, OP_END: not seen returning, but its
                             frame was gone at the next event (longjmp,
                             exception, thread exit) */
};

enum { ACTIVATION_NONE = 0 }; /* not watched, or not known */

struct event {
    uint64_t seq;        /* 0-based position in the trace */
    uint64_t t_ns;       /* since recording began, never decreasing */
    uint32_t thread;     /* 0-based, in order of first appearance */
    uint8_t kind;        /* enum event_kind */
    uint8_t flags;       /* enum event_flag, or-ed */
    uint32_t text;       /* string number. ALLOC, FREE: the allocator's
                            function ("malloc"); MARK: what happened */
    tracee_addr addr;    /* ALLOC, FREE: the block; THREAD_BEGIN: the tid */
    uint64_t size_bytes; /* ALLOC: as asked for */
    uint32_t stack;      /* ALLOC, FREE, OP_BEGIN: a stack number */
    uint64_t activation; /* ALLOC: the first owner; RETURN, OP_BEGIN,
                            OP_END: whose frame */
    uint64_t parent;     /* RETURN: who owns its blocks from now on; NONE
                            when none were alive or the climb ended */
};

#endif
