#include "tui/history.h"

#include <string.h>

void history_leave(struct history *h, const struct place *from,
                   const struct place *to)
{
    bool is_same_list = from->view == to->view && from->under == to->under &&
                        from->selection.stage == to->selection.stage &&
                        filters_equal(&from->filters, &to->filters);

    if (is_same_list && selection_equal(&from->selection, &to->selection))
        return;
    h->count = h->at; /* what was undone is not coming back */
    if (is_same_list && h->is_walk)
        return;
    if (h->count == HISTORY_MAX) {
        memmove(&h->places[0], &h->places[1],
                (HISTORY_MAX - 1) * sizeof(h->places[0]));
        h->count--;
    }
    h->places[h->count++] = *from;
    h->at = h->count;
    h->is_walk = is_same_list;
}

bool history_undo(struct history *h, struct place *here)
{
    struct place there;

    if (h->at == 0)
        return false;
    h->is_walk = false;
    there = h->places[--h->at];
    h->places[h->at] = *here; /* for redo */
    *here = there;
    return true;
}

bool history_redo(struct history *h, struct place *here)
{
    struct place there;

    if (h->at == h->count)
        return false;
    there = h->places[h->at];
    h->places[h->at++] = *here;
    *here = there;
    return true;
}
