/*
 * app.h - the explorer: one loop of key, command, state, screen.
 *
 * Stops on `q`, on the end of a script, or on a signal; the terminal is
 * always put back.
 */
#ifndef TUI_APP_H
#define TUI_APP_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/course.h"
#include "base/err.h"
#include "tui/coach.h"
#include "tui/feed.h"

struct app_options {
    const struct course *course; /* NULL: plain traces, one per stage */
    const struct feed *feed;     /* borrowed; one stage per course stage */
    const char *const *titles;   /* without a course: a name per stage */
    enum language language;
    bool ascii;          /* no character beyond ASCII on the screen */
    bool no_color;       /* NO_COLOR or --no-color: bold and reverse only */
    const char *command; /* the command line that opens this explorer again;
                            NULL: not known */
    bool no_motion;      /* numbers do not count, rows do not linger */

    const struct coach *coach; /* runs exercises; NULL: there are none */
    bool tour;                 /* begins with the tour */
    const char *view;          /* shown first, by its name; NULL: home */

    /* Without a terminal: `script` is a list of keys ("j Enter ] L"), played
     * once every stage is ready; then the screen is printed to `dump` as
     * `cols` x `rows` text. Motion is off. NULL script: interactive. */
    const char *script;
    FILE *dump;
    int cols, rows;
};

/* ERR_USAGE: the script names no such key. ERR_IO: no usable terminal (the
 * text says what to do instead). ERR_NO_MEMORY. */
enum err_code app_run(const struct app_options *options,
                      struct err *err) MUST_CHECK;

#endif
