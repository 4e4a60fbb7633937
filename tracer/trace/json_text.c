#include "trace/json_text.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum err_code json_parse_object(const char *text, size_t size, const char *what,
                                struct cJSON **out, struct err *err)
{
    char *copy;

    *out = NULL;
    if (memchr(text, '\0', size) != NULL)
        return err_set(err, ERR_BAD_FORMAT, "the %s is not JSON", what);
    /* cJSON_ParseWithLength of 1.7.15 reads past the end of some broken texts
     * (CVE-2023-53154), so cJSON is given a terminated copy. */
    copy = malloc(size + 1);
    if (copy == NULL)
        return err_no_memory(err);
    memcpy(copy, text, size);
    copy[size] = '\0';
    *out = cJSON_ParseWithOpts(copy, NULL, 1);
    free(copy);
    if (cJSON_IsObject(*out))
        return ERR_OK;
    /* cJSON does not tell broken text from a lack of memory. */
    cJSON_Delete(*out);
    *out = NULL;
    return err_set(err, ERR_BAD_FORMAT, "the %s is not a JSON object", what);
}

enum err_code json_print(struct cJSON *json, char **out, struct err *err)
{
    *out = json == NULL ? NULL : cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    return *out == NULL ? err_no_memory(err) : ERR_OK;
}

/* The value, or 0 for what is not a number: cJSON says NaN then. Converting a
 * double that does not fit is undefined, C11 6.3.1.4, hence the limits at the
 * callers. */
static double get_number(const cJSON *json, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, key);
    double value = cJSON_GetNumberValue(item);

    return isnan(value) ? 0 : value;
}

uint64_t json_get_u64(const struct cJSON *json, const char *key)
{
    double value = get_number(json, key);

    if (value <= 0)
        return 0;
    return value >= 0x1p64 ? UINT64_MAX : (uint64_t)value;
}

int64_t json_get_i64(const struct cJSON *json, const char *key)
{
    double value = get_number(json, key);

    if (value <= -0x1p63)
        return INT64_MIN;
    return value >= 0x1p63 ? INT64_MAX : (int64_t)value;
}
