/*
 * climbs.h - how far blocks have climbed: who owns each, and how often
 * it changed hands.
 *
 * A union-find forest. Each node is a group of blocks that will climb
 * together from now on; the root of a tree names the activation that owns
 * the whole tree, and the offsets on the way to the root add up to the hops.
 *
 *     owner 3 (+0)             EV_RETURN            owner 3 (+0)
 *                       activation 5, parent 3        |
 *     owner 5 (+1)      ---------------------->     was 5 (+2)
 *       |                                             |
 *     was 9 (+1)                                    was 9 (+1)
 *
 *     a block of 9 has climbed 2                    now 3
 *
 * An activation that returned is forgotten at once, one without live blocks
 * has no node: memory follows the live blocks, not the events. Numbers from
 * a foreign trace may repeat or form circles; each EV_RETURN then still means
 * "every block that a owns now is p's, one hop further".
 */
#ifndef ANALYSIS_CLIMBS_H
#define ANALYSIS_CLIMBS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map.h"

struct climb_node;

struct climbs {
    struct climb_node *nodes; /* owned; some are free */
    size_t count, cap;        /* count includes the free ones */
    size_t used;              /* nodes that are not free */
    uint32_t first_free;
    struct map by_id; /* activation -> the root that it names */
};

/* A block's place in the forest. */
struct climb_claim {
    uint32_t node;
    uint64_t base; /* hops of its node when it joined */
};

struct climb {
    uint64_t hops;  /* how often the block changed hands */
    uint64_t owner; /* the activation that has it, or ACTIVATION_NONE */
};

void climbs_init(struct climbs *a);
void climbs_fini(struct climbs *a);

/* A block was made; `id` (not ACTIVATION_NONE) owns it. ERR_NO_MEMORY. */
enum err_code climbs_claim(struct climbs *a, uint64_t id,
                           struct climb_claim *out, struct err *err) MUST_CHECK;

/* The block is gone; tells how far it came. */
void climbs_release(struct climbs *a, const struct climb_claim *claim,
                    struct climb *out);

/* How far a block that is still alive has come. */
void climbs_look(const struct climbs *a, const struct climb_claim *claim,
                 struct climb *out);

/* EV_RETURN: what `id` owns is `parent`'s from now on; with ACTIVATION_NONE
 * nobody's, for ever. ERR_NO_MEMORY changes nothing. */
enum err_code climbs_return(struct climbs *a, uint64_t id, uint64_t parent,
                            struct err *err) MUST_CHECK;

#endif
