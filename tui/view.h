/*
 * view.h - one way of looking at the story, and what all of them share.
 *
 * A view is a row of views[] and a file. It reads the world, keeps private
 * state of its own, and draws into an area; it never sees a terminal. Every
 * function gets the view's own state, zeroed at the start and kept while
 * the explorer runs.
 */
#ifndef TUI_VIEW_H
#define TUI_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "tui/selection.h"
#include "tui/filters.h"
#include "tui/grid.h"
#include "tui/keymap.h"
#include "tui/replay.h"
#include "tui/story.h"

struct view;
struct coach;

struct world {
    const struct story *story;
    struct replay *replay;    /* of the selected stage */
    const struct view *view;  /* the one on the screen */
    const struct view *under; /* the one that help was called from */
    struct selection selection;
    struct filters filters;
    char search[FILTER_TEXT_MAX]; /* the last one, or "" */
    enum language language;
    bool motion;               /* numbers may count down */
    uint64_t now_ms;           /* any steady clock */
    int rows, cols;            /* of the area views draw in */
    enum message said;         /* set by handle: an answer for the footer */
    char said_text[160];       /* likewise, in words that are not ours; or "" */
    const struct coach *coach; /* runs the exercises; NULL: there are none */
    bool is_frozen;  /* the Live view stands still; nothing is read meanwhile */
    enum command go; /* set by handle: a command to be done next; CMD_NONE */
    const char *edit_path; /* set by handle: a file to open in an editor */
};

struct view {
    const char *name; /* as on a command line */
    enum message title;
    enum command opened_by;
    enum scope scope;          /* of its own keys */
    bool has_filters;          /* the chips apply here */
    bool has_replay;           /* it looks at world.replay */
    bool has_follow;           /* the block selected is the one that the
                                  event at the position is about */
    bool is_bare;              /* draws the whole screen, of any size: nothing
                                  is around it */
    size_t state_size;         /* bytes */
    const struct view *deeper; /* where Enter leads; NULL nowhere */
    const struct view *back;   /* where Esc leads; NULL nowhere */

    /* Brings the state up to date with the world; called before each draw
     * and before each command. ERR_NO_MEMORY. */
    enum err_code (*refresh)(void *state, const struct world *w,
                             struct err *err);
    void (*draw)(const void *state, const struct world *w, struct area a);

    /* The selected row in one line, for screens too small for more. */
    void (*brief)(const void *state, const struct world *w, char *out,
                  size_t cap);
    /* One teaching sentence about the selection; "" none. */
    void (*teach)(const void *state, const struct world *w, char *out,
                  size_t cap);

    /* Does a command; false: not one of its own. `key` is what was pressed. */
    bool (*handle)(void *state, struct world *w, enum command cmd, int key);
    /* Selects the next thing that contains w->search, `step` 1 or -1 away,
     * round the end; false when there is none. NULL: cannot be searched. */
    bool (*find)(void *state, struct world *w, int step);
    /* Scopes in force beyond its own; may be NULL. */
    unsigned (*scopes)(const void *state);
    /* Whether it looks different a moment later; may be NULL. */
    bool (*is_moving)(const void *state, const struct world *w);
    /* Frees what the state owns; may be NULL. */
    void (*fini)(void *state);
};

extern const struct view view_ribbons, view_replay, view_heap;
extern const struct view view_source, view_flame, view_compare;
extern const struct view view_stages, view_sites, view_live, view_learn,
    view_present, view_help;
extern const struct view *const views[]; /* the first is home */
extern const size_t view_count;

/* The stage the cursor is on, and the one before it or NULL. */
const struct stage *world_stage(const struct world *w);
const struct stage *world_stage_before(const struct world *w);

/* Moves one place in a list of `count` by a movement command; `page` rows a
 * page. False when cmd is none. */
bool world_move(enum command cmd, size_t count, int page, size_t *at);

/* "U1 +G", "T 97% O 3%": the letters of a site's blocks. Gives `out`. */
enum { VERDICT_TEXT_MAX = 80 };
const char *verdict_text(const struct verdict_counts *v,
                         char out[VERDICT_TEXT_MAX]);

/* The verdict most of its blocks have. */
enum verdict_kind verdict_main(const struct verdict_counts *v);
/* How far up most of its U blocks went; at least 1. */
unsigned verdict_main_up(const struct verdict_counts *v);
/* Both together: "U1"; "U" when not all went as far. Gives `out`. */
const char *verdict_main_text(const struct verdict_counts *v, char out[16]);

#endif
