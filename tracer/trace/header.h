/*
 * header.h - what was recorded, how, and on what: the first chunk of a trace.
 *
 * Written once, before anything else, as JSON.
 */
#ifndef TRACE_HEADER_H
#define TRACE_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
    HEADER_ARGV_MAX = 256,         /* arguments kept */
    HEADER_ARGV_BYTES_MAX = 65536, /* ... and their bytes, together */
};

struct trace_header {
    char *program;        /* absolute path of what was run; owned */
    char **argv;          /* NULL-terminated, as given; owned */
    size_t argc;          /* of argv */
    size_t argv_left_out; /* further arguments, too many or too long to keep */
    char *op;             /* the op function; NULL: the whole run is one op */
    uint64_t warmup_ops;  /* ops at the start that do not count */
    bool frames_exact;    /* activations were watched; else "at most" */
    char *engine;         /* "breakpoint"; owned */
    char *version;        /* of the recorder; owned */
    char *machine;        /* uname: "Linux 6.1.0 x86_64"; owned */
    int64_t started_unix_s;
    int64_t pid;
};

/* Frees what the fields own and leaves it empty. */
void header_fini(struct trace_header *h);

/* JSON text, to be freed by the caller. Arguments beyond the limits are
 * counted only. ERR_NO_MEMORY. */
enum err_code header_to_text(const struct trace_header *h, char **out,
                             struct err *err) MUST_CHECK;

/* *h becomes the caller's, also its strings. ERR_BAD_FORMAT, ERR_NO_MEMORY
 * (*h is then empty). Unknown keys are ignored, missing ones are empty. */
enum err_code header_from_text(const char *text, size_t size,
                               struct trace_header *h,
                               struct err *err) MUST_CHECK;

#endif
