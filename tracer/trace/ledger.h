/*
 * ledger.h - the honesty ledger: what a trace does not know, in numbers.
 *
 * Written into each trace when it is sealed and shown with every report. One
 * table (ledger.c) names the fields; writer, reader and reports walk it.
 */
#ifndef TRACE_LEDGER_H
#define TRACE_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct cJSON;

struct ledger {
    uint64_t events;               /* written */
    uint64_t events_dropped;       /* seen but not written (disk full) */
    uint64_t stops;                /* ptrace stops handled */
    uint64_t stops_probe;          /* ... at allocator and op functions */
    uint64_t stops_return;         /* ... at allocators' and ops' returns */
    uint64_t stops_watch;          /* ... at returns of watched activations */
    uint64_t stops_stray;          /* ... at our breakpoints, of no use */
    uint64_t stacks_cut;           /* events whose stack stops short of main */
    uint64_t frees_unknown;        /* of blocks never seen allocated */
    uint64_t calls_abandoned;      /* allocator calls that never returned */
    uint64_t ops_inferred;         /* ops left by longjmp, exception, exit */
    uint64_t activations;          /* watched */
    uint64_t activations_inferred; /* of these, not seen returning */
    uint64_t probes_refused;    /* functions that could not be instrumented */
    uint64_t children_released; /* forked children let go, not followed */
    uint64_t sigtrap_altered;   /* masks that blocked SIGTRAP, passed on
                                   without it; and times it was ignored, which
                                   the next breakpoint ends */
    uint64_t traced_ns;         /* wall time of the recording */
    uint64_t tracer_ns;         /* of these, in the tracer with the thread
                                   stopped */
    uint64_t bare_ns;           /* wall time without the tracer; 0 unknown */
    int64_t exit_status;        /* of the program; -1 still running, 128+N
                                   killed by signal N */
};

struct ledger_field {
    const char *name;    /* the JSON key */
    size_t offset;       /* of the 8-byte field */
    bool is_signed;      /* an int64_t; else a uint64_t */
    const char *meaning; /* one line, for people */
};

extern const struct ledger_field ledger_fields[];
extern const size_t ledger_field_count;

/* The value of one field; cast when it is signed. */
uint64_t ledger_get(const struct ledger *l, const struct ledger_field *f);

/* A new JSON object the caller frees with cJSON_Delete; NULL when out of
 * memory. Of numbers beyond 10^15 the first 15 digits are kept (cJSON prints
 * doubles so). */
struct cJSON *ledger_to_json(const struct ledger *l);

/* Missing or foreign keys are zero. */
void ledger_from_json(struct ledger *l, const struct cJSON *json);

/* The same as JSON text: what a trace holds. The caller frees *out.
 * ERR_NO_MEMORY; ERR_BAD_FORMAT (*l is then all zero). */
enum err_code ledger_to_text(const struct ledger *l, char **out,
                             struct err *err) MUST_CHECK;
enum err_code ledger_from_text(const char *text, size_t size, struct ledger *l,
                               struct err *err) MUST_CHECK;

#endif
