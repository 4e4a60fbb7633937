/*
 * filters.h - the chips: what a site must be to be listed.
 *
 * They belong to the investigation, not to a view: they survive every change
 * of view and stage. A site is listed when all chips let it pass.
 */
#ifndef TUI_FILTERS_H
#define TUI_FILTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/profile.h"

enum { FILTERS_MAX = 6, FILTER_TEXT_MAX = 48 };

/*
 * A chip is what was typed:
 *
 *   T U O C L  sites with blocks of that verdict; U1..U8 that many frames up
 *   +G +B      sites with grown blocks, with boxes
 *   else       a part of the function, the file or the via, in any case
 */
struct filters {
    char chips[FILTERS_MAX][FILTER_TEXT_MAX];
    size_t count;
};

/* False when there is no room; an empty text or one already there is taken
 * and changes nothing. */
bool filters_add(struct filters *f, const char *text);
void filters_drop(struct filters *f); /* the last one */

/* Whether the first `count` chips let the site pass. */
bool filters_pass(const struct filters *f, size_t count,
                  const struct site *site);

/* The chip after which none of the sites is left; f->count when some are. */
size_t filters_culprit(const struct filters *f, const struct site *sites,
                       size_t site_count);

bool filters_equal(const struct filters *a, const struct filters *b);

/* Whether `part` occurs in the site's function, file or via, ASCII letters
 * in any case. */
bool site_contains(const struct site *site, const char *part);

#endif
