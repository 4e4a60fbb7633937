/*
 * fates.h - what became of every allocation of a trace, by its number.
 *
 * 12 bytes each, in pages, so that growing never copies.
 */
#ifndef ANALYSIS_FATES_H
#define ANALYSIS_FATES_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum fate_what {
    FATE_FREED = 1 << 0,   /* else never while recording (or its free was
                              missed), and only GROWN means anything */
    FATE_CROSSED = 1 << 1, /* after its op, or by another thread */
    FATE_WATCHED = 1 << 2, /* the climb is known */
    FATE_BY_OP = 1 << 3,   /* the op's own frame had it */
    FATE_BY_NONE = 1 << 4, /* the climb had ended */
    FATE_RESIZED = 1 << 5, /* by a realloc */
    FATE_GROWN = 1 << 6,   /* it reached its size by realloc growth */
};

#define FATE_LIFE_MAX UINT32_MAX
#define FATE_HOPS_MAX UINT16_MAX

struct fate {
    uint32_t life;        /* events from alloc to free; FATE_LIFE_MAX: that or
                             more */
    uint32_t freed_stack; /* a stack number */
    uint16_t hops;        /* FATE_HOPS_MAX: that or more */
    uint8_t what;         /* enum fate_what, or-ed */
};

struct fates {
    struct fate **pages; /* owned */
    size_t page_count, page_cap;
    uint64_t count;
};

void fates_fini(struct fates *f);

/* Adds the next one: not freed so far. ERR_NO_MEMORY changes nothing. */
enum err_code fates_add(struct fates *f, struct err *err) MUST_CHECK;

/* NULL for a number that was not added. */
struct fate *fates_get(const struct fates *f, uint64_t number);

uint64_t fates_memory(const struct fates *f);

#endif
