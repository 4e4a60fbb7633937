/*
 * line_diff.h - a text as lines, and which lines of two texts are the same.
 *
 * The shortest edit script of E. Myers ("An O(ND) Difference Algorithm and
 * Its Variations", 1986). The one well-kept C library that Debian has for
 * this, libgit2, would bring a TLS library, an SSH library and an HTTP parser
 * into a terminal program for these lines; so they are here.
 */
#ifndef TUI_LINE_DIFF_H
#define TUI_LINE_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { LINES_MAX = 50000 }; /* of one text; what comes after is left out */

struct line {
    const char *text; /* borrowed; no NUL, no line end */
    uint32_t size;    /* bytes */
    uint32_t hash;
};

struct lines {
    struct line *lines; /* owned */
    size_t count, cap;
    bool is_cut; /* there were more */
};

/* Splits `text`, which must outlive the lines. ERR_NO_MEMORY leaves it
 * empty. */
enum err_code lines_split(const char *text, size_t size, struct lines *out,
                          struct err *err) MUST_CHECK;
void lines_fini(struct lines *l); /* leaves it empty */

#define DIFF_NONE UINT32_MAX

struct diff_row { /* indexes of lines; NONE: the other side's alone */
    uint32_t left, right;
};

struct line_diff {
    struct diff_row *rows; /* owned; of a change the lines gone come first */
    size_t count, cap;
    size_t gone, added; /* lines */
    bool is_rough;      /* too different to be aligned line by line */
};

/* ERR_NO_MEMORY leaves it empty. */
enum err_code line_diff(const struct lines *a, const struct lines *b,
                        struct line_diff *out, struct err *err) MUST_CHECK;
void line_diff_fini(struct line_diff *d); /* leaves it empty */

/* The same rows with the two sides of each change beside each other, into
 * `out` (d->count of them). Gives how many. */
size_t line_diff_pair(const struct line_diff *d, struct diff_row *out);

#endif
