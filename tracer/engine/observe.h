/*
 * observe.h - from a thread at a breakpoint to events.
 *
 *   malloc entered    walk the stack; remember the call; plant at its return
 *   malloc returned   EV_ALLOC; watch the site's frame
 *   free entered      EV_FREE
 *   op entered        EV_OP_BEGIN; watch its frame
 *   watched return    EV_RETURN, and EV_OP_END when it was the op's
 */
#ifndef ENGINE_OBSERVE_H
#define ENGINE_OBSERVE_H

#include "base/err.h"
#include "engine/arch.h"
#include "engine/run.h"

/* Does what the breakpoint is there for, given the thread's registers (pc
 * still behind the trap). An error is the sink's, or ERR_NO_MEMORY. */
enum err_code observe_breakpoint(struct engine_run *run, struct task *t,
                                 const struct breakpoint *bp,
                                 const struct arch_regs *regs,
                                 struct err *err) MUST_CHECK;

/* Ends everything the thread still has open: it is gone, or the program was
 * replaced. */
enum err_code observe_thread_end(struct engine_run *run, struct task *t,
                                 struct err *err) MUST_CHECK;

/* Records that something worth knowing happened. */
enum err_code observe_mark(struct engine_run *run, struct task *t,
                           const char *text, struct err *err) MUST_CHECK;

#endif
