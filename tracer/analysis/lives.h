/*
 * lives.h - what the events add up to: every block from its making to its
 * end, tallied so that it can be judged once the frames have names.
 *
 * Knows nothing of files: profile.c feeds it from a reader, the tests by
 * hand. After ERR_NO_MEMORY it can only be freed.
 */
#ifndef ANALYSIS_LIVES_H
#define ANALYSIS_LIVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/climbs.h"
#include "analysis/model.h"
#include "analysis/ops.h"
#include "analysis/profile.h"
#include "analysis/tally.h"
#include "base/err.h"
#include "base/map.h"
#include "trace/event.h"
#include "trace/tables.h"

/* One way of asking for memory: a stack and the allocator at its end. */
struct origin {
    uint32_t stack;
    uint32_t text;     /* string: the allocator's function */
    uint32_t op_depth; /* depth of the frame that stands for the op in that
                          stack; 0 not known */
};

struct lives {
    bool has_ops; /* else the whole run is one op */
    struct model model;
    struct climbs climbs;
    struct ops ops;         /* without ops only its `counted` is used */
    struct origin *origins; /* owned */
    size_t origin_count, origin_cap;
    struct map origin_index; /* stack << 32 | text -> origin */
    struct map resized;      /* thread -> size of the block its realloc freed */
    struct totals totals;    /* but what model and ops know better */
};

void lives_init(struct lives *l, bool has_ops, uint64_t warmup_ops);
void lives_fini(struct lives *l);

/* The next event; `t` holds what it refers to. ERR_NO_MEMORY. */
enum err_code lives_event(struct lives *l, const struct tables *t,
                          const struct event *ev, struct err *err) MUST_CHECK;

void lives_totals(const struct lives *l, struct totals *out);
void lives_ops(const struct lives *l, struct op_summary *out);

/* What counts: keyed by origin, see tally.h. */
const struct tally *lives_counted(const struct lives *l);

#endif
