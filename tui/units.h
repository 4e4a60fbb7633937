/*
 * units.h - numbers as people read them.
 */
#ifndef TUI_UNITS_H
#define TUI_UNITS_H

#include <stdint.h>

enum { UNITS_MAX = 40 }; /* bytes any of these takes, with its NUL */

/* "1,234,567". Each gives `out`. */
const char *units_count(uint64_t value, char out[UNITS_MAX]);

/* One decimal, "6.0", "1,234.5"; never "-0.0". */
const char *units_tenths(double value, char out[UNITS_MAX]);

/* Rounded, "1,152", "-384". */
const char *units_whole(double value, char out[UNITS_MAX]);

/* "812 B", "4.2 MiB". */
const char *units_bytes(uint64_t bytes, char out[UNITS_MAX]);

/* "812 ns", "18.4 us", "1.20 s". */
const char *units_time(double ns, char out[UNITS_MAX]);

/* The change from `before` to `now` as "-56%"; "" when before is 0. */
const char *units_change(double before, double now, char out[UNITS_MAX]);

#endif
