/*
 * workbench.h - the exercises of a course in a work folder: the coach behind
 * the Learn view.
 *
 *   WORK/NAME/FILE.c      the copy to edit
 *   WORK/NAME/program     what was built of it last, with its trace and logs
 *   WORK/NAME/passed      there once it was passed
 *
 * Nothing is written before an exercise is edited or run.
 */
#ifndef COMMANDS_WORKBENCH_H
#define COMMANDS_WORKBENCH_H

#include "analysis/course.h"
#include "base/err.h"
#include "tui/coach.h"

struct workbench; /* opaque */

/* `folder`: where to work; NULL: $XDG_STATE_HOME/stackward, or
 * ~/.local/state/stackward. The course is borrowed until workbench_close.
 * ERR_NO_MEMORY; ERR_IO: no folder can be named. */
enum err_code workbench_open(const struct course *course, const char *folder,
                             struct workbench **out,
                             struct err *err) MUST_CHECK;

/* Borrowed until workbench_close. */
const struct coach *workbench_coach(const struct workbench *b);

/* Ends what is running. Accepts NULL. */
void workbench_close(struct workbench *b);

#endif
