/*
 * site_text.h - what can be said about one site: who made its blocks, why
 * they are on the heap, what usually removes them, where else it is seen.
 */
#ifndef TUI_SITE_TEXT_H
#define TUI_SITE_TEXT_H

#include "tui/view.h"

enum { SITE_TEXT_MAX = 8192 };

/* Everything, in lines. `gone` (else NULL): the site is of the stage before
 * the cursor's and has vanished since. */
void site_text(const struct world *w, const struct site *site,
               const struct change *gone, char out[SITE_TEXT_MAX]);

/* Why most of its blocks are on the heap, in one sentence. */
void site_why(const struct world *w, const struct site *site,
              enum verdict_kind kind, char *out, size_t cap);

/* "strdup_field  auth.c:142" */
enum { SITE_LABEL_MAX = 2 * NAME_SHORT + 8 };
void site_label(const struct site *site, char out[SITE_LABEL_MAX]);

/* The same in at most `width` columns, if that is possible: the file's name
 * is shortened from its left, then the function's from its right, the line
 * number never. */
void site_label_fit(const struct site *site, int width,
                    char out[SITE_LABEL_MAX]);

#endif
