/*
 * json_text.h - cJSON with the errors and the care that foreign text needs.
 */
#ifndef TRACE_JSON_TEXT_H
#define TRACE_JSON_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct cJSON;

/* Parses an object; the caller frees it with cJSON_Delete. `what` is for the
 * error text. ERR_BAD_FORMAT, ERR_NO_MEMORY. */
enum err_code json_parse_object(const char *text, size_t size, const char *what,
                                struct cJSON **out, struct err *err) MUST_CHECK;

/* Takes `json` (NULL: memory was short) and gives its text, which the caller
 * frees. ERR_NO_MEMORY. */
enum err_code json_print(struct cJSON *json, char **out,
                         struct err *err) MUST_CHECK;

/* The number under `key`, brought into range; 0 when there is none. */
uint64_t json_get_u64(const struct cJSON *json, const char *key);
int64_t json_get_i64(const struct cJSON *json, const char *key);

#endif
