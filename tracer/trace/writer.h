/*
 * writer.h - writes a trace file, chunk by chunk.
 *
 * Writes to `PATH.partial`, locked with flock(2) and readable by its owner
 * only; writer_seal adds the index and renames it to PATH. Whatever happens
 * in between, every chunk already written can be read. The bytes are
 * described in format.h.
 *
 * Fill the tables through writer_tables(); what is new is written before the
 * next events. Nothing is written per event: events gather until a chunk is
 * full or writer_flush asks for it.
 *
 * A write beyond RLIMIT_FSIZE is answered with SIGXFSZ, setrlimit(2), which
 * kills by default: whoever drives a writer ignores that signal, and gets
 * ERR_IO instead.
 */
#ifndef TRACE_WRITER_H
#define TRACE_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "trace/event.h"
#include "trace/header.h"
#include "trace/ledger.h"
#include "trace/tables.h"

struct writer; /* opaque; not thread-safe */

/*
 * Starts a trace. On success *out is the caller's, to be closed with
 * writer_close; on failure nothing is left behind and *out is NULL.
 *
 *   ERR_USAGE  `path` exists (the text names --force), or is being recorded
 *              by somebody else; a crashed recording's .partial is replaced
 *              only with `force`
 *   ERR_IO     cannot create or write it
 *   ERR_NO_MEMORY
 */
enum err_code writer_open(const char *path, bool force,
                          const struct trace_header *header,
                          struct writer **out, struct err *err) MUST_CHECK;

/* The tables to add to. Borrowed: valid until writer_close. */
struct tables *writer_tables(struct writer *w);

/* Where the file is now: PATH.partial, and PATH once it was sealed. Borrowed:
 * valid until writer_close. */
const char *writer_path(const struct writer *w);

/*
 * Appends an event; `seq` is set by the writer, and a `t_ns` before the last
 * event's is raised to it. ERR_IO (disk full, quota, file size limit),
 * ERR_NO_MEMORY: the file ends with its last whole chunk, this and every
 * later event is counted as dropped and fails the same way, and writer_seal
 * may still be called.
 */
enum err_code writer_event(struct writer *w, const struct event *ev,
                           struct err *err) MUST_CHECK;

/* Writes what has gathered, so that a live reader sees it. Errors as
 * writer_event. */
enum err_code writer_flush(struct writer *w, struct err *err) MUST_CHECK;

/*
 * Writes what is left, the ledger (events and events_dropped are filled in)
 * and the index, and renames the file. When the disk is full it gives up
 * first the source texts, then its newest event chunks, one by one, until the
 * rest fits.
 *
 *   ERR_IO     something was lost: the text says what. When writer_path is
 *              PATH the file was sealed all the same and can be read as any
 *              other; else it stays as .partial
 *   ERR_USAGE  the name was taken meanwhile; it stays as .partial
 *   ERR_NO_MEMORY
 */
enum err_code writer_seal(struct writer *w, struct ledger *ledger,
                          struct err *err) MUST_CHECK;

/* Closes and frees. Without a seal before it, the .partial stays, readable up
 * to the last chunk written: what was not flushed is lost. Accepts NULL. */
void writer_close(struct writer *w);

#endif
