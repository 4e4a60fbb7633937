/*
 * ptrace_calls.h - the system calls of tracing, as functions that cannot be
 * called wrongly.
 *
 * A traced thread may be killed at any instant. Each call then fails with
 * ESRCH, which is ERR_TRACEE_GONE here: not a fault, wait(2) will tell.
 */
#ifndef ENGINE_PTRACE_CALLS_H
#define ENGINE_PTRACE_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "engine/arch.h"
#include "trace/event.h"

/* Attaches without stopping (PTRACE_SEIZE), following threads and children.
 * ERR_DENIED with errno, ERR_TRACEE_GONE. */
enum err_code ptrace_seize(pid_t tid, bool kill_on_exit,
                           struct err *err) MUST_CHECK;

/* Lets a stopped thread go untraced, delivering `signo` (0: none). */
void ptrace_detach(pid_t tid, int signo);

/* Resumes, delivering `signo` (0: none). */
enum err_code ptrace_resume(pid_t tid, int signo, struct err *err) MUST_CHECK;

/* Keeps a group-stopped thread stopped, and reports when it continues. */
void ptrace_listen(pid_t tid);

/* Asks a running thread to stop; it reports STOP_READY, or something else
 * that happened first. */
void ptrace_interrupt(pid_t tid);

/*
 * Looks for a task that has something to report: any (`tid` -1) or that one.
 * True when there is one: its id, and its status as wait(2) gives it. With
 * `block` it waits; false then means a signal (errno EINTR) or that there are
 * no tasks (ECHILD).
 *
 * The report is not taken. As long as it is not, the kernel still knows which
 * signal a stopped thread is about to receive, and delivers it if we die: a
 * thread at a trap is then helped by the handler of rescue.h. Resuming it
 * takes the report; ptrace_take does so without, and gives what it took: a
 * kill may have come in between.
 */
bool ptrace_peek(pid_t tid, bool block, pid_t *found, int *status);
void ptrace_take(pid_t tid, int *status);

/* Registers. *size (may be NULL) is what the kernel gave, in bytes. */
enum err_code ptrace_get_regs(pid_t tid, struct arch_regs *out, size_t *size,
                              struct err *err) MUST_CHECK;
enum err_code ptrace_set_regs(pid_t tid, const struct arch_regs *regs,
                              struct err *err) MUST_CHECK;

/* Whether the SIGTRAP a thread is stopped by was raised by the processor
 * (SI_KERNEL), as for a breakpoint, and not sent by somebody. */
bool ptrace_is_processor_trap(pid_t tid);

/* The number that an event stop carries: a new task's id, a former one. 0
 * when it cannot be had. */
pid_t ptrace_event_message(pid_t tid);

/* The thread's signal mask, bit signo - 1. */
enum err_code ptrace_get_mask(pid_t tid, uint64_t *out,
                              struct err *err) MUST_CHECK;
enum err_code ptrace_set_mask(pid_t tid, uint64_t mask,
                              struct err *err) MUST_CHECK;

/* Reads the target's memory; gives how many bytes could be read, from `addr`
 * on: less than `size` at the border of what is mapped. */
size_t tracee_read(pid_t pid, tracee_addr addr, void *out, size_t size);

/* Whether the process has put more system call filters on itself (seccomp(2))
 * than we run under: one of ours could end it. */
bool tracee_is_confined(pid_t pid);

/* Whether two processes share their memory (kcmp(2)). `fallback` where the
 * kernel cannot tell. */
bool tracee_shares_memory(pid_t a, pid_t b, bool fallback);

/* /proc/PID/mem, kept open for writing; belongs to the program that ran when
 * it was opened. ERR_DENIED, ERR_IO. */
enum err_code tracee_memory_open(pid_t pid, int *fd,
                                 struct err *err) MUST_CHECK;

/* Writes, also to code that is mapped read-only and private. ERR_IO: shared
 * or sealed text, or nothing is mapped there. */
enum err_code tracee_write(int fd, tracee_addr addr, const void *bytes,
                           size_t size, struct err *err) MUST_CHECK;

#endif
