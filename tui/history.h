/*
 * history.h - where the explorer was, so that z and Z can go back and forth.
 *
 * A place is a view, a cursor and the filters. Moving from site to site in
 * one view counts as one step, however many keys it took.
 */
#ifndef TUI_HISTORY_H
#define TUI_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/selection.h"
#include "tui/filters.h"

struct view;

enum { HISTORY_MAX = 64 }; /* older places are forgotten */

struct place {
    const struct view *view;
    const struct view *under;
    struct selection selection;
    struct filters filters;
};

struct history {
    struct place places[HISTORY_MAX];
    size_t count; /* places that can be undone, then redone */
    size_t at;    /* of these, to be undone */
    bool is_walk; /* the last step was within one list of sites */
};

/* Notes that `from` was left for `to`; nothing when they are the same. */
void history_leave(struct history *h, const struct place *from,
                   const struct place *to);

/* Swaps *here for the place before (after); false when there is none. */
bool history_undo(struct history *h, struct place *here);
bool history_redo(struct history *h, struct place *here);

#endif
