/*
 * replay_move.h - ways to move the position in a trace. All of them need
 * replay_is_ready.
 */
#ifndef TUI_REPLAY_MOVE_H
#define TUI_REPLAY_MOVE_H

#include <stdbool.h>

#include "tui/keymap.h"

struct world;

/* Moves by events; by ops, to their begin. False at the end. */
bool replay_step(struct world *w, int events);
bool replay_step_op(struct world *w, int ops);

/* Does the commands that all three views have: events and ops. False: none
 * of them. */
bool replay_handle(struct world *w, enum command cmd);

/* Selects the block that the position's event makes or frees, if it is one of
 * the window. */
void replay_follow(struct world *w);

/* To the next op's begin, first realloc that moves, or peak; `step` 1 or -1.
 * False: there is none. */
bool replay_go_mark(struct world *w, int step);

/* "37": that event of the op; "op 12": there. False when it names neither. */
bool replay_goto(struct world *w, const char *text);

#endif
