/*
 * explorer.h - the explorer without a terminal: keys in, a grid out.
 *
 *   key -> command (keymap) -> state -> grid
 *
 * app.c connects it to a screen; tests drive it directly.
 */
#ifndef TUI_EXPLORER_H
#define TUI_EXPLORER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "tui/app.h"
#include "tui/grid.h"

struct explorer; /* opaque; not thread-safe */

enum wish { /* what a key asks of whoever drives the explorer */
            WISH_NONE,
            WISH_QUIT,
            WISH_REDRAW, /* the screen may be garbled: everything anew */
            WISH_SUSPEND,
};

/* `ascii`: the screen shows nothing beyond ASCII, so the language is
 * English. Options are borrowed until explorer_close. ERR_USAGE: nothing to
 * show. ERR_NO_MEMORY. */
enum err_code explorer_open(const struct app_options *options, bool ascii,
                            struct explorer **out, struct err *err) MUST_CHECK;
void explorer_close(struct explorer *ex); /* accepts NULL */

/* Lets time pass: asks the feed, reads up to `max_events` of each stage.
 * *busy: stages are still being recorded or read. */
enum err_code explorer_tick(struct explorer *ex, uint64_t now_ms,
                            uint64_t max_events, bool *busy,
                            struct err *err) MUST_CHECK;

/* One key press. */
enum err_code explorer_key(struct explorer *ex, int key, enum wish *wish,
                           struct err *err) MUST_CHECK;

/* Draws the whole grid. */
enum err_code explorer_draw(struct explorer *ex, struct grid *g,
                            struct err *err) MUST_CHECK;

/* Whether a draw would show anything new; whether time alone will. */
bool explorer_is_stale(const struct explorer *ex);
bool explorer_is_moving(const struct explorer *ex);

#endif
