/*
 * intervals.h - address ranges, each with a number, found by address.
 *
 * They may nest or overlap, as hostile and hand-made files have it: the one
 * that begins last wins.
 */
#ifndef SYMBOLS_INTERVALS_H
#define SYMBOLS_INTERVALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct interval {
    uint64_t low, high; /* [low, high) */
    uint64_t reach;     /* the largest high of this and all before it */
    uint32_t number;
};

struct intervals {
    struct interval *items;
    size_t count, cap;
};

/* Ranges that are empty are passed over, and those that begin at 0: that is
 * where linkers leave what they threw away. ERR_NO_MEMORY. */
enum err_code intervals_add(struct intervals *s, uint64_t low, uint64_t high,
                            uint32_t number, struct err *err) MUST_CHECK;

/* Once, after the last intervals_add and before the first intervals_find. */
void intervals_sort(struct intervals *s);

bool intervals_find(const struct intervals *s, uint64_t addr, uint32_t *number);

void intervals_fini(struct intervals *s);

#endif
