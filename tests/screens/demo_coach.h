/*
 * demo_coach.h - a coach for the demo: two exercises, and runs whose results
 * are written down. Each r goes on to the next result: the build fails, the
 * output differs, it leaks, too many allocations, passed.
 */
#ifndef SCREENS_DEMO_COACH_H
#define SCREENS_DEMO_COACH_H

#include "tui/coach.h"

enum { DEMO_EXERCISES = 2 };

struct demo_coach {
    struct coach coach;
    struct coach_desk desks[DEMO_EXERCISES];
    size_t resets; /* calls of reset */
};

void demo_coach_init(struct demo_coach *d);

#endif
