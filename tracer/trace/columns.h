/*
 * columns.h - an array of structs as columns of varints, and back.
 *
 *   count | column 0: one varint per row | column 1: one per row | ...
 *
 * A column is one field of all rows. Fields that repeat or rise slowly turn
 * into runs of small numbers, which is what makes zstd fast and the file
 * small. A table of columns is the only description of a layout: encoder and
 * decoder walk the same one.
 */
#ifndef TRACE_COLUMNS_H
#define TRACE_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum coding {
    CODING_PLAIN,      /* the value */
    CODING_DELTA,      /* zigzag difference to the row before */
    CODING_KIND_DELTA, /* ... to the last row of the same kind (a byte field
                          of the row that comes in an earlier column): fields
                          a kind does not use then cost nothing */
};

struct column {
    const char *name; /* for error texts */
    size_t offset;    /* in the row */
    size_t width;     /* bytes of the field: 1, 4 or 8; unsigned or bool */
    enum coding coding;
    uint64_t max; /* largest value the field may hold */
};

struct column_layout {
    const char *what; /* "event"; for error texts */
    const struct column *columns;
    size_t column_count;
    size_t row_size;    /* bytes in memory */
    size_t kind_offset; /* in the row, for CODING_KIND_DELTA */
};

/* clang-format off */
#define COLUMN(type, member, coding, max) \
    { #member, offsetof(struct type, member), \
      sizeof(((struct type *)0)->member), coding, max }
/* clang-format on */

/* Appends `count` rows. ERR_NO_MEMORY leaves some of them in `out`. */
enum err_code columns_encode(const struct column_layout *l, const void *rows,
                             size_t count, struct buf *out,
                             struct err *err) MUST_CHECK;

/* Takes the number of rows that follow, so that the caller can make room for
 * them: at most FORMAT_ROWS_MAX, and no more than the bytes left can hold.
 * ERR_BAD_FORMAT. */
enum err_code columns_take_count(const struct column_layout *l,
                                 struct cursor *in, size_t *count,
                                 struct err *err) MUST_CHECK;

/* Takes that many rows. Only the fields in the layout are written to.
 * ERR_BAD_FORMAT: cut short, or a value is beyond its column's limit. */
enum err_code columns_decode(const struct column_layout *l, struct cursor *in,
                             void *rows, size_t count,
                             struct err *err) MUST_CHECK;

#endif
