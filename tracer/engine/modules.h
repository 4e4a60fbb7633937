/*
 * modules.h - plants in the program's files as they come, and forgets them as
 * they go.
 */
#ifndef ENGINE_MODULES_H
#define ENGINE_MODULES_H

#include "base/err.h"
#include "engine/run.h"

/*
 * Reads what is mapped now, and plants the probes and the op in modules that
 * are new; `tid` is a stopped thread. ERR_NO_MEMORY, ERR_TRACEE_GONE, ERR_IO.
 */
enum err_code modules_refresh(struct engine_run *run, pid_t tid,
                              struct err *err) MUST_CHECK;

/* ERR_USAGE, with a text that says what there is instead, when no module
 * so far has the op function. */
enum err_code modules_check_op(struct engine_run *run,
                               struct err *err) MUST_CHECK;

#endif
