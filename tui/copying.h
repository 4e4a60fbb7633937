/*
 * copying.h - what y and Y copy: the selected row, and the command line that
 * shows this very screen.
 */
#ifndef TUI_COPYING_H
#define TUI_COPYING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "tui/clipboard.h"
#include "tui/view.h"

/* The keys pressed so far, as a script of them. */
struct key_log {
    struct buf script;
    bool is_full; /* there were more than can be repeated */
};

/* Takes all the memory it will need. ERR_NO_MEMORY. */
enum err_code key_log_init(struct key_log *log, struct err *err) MUST_CHECK;

/* A key that there is no room for makes the log full. */
void key_log_add(struct key_log *log, int key);
void key_log_fini(struct key_log *log);

/* The selected row as one line, fit to print. ERR_NOT_FOUND: there is none.
 * ERR_NO_MEMORY. */
enum err_code copying_row(const struct world *w, const void *state,
                          struct buf *out, struct err *err) MUST_CHECK;

/* How the explorer was opened, to open it like this again. */
struct copying_start {
    const char *command; /* NULL: not known */
    enum language language;
    int rows, cols; /* of the whole screen */
};

/* `COMMAND --lang en --size 100x30 --dump --script '...'`. ERR_NOT_FOUND: the
 * keys were too many, or the command is not known. ERR_NO_MEMORY. */
enum err_code copying_command(const struct copying_start *start,
                              const struct key_log *log, struct buf *out,
                              struct err *err) MUST_CHECK;

/* What became of a copied text, for the footer; `result` NULL: nothing was
 * tried, so the text is shown. Gives `out`. */
const char *copying_toast(enum language language, const struct buf *text,
                          const struct clipboard_result *result, char *out,
                          size_t cap);

#endif
