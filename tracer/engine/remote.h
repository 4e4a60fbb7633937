/*
 * remote.h - system calls that a stopped thread of the target makes for us.
 */
#ifndef ENGINE_REMOTE_H
#define ENGINE_REMOTE_H

#include <sys/types.h>

#include "base/err.h"
#include "engine/arch.h"
#include "trace/event.h"

/*
 * Lets the stopped thread `tid` run arch_syscall_gadget, which lies at
 * `gadget` in its code, once, and puts it back as it was: registers, signal
 * mask, and signals that came meanwhile. *result is what the kernel gave
 * (-errno for failure). ERR_TRACEE_GONE, ERR_IO.
 */
enum err_code remote_syscall(pid_t tid, tracee_addr gadget, long number,
                             const uint64_t args[ARCH_SYSCALL_ARGS],
                             int64_t *result, struct err *err) MUST_CHECK;

/* Resumes the stopped thread `tid` until it meets a trap. Signals that come
 * meanwhile are sent again afterwards. ERR_TRACEE_GONE, ERR_IO. */
enum err_code remote_run_to_trap(pid_t tid, struct err *err) MUST_CHECK;

#endif
