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
#include "tui/clipboard.h"
#include "tui/grid.h"

struct explorer; /* opaque; not thread-safe */

enum wish { /* what a key asks of whoever drives the explorer */
            WISH_NONE,
            WISH_QUIT,
            WISH_REDRAW, /* the screen may be garbled: everything anew */
            WISH_SUSPEND,
            WISH_COPY, /* put explorer_copied on the clipboard */
            WISH_EDIT, /* open explorer_edit_path in an editor */
};

/* `ascii`: the screen shows nothing beyond ASCII, so the language is
 * English. Options are borrowed until explorer_close. ERR_USAGE: nothing to
 * show, or no view of that name. ERR_NO_MEMORY. */
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

/* The file that WISH_EDIT was about. */
const char *explorer_edit_path(const struct explorer *ex);

/* Whether files are watched, or programs run, for what is on the screen: then
 * explorer_tick must be called a few times a second. */
bool explorer_is_watching(const struct explorer *ex);

/* The text that WISH_COPY was about, *size bytes; borrowed until the next
 * key. */
const char *explorer_copied(const struct explorer *ex, size_t *size);

/* Says what became of it; NULL: nothing was tried, so it is shown. */
void explorer_tell_copied(struct explorer *ex,
                          const struct clipboard_result *result);

/* Draws the whole grid. */
enum err_code explorer_draw(struct explorer *ex, struct grid *g,
                            struct err *err) MUST_CHECK;

/* Whether a draw would show anything new; whether time alone will. */
bool explorer_is_stale(const struct explorer *ex);
bool explorer_is_moving(const struct explorer *ex);

#endif
