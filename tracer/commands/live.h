/*
 * live.h - record --live: the explorer on a trace while it is being recorded.
 *
 * The recorder is a process of its own. What it and the program say goes to a
 * file without a name meanwhile, and is printed when the screen is given back.
 */
#ifndef COMMANDS_LIVE_H
#define COMMANDS_LIVE_H

#include "base/err.h"
#include "commands/display.h"

/*
 * Runs `record` (which gives an exit status) in a child, and the explorer on
 * `path` until the user quits; a recording that still runs is then ended and
 * sealed. *status is that of the recording.
 *
 *   ERR_USAGE  there is no terminal
 *   ERR_IO     no process, no file, or no usable terminal
 */
enum err_code live_run(const char *path, int (*record)(void *ctx), void *ctx,
                       struct display *display, int *status,
                       struct err *err) MUST_CHECK;

#endif
