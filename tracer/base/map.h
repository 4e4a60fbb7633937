/*
 * map.h - a hash table from 64-bit keys to 64-bit values.
 *
 * The tracer looks up an address at every stop, so this is open addressing
 * in one allocation, and running out of memory is an answer. Any key may be
 * stored. Values are what the caller likes: an index, an address.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct map_slot;

struct map {
    struct map_slot *slots; /* owned; NULL while empty */
    size_t cap;             /* slots, a power of two */
    size_t count;           /* keys present */
    size_t used;            /* slots in use, deleted ones included */
};

void map_fini(struct map *m); /* leaves it empty and usable */

/* Adds or replaces. ERR_NO_MEMORY leaves it unchanged. */
enum err_code map_put(struct map *m, uint64_t key, uint64_t value,
                      struct err *err) MUST_CHECK;

/* False, and *out untouched, when the key is absent. */
bool map_get(const struct map *m, uint64_t key, uint64_t *out);

/* Removes and hands back the value; false when the key is absent. `out` may
 * be NULL. */
bool map_take(struct map *m, uint64_t key, uint64_t *out);

/* Walks in no order: start with *at = 0; false at the end. The map must not
 * change meanwhile. */
bool map_next(const struct map *m, size_t *at, uint64_t *key, uint64_t *value);

#endif
