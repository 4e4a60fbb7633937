/*
 * timeline.h - random access to a trace: any event, the state after any
 * event, the ops, and what will become of each block.
 *
 * A first pass, in slices, notes where the chunks of events lie, takes
 * checkpoints of the state at bounded memory (checkpoints.h), and writes down
 * the fate of each allocation (fates.h). Then timeline_seek goes to the
 * nearest checkpoint and does the events from there, or goes on from where
 * it is. A growing trace can be followed.
 */
#ifndef ANALYSIS_TIMELINE_H
#define ANALYSIS_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/fates.h"
#include "analysis/moment.h"
#include "analysis/verdict.h"
#include "base/err.h"
#include "trace/header.h"
#include "trace/tables.h"

struct timeline; /* opaque; not thread-safe */

/* How much memory checkpoints may take, and how often they are taken. */
struct timeline_limits {
    uint64_t checkpoint_bytes;
    uint64_t spacing_events; /* at first; rounded up to whole chunks */
};

extern const struct timeline_limits timeline_default; /* 64 MiB, 16384 */

/* Opens a trace; reads nothing but its header. Errors as reader_open. */
enum err_code timeline_open(const char *path,
                            const struct timeline_limits *limits,
                            struct timeline **out, struct err *err) MUST_CHECK;
void timeline_close(struct timeline *t); /* accepts NULL */

/*
 * The first pass: at most `max_events` more (0: all there are).
 *
 *   ERR_OK         there is more
 *   ERR_NOT_FOUND  the end of what is there; a growing file may be asked
 *                  again
 *   ERR_BAD_FORMAT, ERR_IO, ERR_NO_MEMORY
 *                  all before it can be used; every later call fails the
 *                  same way
 */
enum err_code timeline_advance(struct timeline *t, uint64_t max_events,
                               struct err *err) MUST_CHECK;

const struct trace_header *timeline_header(const struct timeline *t);
const struct tables *timeline_tables(const struct timeline *t);
uint64_t timeline_events(const struct timeline *t); /* passed so far */
uint64_t timeline_memory(const struct timeline *t); /* bytes, tables too */

struct timeline_op {
    uint64_t first, last; /* events; last is the newest one while it is open */
    uint64_t activation;
    uint32_t stack; /* where it began */
    uint32_t thread;
    bool is_open;  /* it has not ended */
    bool is_whole; /* it was seen to end; neither open nor cut */
};

uint64_t timeline_ops(const struct timeline *t); /* 0 without --op */

/* Ops are numbered from 1 by their begin; false when there is no such one. */
bool timeline_op(const struct timeline *t, uint64_t number,
                 struct timeline_op *out);

/* The op that began last before the event or with it; 0 none. It may have
 * ended before. */
uint64_t timeline_op_before(const struct timeline *t, uint64_t seq);

/* Events worth going to; `seq` of one that is absent is UINT64_MAX. */
struct timeline_marks {
    uint64_t peak_seq;       /* the first at which most bytes were live */
    uint64_t first_move_seq; /* the first realloc that moved its block: its
                                EV_ALLOC */
};
void timeline_marks(const struct timeline *t, struct timeline_marks *out);

/* The most bytes live after any of the events from `first` to `last`, as well
 * as it is known: the range is widened to whole steps of a few thousandths of
 * the trace. */
uint64_t timeline_peak(const struct timeline *t, uint64_t first, uint64_t last);

/* One event. ERR_NOT_FOUND: none passed has that number. Else errors as
 * reader_again. */
enum err_code timeline_event(struct timeline *t, uint64_t seq,
                             struct event *out, struct err *err) MUST_CHECK;

/* Moves to the state after event `seq`. Errors as timeline_event; the state
 * is then that after event timeline_moment()->next_seq - 1. */
enum err_code timeline_seek(struct timeline *t, uint64_t seq,
                            struct err *err) MUST_CHECK;

/* Borrowed, valid until the next timeline_seek or timeline_close. */
const struct moment *timeline_moment(const struct timeline *t);

/* What becomes of allocation number `number` (moment_block.number); false
 * when it was not passed yet. */
bool timeline_fate(const struct timeline *t, uint64_t number, struct fate *out);

/* A block as its making tells. */
struct timeline_made {
    uint64_t number;
    uint64_t op; /* 0 none */
    uint32_t stack;
};

/* The verdict that the block has in the end. *owner: as for verdict_judge;
 * false when there is none to name. */
bool timeline_judge(const struct timeline *t, const struct timeline_made *made,
                    struct verdict *out, struct frame_call *owner);

#endif
