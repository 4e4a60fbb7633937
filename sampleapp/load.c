#include "load.h"

#include "token.h"

#include <stdio.h>
#include <string.h>

#define HEADER "{\"alg\":\"HS256\"}"

enum damage { INTACT, TAMPERED, PADDED };

/* Good and expired lie so far from any clock (2100 and 2001) that a server
 * on real time gives the same answers as the loop in memory. */
/* clang-format off */
static const struct {
    const char *name;
    const char *payload; /* NULL: the request has no token */
    enum damage damage;
} kinds[LOAD_KIND_COUNT] = {
    { "good",
      "{\"sub\":\"ada\",\"iss\":\"idp\",\"exp\":4102444800}", INTACT },
    { "no-token", NULL, INTACT },
    { "bad-signature",
      "{\"sub\":\"ada\",\"iss\":\"idp\",\"exp\":4102444800}", TAMPERED },
    { "expired",
      "{\"sub\":\"ada\",\"iss\":\"idp\",\"exp\":1000000000}", INTACT },
    { "wrong-issuer",
      "{\"sub\":\"ada\",\"iss\":\"eve\",\"exp\":4102444800}", INTACT },
    { "not-json",
      "sub=ada&iss=idp&exp=4102444800", INTACT },
    { "large-header",
      "{\"sub\":\"ada\",\"iss\":\"idp\",\"exp\":4102444800}", PADDED },
};
/* clang-format on */

static void tamper(char *token)
{
    char *first = strrchr(token, '.') + 1; /* of the signature */

    *first = *first == 'A' ? 'B' : 'A';
}

static void pad(char *text, size_t size)
{
    size_t used = strlen(text);

    memset(text + used, 'A', size - used - 1);
    text[size - 1] = '\0';
}

static bool make_value(char *out, const struct auth_config *config,
                       const char *payload, enum damage damage)
{
    size_t used = (size_t)snprintf(out, LOAD_VALUE_SIZE, "%s ", config->scheme);

    if (used >= LOAD_VALUE_SIZE ||
        !token_make(config->key, HEADER, payload, out + used,
                    LOAD_VALUE_SIZE - used))
        return false;
    if (damage == TAMPERED)
        tamper(out);
    if (damage == PADDED)
        pad(out, LOAD_VALUE_SIZE);
    return true;
}

bool load_init(struct load *load, const struct auth_config *config)
{
    for (size_t i = 0; i < LOAD_KIND_COUNT; i++) {
        struct load_kind *kind = &load->kinds[i];
        bool has_token = kinds[i].payload != NULL;

        kind->name = kinds[i].name;
        if (has_token &&
            !make_value(kind->value, config, kinds[i].payload, kinds[i].damage))
            return false;
        kind->fields[0] = (struct http_field){ "Host", "127.0.0.1" };
        kind->fields[1] = (struct http_field){ "Accept", "*/*" };
        kind->fields[2] = (struct http_field){ "Authorization", kind->value };
        kind->connection = (struct http_connection){
            .remote = "127.0.0.1",
            .method = "GET",
            .path = "/me",
            .fields = kind->fields,
            .field_count = LOAD_FIELD_COUNT - (has_token ? 0 : 1),
        };
    }
    return true;
}

int64_t load_now_s(void)
{
    return 1700000000; /* November 2023 */
}
