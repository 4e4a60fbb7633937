/*
 * auth.h - the auth middleware: what it is given, what it may answer, and
 * what each stage implements.
 */
#ifndef SAMPLEAPP_AUTH_H
#define SAMPLEAPP_AUTH_H

#include "http.h"
#include "users.h"

#include <stdint.h>

/* Settings, as text. */
struct auth_config {
    const char *key;    /* TOKEN_KEY_SIZE bytes that sign tokens */
    const char *alg;    /* the one algorithm accepted */
    const char *max;    /* bytes of header lines accepted */
    const char *role;   /* the role that may pass */
    const char *scheme; /* first word of the Authorization field */
    const char *issuer; /* who must have issued a token */
    const char *leeway; /* seconds a token is good beyond its end */
};

/* What a check found. */
enum auth_result {
    AUTH_NO_MEMORY, /* zero: what was never checked is refused */
    AUTH_OK,
    AUTH_NO_TOKEN,
    AUTH_BAD_TOKEN, /* not three parts, or another algorithm */
    AUTH_BAD_SIGNATURE,
    AUTH_BAD_CLAIMS,
    AUTH_WRONG_ISSUER,
    AUTH_UNKNOWN_USER,
    AUTH_EXPIRED,
    AUTH_WRONG_ROLE,
    AUTH_LARGE_HEADER,
    AUTH_RESULT_COUNT,
};

/* Where finished lines of the access log go, without a newline. */
struct auth_log {
    void (*write)(void *ctx, const char *line, size_t size);
    void *ctx; /* passed back as the first argument */
};

/* What a middleware is opened with. All is borrowed until it is closed. */
struct auth_setup {
    const struct auth_config *config;
    const struct users *users;
    struct auth_log log;
    int64_t (*now_s)(void); /* seconds since 1970 */
};

struct auth_middleware; /* each stage defines its own; not thread-safe */

struct auth_stage {
    const char *name;    /* at most 24 columns */
    const char *summary; /* for --list, at most 60 columns */

    /* NULL if out of memory. The config must be valid (auth_config_check). */
    struct auth_middleware *(*open)(const struct auth_setup *setup);

    /* One op: answers a request and logs it. The response is the caller's,
     * to be sent and freed. NULL if there was no memory even to refuse. */
    struct http_response *(*serve)(struct auth_middleware *mw,
                                   const struct http_connection *connection);

    /* Accepts NULL. */
    void (*close)(struct auth_middleware *mw);
};

/* In order, so that a stage's index is its number. */
enum { AUTH_STAGE_COUNT = 7 };
extern const struct auth_stage *const auth_stages[AUTH_STAGE_COUNT];

/* The settings this program runs with. */
extern const struct auth_config auth_config_default;

/* NULL, or what is wrong with the settings (static). */
const char *auth_config_check(const struct auth_config *config);

/* A word for the log that says why a request was refused. Static. */
const char *auth_reason(enum auth_result result);

/* Writes the answer to a refused request. */
void auth_refuse(struct http_response *response, enum auth_result result);

#endif
