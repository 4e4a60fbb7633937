/*
 * learn_panels.h - what the Learn view shows of one exercise, for an area of
 * any size.
 */
#ifndef TUI_LEARN_PANELS_H
#define TUI_LEARN_PANELS_H

#include "tui/coach.h"
#include "tui/view.h"

struct learn_state {
    size_t exercise;
    size_t stage;     /* the selected one when it was chosen */
    uint8_t *hints;   /* shown, per exercise; owned */
    uint8_t *guesses; /* 1-based answer, 0 none, per exercise; owned */
    bool is_asking;
    bool is_solution;
    bool is_reset_asked; /* the next x does it */
    int page;
};

/* The chosen exercise as it is now; w->coach has at least one. */
const struct coach_desk *learn_desk(const struct learn_state *s,
                                    const struct world *w);

void learn_draw_exercise(const struct learn_state *s, const struct world *w,
                         struct area a);

#endif
