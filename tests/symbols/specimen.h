/*
 * specimen.h - a copy of a file that tests cut short and damage.
 */
#ifndef TESTS_SYMBOLS_SPECIMEN_H
#define TESTS_SYMBOLS_SPECIMEN_H

#include <stddef.h>
#include <stdint.h>

enum { SPECIMEN_CHANGES_MAX = 64 };

struct specimen {
    int fd; /* of the copy */
    char path[32];
    size_t size; /* of the original */
    uint64_t random;
    struct {
        size_t offset;
        uint8_t was;
    } changes[SPECIMEN_CHANGES_MAX];
    size_t change_count;
};

/* Copies the file, or aborts. `seed` is not 0: the same seed, the same
 * damage. */
void specimen_open(struct specimen *s, const char *path, uint64_t seed);

/* A path to the whole copy; to its first `size` bytes; to one with up to
 * `count` bytes in [from, to) changed. Each undoes the last. */
const char *specimen_whole(struct specimen *s);
const char *specimen_cut(struct specimen *s, size_t size);
const char *specimen_damage(struct specimen *s, size_t from, size_t to,
                            size_t count);

/* The next number of the series, below `limit`. */
size_t specimen_random(struct specimen *s, size_t limit);

void specimen_close(struct specimen *s);

#endif
