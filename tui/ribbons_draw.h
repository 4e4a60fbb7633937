/*
 * ribbons_draw.h - the Ribbons view: its state, and how it is drawn.
 */
#ifndef TUI_RIBBONS_DRAW_H
#define TUI_RIBBONS_DRAW_H

#include "tui/view.h"

struct ribbons_state {
    size_t *rows; /* blocks of the window that pass the filters; owned */
    size_t count, cap;
    size_t selected; /* row */
    unsigned zoom;   /* the axis shows 1 / 2^zoom of the op */
};

/* The events that the axis shows, both included. */
void ribbons_range(const struct ribbons_state *s, const struct world *w,
                   uint64_t *first, uint64_t *last);

void ribbons_draw(const struct ribbons_state *s, const struct world *w,
                  struct area a);

#endif
