#include "base/vec.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum err_code vec_grow(void *items, size_t count, size_t *cap, size_t width,
                       struct err *err)
{
    size_t want = *cap == 0 ? 8 : *cap * 2;
    void *old;
    void *grown;

    if (count < *cap)
        return ERR_OK;
    if (want > SIZE_MAX / 2 / width)
        return err_no_memory(err);
    /* The caller's pointer has its own type: copied, not cast, because
     * reading it through void ** would break the aliasing rules. */
    memcpy(&old, items, sizeof(old));
    grown = realloc(old, want * width);
    if (grown == NULL)
        return err_no_memory(err);
    memcpy(items, &grown, sizeof(grown));
    *cap = want;
    return ERR_OK;
}
