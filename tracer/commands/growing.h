/*
 * growing.h - whether a trace is being recorded at this moment.
 */
#ifndef COMMANDS_GROWING_H
#define COMMANDS_GROWING_H

#include <stdbool.h>

/* Whether somebody writes `path`, or `path.partial` when that is all there
 * is. One that was given up is not growing. */
bool growing_trace(const char *path);

#endif
