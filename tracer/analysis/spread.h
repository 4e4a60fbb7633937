/*
 * spread.h - least, median and greatest of a growing set of numbers.
 *
 * Two heaps that meet at the median: the answer is ready at any moment, so
 * asking cannot fail, and a number costs 8 bytes.
 */
#ifndef ANALYSIS_SPREAD_H
#define ANALYSIS_SPREAD_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct op_stat;

struct spread {
    uint64_t *low; /* a max-heap: the lower half, the median on top */
    size_t low_count, low_cap;
    uint64_t *high; /* a max-heap of complements: the upper half */
    size_t high_count, high_cap;
    uint64_t min, max;
};

void spread_fini(struct spread *s);

/* ERR_NO_MEMORY changes nothing. */
enum err_code spread_add(struct spread *s, uint64_t value,
                         struct err *err) MUST_CHECK;

size_t spread_count(const struct spread *s);

/* All zero while there are none. */
void spread_get(const struct spread *s, struct op_stat *out);

#endif
