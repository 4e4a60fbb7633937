/*
 * sites_table.h - the ranked table of the Sites view, and the state it draws.
 */
#ifndef TUI_SITES_TABLE_H
#define TUI_SITES_TABLE_H

#include "tui/view.h"

enum sites_sort {
    SORT_ALLOCS,
    SORT_BYTES,
    SORT_LIFE,
    SORT_VERDICT,
    SORT_SITE,
    SORT_COUNT
};

struct site_row {
    const struct site *site;
    const struct change *gone; /* of the stage before, vanished; else NULL */
};

struct sites_state {
    struct site_row *rows; /* owned; those of this stage first */
    size_t count, cap;
    size_t present;  /* rows of this stage */
    size_t selected; /* row; 0 when the cursor's site is none of them */
    enum sites_sort sort;
    bool is_reversed;
    bool is_info_flipped; /* the why panel is not as it is by default */
    int page;             /* of the why panel */
};

/* The table with its totals in the last row; says so when it is empty. */
void sites_draw_table(const struct sites_state *s, const struct world *w,
                      struct area a);

#endif
