/*
 * fields.h - reads JSON objects by a table of their fields.
 *
 * Every reader of one field looks alike, so that a table can name it; an
 * error names the file, the way to the field, and what is wrong with it.
 */
#ifndef ANALYSIS_FIELDS_H
#define ANALYSIS_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct cJSON;

/* Where in the file we are, for errors: "stages[3].lesson". */
struct field_place {
    const char *path; /* of the file; borrowed */
    char within[128];
};

struct field;

/* Reads `value` (NULL: it is missing, and need not be there) into `out`. What
 * was written to `out` is its owner's to free, also after a failure. */
typedef enum err_code (*field_reader)(const struct field_place *at,
                                      const struct field *f,
                                      const struct cJSON *value, void *out,
                                      struct err *err);

struct field {
    const char *name;
    size_t offset; /* of what is read, in the struct that the table is for */
    field_reader read;
    bool is_required;
};

enum { FIELD_ARGS_MAX = 64 };

/* Reads the fields of `object` in the order of the table; other keys are
 * ignored. ERR_BAD_FORMAT, or what a reader returns. */
enum err_code fields_read(const struct field_place *at,
                          const struct field *fields, size_t count,
                          const struct cJSON *object, void *out,
                          struct err *err) MUST_CHECK;

/* ERR_BAD_FORMAT with "file: place.field: what is wrong". */
enum err_code field_complain(const struct field_place *at, const char *field,
                             struct err *err, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/* Goes down into an object. ERR_BAD_FORMAT: it is none. */
enum err_code field_enter(const struct field_place *at, const char *field,
                          const struct cJSON *value, struct field_place *inner,
                          struct err *err) MUST_CHECK;

/* A number from 0 to `max`. ERR_BAD_FORMAT. */
enum err_code field_number(const struct field_place *at, const char *field,
                           const struct cJSON *value, double max, double *out,
                           struct err *err) MUST_CHECK;

/* For tables. Texts are copied and owned by whom `out` belongs to. */

/* char *: "" when missing. */
enum err_code field_string(const struct field_place *at, const struct field *f,
                           const struct cJSON *value, void *out,
                           struct err *err) MUST_CHECK;
/* char *, not empty. */
enum err_code field_name(const struct field_place *at, const struct field *f,
                         const struct cJSON *value, void *out,
                         struct err *err) MUST_CHECK;
/* uint64_t, below 2^53; 0 when missing. */
enum err_code field_count(const struct field_place *at, const struct field *f,
                          const struct cJSON *value, void *out,
                          struct err *err) MUST_CHECK;
/* char **, NULL-terminated; NULL when missing. */
enum err_code field_args(const struct field_place *at, const struct field *f,
                         const struct cJSON *value, void *out,
                         struct err *err) MUST_CHECK;

#endif
