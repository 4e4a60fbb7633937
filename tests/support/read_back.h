/*
 * read_back.h - a small trace with a bit of everything, files in memory, and
 * what reading one to its end gave.
 */
#ifndef SUPPORT_READ_BACK_H
#define SUPPORT_READ_BACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "trace/event.h"

struct bytes {
    uint8_t *data; /* the caller's */
    size_t size;
};

/* The whole file; aborts when it cannot be read. */
struct bytes read_file(const char *path);

/* Writes a trace of 11 events in three event chunks, with names, a source, a
 * ledger (7 stops, exit status -1), two threads and extreme values. */
void small_trace_build(const char *path);
struct bytes small_trace(void); /* its bytes */

/* Where each chunk of a good file begins, and its kind; the end of the file
 * comes last. Aborts when there are more than CHUNKS_MAX. */
enum { CHUNKS_MAX = 64 };
struct chunk_list {
    size_t offsets[CHUNKS_MAX + 1];
    uint16_t kinds[CHUNKS_MAX];
    size_t count;
};
void chunk_list_of(const struct bytes *file, struct chunk_list *out);

/* A file without a disk, for loops over thousands of its variants. */
struct mem_file {
    int fd;
    char path[32];
};
struct mem_file mem_file_open(const void *data, size_t size);
void mem_file_set(const struct mem_file *m, size_t at, uint8_t byte);
void mem_file_cut(const struct mem_file *m, size_t size);
void mem_file_close(struct mem_file *m);

/* What reading a whole file gave. Aborts when the end, or the error, is not
 * the same when asked for again. */
enum { OUTCOME_EVENTS_MAX = 64 }; /* kept */
struct outcome {
    enum err_code open_rc; /* of reader_open */
    enum err_code rc;      /* of the last reader_next, or else of open */
    struct err err;
    struct event events[OUTCOME_EVENTS_MAX];
    size_t count; /* also those not kept */
    bool is_sealed, has_ledger;
    size_t names, sources, stacks;
    uint64_t tables_bytes;
};
void outcome_read(const char *path, struct outcome *o);

/* Whether all events of `a` are the first ones of `b`. */
bool outcome_is_prefix(const struct outcome *a, const struct outcome *b);

/* Whether two events agree in every field. */
bool event_equals(const struct event *a, const struct event *b);

#endif
