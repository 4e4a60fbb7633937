/*
 * unwind.h - the return addresses of a stopped thread, by call frame
 * information alone: no frame pointer is trusted.
 *
 * One read of the top of the stack serves most walks; what lies further out
 * is read in pieces. A walk is a sequence of steps, so that the caller can
 * stop as soon as it meets a frame it knows.
 */
#ifndef ENGINE_UNWIND_H
#define ENGINE_UNWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/map.h"
#include "engine/arch.h"
#include "engine/engine.h"
#include "engine/target.h"
#include "symbols/symbolizer.h"

enum {
    UNWIND_WINDOW = 512,     /* bytes read at once */
    UNWIND_DEPTH_MAX = 4096, /* frames; a deeper stack is cut */
};

/* What is known of an address that stood on some stack, so that the next time
 * it is one look-up. */
struct unwind_place {
    const struct unwind_row *row; /* NULL: none */
    bool is_runtime;              /* in a module that is never a site */
    bool is_entry;                /* where the kernel starts a program, or
                                     makecontext(3) a coroutine: has no caller,
                                     and often no row either */
};

struct unwinder {
    struct symbolizer *symbols;  /* borrowed */
    const struct target *target; /* borrowed; its pid is read from */
    struct unwind_place *places;
    size_t place_count, place_cap;
    struct map place_index; /* address << 1 | is exact -> index */
};

/* Forgets all places: modules came or went. */
void unwinder_reset(struct unwinder *u);
void unwinder_fini(struct unwinder *u);

struct unwind_walk {
    uint64_t regs[UNWIND_REG_MAX]; /* of the frame that comes next */
    bool is_exact;                 /* its pc is not a return address */
    bool is_lost;                  /* nothing is known beyond the last frame */
    size_t depth;                  /* frames given so far */
    tracee_addr window_addr;       /* of the bytes below */
    size_t window_size;
    uint8_t window[UNWIND_WINDOW];
};

/* Starts at the thread's own registers: the first frame is the function that
 * the pc stands in. */
void unwind_start(struct unwinder *u, struct unwind_walk *w,
                  const struct arch_regs *regs);

/* The same for a thread that stands at a function's first instruction, but
 * starting with its caller. False when the stack cannot be read. */
bool unwind_start_at_caller(struct unwinder *u, struct unwind_walk *w,
                            const struct arch_regs *regs);

enum unwind_result {
    UNWIND_FRAME, /* *out is the next frame */
    UNWIND_END,   /* the thread's first frame was given already */
    UNWIND_CUT,   /* there is more, but no way to find it */
    UNWIND_FAILED /* out of memory */
};

/* Gives the next frame, innermost first; out->stack is 0. The last one before
 * UNWIND_CUT may have a CFA of 0: not known. */
enum unwind_result unwind_next(struct unwinder *u, struct unwind_walk *w,
                               struct engine_frame *out, struct err *err);

/* Whether an address that unwind_next gave is in the runtime. */
bool unwind_is_runtime(struct unwinder *u, const struct engine_frame *f);

/* Whether it is where the kernel makes signal handlers return to. */
bool unwind_is_trampoline(struct unwinder *u, const struct engine_frame *f);

/* Reads one word of the stack through the walk's window. */
bool unwind_read_word(struct unwinder *u, struct unwind_walk *w,
                      tracee_addr addr, uint64_t *out);

#endif
