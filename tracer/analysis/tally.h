/*
 * tally.h - how often what happened: counts by origin, end and life.
 *
 * Names of frames come last in a trace, and a verdict is counted in named
 * frames; so what is tallied is what can be judged later. The number of
 * cells is bounded by the distinct stacks, not by the events.
 *
 * (base/map.h is keyed by 64 bits; a cell's key has 128, hence the index of
 * its own.)
 */
#ifndef ANALYSIS_TALLY_H
#define ANALYSIS_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum tally_what {
    TALLY_MADE = 1 << 0, /* blocks made; sum is their bytes */
    TALLY_GROWN = 1 << 1,
    TALLY_BOX = 1 << 2,
    TALLY_WATCHED = 1 << 3,    /* freed in their op, the climb known; sum of
                                  this and the next two is their lives */
    TALLY_OBSERVED = 1 << 4,   /* freed in their op, the frames not watched */
    TALLY_CROSSED = 1 << 5,    /* freed after their op, or by another thread */
    TALLY_OWNER_OP = 1 << 6,   /* WATCHED: the op's own frame had them */
    TALLY_OWNER_NONE = 1 << 7, /* WATCHED: the climb had ended */
};

struct tally_key { /* no padding: compared as bytes */
    uint32_t origin;
    uint32_t freed_stack; /* 0 for MADE */
    uint32_t hops;        /* WATCHED */
    uint16_t what;        /* enum tally_what, or-ed */
    uint16_t life;        /* tally_life_bucket of the lives in events */
};

struct tally_cell {
    struct tally_key key;
    uint64_t count;
    uint64_t sum; /* saturates */
};

struct tally {
    struct tally_cell *cells; /* owned; in order of first appearance */
    size_t count, cap;
    uint32_t *slots; /* owned; 1 + index of a cell, 0 free */
    size_t slot_count;
};

void tally_fini(struct tally *t);
void tally_clear(struct tally *t); /* keeps the memory */

/* ERR_NO_MEMORY changes nothing. */
enum err_code tally_add(struct tally *t, const struct tally_key *key,
                        uint64_t count, uint64_t sum,
                        struct err *err) MUST_CHECK;

/* Adds every cell of `from`. After ERR_NO_MEMORY some were added. */
enum err_code tally_merge(struct tally *t, const struct tally *from,
                          struct err *err) MUST_CHECK;

/* Which lives are counted together: those below 32 each alone, above that
 * sixteen groups to each power of two. Rises with the life. */
uint16_t tally_life_bucket(uint64_t life_events);

#endif
