/*
 * frame.h - what is around every view: breadcrumb, chips, notes, the
 * teaching sentence, the keys. On small screens it takes over.
 *
 *   from 60 x 16 on        below          below 4 rows
 *   breadcrumb             breadcrumb     the selected row, q
 *   chips                  stage, number
 *   note about the feed    selected row
 *   the view               ...
 *   why: ...               keys
 *   keys, or a prompt
 */
#ifndef TUI_FRAME_H
#define TUI_FRAME_H

#include "tui/view.h"

struct frame {
    const struct world *world;
    const void *state;      /* of world->view */
    const void *home_state; /* of views[0] */
    unsigned scopes;        /* in force */
    const char *said;       /* in place of the teaching sentence, or "" */
    int tour;               /* the step that takes its place; 0: none */
    enum message prompt;    /* MSG_NONE: nothing is being typed */
    const char *typed;
};

/* The part of the screen that is the view's. */
struct area frame_body(const struct world *w, struct grid *g);

void frame_draw(const struct frame *f, struct grid *g);

#endif
