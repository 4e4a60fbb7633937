/*
 * moment.h - the state of a traced program after one event: which blocks are
 * live, how far each has climbed, and which op each thread is in.
 *
 * Knows nothing of files. timeline.c moves a moment through a trace, forward
 * by feeding it events, elsewhere by restoring it from a checkpoint. After
 * ERR_NO_MEMORY it can only be cleared or freed.
 */
#ifndef ANALYSIS_MOMENT_H
#define ANALYSIS_MOMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/climbs.h"
#include "analysis/model.h"
#include "base/err.h"
#include "base/map.h"
#include "trace/event.h"

struct moment_block {
    tracee_addr addr;
    uint64_t size_bytes;
    uint64_t seq;     /* of its EV_ALLOC */
    uint64_t number;  /* allocations before it, for timeline_fate */
    uint64_t op;      /* serial number of the op that made it; 0 none */
    uint64_t base;    /* hops before `claim` was made */
    uint32_t stack;   /* that made it */
    uint32_t text;    /* string: the allocator's function */
    uint32_t thread;  /* that made it */
    uint32_t mark;    /* the owner of a moment may keep a note; 0 at first */
    bool is_watched;  /* its climb is known */
    bool is_climbing; /* `claim` is valid; else the climb has ended */
    struct climb_claim claim;
    uint32_t next_free;
};

struct moment {
    bool has_ops;      /* else events of ops mean nothing */
    uint64_t next_seq; /* of the event to come: all before it are done */
    uint64_t allocs;   /* made so far */
    uint64_t ops;      /* begun so far */
    struct moment_block *blocks; /* owned; some are free */
    size_t count, cap;
    uint32_t first_free;
    struct map by_addr; /* address -> block */
    struct map op_of;   /* thread -> serial number of its open op */
    struct climbs climbs;
    struct wide live_bytes;
};

void moment_init(struct moment *m, bool has_ops);
void moment_fini(struct moment *m);
void moment_clear(struct moment *m); /* as before the first event */

/* Does an event; its seq must be m->next_seq. ERR_NO_MEMORY. */
enum err_code moment_event(struct moment *m, const struct event *ev,
                           struct err *err) MUST_CHECK;

/* Adds a block with a climb that is already under way (`climb`; its hops are
 * its hops so far). For restoring. ERR_NO_MEMORY. */
enum err_code moment_restore(struct moment *m, const struct moment_block *block,
                             const struct climb *climb,
                             struct err *err) MUST_CHECK;

size_t moment_live_blocks(const struct moment *m);
uint64_t moment_live_bytes(const struct moment *m); /* UINT64_MAX: beyond it */

/* The live block at that address, or NULL. Valid until the next event. */
const struct moment_block *moment_find(const struct moment *m,
                                       tracee_addr addr);

/* Walks the live blocks in no order: start with *at = 0; NULL at the end. The
 * note of each may be changed. */
struct moment_block *moment_next(const struct moment *m, size_t *at);

/* How far a live block has climbed, and who owns it now. */
struct climb moment_climb(const struct moment *m,
                          const struct moment_block *block);

/* The op that the thread is in; 0 none. */
uint64_t moment_op(const struct moment *m, uint32_t thread);

/* The same for the same state, however it was reached; notes do not count. */
uint64_t moment_hash(const struct moment *m);

#endif
