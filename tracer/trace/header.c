#include "trace/header.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "trace/json_text.h"

/* Keys of the header whose values are strings of their own. */
/* clang-format off */
static const struct text_field {
    const char *key;
    size_t offset;   /* of the char * in struct trace_header */
    bool may_be_null;
} text_fields[] = {
    { "program", offsetof(struct trace_header, program), false },
    { "op",      offsetof(struct trace_header, op),      true  },
    { "engine",  offsetof(struct trace_header, engine),  false },
    { "version", offsetof(struct trace_header, version), false },
    { "machine", offsetof(struct trace_header, machine), false },
};
/* clang-format on */

static char *get_text(const struct trace_header *h, const struct text_field *f)
{
    char *text;

    memcpy(&text, (const char *)h + f->offset, sizeof(text));
    return text;
}

static void set_text(struct trace_header *h, const struct text_field *f,
                     char *text)
{
    memcpy((char *)h + f->offset, &text, sizeof(text));
}

void header_fini(struct trace_header *h)
{
    for (size_t i = 0; i < ARRAY_LEN(text_fields); i++)
        free(get_text(h, &text_fields[i]));
    for (size_t i = 0; i < h->argc; i++)
        free(h->argv[i]);
    free(h->argv);
    *h = (struct trace_header){ 0 };
}

/* How many arguments are within both limits. */
static size_t count_kept(const struct trace_header *h)
{
    size_t room = HEADER_ARGV_BYTES_MAX;
    size_t kept = 0;

    while (kept < h->argc && kept < HEADER_ARGV_MAX) {
        size_t size = strlen(h->argv[kept]);

        if (size > room)
            break;
        room -= size;
        kept++;
    }
    return kept;
}

static bool add_argv(cJSON *json, const struct trace_header *h)
{
    cJSON *argv = cJSON_AddArrayToObject(json, "argv");
    size_t kept = count_kept(h);
    double left_out = (double)(h->argc - kept + h->argv_left_out);

    if (argv == NULL)
        return false;
    for (size_t i = 0; i < kept; i++) {
        cJSON *item = cJSON_CreateString(h->argv[i]);

        if (item == NULL || !cJSON_AddItemToArray(argv, item))
            return false;
    }
    return cJSON_AddNumberToObject(json, "argv_left_out", left_out) != NULL;
}

static bool add_texts(cJSON *json, const struct trace_header *h)
{
    for (size_t i = 0; i < ARRAY_LEN(text_fields); i++) {
        const char *text = get_text(h, &text_fields[i]);

        if (text != NULL &&
            cJSON_AddStringToObject(json, text_fields[i].key, text) == NULL)
            return false;
    }
    return true;
}

static bool add_numbers(cJSON *json, const struct trace_header *h)
{
    return cJSON_AddNumberToObject(json, "warmup_ops", (double)h->warmup_ops) !=
               NULL &&
           cJSON_AddBoolToObject(json, "frames_exact", h->frames_exact) !=
               NULL &&
           cJSON_AddNumberToObject(json, "started_unix_s",
                                   (double)h->started_unix_s) != NULL &&
           cJSON_AddNumberToObject(json, "pid", (double)h->pid) != NULL;
}

enum err_code header_to_text(const struct trace_header *h, char **out,
                             struct err *err)
{
    cJSON *json = cJSON_CreateObject();

    *out = NULL;
    if (json == NULL || !add_texts(json, h) || !add_argv(json, h) ||
        !add_numbers(json, h)) {
        cJSON_Delete(json);
        return err_no_memory(err);
    }
    return json_print(json, out, err);
}

static enum err_code take_texts(const cJSON *json, struct trace_header *h,
                                struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(text_fields); i++) {
        const struct text_field *f = &text_fields[i];
        const char *text = cJSON_GetStringValue(
            cJSON_GetObjectItemCaseSensitive(json, f->key));
        char *copy;

        if (text == NULL && f->may_be_null)
            continue;
        copy = strdup(text == NULL ? "" : text);
        if (copy == NULL)
            return err_no_memory(err);
        set_text(h, f, copy);
    }
    return ERR_OK;
}

static enum err_code take_argv(const cJSON *json, struct trace_header *h,
                               struct err *err)
{
    const cJSON *argv = cJSON_GetObjectItemCaseSensitive(json, "argv");
    const cJSON *item;

    h->argv = calloc(HEADER_ARGV_MAX + 1, sizeof(*h->argv));
    if (h->argv == NULL)
        return err_no_memory(err);
    cJSON_ArrayForEach(item, argv)
    {
        const char *text = cJSON_GetStringValue(item);

        if (text == NULL || h->argc == HEADER_ARGV_MAX)
            return err_set(err, ERR_BAD_FORMAT,
                           "the header has impossible arguments");
        h->argv[h->argc] = strdup(text);
        if (h->argv[h->argc] == NULL)
            return err_no_memory(err);
        h->argc++;
    }
    h->argv_left_out = json_get_u64(json, "argv_left_out");
    return ERR_OK;
}

enum err_code header_from_text(const char *text, size_t size,
                               struct trace_header *h, struct err *err)
{
    cJSON *json;
    enum err_code rc = json_parse_object(text, size, "header", &json, err);

    *h = (struct trace_header){ 0 };
    if (rc == ERR_OK)
        rc = take_texts(json, h, err);
    if (rc == ERR_OK)
        rc = take_argv(json, h, err);
    h->warmup_ops = json_get_u64(json, "warmup_ops");
    h->frames_exact =
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "frames_exact"));
    h->started_unix_s = json_get_i64(json, "started_unix_s");
    h->pid = json_get_i64(json, "pid");
    cJSON_Delete(json);
    if (rc != ERR_OK)
        header_fini(h);
    return rc;
}
