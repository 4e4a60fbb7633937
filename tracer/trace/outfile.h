/*
 * outfile.h - the file a writer writes: PATH.partial, locked, then PATH.
 *
 * The lock (flock(2)) lives as long as its holder, so a .partial that nobody
 * has locked was left behind by a recording that did not end. Knows nothing
 * of what is written.
 */
#ifndef TRACE_OUTFILE_H
#define TRACE_OUTFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct outfile {
    int fd;        /* -1: closed */
    char *path;    /* owned */
    char *partial; /* path.partial; owned */
    bool force;    /* `path` may be replaced */
    bool is_published;
};

/*
 * Creates the .partial, empty. ERR_USAGE: something is in the way (the text
 * says what helps); ERR_IO, ERR_NO_MEMORY. On failure nothing is left behind
 * and *f is closed.
 */
enum err_code outfile_open(struct outfile *f, const char *path, bool force,
                           struct err *err) MUST_CHECK;

/* Writes at `offset`, all or nothing: after ERR_IO the file ends there. */
enum err_code outfile_write(struct outfile *f, uint64_t offset,
                            const void *bytes, size_t size,
                            struct err *err) MUST_CHECK;

/* Whether an ERR_IO means that there is no room: a full disk, a quota, a
 * limit on file size. */
bool outfile_is_full(const struct err *err);

/* Ends the file at `offset`. */
void outfile_cut(struct outfile *f, uint64_t offset);

/* Gives the file its name. ERR_IO; ERR_USAGE: the name was taken meanwhile. */
enum err_code outfile_publish(struct outfile *f, struct err *err) MUST_CHECK;

/* Closes, and removes the .partial when `discard`. */
void outfile_close(struct outfile *f, bool discard);

#endif
