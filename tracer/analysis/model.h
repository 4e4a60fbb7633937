/*
 * model.h - the blocks that are live after the events so far, and the peak.
 *
 * Knows addresses and sizes; what a block's life means is worked out by
 * lives.c, which keeps its notes here.
 */
#ifndef ANALYSIS_MODEL_H
#define ANALYSIS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/climbs.h"
#include "base/err.h"
#include "base/map.h"
#include "trace/event.h"

struct block {
    uint64_t size_bytes;
    uint64_t seq;    /* of its EV_ALLOC */
    uint64_t op;     /* serial number of the op that made it; 0 none */
    uint32_t origin; /* index into the origins of lives.h */
    uint32_t thread;
    bool is_watched; /* claim is valid */
    struct climb_claim claim;
    uint32_t next_free;
};

/* A sum that cannot overflow: foreign sizes come close to 2^64. */
struct wide {
    uint64_t low, high;
};

struct model {
    struct block *blocks; /* owned; some are free */
    size_t count, cap;
    uint32_t first_free;
    struct map by_addr; /* address -> block */
    struct wide live_bytes;
    uint64_t peak_live_bytes;
};

void model_init(struct model *m);
void model_fini(struct model *m);

/* Adds a block; there must be none at `addr`. ERR_NO_MEMORY changes
 * nothing. */
enum err_code model_add(struct model *m, tracee_addr addr,
                        const struct block *block, struct err *err) MUST_CHECK;

/* Takes the block at `addr` out; false when there is none. */
bool model_take(struct model *m, tracee_addr addr, struct block *out);

size_t model_live_blocks(const struct model *m);
uint64_t model_live_bytes(const struct model *m); /* UINT64_MAX: beyond it */

/* a + b, or UINT64_MAX when that is too much. */
uint64_t model_add_sizes(uint64_t a, uint64_t b);

#endif
