/*
 * stacks.h - the stacks of a thread, kept up to date, and what is told to the
 * sink while they change.
 *
 * The one place where shadows, activations and watch breakpoints meet.
 */
#ifndef ENGINE_STACKS_H
#define ENGINE_STACKS_H

#include "base/err.h"
#include "engine/run.h"

/* Sends an event of this thread; fills in thread and time. */
enum err_code stacks_send(struct engine_run *run, struct task *t,
                          struct event *ev, const char *text,
                          struct engine_stack *stack,
                          struct err *err) MUST_CHECK;

/* Sends the thread's EV_THREAD_BEGIN, once. */
enum err_code stacks_announce(struct engine_run *run, struct task *t,
                              struct err *err) MUST_CHECK;

/* The shadow of the stack that holds `sp`, made when it is new. */
enum err_code stacks_find(struct engine_run *run, struct task *t,
                          tracee_addr sp, struct shadow **out,
                          struct err *err) MUST_CHECK;

/* Whether the shadow's stack holds `sp`. */
bool stacks_holds(const struct shadow *s, tracee_addr sp);

/* Walks on from `w` and brings the thread's shadow up to date. Frames at or
 * below `caller_sp` are gone: the function that was entered or left stands
 * there. */
enum err_code stacks_walk(struct engine_run *run, struct task *t,
                          struct unwind_walk *w, tracee_addr caller_sp,
                          struct shadow **out, struct err *err) MUST_CHECK;

/*
 * The same for a thread at a function's first instruction: `w` starts at the
 * caller. A watched frame that jumped here in place of a call (its own return
 * is the function's) has no memory left, but has not returned either: it stays
 * the innermost one.
 */
enum err_code stacks_enter(struct engine_run *run, struct task *t,
                           struct unwind_walk *w, tracee_addr caller_sp,
                           struct shadow **out, struct err *err) MUST_CHECK;

/* Makes frame `index` a watched activation, unless it is one. */
enum err_code stacks_watch(struct engine_run *run, struct task *t,
                           struct shadow *s, size_t index,
                           struct err *err) MUST_CHECK;

/* Ends frames that nobody saw returning: those at or below `sp`. */
enum err_code stacks_pop_to(struct engine_run *run, struct task *t,
                            struct shadow *s, tracee_addr sp,
                            struct err *err) MUST_CHECK;

/* Ends frame `index`, seen to return just now, and all inside it. */
enum err_code stacks_return(struct engine_run *run, struct task *t,
                            struct shadow *s, size_t index,
                            struct err *err) MUST_CHECK;

/* Ends everything on all stacks of a thread that is gone. */
enum err_code stacks_end(struct engine_run *run, struct task *t,
                         struct err *err) MUST_CHECK;

#endif
