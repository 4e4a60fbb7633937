#include "byname.h"

#include "claims.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A tag is a name and, after the comma, a remark for the reader. */
/* clang-format off */
static const struct field {
    const char *tag;
    size_t offset;
} fields[] = {
    { "key,secret",     offsetof(struct auth_config, key) },
    { "alg,token",      offsetof(struct auth_config, alg) },
    { "max,bytes",      offsetof(struct auth_config, max) },
    { "role,session",   offsetof(struct auth_config, role) },
    { "scheme,token",   offsetof(struct auth_config, scheme) },
    { "issuer,token",   offsetof(struct auth_config, issuer) },
    { "leeway,seconds", offsetof(struct auth_config, leeway) },
};
/* clang-format on */

enum { FIELD_COUNT = sizeof(fields) / sizeof(fields[0]) };

static const char *get(const struct auth_config *config, size_t i)
{
    const char *value;

    memcpy(&value, (const char *)config + fields[i].offset, sizeof(value));
    return value;
}

static void set(struct auth_config *config, size_t i, const char *value)
{
    memcpy((char *)config + fields[i].offset, &value, sizeof(value));
}

void byname_config_free(struct auth_config *config)
{
    for (size_t i = 0; config != NULL && i < FIELD_COUNT; i++)
        free((void *)(uintptr_t)get(config, i)); /* ours, so not const */
    free(config);
}

struct auth_config *byname_config_copy(const struct auth_config *config)
{
    struct auth_config *copy = calloc(1, sizeof(*copy));

    for (size_t i = 0; copy != NULL && i < FIELD_COUNT; i++) {
        char *value = strdup(get(config, i));

        if (value == NULL) {
            byname_config_free(copy);
            return NULL;
        }
        set(copy, i, value);
    }
    return copy;
}

static char *field_name(const char *tag)
{
    return strndup(tag, strcspn(tag, ","));
}

char *byname_config(const struct auth_config *config, const char *name)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        char *field = field_name(fields[i].tag);
        bool found = field != NULL && strcmp(field, name) == 0;

        free(field);
        if (found)
            return strdup(get(config, i));
    }
    return NULL;
}

static const cJSON *item_at(const cJSON *item, const char *path)
{
    while (item != NULL && *path != '\0') {
        size_t size = strcspn(path, ".");
        char *name = strndup(path, size);

        if (name == NULL)
            return NULL;
        item = cJSON_GetObjectItemCaseSensitive(item, name);
        free(name);
        path += size + (path[size] == '.');
    }
    return item;
}

char *byname_claim(const cJSON *tree, const char *path, int type)
{
    const cJSON *item = item_at(tree, path);
    char number[32];

    if (item == NULL || (item->type & 0xff) != type)
        return NULL;
    if (type == cJSON_Number) {
        snprintf(number, sizeof(number), "%.17g", item->valuedouble);
        return strdup(number);
    }
    if (strlen(item->valuestring) >= CLAIMS_TEXT_SIZE)
        return NULL;
    return strdup(item->valuestring);
}
