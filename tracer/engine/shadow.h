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
 * A thread may have several stacks (sigaltstack, coroutines), and several may
 * lie in one mapping; each has its own shadow. Stacks are told apart by where
 * their outermost frame lies: their base.
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
    tracee_addr low, high; /* where its frames lie: the mapping, or, when its
                              outermost frame is known, up to there */
    tracee_addr mapping;   /* the end of the mapping, which names it: stacks
                              grow downwards */
    struct engine_stack stack; /* frames owned */
    uint32_t *watches;         /* per frame: an activation, or WATCH_NONE */
    size_t cap;
    struct engine_stack cut; /* the last walk, when it was cut: the shadow
                                itself was then left alone */
    size_t cut_cap;
    bool is_cut;   /* the last walk is in `cut` */
    uint64_t used; /* the thread's walks when it was looked for last */
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

/*
 * Walks on from `w` and makes the shadow what it finds, unless it finds
 * another stack: then *other is that stack's base (else 0), the shadow is what
 * it was, and shadow_adopt is to be called for the right one. ERR_NO_MEMORY,
 * or what the sink gave.
 */
enum err_code shadow_walk(struct shadow *s, struct unwinder *u,
                          struct unwind_walk *w, const struct shadow_sink *sink,
                          tracee_addr *other, struct err *err) MUST_CHECK;

/* Makes `s` what `from` found in its last walk. */
enum err_code shadow_adopt(struct shadow *s, struct shadow *from,
                           const struct shadow_sink *sink,
                           struct err *err) MUST_CHECK;

/* Whether shadow_pop_to(sp) would end a frame that is watched. */
bool shadow_ends_watched(const struct shadow *s, tracee_addr sp);

/* The base of the stack that `w` walks: of a copy, nothing is changed. 0 when
 * it cannot be told. */
tracee_addr shadow_base_of_walk(struct unwinder *u,
                                const struct unwind_walk *w);
/* The base of a shadow's stack; 0 unknown, or not in its mapping. */
tracee_addr shadow_base(const struct shadow *s);

/* The stack the last walk found: whole from the shadow, or cut. */
struct engine_stack *shadow_stack(struct shadow *s);

/* The watched frame that returns to `addr` with the stack pointer `sp`; false
 * when there is none. */
bool shadow_find_return(const struct shadow *s, tracee_addr addr,
                        tracee_addr sp, size_t *index);

#endif
