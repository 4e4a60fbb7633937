/*
 * heap_draw.h - the Heap view: its state, and how it is drawn.
 */
#ifndef TUI_HEAP_DRAW_H
#define TUI_HEAP_DRAW_H

#include "tui/heap_map.h"
#include "tui/view.h"

enum { HEAP_LABEL_COLS = 18 };

struct heap_state {
    struct heap_map map;
    bool is_built; /* `map` is that of what follows */
    size_t stage;
    uint64_t event, events;
    size_t at;       /* the item under the cursor; 0 when there is none */
    uint64_t cursor; /* 1 + the event that made it; 0 none */
    uint64_t block;  /* the selection's, when it was last looked at */
    unsigned scale;
};

/* The item as a block of the window, or as much of one as is known. */
struct window_block heap_block(const struct world *w,
                               const struct heap_item *item);

void heap_draw(const struct heap_state *s, const struct world *w,
               struct area a);

#endif
