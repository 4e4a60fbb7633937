#include "commands/growing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

/* A recorder holds a lock on its file for as long as it writes. */
static bool is_locked(int fd)
{
    if (flock(fd, LOCK_SH | LOCK_NB) != 0)
        return errno == EWOULDBLOCK;
    flock(fd, LOCK_UN);
    return false;
}

bool growing_trace(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    char *partial = NULL;
    bool is_growing;

    if (fd < 0 && asprintf(&partial, "%s.partial", path) >= 0) {
        fd = open(partial, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        free(partial);
    }
    is_growing = fd >= 0 && is_locked(fd);
    if (fd >= 0)
        close(fd);
    return is_growing;
}
