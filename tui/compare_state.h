/*
 * compare_state.h - what the Compare view shows: two stages side by side.
 */
#ifndef TUI_COMPARE_STATE_H
#define TUI_COMPARE_STATE_H

#include "analysis/compare.h"
#include "tui/view.h"

struct compare_state {
    size_t a, b; /* stages; b is the cursor's, unless that is the first */
    bool was_shown;
    bool is_chosen;                 /* a was chosen, so it does not follow b */
    size_t stage;                   /* the cursor's, when it was drawn last */
    bool is_possible;               /* both have figures of the same kind */
    struct compare_trace traces[2]; /* a, b */
    double times[2];                /* what they point into */
    struct compare_times timing;
    struct compare_sites sites;
    size_t rows;     /* sites listed: those that changed, or all */
    size_t selected; /* of these */
    bool shows_unchanged;
};

void compare_draw(const struct compare_state *s, const struct world *w,
                  struct area a);

static inline const struct stage *compare_stage(const struct world *w, size_t i)
{
    return &w->story->stages[i];
}

#endif
