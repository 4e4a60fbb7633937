#include "trace/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char partial_suffix[] = ".partial";

/* Refuses a target that must not be replaced: whatever is not a plain file
 * even with force, or `--force -o /dev/null` would replace the device. */
static enum err_code check_target(const char *path, bool force, struct err *err)
{
    struct stat st;

    if (lstat(path, &st) != 0) {
        if (errno == ENOENT)
            return ERR_OK;
        return err_set(err, ERR_IO, "cannot create %s", path);
    }
    if (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
        return err_set(err, ERR_USAGE, "not a regular file: %s", path);
    if (!force)
        return err_set(err, ERR_USAGE,
                       "the file exists (--force replaces it): %s", path);
    return ERR_OK;
}

/* Whether the name still leads to the file that is open: between open(2) and
 * flock(2) somebody else may have replaced it. */
static bool is_still_there(const struct outfile *f)
{
    struct stat open_st, named_st;

    return fstat(f->fd, &open_st) == 0 && lstat(f->partial, &named_st) == 0 &&
           open_st.st_dev == named_st.st_dev &&
           open_st.st_ino == named_st.st_ino;
}

static enum err_code lock(struct outfile *f, struct err *err)
{
    if (flock(f->fd, LOCK_EX | LOCK_NB) == 0)
        return ERR_OK;
    if (errno == EWOULDBLOCK)
        return err_set(err, ERR_USAGE, "being recorded right now: %s",
                       f->partial);
    return err_set(err, ERR_IO, "cannot lock %s", f->partial);
}

static void close_fd(struct outfile *f)
{
    if (f->fd >= 0)
        close(f->fd); /* what write(2) took is not ours to lose any more */
    f->fd = -1;
}

/* Creates and locks the .partial. *again: it was replaced under us. */
static enum err_code create(struct outfile *f, bool *again, struct err *err)
{
    enum err_code rc;

    f->fd = open(f->partial, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                 0600);
    if (f->fd < 0)
        return err_set(err, ERR_IO, "cannot create %s", f->partial);
    rc = lock(f, err);
    *again = rc == ERR_OK && !is_still_there(f);
    return rc;
}

/* Removes a .partial that nobody holds. Only the holder of its lock removes
 * one, so it cannot be somebody else's fresh file. */
static enum err_code remove_stale(struct outfile *f, struct err *err)
{
    enum err_code rc;

    f->fd = open(f->partial, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (f->fd < 0) {
        if (errno == ENOENT)
            return ERR_OK; /* gone by itself */
        return err_set(err, ERR_IO, "cannot replace %s", f->partial);
    }
    rc = lock(f, err);
    if (rc != ERR_OK || !is_still_there(f))
        return rc;
    if (!f->force)
        return err_set(err, ERR_USAGE,
                       "left by a recording that did not end; it can be "
                       "viewed, and --force replaces it: %s",
                       f->partial);
    if (unlink(f->partial) != 0)
        return err_set(err, ERR_IO, "cannot replace %s", f->partial);
    return ERR_OK;
}

enum { OPEN_TRIES = 8 }; /* of two recordings racing for one name */

static enum err_code open_partial(struct outfile *f, struct err *err)
{
    for (int i = 0; i < OPEN_TRIES; i++) {
        bool again = false;
        enum err_code rc = create(f, &again, err);

        if (rc == ERR_OK && !again)
            return ERR_OK;
        if (rc == ERR_IO && err->sys_errno == EEXIST)
            rc = remove_stale(f, err);
        close_fd(f);
        if (rc != ERR_OK)
            return rc;
    }
    return err_set(err, ERR_USAGE, "being recorded right now: %s", f->partial);
}

enum err_code outfile_open(struct outfile *f, const char *path, bool force,
                           struct err *err)
{
    size_t size = strlen(path) + sizeof(partial_suffix);
    enum err_code rc;

    *f = (struct outfile){ .fd = -1, .force = force };
    rc = check_target(path, force, err);
    if (rc != ERR_OK)
        return rc;
    f->path = strdup(path);
    f->partial = malloc(size);
    if (f->path == NULL || f->partial == NULL) {
        rc = err_no_memory(err);
    } else {
        snprintf(f->partial, size, "%s%s", path, partial_suffix);
        rc = open_partial(f, err);
    }
    if (rc != ERR_OK)
        outfile_close(f, false);
    return rc;
}

enum err_code outfile_write(struct outfile *f, uint64_t offset,
                            const void *bytes, size_t size, struct err *err)
{
    const char *at = bytes;
    size_t left = size;

    while (left > 0) {
        ssize_t n = pwrite(f->fd, at, left, (off_t)(offset + size - left));

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            enum err_code rc;

            if (n == 0)
                errno = ENOSPC; /* not known to happen; not worth a loop */
            rc = err_set(err, ERR_IO, "cannot write %s", f->partial);
            outfile_cut(f, offset);
            return rc;
        }
        at += n;
        left -= (size_t)n;
    }
    return ERR_OK;
}

bool outfile_is_full(const struct err *err)
{
    return err->code == ERR_IO &&
           (err->sys_errno == ENOSPC || err->sys_errno == EDQUOT ||
            err->sys_errno == EFBIG);
}

void outfile_cut(struct outfile *f, uint64_t offset)
{
    /* If this fails, what is behind is overwritten, or follows the index,
     * where no reader looks. */
    if (ftruncate(f->fd, (off_t)offset) != 0)
        return;
}

enum err_code outfile_publish(struct outfile *f, struct err *err)
{
    unsigned flags = f->force ? 0 : RENAME_NOREPLACE;
    int rc = renameat2(AT_FDCWD, f->partial, AT_FDCWD, f->path, flags);

    if (rc != 0 && (errno == EINVAL || errno == ENOSYS)) {
        /* Not every file system knows the flag, rename(2). */
        if (check_target(f->path, f->force, err) != ERR_OK)
            return err->code;
        rc = rename(f->partial, f->path);
    }
    if (rc != 0 && errno == EEXIST)
        return err_set(err, ERR_USAGE, "%s exists by now; the trace is in %s",
                       f->path, f->partial);
    if (rc != 0)
        return err_set(err, ERR_IO, "cannot rename %s", f->partial);
    f->is_published = true;
    return ERR_OK;
}

void outfile_close(struct outfile *f, bool discard)
{
    if (f->fd >= 0 && discard && !f->is_published)
        unlink(f->partial);
    close_fd(f);
    free(f->path);
    free(f->partial);
    *f = (struct outfile){ .fd = -1 };
}
