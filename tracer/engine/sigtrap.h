/*
 * sigtrap.h - keeps SIGTRAP deliverable in the traced program.
 *
 * Our traps raise SIGTRAP. The kernel forces it upon a thread that blocks or
 * ignores it, and thereby sets the process's action to the default one
 * (force_sig_info_to_task in kernel/signal.c), even when a tracer then swallows
 * it: the program's own handler would be lost, and with it the one of rescue.h.
 * Neither can be seen afterwards, nor put back in time. So masks that block
 * SIGTRAP are passed on without it, as glibc does for the two signals that it
 * needs itself; the ledger counts them.
 */
#ifndef ENGINE_SIGTRAP_H
#define ENGINE_SIGTRAP_H

#include "base/err.h"
#include "engine/arch.h"
#include "engine/run.h"

/* The same for a program that begins with it blocked, as its parent had it.
 * ERR_TRACEE_GONE, ERR_IO. */
enum err_code sigtrap_begin(struct engine_run *run, pid_t tid,
                            struct err *err) MUST_CHECK;

/* A thread stands at the first instruction of a function that takes a set of
 * signals to block: it will get, by a register changed in `regs`, a copy
 * without SIGTRAP. ERR_IO, ERR_TRACEE_GONE. */
enum err_code sigtrap_spare(struct engine_run *run, const struct probe *probe,
                            struct arch_regs *regs, struct err *err) MUST_CHECK;

#endif
