#include "auth.h"

#include "token.h"

#include <stdlib.h>
#include <string.h>

const struct auth_config auth_config_default = {
    .key = "course-key-not-for-production-00",
    .alg = "HS256",
    .max = "1024",
    .role = "admin",
    .scheme = "Bearer",
    .issuer = "idp",
    .leeway = "30",
};

#define CHALLENGE "Bearer"
#define CHALLENGE_INVALID "Bearer error=\"invalid_token\""

/* clang-format off */
static const struct {
    int status;
    const char *reason;
    const char *challenge; /* RFC 6750, section 3; NULL for none */
} refusals[AUTH_RESULT_COUNT] = {
    [AUTH_OK]            = { 200, "ok",            NULL },
    [AUTH_NO_TOKEN]      = { 401, "no-token",      CHALLENGE },
    [AUTH_BAD_TOKEN]     = { 401, "bad-token",     CHALLENGE_INVALID },
    [AUTH_BAD_SIGNATURE] = { 401, "bad-signature", CHALLENGE_INVALID },
    [AUTH_BAD_CLAIMS]    = { 400, "bad-claims",    NULL },
    [AUTH_WRONG_ISSUER]  = { 403, "wrong-issuer",  NULL },
    [AUTH_UNKNOWN_USER]  = { 403, "unknown-user",  NULL },
    [AUTH_EXPIRED]       = { 401, "expired",       CHALLENGE_INVALID },
    [AUTH_WRONG_ROLE]    = { 403, "wrong-role",    NULL },
    [AUTH_LARGE_HEADER]  = { 431, "large-header",  NULL },
    [AUTH_NO_MEMORY]     = { 503, "no-memory",     NULL },
};
/* clang-format on */

static int is_number(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    return digits > 0 && digits <= 9 && text[digits] == '\0';
}

const char *auth_config_check(const struct auth_config *config)
{
    if (strlen(config->key) != TOKEN_KEY_SIZE)
        return "the key must have 32 bytes";
    if (!is_number(config->max) || !is_number(config->leeway))
        return "max and leeway must be numbers of up to nine digits";
    return NULL;
}

const char *auth_reason(enum auth_result result)
{
    return refusals[result].reason;
}

void auth_refuse(struct http_response *response, enum auth_result result)
{
    http_response_begin(response, refusals[result].status,
                        refusals[result].challenge);
    http_response_write(response, "{\"error\":\"%s\"}",
                        refusals[result].reason);
}
