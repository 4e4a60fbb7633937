/*
 * release.h - lets a traced process go, as if nobody had watched it.
 *
 * The traps are taken out first, while its threads still run: one byte each,
 * which no thread can see half-written. Then every task is asked to stop, and
 * is let go as soon as it does, wherever it stands: never held until others
 * have stopped too, for they may be waiting for it (vfork(2)).
 */
#ifndef ENGINE_RELEASE_H
#define ENGINE_RELEASE_H

#include "engine/run.h"

/* Returns when the last task was let go or has ended. */
void release_process(struct engine_run *run);

/* Notes that a task stands in a stop that wait(2) will not tell of again, and
 * puts its pc right: release_process lets it go at once. */
void release_note_stop(struct engine_run *run, struct task *t, int status);

/* Notes how the process ended. */
void release_note_exit(struct engine_run *run, int status);

#endif
