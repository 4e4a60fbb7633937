#include "pool.h"

#include <stdlib.h>
#include <string.h>

/* An idle object's own first bytes link it to the next. */
struct pool_idle {
    struct pool_idle *next;
};

void pool_init(struct pool *pool, size_t object_size)
{
    pool->object_size = object_size < sizeof(struct pool_idle)
                            ? sizeof(struct pool_idle)
                            : object_size;
    pool->idle = NULL;
}

void *pool_take(struct pool *pool)
{
    struct pool_idle *object = pool->idle;

    if (object == NULL)
        return calloc(1, pool->object_size);
    pool->idle = object->next;
    /* One request must never see what another one left. */
    memset(object, 0, pool->object_size);
    return object;
}

void pool_give(struct pool *pool, void *object)
{
    struct pool_idle *idle = object;

    if (idle == NULL)
        return;
    idle->next = pool->idle;
    pool->idle = idle;
}

void pool_fini(struct pool *pool)
{
    while (pool->idle != NULL) {
        struct pool_idle *next = pool->idle->next;

        free(pool->idle);
        pool->idle = next;
    }
}
