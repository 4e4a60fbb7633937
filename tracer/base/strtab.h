/*
 * strtab.h - each string once, named by number.
 *
 * Number 0 is always the empty string. Bytes are stored as given: they may
 * be hostile, and only base/text.h makes them fit to print.
 */
#ifndef BASE_STRTAB_H
#define BASE_STRTAB_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"

struct strtab {
    struct buf bytes; /* NUL-terminated strings, one after another */
    size_t *offsets;  /* number -> offset in bytes; owned */
    size_t count;     /* strings, the empty one included once interned */
    size_t cap;
    uint64_t seed;       /* of the hash: strings come from foreign files, and
                            must not be able to be made to collide */
    struct map by_hash;  /* XXH3 of the string -> first number with it */
    uint32_t *same_hash; /* number -> next number with that hash, 0 ends */
    size_t same_cap;
};

void strtab_fini(struct strtab *t);

/* The number of these `size` bytes (no NUL among them), adding them when
 * new. ERR_NO_MEMORY. */
enum err_code strtab_intern(struct strtab *t, const char *text, size_t size,
                            uint32_t *out, struct err *err) MUST_CHECK;

/* Borrowed until the next intern. "" for a number that is not there. */
const char *strtab_get(const struct strtab *t, uint32_t number);

#endif
