/*
 * keymap.h - which key means what, where; and the words help and footer use.
 *
 * Two tables in keymap.c: bindings (key, scope, command) and commands (what
 * to say about each). The dispatcher searches them, the help view and the
 * footer print them, so a key and its description cannot drift apart.
 */
#ifndef TUI_KEYMAP_H
#define TUI_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/text_table.h"

/* Where a binding holds. Several may be in force: the later one wins. */
enum scope {
    SCOPE_GLOBAL = 1 << 0,
    SCOPE_STAGES = 1 << 1,
    SCOPE_SITES = 1 << 2,
    SCOPE_HELP = 1 << 3,
    SCOPE_QUESTION = 1 << 4, /* a question waits for its answer */
    SCOPE_PROMPT = 1 << 5,   /* text is being typed: nothing else holds */
    SCOPE_COMPARE = 1 << 6,
    SCOPE_RIBBONS = 1 << 7,
    SCOPE_SOURCE = 1 << 8,
    SCOPE_FLAME = 1 << 9,
    SCOPE_LIVE = 1 << 12,
    SCOPE_LEARN = 1 << 13,
    SCOPE_REPLAY = 1 << 10,
    SCOPE_HEAP = 1 << 11,
    SCOPE_PRESENT = 1 << 14,
    SCOPE_END = 1 << 15
};

/* clang-format off */
enum command {
    CMD_NONE,
    CMD_UP, CMD_DOWN, CMD_PAGE_UP, CMD_PAGE_DOWN, CMD_HOME, CMD_END,
    CMD_OPEN, CMD_BACK, CMD_PREV_STAGE, CMD_NEXT_STAGE,
    CMD_GO_STAGES, CMD_GO_SITES, CMD_HELP, CMD_LAST_VIEW,
    CMD_SEARCH, CMD_FIND_NEXT, CMD_FIND_PREV,
    CMD_FILTER, CMD_DROP_FILTER, CMD_CLEAR_FILTERS,
    CMD_SORT_LEFT, CMD_SORT_RIGHT, CMD_REVERSE, CMD_INFO, CMD_MORE,
    CMD_PREDICT, CMD_ANSWER,
    CMD_TOUR,
    CMD_GO_LIVE, CMD_FREEZE, CMD_ODD_OP,
    CMD_GO_LEARN, CMD_EDIT, CMD_RUN, CMD_HINT, CMD_RESET, CMD_SOLUTION,
    CMD_NEXT_EXERCISE, CMD_PREV_EXERCISE,
    CMD_GO_PRESENT, CMD_REVEAL, CMD_UNREVEAL, CMD_BLANK,
    CMD_COPY, CMD_COPY_COMMAND,
    CMD_GO_COMPARE, CMD_SWAP, CMD_CHOOSE_A, CMD_CHOOSE_B, CMD_UNCHANGED,
    CMD_GO_FLAME, CMD_LEFT, CMD_RIGHT, CMD_UNIT, CMD_INVERT,
    CMD_GO_SOURCE, CMD_NEXT_SPOT, CMD_PREV_SPOT, CMD_HOTTEST, CMD_DIFF,
    CMD_LAYOUT,
    CMD_GO_RIBBONS, CMD_PREV_EVENT, CMD_NEXT_EVENT, CMD_PREV_OP, CMD_NEXT_OP,
    CMD_ZOOM_IN, CMD_ZOOM_OUT, CMD_ZOOM_ALL,
    CMD_NEXT_OUTLIVING, CMD_PREV_OUTLIVING,
    CMD_GO_REPLAY, CMD_PLAY, CMD_FASTER, CMD_SLOWER, CMD_PREV_MARK,
    CMD_NEXT_MARK, CMD_GOTO,
    CMD_GO_HEAP, CMD_CELL_LEFT, CMD_CELL_RIGHT, CMD_FINER, CMD_COARSER,
    CMD_UNDO, CMD_REDO, CMD_LANGUAGE, CMD_REDRAW, CMD_SUSPEND,
    CMD_CANCEL, CMD_QUIT,
    CMD_ACCEPT, CMD_ERASE, CMD_ERASE_ALL,
    CMD_COUNT
};
/* clang-format on */

struct binding {
    int key;
    enum scope scope;
    enum command cmd;
};

struct command_words {
    enum command cmd;
    enum message help; /* a sentence that starts with a verb */
    enum message foot; /* for the footer; MSG_NONE: not there. Neighbours
                          with the same word share it */
};

extern const struct binding bindings[];
extern const size_t binding_count;
extern const struct command_words command_words[]; /* in the footer's order */
extern const size_t command_words_count;

/* What the key means while these scopes (or-ed) are in force. */
enum command keymap_find(unsigned scopes, int key);

/* The keys of a command within the scopes, "k Up", at most `max` of them.
 * "" when it has none. Gives `out`. */
const char *keymap_keys(unsigned scopes, enum command cmd, size_t max,
                        char *out, size_t cap);

/* The footer for these scopes in at most `cols` columns. Left out are the
 * commands in `idle` (1 << cmd, or-ed; those below 64), which lead nowhere now,
 * and hints that do not fit, but help and quit never. Gives `out`. */
const char *keymap_footer(unsigned scopes, uint64_t idle,
                          enum language language, int cols, char *out,
                          size_t cap);

#endif
