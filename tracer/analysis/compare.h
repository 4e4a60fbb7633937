/*
 * compare.h - traces side by side: their figures, and what changed site by
 * site.
 *
 * Counts have no noise: when every op of both traces made the same number,
 * the difference is certain and nothing is tested (a rank test would call an
 * obvious change "no difference": golang/go#19634). When ops differ, the
 * least and the greatest are told and no more is claimed. Only timings are
 * tested, and only when there are enough of them (samples.h).
 */
#ifndef ANALYSIS_COMPARE_H
#define ANALYSIS_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/profile.h"
#include "analysis/samples.h"
#include "base/err.h"

enum { COMPARE_TRACES_MAX = 7 };

/* What is compared of a trace; all borrowed. */
struct compare_trace {
    struct op_summary ops;
    struct totals totals;
    const struct site *sites;
    size_t site_count;
    const double *times; /* ns per op, without the tracer */
    size_t time_count;   /* 0: not known */
};

enum compare_figure {
    COMPARE_ALLOCS, /* per op; in all without ops */
    COMPARE_BYTES,  /* likewise */
    COMPARE_PEAK,   /* greatest number of live bytes in the whole recording */
    COMPARE_FIGURE_COUNT
};

/* One figure of one trace. */
struct compare_value {
    double median, min, max;
    uint64_t n;    /* ops; 1: it was seen once, in the whole recording */
    bool is_exact; /* n > 1 and all are the same */
};

void compare_value(const struct compare_trace *t, enum compare_figure figure,
                   struct compare_value *out);

enum compare_outcome {
    COMPARE_EXACT, /* the difference is certain */
    COMPARE_ONCE,  /* one value each: it is what it is in these recordings */
    COMPARE_APART, /* ops differ, but all of one trace are above the other's */
    COMPARE_OVERLAP, /* ops differ, and so do not tell */
};

enum compare_outcome compare_outcome(const struct compare_value *a,
                                     const struct compare_value *b);

/* The timings of two traces. */
struct compare_times {
    struct sample_summary a, b;
    bool is_tested; /* both have SAMPLES_FOR_TEST */
    double p;       /* not yet corrected for other tests; 1 when not tested */
};

/* ERR_NO_MEMORY. */
enum err_code compare_times(const struct compare_trace *a,
                            const struct compare_trace *b,
                            struct compare_times *out,
                            struct err *err) MUST_CHECK;

/* All sites with one key: they are the same place in every trace, though
 * lines drift. Several in one trace are added up. */
struct compare_site {
    uint64_t key;
    const struct site *site; /* the biggest, of the last trace that has any */
    double allocs[COMPARE_TRACES_MAX]; /* per op; in all without ops */
    double bytes[COMPARE_TRACES_MAX];
};

struct compare_sites {
    struct compare_site *rows; /* owned; those that changed from `a` to `b`
                                  first, what shrank most on top */
    size_t count, cap;
    size_t changed;    /* of these */
    double sum_allocs; /* of all changes from `a` to `b` */
};

/* Whether the traces can be compared site by site: all with ops, or none. */
bool compare_is_possible(const struct compare_trace *traces, size_t count);

/* Aligns the sites of `count` traces (at most COMPARE_TRACES_MAX) that `pass`
 * accepts (NULL: all), ordered by the change from trace `a` to trace `b`.
 * ERR_NO_MEMORY leaves it empty. */
typedef bool (*compare_pass)(const void *ctx, const struct site *site);
enum err_code compare_sites(const struct compare_trace *traces, size_t count,
                            size_t a, size_t b, compare_pass pass,
                            const void *ctx, struct compare_sites *out,
                            struct err *err) MUST_CHECK;
void compare_sites_fini(struct compare_sites *s); /* leaves it empty */

#endif
