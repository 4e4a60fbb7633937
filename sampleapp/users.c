#include "users.h"

#include <cjson/cJSON.h>
#include <ctype.h>
#include <string.h>

const char users_json[] = "[{\"name\": \"ada\", \"role\": \"admin\"},"
                          " {\"name\": \"bob\", \"role\": \"guest\"}]";

/* Only letters and digits: the texts go into answers and logs unescaped. */
static int copy_word(const cJSON *item, char *out)
{
    const char *text = cJSON_GetStringValue(item);
    size_t size = text == NULL ? 0 : strlen(text);

    if (size == 0 || size >= USERS_NAME_SIZE)
        return 0;
    for (size_t i = 0; i < size; i++)
        if (!isalnum((unsigned char)text[i]))
            return 0;
    memcpy(out, text, size + 1);
    return 1;
}

static const char *read_rows(struct users *users, const cJSON *rows)
{
    const cJSON *row;

    if (!cJSON_IsArray(rows))
        return "the users are not a JSON array";
    cJSON_ArrayForEach(row, rows)
    {
        struct user *user = &users->rows[users->count];

        if (users->count == USERS_MAX)
            return "there are more users than the table holds";
        if (!copy_word(cJSON_GetObjectItem(row, "name"), user->name) ||
            !copy_word(cJSON_GetObjectItem(row, "role"), user->role))
            return "a user needs a name and a role of 1 to 8 letters";
        users->count++;
    }
    return NULL;
}

const char *users_init(struct users *users, const char *json)
{
    cJSON *rows = cJSON_Parse(json);
    const char *problem;

    memset(users, 0, sizeof(*users));
    problem = read_rows(users, rows);
    cJSON_Delete(rows);
    return problem;
}

const struct user *users_find(const struct users *users, const char *name)
{
    for (size_t i = 0; i < users->count; i++)
        if (strcmp(users->rows[i].name, name) == 0)
            return &users->rows[i];
    return NULL;
}
