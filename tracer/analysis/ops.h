/*
 * ops.h - which op a thread is in, and what each op allocated.
 *
 * Ops are numbered from 1 by their begin, over all threads. What happens in
 * an op is tallied with the op and counts only once it has ended: an op that
 * was cut says nothing about what one costs.
 */
#ifndef ANALYSIS_OPS_H
#define ANALYSIS_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/profile.h"
#include "analysis/spread.h"
#include "analysis/tally.h"
#include "base/err.h"
#include "base/map.h"

struct open_op {
    uint64_t serial;     /* 0: this slot is free */
    uint64_t activation; /* of the op function's frame */
    uint32_t stack;      /* where it began */
    uint32_t next_free;
    uint64_t allocs, bytes; /* bytes saturate */
    struct tally tally;
};

struct ops {
    uint64_t warmup; /* ops at the start that do not count */
    uint64_t begun;
    struct map open;       /* thread -> slot */
    struct open_op *slots; /* owned; reused, with their memory */
    size_t slot_count, slot_cap;
    uint32_t first_free;
    struct map cut;              /* serial numbers of ops that never ended */
    struct spread allocs, bytes; /* of the ops that count */
    uint64_t allocs_counted;     /* in all of these together */
    struct recent_op recent[PROFILE_RECENT_MAX]; /* a ring of the last */
    uint64_t recent_count;                       /* ever put into it */
    struct tally counted;                        /* what these did */
};

void ops_init(struct ops *o, uint64_t warmup);
void ops_fini(struct ops *o);

/* The thread's op, or NULL. Valid until the next begin. */
struct open_op *ops_current(const struct ops *o, uint32_t thread);

/* An op of the thread that was open is cut by this. ERR_NO_MEMORY leaves the
 * ops usable, but without one of the two. */
enum err_code ops_begin(struct ops *o, uint32_t thread, uint64_t activation,
                        uint32_t stack, struct err *err) MUST_CHECK;

/* Adds the thread's op to what counts, unless it is a warm-up op; without an
 * op nothing happens. ERR_NO_MEMORY: it may have been added in part. */
enum err_code ops_end(struct ops *o, uint32_t thread,
                      struct err *err) MUST_CHECK;

/* The thread is gone: its op, if any, is cut. ERR_NO_MEMORY. */
enum err_code ops_thread_end(struct ops *o, uint32_t thread,
                             struct err *err) MUST_CHECK;

/* Where to tally what happens to a block that op number `serial` of `thread`
 * made: with that op while it is open, else with all that count; NULL when
 * it does not count. */
struct tally *ops_tally(struct ops *o, uint32_t thread, uint64_t serial);

/* The ops that ended last, in their order; gives how many. */
size_t ops_recent(const struct ops *o,
                  struct recent_op out[PROFILE_RECENT_MAX]);

void ops_summary(const struct ops *o, struct op_summary *out);

#endif
