/*
 * places.h - where our own files are: the executable, the course, programs
 * that a course names. Works from the build folder and when installed:
 *
 *   PREFIX/bin/stackward  PREFIX/bin/sampleapp
 *   PREFIX/share/stackward/course.json ...
 */
#ifndef COMMANDS_PLACES_H
#define COMMANDS_PLACES_H

#include <stdbool.h>

#include "analysis/course.h"
#include "base/err.h"

/* Each gives a path the caller frees. ERR_IO, ERR_NO_MEMORY. */
enum err_code places_self(char **out, struct err *err) MUST_CHECK;
enum err_code places_course(char **out, struct err *err) MUST_CHECK;

/* Where we keep what outlives a session: $XDG_STATE_HOME/stackward, else
 * ~/.local/state/stackward. The caller frees it; it need not exist. ERR_IO:
 * neither variable names a folder. ERR_NO_MEMORY. */
enum err_code places_state(char **out, struct err *err) MUST_CHECK;

/* Makes the folder and those above it, if they are not there. ERR_IO,
 * ERR_NO_MEMORY. */
enum err_code places_make_folders(const char *path, struct err *err) MUST_CHECK;

/* Whether this user never started the explorer before; remembers that it was
 * asked. False too when that cannot be remembered. */
bool places_first_start(void);

/* `program` itself when it has a slash; else the one beside our executable
 * when there is one; else `program`, to be looked for in PATH. */
enum err_code places_program(const char *program, char **out,
                             struct err *err) MUST_CHECK;

/* Opens the course at `path`, or the bundled one when it is NULL. Errors as
 * course_open. */
enum err_code places_open_course(const char *path, struct course **out,
                                 struct err *err) MUST_CHECK;

#endif
