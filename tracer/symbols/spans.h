/*
 * spans.h - address ranges, each with a number, found by address.
 *
 * They may nest or overlap, as hostile and hand-made files have it: the one
 * that begins last wins.
 */
#ifndef SYMBOLS_SPANS_H
#define SYMBOLS_SPANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct span {
    uint64_t low, high; /* [low, high) */
    uint64_t reach;     /* the largest high of this and all before it */
    uint32_t number;
};

struct spans {
    struct span *items;
    size_t count, cap;
};

/* Ranges that are empty are passed over, and those that begin at 0: that is
 * where linkers leave what they threw away. ERR_NO_MEMORY. */
enum err_code spans_add(struct spans *s, uint64_t low, uint64_t high,
                        uint32_t number, struct err *err) MUST_CHECK;

/* Once, after the last spans_add and before the first spans_find. */
void spans_sort(struct spans *s);

bool spans_find(const struct spans *s, uint64_t addr, uint32_t *number);

void spans_fini(struct spans *s);

#endif
