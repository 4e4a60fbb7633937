/*
 * replay_panels.h - what the Replay view is made of.
 */
#ifndef TUI_REPLAY_PANELS_H
#define TUI_REPLAY_PANELS_H

#include "tui/view.h"

/* "op 12 of 200   event 37 of 104": where the replay stands, which part of a
 * long op is here, and what is wrong with the trace. */
void replay_place(const struct world *w, char *out, size_t cap);

/* "37 malloc 64 B parse": an event in words. */
void replay_event_text(const struct world *w, const struct event *ev, char *out,
                       size_t cap);

/* The op's place in the whole trace, and its live bytes event by event. */
void replay_draw_curve(const struct world *w, struct area a);

/* Boxes: the events around the position, the stack at it, what is live. */
void replay_draw_events(const struct world *w, struct area a);
void replay_draw_stack(const struct world *w, struct area a);
void replay_draw_heap(const struct world *w, struct area a);

#endif
