/*
 * tour.h - the first steps, by doing: each step says one thing to press, and
 * is over when that was done. Nothing is kept from the user meanwhile, and T
 * ends it.
 */
#ifndef TUI_TOUR_H
#define TUI_TOUR_H

#include <stdbool.h>

#include "tui/keymap.h"

enum { TOUR_STEPS = 7 };

/* What step 1 to TOUR_STEPS asks for. */
enum message tour_says(int step);

/* The step after a command was done during `step`: the same, the next one, or
 * 0 after the last. Without a course nothing is asked about questions. */
int tour_next(int step, enum command cmd, bool has_course);

#endif
