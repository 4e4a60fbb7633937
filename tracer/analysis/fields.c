#include "analysis/fields.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

/* JSON numbers are doubles here: above this, neighbours coincide. */
#define NUMBER_MAX 9007199254740992.0

enum err_code field_complain(const struct field_place *at, const char *field,
                             struct err *err, const char *fmt, ...)
{
    char what[96];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(what, sizeof(what), fmt, ap);
    va_end(ap);
    return err_set(err, ERR_BAD_FORMAT, "%.100s: %s%s%s: %s", at->path,
                   at->within, at->within[0] == '\0' ? "" : ".", field, what);
}

enum err_code fields_read(const struct field_place *at,
                          const struct field *fields, size_t count,
                          const cJSON *object, void *out, struct err *err)
{
    enum err_code rc = ERR_OK;

    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        const struct field *f = &fields[i];
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, f->name);

        if (value == NULL && f->is_required)
            return field_complain(at, f->name, err, "is missing");
        rc = f->read(at, f, value, (char *)out + f->offset, err);
    }
    return rc;
}

static enum err_code copy_string(const char *text, char **out, struct err *err)
{
    *out = strdup(text);
    return *out == NULL ? err_no_memory(err) : ERR_OK;
}

enum err_code field_string(const struct field_place *at, const struct field *f,
                           const cJSON *value, void *out, struct err *err)
{
    if (value != NULL && !cJSON_IsString(value))
        return field_complain(at, f->name, err, "must be a string");
    return copy_string(value == NULL ? "" : value->valuestring, out, err);
}

enum err_code field_name(const struct field_place *at, const struct field *f,
                         const cJSON *value, void *out, struct err *err)
{
    if (!cJSON_IsString(value) || value->valuestring[0] == '\0')
        return field_complain(at, f->name, err,
                              "must be a string that is not empty");
    return copy_string(value->valuestring, out, err);
}

enum err_code field_number(const struct field_place *at, const char *field,
                           const cJSON *value, double max, double *out,
                           struct err *err)
{
    if (!cJSON_IsNumber(value) || !(value->valuedouble >= 0) ||
        value->valuedouble > max)
        return field_complain(at, field, err, "must be a number from 0 to %.0f",
                              max);
    *out = value->valuedouble;
    return ERR_OK;
}

enum err_code field_count(const struct field_place *at, const struct field *f,
                          const cJSON *value, void *out, struct err *err)
{
    double d = 0;
    enum err_code rc = ERR_OK;

    if (value != NULL)
        rc = field_number(at, f->name, value, NUMBER_MAX, &d, err);
    if (rc == ERR_OK && d != (double)(uint64_t)d)
        rc = field_complain(at, f->name, err, "must be a whole number");
    if (rc == ERR_OK)
        *(uint64_t *)out = (uint64_t)d;
    return rc;
}

enum err_code field_args(const struct field_place *at, const struct field *f,
                         const cJSON *value, void *out, struct err *err)
{
    char ***args = out;
    int count = cJSON_GetArraySize(value);
    enum err_code rc = ERR_OK;

    if (value == NULL)
        return ERR_OK;
    if (!cJSON_IsArray(value) || count > FIELD_ARGS_MAX)
        return field_complain(at, f->name, err,
                              "must be a list of at most %d strings",
                              FIELD_ARGS_MAX);
    *args = calloc((size_t)count + 1, sizeof(**args));
    if (*args == NULL)
        return err_no_memory(err);
    for (int i = 0; rc == ERR_OK && i < count; i++) {
        const cJSON *s = cJSON_GetArrayItem(value, i);

        if (!cJSON_IsString(s))
            return field_complain(at, f->name, err, "item %d must be a string",
                                  i);
        rc = copy_string(s->valuestring, &(*args)[i], err);
    }
    return rc;
}

enum err_code field_enter(const struct field_place *at, const char *field,
                          const cJSON *value, struct field_place *inner,
                          struct err *err)
{
    if (!cJSON_IsObject(value))
        return field_complain(at, field, err, "must be an object");
    inner->path = at->path;
    snprintf(inner->within, sizeof(inner->within), "%.60s%s%s", at->within,
             at->within[0] == '\0' ? "" : ".", field);
    return ERR_OK;
}
