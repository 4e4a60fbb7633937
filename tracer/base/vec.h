/*
 * vec.h - growing an array by one.
 *
 *   struct site *sites; size_t count, cap;
 *   rc = vec_grow(&sites, count, &cap, sizeof(*sites), err);
 *   if (rc == ERR_OK) sites[count++] = site;
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stddef.h>

#include "base/err.h"

/* `items` is the address of the array pointer (any object pointer type). Makes
 * room for element number `count` in the array of *cap elements
 * of `width` bytes. ERR_NO_MEMORY leaves the array as it was. */
enum err_code vec_grow(void *items, size_t count, size_t *cap, size_t width,
                       struct err *err) MUST_CHECK;

#endif
