/*
 * load.h - the fixed mix of requests: one of each kind. Made once, before
 * the first op; reading it allocates nothing.
 */
#ifndef SAMPLEAPP_LOAD_H
#define SAMPLEAPP_LOAD_H

#include "auth.h"

#include <stdbool.h>

enum {
    LOAD_KIND_COUNT = 7,
    LOAD_GOOD = 0, /* the kind that passes */
    LOAD_FIELD_COUNT = 3,
    LOAD_VALUE_SIZE = 1536, /* bytes of an Authorization field's value */
};

struct load_kind {
    const char *name; /* static; one word */
    char value[LOAD_VALUE_SIZE];
    struct http_field fields[LOAD_FIELD_COUNT]; /* Authorization is last */
    struct http_connection connection;          /* points into this struct */
};

/* Not to be copied or moved once made: it points into itself. */
struct load {
    struct load_kind kinds[LOAD_KIND_COUNT];
};

/* Makes the mix with tokens signed as `config` says. False if a token does
 * not fit. */
bool load_init(struct load *load, const struct auth_config *config);

/* The time at which the in-memory requests arrive: always the same. */
int64_t load_now_s(void);

#endif
