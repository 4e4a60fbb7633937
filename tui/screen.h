/*
 * screen.h - where grids go and keys come from.
 *
 * Two implementations: a terminal through ncurses, and text for scripts and
 * tests. (The struct is not called screen: ncurses took that tag.)
 */
#ifndef TUI_SCREEN_H
#define TUI_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "tui/grid.h"

struct display {
    void *self;
    bool ascii; /* can show nothing beyond ASCII */
    void (*size)(void *self, int *rows, int *cols);
    /* Shows the grid; `anew`: the screen may be garbled. */
    enum err_code (*show)(void *self, const struct grid *g, bool anew,
                          struct err *err);
    /* The next key (tui/key.h): waits at most `timeout_ms`, -1 for ever.
     * K_NONE when nothing came, K_CLOSED when nothing will. */
    int (*key)(void *self, int timeout_ms);
    /* Gives the terminal back until the user returns; may be NULL. */
    void (*suspend)(void *self);
    /* Opens the file in the user's editor and waits for it; may be NULL. */
    void (*edit)(void *self, const char *path);
    /* Puts the terminal back, or prints the last grid; frees. */
    enum err_code (*close)(void *self, struct err *err);
};

/*
 * The terminal on stdin and stdout. ERR_IO: there is none, or it cannot move
 * its cursor; the text says what to use instead. ERR_NO_MEMORY.
 */
enum err_code screen_curses_open(bool ascii, bool no_color, struct display *out,
                                 struct err *err) MUST_CHECK;

/*
 * Plays `script` and prints the last grid to `dump` when it is closed. Both
 * are borrowed. ERR_USAGE: the script names no such key (it is read to its
 * end at once). ERR_NO_MEMORY.
 */
enum err_code screen_text_open(const char *script, FILE *dump, int rows,
                               int cols, bool ascii, struct display *out,
                               struct err *err) MUST_CHECK;

#endif
