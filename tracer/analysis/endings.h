/*
 * endings.h - how the blocks of each site ended: who freed most of them, and
 * after how long.
 */
#ifndef ANALYSIS_ENDINGS_H
#define ANALYSIS_ENDINGS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Some blocks of a site that ended alike. */
struct ending {
    uint32_t site;
    uint32_t freed_in; /* a number that names the function; names.h */
    uint16_t life;     /* tally_life_bucket */
    uint64_t count;    /* blocks */
    uint64_t sum;      /* of their lives, in events */
};

struct endings {
    struct ending *list; /* owned */
    size_t count, cap;
};

/* Of one site; all zero when none of its blocks ended. */
struct ending_summary {
    uint64_t blocks;
    uint32_t freed_in; /* where most of them were freed */
    uint64_t most;     /* ... how many */
    uint64_t life_median_events;
};

/* ERR_NO_MEMORY changes nothing. */
enum err_code endings_add(struct endings *e, const struct ending *ending,
                          struct err *err) MUST_CHECK;

/* Fills `out`, zeroed, one for each site. The list is used up by it. */
void endings_sum_up(struct endings *e, struct ending_summary *out);

void endings_fini(struct endings *e); /* leaves it empty and usable */

#endif
