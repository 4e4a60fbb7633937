/*
 * session.h - one recording: drives an engine, names what it saw, and writes
 * the trace.
 */
#ifndef RECORDER_SESSION_H
#define RECORDER_SESSION_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "trace/ledger.h"

struct session_options {
    char *const *argv;  /* what to run, NULL-terminated; borrowed */
    const char *path;   /* of the trace */
    const char *op;     /* NULL: the whole run is one op */
    const char *engine; /* a name from engine_list.c */
    uint64_t warmup_ops;
    bool force;        /* replace an existing trace */
    bool watch_frames; /* exact verdicts; else "at most" */
    bool name_early;   /* name frames as they are seen, for who follows */
    bool with_sources; /* keep the text of source files that sites name */
    bool pin;
    bool kill_on_exit;
    const volatile sig_atomic_t *stop; /* set it to end the recording */
};

struct session_result {
    struct ledger ledger;
    bool is_sealed;  /* the trace at `path` is complete as far as it goes */
    bool is_running; /* the program was let go and had not ended */
    int pid;
    uint64_t allocs; /* events written */
    uint64_t frees;
    uint64_t ops;
};

/*
 * Records until the program ends or *stop is set, and seals the trace.
 * *result is filled in whatever happens.
 *
 *   ERR_NOT_FOUND, ERR_USAGE, ERR_DENIED  as engine->start: nothing was run
 *                and no file is left
 *   ERR_USAGE    also: the trace exists, or there is no such engine
 *   ERR_IO       the trace could not be written whole; what fits is sealed,
 *                and the program goes on without us
 */
enum err_code session_record(const struct session_options *options,
                             struct session_result *result,
                             struct err *err) MUST_CHECK;

#endif
