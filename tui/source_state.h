/*
 * source_state.h - what the Source view shows: the file of the selected site
 * with what each line costs, and the same file one stage before.
 */
#ifndef TUI_SOURCE_STATE_H
#define TUI_SOURCE_STATE_H

#include "tui/line_diff.h"
#include "tui/source_text.h"
#include "tui/view.h"

struct line_cost { /* of the sites on one line that pass the filters */
    double allocs, bytes;
    const struct site *site; /* the biggest; NULL: the line asks for nothing */
};

struct source_side {
    struct source_text text;
    struct line_cost *costs; /* one per line; owned, NULL: no text */
    double allocs;           /* of the whole file */
    size_t lines_allocating;
};

enum source_mode {
    SOURCE_PLAIN,
    SOURCE_UNIFIED,
    SOURCE_SIDES, /* the stage before on the left */
};

struct source_state {
    struct source_side now, before;
    struct line_diff diff; /* of both texts; empty unless both are there */
    struct diff_row *rows; /* as shown; owned */
    size_t row_count, row; /* row: the selected one */
    enum source_mode mode;
    bool is_diff_off, is_unified;
    int page;     /* of the box */
    bool is_call; /* the selected row is not the selected site's own line, but
                     one that calls what it is in */

    /* What was loaded, and for whom. */
    bool was_loaded;
    size_t stage;
    uint64_t version;
    struct selection seen;
};

/* As struct view wants them. */
enum err_code source_refresh(void *state, const struct world *w,
                             struct err *err);
void source_fini(void *state);

/* What a row costs on either side; the side's own when it is not shown. */
const struct line_cost *source_cost(const struct source_side *side,
                                    uint32_t line);
/* Allocations of a row, the greater of the sides it shows. */
double source_row_allocs(const struct source_state *s, size_t row);
/* The site of the selected row, or called from it: of this stage (*is_gone
 * false), or one that only the stage before has; NULL none. */
const struct site *source_row_site(const struct source_state *s,
                                   const struct world *w, bool *is_gone);

/* The text of a row: the line of this stage, or the one that is gone. */
const struct line *source_row_line(const struct source_state *s, size_t row);

/* Whether the texts of both stages are there and differ. */
bool source_has_diff(const struct source_state *s);

void source_draw(const struct source_state *s, const struct world *w,
                 struct area a);

#endif
