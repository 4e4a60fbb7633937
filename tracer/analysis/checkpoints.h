/*
 * checkpoints.h - states of a trace to start from, in bounded memory.
 *
 * A block that is live at many checkpoints is written down once for each
 * owner it had, with the first and the last checkpoint at which that held:
 *
 *     checkpoint      0     1     2     3     4
 *     block a            [--owner 9--][-owner 5...
 *     block b       made, freed: crosses none, costs nothing
 *
 * When all together grow beyond the budget, every other checkpoint is dropped
 * and later ones are taken half as often; so a long trace has few checkpoints
 * and a short one many.
 */
#ifndef ANALYSIS_CHECKPOINTS_H
#define ANALYSIS_CHECKPOINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/moment.h"
#include "base/err.h"

struct checkpoint {
    uint64_t seq; /* the state before this event */
    uint64_t allocs, ops;
    uint64_t oldest_op; /* no op with a smaller number was open; ops + 1: none
                           was */
};

struct carried;

struct checkpoints {
    uint64_t budget_bytes;
    uint64_t spacing_events;   /* at least so many between two */
    struct checkpoint *points; /* owned; by rising seq */
    size_t count, cap;
    struct carried *carried; /* owned; by rising first checkpoint */
    size_t carried_count, carried_cap;
    bool is_full; /* the budget has no room for any more */
};

void checkpoints_init(struct checkpoints *c, uint64_t budget_bytes,
                      uint64_t spacing_events);
void checkpoints_fini(struct checkpoints *c);

/* Whether it is time for another one. */
bool checkpoints_is_due(const struct checkpoints *c, const struct moment *m);

/* Takes one of `m`, whose events up to now were all seen by it alone: the
 * blocks' notes (moment_block.mark) belong to the checkpoints. ERR_NO_MEMORY:
 * nothing more can be taken, but those taken before are good. */
enum err_code checkpoints_take(struct checkpoints *c, struct moment *m,
                               struct err *err) MUST_CHECK;

/* The last checkpoint before event `seq` or at it; NULL: there is none. */
const struct checkpoint *checkpoints_before(const struct checkpoints *c,
                                            uint64_t seq);

/* Makes `m` that state, but for the ops that were open, which the caller
 * knows. ERR_NO_MEMORY. */
enum err_code checkpoints_restore(const struct checkpoints *c,
                                  const struct checkpoint *point,
                                  struct moment *m, struct err *err) MUST_CHECK;

uint64_t checkpoints_memory(const struct checkpoints *c);

#endif
