/*
 * shadow.h - what is known of one stack of one thread, from event to event.
 *
 * A shadow holds the frames of the last walk, outermost first, and which of
 * them run watched activations. A watched frame that was not seen to return
 * is still there, and so are all frames outside it, unchanged: a walk that
 * meets it ends there, and the tail of the shadow is replaced.
 *
 *      main | handle | parse*| copy       before:  * watched
 *      main | handle | parse*| trim | dup after: the walk gave dup, trim and
 *                                         met parse by its CFA
 *
 * Frames end in two ways. Seen: the watch at the return address, for the
 * right thread and stack pointer. Inferred: the stack pointer stands above
 * the frame, or a walk passed its place without meeting it (longjmp,
 * exceptions, thread exit).
 *
 * A thread may have several stacks (sigaltstack, coroutines); each mapping
 * the stack pointer is found in has its own shadow.
 */
#ifndef ENGINE_SHADOW_H
#define ENGINE_SHADOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "engine/engine.h"
#include "engine/unwind.h"

enum { WATCH_NONE = 0 };

struct shadow {
    tracee_addr low, high; /* the mapping it lies in; high names it */
    struct engine_stack stack; /* frames owned */
    uint32_t *watches; /* per frame: an activation, or WATCH_NONE */
    size_t cap;
    struct engine_stack cut; /* the last walk, when it was cut: the shadow
                                itself was then left alone */
    size_t cut_cap;
    bool is_cut; /* the last walk is in `cut` */
};

/* Called for each watched frame that is gone, innermost first, before the
 * shadow forgets it: `index` is its place, the frames outside it are still
 * there. */
struct shadow_sink {
    void *ctx;
    enum err_code (*on_gone)(void *ctx, struct shadow *s, size_t index,
                             bool is_inferred, struct err *err);
};

void shadow_fini(struct shadow *s);

/* Ends every frame whose CFA is at or below `sp`: a function's frame is gone
 * once the stack pointer is back at its CFA. */
enum err_code shadow_pop_to(struct shadow *s, tracee_addr sp,
                            const struct shadow_sink *sink,
                            struct err *err) MUST_CHECK;

/* Ends every frame from `index` on. */
enum err_code shadow_pop_from(struct shadow *s, size_t index,
                              const struct shadow_sink *sink,
                              struct err *err) MUST_CHECK;

/* Walks on from `w` and makes the shadow what it finds. ERR_NO_MEMORY, or
 * what the sink gave. */
enum err_code shadow_walk(struct shadow *s, struct unwinder *u,
                          struct unwind_walk *w,
                          const struct shadow_sink *sink,
                          struct err *err) MUST_CHECK;

/* The stack the last walk found: whole from the shadow, or cut. */
struct engine_stack *shadow_stack(struct shadow *s);

/* The watched frame that returns to `addr` with the stack pointer `sp`; false
 * when there is none. */
bool shadow_find_return(const struct shadow *s, tracee_addr addr,
                        tracee_addr sp, size_t *index);

#endif
