/*
 * samples.h - statistics of figures that have noise: timings, never counts.
 *
 * The Mann-Whitney U test, Holm's correction and the interval of a median,
 * as Go's benchstat uses them. Debian's one maintained C library of
 * statistics, GSL, has none of the three, and its licence (GPL) is not ours.
 */
#ifndef ANALYSIS_SAMPLES_H
#define ANALYSIS_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum {
    SAMPLES_MAX = 1000,
    SAMPLES_FOR_INTERVAL = 6, /* fewer give no 95% interval of the median */
    SAMPLES_FOR_TEST = 4,     /* of each side: fewer can show no difference at
                                 0.05 */
};

struct sample_summary {
    size_t n;
    double median; /* 0 when n is 0 */
    bool has_interval;
    double low, high; /* 95% interval of the median */
};

/* `samples` may be NULL when n is 0; at most SAMPLES_MAX are looked at.
 * ERR_NO_MEMORY. */
enum err_code samples_sum_up(const double *samples, size_t n,
                             struct sample_summary *out,
                             struct err *err) MUST_CHECK;

/* Two-sided p of the Mann-Whitney U test, ties corrected for: exact up to 50
 * samples without ties, else by the normal distribution. 1 when either side
 * is empty. ERR_NO_MEMORY. */
enum err_code samples_u_test(const double *a, size_t na, const double *b,
                             size_t nb, double *p, struct err *err) MUST_CHECK;

/* Holm's correction of `count` (at most 64) p values, in place. */
void samples_holm(double *p, size_t count);

#endif
