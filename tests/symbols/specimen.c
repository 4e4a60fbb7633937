#include "specimen.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void must(int good, const char *what)
{
    if (!good) {
        perror(what);
        abort();
    }
}

void specimen_open(struct specimen *s, const char *path, uint64_t seed)
{
    int in = open(path, O_RDONLY | O_CLOEXEC);
    uint8_t bytes[65536];
    ssize_t got;

    *s = (struct specimen){ .random = seed };
    s->fd = memfd_create("specimen", MFD_CLOEXEC);
    must(in >= 0 && s->fd >= 0, path);
    while ((got = read(in, bytes, sizeof(bytes))) > 0) {
        must(write(s->fd, bytes, (size_t)got) == got, "write");
        s->size += (size_t)got;
    }
    must(got == 0, path);
    close(in);
    snprintf(s->path, sizeof(s->path), "/proc/self/fd/%d", s->fd);
}

size_t specimen_random(struct specimen *s, size_t limit)
{
    s->random ^= s->random >> 12; /* xorshift64*, Vigna 2016 */
    s->random ^= s->random << 25;
    s->random ^= s->random >> 27;
    return (size_t)((s->random * UINT64_C(2685821657736338717)) >> 16) % limit;
}

const char *specimen_whole(struct specimen *s)
{
    while (s->change_count > 0) {
        size_t i = --s->change_count;

        must(pwrite(s->fd, &s->changes[i].was, 1,
                    (off_t)s->changes[i].offset) == 1,
             "pwrite");
    }
    return s->path;
}

/* Nothing brings back what was cut off, so the cut is a copy by itself. */
const char *specimen_cut(struct specimen *s, size_t size)
{
    struct specimen whole;

    specimen_open(&whole, specimen_whole(s), s->random);
    must(ftruncate(whole.fd, (off_t)size) == 0, "ftruncate");
    must(dup3(whole.fd, 1000, O_CLOEXEC) == 1000, "dup3");
    specimen_close(&whole);
    return "/proc/self/fd/1000";
}

const char *specimen_damage(struct specimen *s, size_t from, size_t to,
                            size_t count)
{
    specimen_whole(s);
    for (size_t i = 0; i < count && i < SPECIMEN_CHANGES_MAX; i++) {
        size_t offset = from + specimen_random(s, to - from);
        uint8_t byte = (uint8_t)specimen_random(s, 256);

        must(pread(s->fd, &s->changes[i].was, 1, (off_t)offset) == 1, "pread");
        must(pwrite(s->fd, &byte, 1, (off_t)offset) == 1, "pwrite");
        s->changes[i].offset = offset;
        s->change_count++;
    }
    return s->path;
}

void specimen_close(struct specimen *s)
{
    close(s->fd);
}
