#include "base/strtab.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/vec.h"

void strtab_fini(struct strtab *t)
{
    buf_fini(&t->bytes);
    free(t->offsets);
    map_fini(&t->by_hash);
    free(t->same_hash);
    *t = (struct strtab){ 0 };
}

static enum err_code add(struct strtab *t, const char *text, size_t size,
                         struct err *err)
{
    size_t offset = t->bytes.size;
    enum err_code rc =
        vec_grow(&t->offsets, t->count, &t->cap, sizeof(*t->offsets), err);

    if (rc == ERR_OK)
        rc = vec_grow(&t->same_hash, t->count, &t->same_cap,
                      sizeof(*t->same_hash), err);
    if (rc == ERR_OK)
        rc = buf_reserve(&t->bytes, size + 1, err);
    if (rc == ERR_OK)
        rc = buf_bytes(&t->bytes, text, size, err);
    if (rc == ERR_OK)
        rc = buf_le(&t->bytes, 0, 1, err);
    if (rc != ERR_OK)
        return rc;
    t->offsets[t->count] = offset;
    t->same_hash[t->count] = 0;
    t->count++;
    return ERR_OK;
}

static bool equals(const struct strtab *t, uint32_t number, const char *text,
                   size_t size)
{
    const char *have = strtab_get(t, number);

    return strlen(have) == size && memcmp(have, text, size) == 0;
}

enum err_code strtab_intern(struct strtab *t, const char *text, size_t size,
                            uint32_t *out, struct err *err)
{
    enum err_code rc = ERR_OK;
    uint64_t hash;
    uint64_t first = 0;

    if (t->count == 0) {
        rc = add(t, "", 0, err);
        t->seed = (uintptr_t)t->offsets; /* as random as the heap is */
    }
    if (rc != ERR_OK)
        return rc;
    if (size == 0) {
        *out = 0;
        return ERR_OK;
    }
    hash = XXH3_64bits_withSeed(text, size, t->seed);
    map_get(&t->by_hash, hash, &first);
    for (uint32_t i = (uint32_t)first; i != 0; i = t->same_hash[i]) {
        if (equals(t, i, text, size)) {
            *out = i;
            return ERR_OK;
        }
    }
    rc = add(t, text, size, err);
    if (rc != ERR_OK)
        return rc;
    *out = (uint32_t)(t->count - 1);
    t->same_hash[*out] = (uint32_t)first;
    rc = map_put(&t->by_hash, hash, *out, err);
    if (rc != ERR_OK)
        t->count--; /* unreachable by hash: as if never added */
    return rc;
}

const char *strtab_get(const struct strtab *t, uint32_t number)
{
    if (number >= t->count)
        return "";
    return (const char *)t->bytes.data + t->offsets[number];
}
