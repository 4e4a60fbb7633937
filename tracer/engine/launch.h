/*
 * launch.h - starts a program that is traced from its first instruction.
 */
#ifndef ENGINE_LAUNCH_H
#define ENGINE_LAUNCH_H

#include <stdbool.h>
#include <sched.h>
#include <sys/types.h>

#include "base/err.h"

/*
 * Starts argv[0], found as execvp(3) does, and leaves it in its exec stop.
 * With `cpu` >= 0 it may run on that processor only.
 *
 *   ERR_NOT_FOUND  no such program; the text says so
 *   ERR_DENIED     tracing is not permitted; the text names what forbids it
 *   ERR_IO, ERR_NO_MEMORY
 *
 * On failure there is no process left, and nothing of the program has run.
 */
enum err_code launch_traced(char *const argv[], int cpu, bool kill_on_exit,
                            pid_t *out, struct err *err) MUST_CHECK;

/* Whether a child of ours may be traced here, by trying it. ERR_DENIED: the
 * text is "tracing is not permitted: ..." with the reason. ERR_IO. */
enum err_code launch_check(struct err *err) MUST_CHECK;

/* Why tracing a child of ours is not permitted here: one clause with the
 * remedy, from what the kernel says of seccomp, yama, and capabilities;
 * ptrace(2) "Ptrace access mode checking". Static storage. */
const char *launch_denied_reason(void);

#endif
