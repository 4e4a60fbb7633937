/*
 * clipboard.h - puts a text where the user can paste it, also over SSH.
 *
 *   inside tmux     tmux load-buffer -w, which hands it to the terminal too
 *   else            OSC 52 to /dev/tty, wrapped for screen and an old tmux
 *   always          a file, which the toast names
 */
#ifndef TUI_CLIPBOARD_H
#define TUI_CLIPBOARD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum {
    CLIPBOARD_MAX = 74994, /* bytes; with base64 (4 for 3) and the sequence
                              around it, 100,000: what terminals take */
    CLIPBOARD_PATH_MAX = 1024,
};

enum clipboard_wrap { WRAP_NONE, WRAP_TMUX, WRAP_SCREEN };

struct clipboard_result {
    bool is_tmux, is_terminal;     /* handed to either */
    bool is_cut;                   /* only the first CLIPBOARD_MAX bytes were */
    char path[CLIPBOARD_PATH_MAX]; /* of the file, which has all; "" none */
};

/* Does what can be done; *out says what that was. */
void clipboard_put(const char *text, size_t size, struct clipboard_result *out);

/* Appends the bytes that ask a terminal to take the text (at most
 * CLIPBOARD_MAX bytes of it): OSC 52, as xterm's ctlseqs describes it.
 * ERR_NO_MEMORY. */
enum err_code clipboard_sequence(const char *text, size_t size,
                                 enum clipboard_wrap wrap, struct buf *out,
                                 struct err *err) MUST_CHECK;

#endif
