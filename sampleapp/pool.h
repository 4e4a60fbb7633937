/*
 * pool.h - keeps objects of one size for reuse instead of freeing them.
 *
 * Grows to the most objects ever taken at once and allocates no more after
 * that. One thread at a time.
 */
#ifndef SAMPLEAPP_POOL_H
#define SAMPLEAPP_POOL_H

#include <stddef.h>

struct pool_idle; /* an object that nobody has taken */

struct pool {
    size_t object_size; /* bytes, at least a pointer's */
    struct pool_idle *idle;
};

void pool_init(struct pool *pool, size_t object_size);

/* An object, all zero. NULL if out of memory. */
void *pool_take(struct pool *pool);

/* Takes an object back. Accepts NULL. */
void pool_give(struct pool *pool, void *object);

/* Frees the idle objects; those still taken are lost. */
void pool_fini(struct pool *pool);

#endif
