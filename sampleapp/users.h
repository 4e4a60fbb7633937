/*
 * users.h - who may come in, and as what. Read once, before the first op.
 */
#ifndef SAMPLEAPP_USERS_H
#define SAMPLEAPP_USERS_H

#include <stddef.h>

enum {
    USERS_NAME_SIZE = 9, /* bytes with the NUL; an answer's body has room */
    USERS_MAX = 16,
};

struct user {
    char name[USERS_NAME_SIZE];
    char role[USERS_NAME_SIZE];
};

struct users {
    struct user rows[USERS_MAX];
    size_t count;
};

/* The users this program knows: a JSON array of {"name", "role"}. */
extern const char users_json[];

/* Reads such an array. Returns NULL, or what is wrong with it (static). */
const char *users_init(struct users *users, const char *json);

/* NULL if nobody has that name. Borrowed: valid as long as `users`. */
const struct user *users_find(const struct users *users, const char *name);

#endif
