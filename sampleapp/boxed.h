/*
 * boxed.h - a value of any kind, in a block of its own.
 *
 * What stage 0 keeps in a context.
 */
#ifndef SAMPLEAPP_BOXED_H
#define SAMPLEAPP_BOXED_H

#include <stdint.h>

struct boxed {
    enum { BOXED_TEXT, BOXED_NUMBER } kind;
    union {
        char *text; /* owned */
        int64_t number;
    } as;
};

/* Each returns a new value for the caller to free; NULL if out of memory. */
struct boxed *boxed_text(const char *text);
struct boxed *boxed_number(int64_t number);
struct boxed *boxed_copy(const struct boxed *value);

/* Accepts NULL. */
void boxed_free(struct boxed *value);

#endif
