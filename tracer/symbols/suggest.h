/*
 * suggest.h - did you mean: function names near to one that is not there.
 */
#ifndef SYMBOLS_SUGGEST_H
#define SYMBOLS_SUGGEST_H

#include <stddef.h>

#include "symbols/image.h"

enum { SUGGEST_NAME_MAX = 128 }; /* longer names are never near */

/* Changes that lead from one name to the other: letters inserted, removed,
 * replaced, or swapped with their neighbour (optimal string alignment). More
 * than `limit` is given as limit + 1. */
size_t suggest_distance(const char *a, const char *b, size_t limit);

/* The up to `max` distinct names of functions nearest to `name`, at most a
 * third of its letters away, nearest first. Borrowed from the image. Gives
 * how many; 0 also when out of memory. */
size_t suggest_functions(struct image *img, const char *name, const char **out,
                         size_t max);

#endif
