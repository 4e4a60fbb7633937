/*
 * span.h - bytes named by where they start and how many there are.
 *
 * A span borrows: it is valid as long as the bytes it was made from, and it
 * need not end in a NUL.
 */
#ifndef SAMPLEAPP_SPAN_H
#define SAMPLEAPP_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
    const char *start; /* never NULL */
    size_t size;       /* bytes */
};

static inline struct span span_of(const char *text)
{
    return (struct span){ text, strlen(text) };
}

static inline bool span_is(struct span span, const char *text)
{
    return span.size == strlen(text) &&
           memcmp(span.start, text, span.size) == 0;
}

/* Moves what stands before the first `c` from *rest to *head, and drops that
 * `c`. False, with nothing changed, if there is none. */
static inline bool span_cut(struct span *rest, char c, struct span *head)
{
    const char *at = memchr(rest->start, c, rest->size);

    if (at == NULL)
        return false;
    *head = (struct span){ rest->start, (size_t)(at - rest->start) };
    *rest = (struct span){ at + 1, rest->size - head->size - 1 };
    return true;
}

#endif
