/*
 * table_codec.h - tables to payloads of chunks, and back.
 *
 * One row per kind of table chunk, in the order a writer must write them so
 * that everything is there before it is referred to. Writer and reader walk
 * the same rows.
 */
#ifndef TRACE_TABLE_CODEC_H
#define TRACE_TABLE_CODEC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "trace/format.h"
#include "trace/tables.h"

enum table {
    TABLE_STRINGS,
    TABLE_MODULES,
    TABLE_FRAMES,
    TABLE_STACKS,
    TABLE_NAMES,
    TABLE_SOURCES,
    TABLE_COUNT
};

/* How much of each table is in the file. Strings, modules, frames and stacks
 * count rows; names the times a frame was named; sources pieces of text. */
struct table_marks {
    size_t done[TABLE_COUNT];
};

struct table_kind {
    enum chunk_kind kind;
    bool is_numbered;   /* others refer to its rows by number: when a chunk of
                           it is lost, all that follows is */
    bool serves_events; /* of no use but to the events that come after it */

    /* What `done` is when all is written. */
    size_t (*count)(const struct tables *t);

    /* Appends what comes next, as much as fits into a chunk, and moves the
     * mark behind it. ERR_NO_MEMORY. */
    enum err_code (*encode)(const struct tables *t, struct table_marks *marks,
                            struct buf *out, struct err *err);

    /* Adds a whole payload to the tables. After ERR_BAD_FORMAT and
     * ERR_NO_MEMORY only a part may have been added. */
    enum err_code (*decode)(struct tables *t, struct cursor *in,
                            struct err *err);
};

extern const struct table_kind table_kinds[TABLE_COUNT];

/* The row for a kind of chunk; NULL when it holds no table. */
const struct table_kind *table_kind_find(enum chunk_kind kind);

#endif
