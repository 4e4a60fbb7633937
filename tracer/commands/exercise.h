/*
 * exercise.h - one run of an exercise, step by step:
 *
 *   build -> run it bare, compare its output -> record it -> judge the trace
 *
 * Each program is a child of its own with a time limit, so nothing that a
 * learner writes can hold up the caller.
 */
#ifndef COMMANDS_EXERCISE_H
#define COMMANDS_EXERCISE_H

#include <stdbool.h>

#include "analysis/course.h"
#include "base/err.h"
#include "tui/coach.h"

struct exercise_paths { /* borrowed for the call */
    const char *self;   /* our executable: it records */
    const char *source; /* the learner's file */
    const char *output; /* what the program must print */
    const char *folder; /* exists; program, trace and logs are put here */
};

struct exercise_run; /* opaque */

/* Begins. The exercise is borrowed until exercise_end. ERR_NO_MEMORY. */
enum err_code exercise_begin(const struct course_exercise *exercise,
                             const struct exercise_paths *paths,
                             struct exercise_run **out,
                             struct err *err) MUST_CHECK;

/* Goes on without blocking, and tells how far it is. True once it is over. */
bool exercise_poll(struct exercise_run *run, struct coach_result *result);

/* Stops what runs. Accepts NULL. */
void exercise_end(struct exercise_run *run);

#endif
