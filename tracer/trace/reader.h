/*
 * reader.h - reads a trace file one event at a time.
 *
 * Used by reports and by the explorer. Knows nothing of ptrace, symbols or
 * screens. A growing file can be followed, also across its renaming. The
 * bytes are described in format.h.
 *
 * The file is foreign: lengths are bounded before memory is taken, checksums
 * verified, and every number in an event or a table leads to something. Seqs
 * are consecutive, time never runs back, and an event's thread is at most its
 * seq, so that arrays may be indexed by it. Tables take about 64 MiB and 256
 * times the size of the file at most.
 *
 * Damage ends the events at the last whole chunk before it, and reader_next
 * says where. When only a payload is damaged, names, sources and the ledger
 * behind it are still read.
 */
#ifndef TRACE_READER_H
#define TRACE_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "trace/event.h"
#include "trace/header.h"
#include "trace/ledger.h"
#include "trace/tables.h"

struct reader; /* opaque; one per open file, not thread-safe */

/*
 * Opens `path` (when there is no such file but `path.partial`, that) and
 * reads its header. On success *out is the caller's, to be closed with
 * reader_close; on failure *out is NULL.
 *
 *   ERR_IO          cannot open or read the file
 *   ERR_BAD_FORMAT  not a trace, or cut or damaged within the header
 *   ERR_TOO_NEW     the text names the version found and the one supported
 */
enum err_code reader_open(const char *path, struct reader **out,
                          struct err *err) MUST_CHECK;

/*
 * Reads the next event into *ev; the tables hold everything it refers to.
 *
 *   ERR_NOT_FOUND   no whole event is left. In a file still being recorded
 *                   it is fine to ask again later
 *   ERR_BAD_FORMAT  damage: the text gives the byte offset of the chunk and
 *                   what is wrong. All chunks before it have been delivered.
 *                   Also when a recorder whose disk filled up took back what
 *                   was read already
 *   ERR_NO_MEMORY, ERR_IO
 *
 * After any error but ERR_NOT_FOUND every later call fails the same way.
 */
enum err_code reader_next(struct reader *r, struct event *ev,
                          struct err *err) MUST_CHECK;

/* Where a chunk of events lies, so that it can be read again. */
struct reader_place {
    uint64_t offset; /* of the chunk in the file */
    uint64_t number; /* of the chunk */
    uint64_t seq;    /* of its first event */
    uint64_t t_ns;   /* of the event before that; 0 none */
};

/* Of the event that reader_next gave last. */
struct reader_place reader_place(const struct reader *r);

/*
 * Reads a chunk's events again, in any order of chunks; what reader_next gives
 * next stays what it was. *events is the caller's array of *cap events (owned,
 * grown as needed).
 *
 *   ERR_BAD_FORMAT  the file is no longer what it was
 *   ERR_NO_MEMORY, ERR_IO
 */
enum err_code reader_again(struct reader *r, const struct reader_place *place,
                           struct event **events, size_t *cap, size_t *count,
                           struct err *err) MUST_CHECK;

/* All borrowed, valid until reader_close; the tables grow with each call of
 * reader_next (names and sources come last). */
const struct trace_header *reader_header(const struct reader *r);
const struct tables *reader_tables(const struct reader *r);

/* False, and all zero, until a ledger was read: the recording was cut. */
bool reader_ledger(const struct reader *r, struct ledger *out);

/* Whether the file was sealed (an index closes it), read up to now. */
bool reader_sealed(const struct reader *r);

/* Bytes read so far and bytes there are, for progress. */
void reader_progress(const struct reader *r, uint64_t *done_bytes,
                     uint64_t *all_bytes);

/* Closes the file and frees the reader. Accepts NULL. */
void reader_close(struct reader *r);

#endif
