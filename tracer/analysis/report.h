/*
 * report.h - one trace's profile as text, JSON, CSV, or in Go's wording.
 *
 * The formats are rows of one table: `stackward report --help` and the
 * option parser walk it. Output carries no escape sequences, and foreign
 * names come clean (base/text.h).
 *
 *   text   for people; says first what is wrong with the trace, if anything
 *   json   one object; keys as in report_json.c, numbers up to 2^53 exact
 *   csv    a header line, then one line per site (RFC 4180)
 *   go     file:line:col: in the Go compiler's words, and a benchmark line
 */
#ifndef ANALYSIS_REPORT_H
#define ANALYSIS_REPORT_H

#include <stdio.h>

#include "analysis/profile.h"
#include "base/err.h"

struct report_format {
    const char *option;  /* "text", "json", "csv", "go" */
    const char *summary; /* for --help, at most 60 columns */

    /* Prints what profile_advance has read so far. ERR_IO: `out` did not take
     * it all; ERR_NO_MEMORY. */
    enum err_code (*print)(struct profile *p, FILE *out, struct err *err);
};

extern const struct report_format report_formats[]; /* [0] is the default */
extern const size_t report_format_count;

#endif
