/*
 * source_text.h - the text of a source file that a trace names, wherever it
 * can be found: in the trace, else on disk.
 */
#ifndef TUI_SOURCE_TEXT_H
#define TUI_SOURCE_TEXT_H

#include <stdbool.h>

#include "base/err.h"
#include "tui/line_diff.h"
#include "tui/story.h"

enum source_origin {
    SOURCE_MISSING,
    SOURCE_EMBEDDED, /* recorded --with-sources */
    SOURCE_DISK,     /* a regular file at that absolute path */
};

struct source_text {
    char *path; /* as the trace names it; owned, NULL: no file */
    enum source_origin origin;
    bool is_newer;      /* on disk, changed since the recording began */
    char *owned;        /* what was read from disk */
    struct lines lines; /* of the stage's trace, or of `owned` */
};

/* Finds the text; a missing one is no failure. `path` NULL: none is wanted.
 * *out is valid as long as the stage's profile. ERR_NO_MEMORY leaves it
 * empty. */
enum err_code source_text_open(const struct stage *s, const char *path,
                               struct source_text *out,
                               struct err *err) MUST_CHECK;
void source_text_fini(struct source_text *t); /* leaves it empty */

/* The stage's file whose path ends in `tail`, among embedded texts and sites;
 * NULL when there is none. Borrowed until the next story_poll. */
const char *source_find(const struct stage *s, const char *tail);

/* The file of stage `to` that stands where `path` stands in stage `from`: the
 * one the course names for the stage, or else one of the same path or name.
 * NULL when there is none. Borrowed likewise. */
const char *source_counterpart(const struct stage *from, const char *path,
                               const struct stage *to);

/* "auth.c" of "/a/auth.c". */
const char *source_base(const char *path);

#endif
