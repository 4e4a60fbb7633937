/*
 * profile.h - everything the events of one trace mean: ops, sites, verdicts.
 *
 * One pass over the trace, in memory that grows with sites and live blocks,
 * not with events (and 16 bytes per op). A growing trace can be followed:
 * profile_advance reads what is new, profile_sites answers for what was read
 * so far. Names of frames come last in a trace, so a site may be nameless
 * ("libc.so.6+0x1234") until the trace is whole.
 *
 * What counts. With --op: allocations made on the op's thread during an op
 * after the warm-up ops; sites list these. What happened in no op, in a
 * warm-up op, or in one that had not ended, is in the totals only. Without
 * --op the whole run is one op: everything counts and no per-op figure is
 * given.
 */
#ifndef ANALYSIS_PROFILE_H
#define ANALYSIS_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/verdict.h"
#include "base/err.h"
#include "trace/header.h"
#include "trace/ledger.h"
#include "trace/tables.h"

enum { PROFILE_UP_MAX = 8 }; /* U1..U8 are told apart; more count as U8 */

struct verdict_counts {
    uint64_t by_kind[VERDICT_KIND_COUNT]; /* blocks */
    uint64_t by_up[PROFILE_UP_MAX + 1];   /* of VERDICT_UP, by frames; [0]
                                             is not used */
    uint64_t grown;   /* +G: reached their size by realloc growth */
    uint64_t boxes;   /* +B: of 16 bytes or less */
    uint64_t at_most; /* judged without watched frames */
};

/* One value per op: its distribution over the ops that count. */
struct op_stat {
    uint64_t min, median, max; /* median: the lower one of two */
};

struct op_summary {
    bool has_ops;          /* recorded with --op */
    uint64_t warmup;       /* ops left out at the start */
    uint64_t count;        /* ops that count: whole ones after the warm-up */
    uint64_t cut;          /* begun and not ended (still running, or killed) */
    struct op_stat allocs; /* per op */
    struct op_stat bytes;  /* asked for, per op */
    bool is_exact;         /* count > 0 and all ops made as many allocations */
};

/* One op that counts. */
struct recent_op {
    uint64_t number; /* by its begin, from 1 */
    uint64_t allocs;
};

enum { PROFILE_RECENT_MAX = 64 };

struct totals { /* of the whole trace, whether counted or not */
    uint64_t events;
    uint64_t allocs;
    uint64_t frees;         /* of blocks seen allocated */
    uint64_t frees_unknown; /* of others */
    uint64_t bytes;         /* asked for */
    uint64_t live_blocks;   /* now, at the end of what was read */
    uint64_t live_bytes;
    uint64_t peak_live_bytes;
    uint64_t allocs_outside_ops; /* also in warm-up and cut ops */
};

struct site {
    uint64_t key;          /* the same for the same function and via in
                              another stage or run, whatever file and line;
                              several of these in one trace are told apart
                              by the order of their lines */
    const char *function;  /* raw bytes from the trace: base/text.h before
                              printing. "" never: a nameless site is
                              "module+0x1234" */
    const char *file;      /* "" unknown */
    uint32_t line, column; /* 0 unknown */
    const char *via;       /* "malloc", or the runtime call used: "strdup" */
    uint32_t stack;        /* the stack seen most often, for the made-by line */
    uint32_t site_frame;   /* index in it of the site's call, as profile_call
                              counts them */
    uint64_t allocs, bytes, frees; /* counted, see above */
    double allocs_per_op;          /* allocs / ops counted; 0 without ops */
    double bytes_per_op;
    struct verdict_counts verdicts;
    enum verdict_kind worst_kind; /* the longest life seen */
    uint32_t worst_up;
    const char *owner;    /* worst frame that had to own a block: a function
                             name ("" when none is known), or "" for C, L */
    const char *freed_in; /* function that freed most of them; "" none */
    uint64_t life_median_events; /* from alloc to free, of freed blocks: exact
                                    below 32, else within 1/16 (exact when
                                    lives that near each other are equal) */
};

/* What one way of asking for memory cost: a stack, and the allocator called
 * at its end (a stack that calls two appears twice). */
struct stack_cost {
    uint32_t stack;
    uint32_t site;          /* index into the rows of profile_sites */
    uint64_t allocs, bytes; /* counted, as in struct site */
    struct verdict_counts verdicts;
};

struct profile; /* opaque; not thread-safe */

/* Opens a trace; reads nothing but its header. Errors as reader_open. */
enum err_code profile_open(const char *path, struct profile **out,
                           struct err *err) MUST_CHECK;
void profile_close(struct profile *p); /* accepts NULL */

/*
 * Reads on: at most `max_events` events (0: all there are).
 *
 *   ERR_OK         there is more
 *   ERR_NOT_FOUND  the end of what is there; a growing file may be asked
 *                  again
 *   ERR_BAD_FORMAT damage: all before it was read and is kept; profile_damage
 *                  tells it again
 *   ERR_IO, ERR_NO_MEMORY  likewise, and every later call fails the same way
 */
enum err_code profile_advance(struct profile *p, uint64_t max_events,
                              struct err *err) MUST_CHECK;

/* "" while nothing is wrong; else one line: cut or damaged, and where. A file
 * read to its end that was not sealed is cut, or still being recorded: the
 * text names both, for only the caller may know which. */
const char *profile_damage(const struct profile *p);

/* What was read so far. Borrowed until profile_close. */
const struct trace_header *profile_header(const struct profile *p);
const struct tables *profile_tables(const struct profile *p);
bool profile_ledger(const struct profile *p, struct ledger *out);
bool profile_is_sealed(const struct profile *p);
void profile_ops(const struct profile *p, struct op_summary *out);
void profile_totals(const struct profile *p, struct totals *out);

/* The ops that ended last, the last one last; at most PROFILE_RECENT_MAX. */
size_t profile_recent(const struct profile *p,
                      struct recent_op out[PROFILE_RECENT_MAX]);

/* The sites, most allocations first (then bytes, then name, then line).
 * Borrowed until the next profile_advance, profile_sites or profile_close. */
enum err_code profile_sites(struct profile *p, const struct site **out,
                            size_t *count, struct err *err) MUST_CHECK;

/* The same by stack, in the order of first use: over all of one site they add
 * up to it. Borrowed likewise. */
enum err_code profile_stacks(struct profile *p, const struct stack_cost **out,
                             size_t *count, struct err *err) MUST_CHECK;

/* One named call of a stack, counted from the innermost (inlined ones too):
 * false past the end. For "made by" lines. An unnamed frame is given as
 * "module+0x1234" in `unnamed` (cap bytes), which *out then points to. */
bool profile_call(const struct profile *p, uint32_t stack, size_t index,
                  struct trace_name *name, const char **function, char *unnamed,
                  size_t cap);

#endif
