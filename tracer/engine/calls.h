/*
 * calls.h - allocator calls, from entry to return.
 *
 *   entry   walk the stack, remember the arguments, plant at the return
 *   return  the block is known: EV_ALLOC, and its owner is watched
 *   free    EV_FREE at the entry, before the block can be handed out again
 *
 * A realloc is a free and an allocation, both told at its return, because
 * only then it is known to have succeeded; unless another thread is handed
 * the old block first, which proves that it was freed.
 */
#ifndef ENGINE_CALLS_H
#define ENGINE_CALLS_H

#include "base/err.h"
#include "engine/arch.h"
#include "engine/run.h"

/* A thread stands at the first instruction of an allocator function. */
enum err_code calls_enter(struct engine_run *run, struct task *t,
                          const struct probe *probe,
                          const struct arch_regs *regs,
                          struct err *err) MUST_CHECK;

/* A thread stands where allocator calls return to. *used is set when one of
 * its own did, just now. */
enum err_code calls_leave(struct engine_run *run, struct task *t,
                          const struct breakpoint *bp,
                          const struct arch_regs *regs, bool *used,
                          struct err *err) MUST_CHECK;

/* Gives up calls that can no longer return: the stack is back at
 * `caller_sp`, above them. */
void calls_abandon(struct engine_run *run, struct task *t,
                   tracee_addr caller_sp);

#endif
