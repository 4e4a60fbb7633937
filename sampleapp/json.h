/*
 * json.h - reads a few members of a JSON object without building a tree.
 *
 * Allocates nothing. Takes the same texts as cJSON does when no string in
 * them contains an escape: a backslash is refused, so that a value can be
 * handed out as the bytes it stands on.
 */
#ifndef SAMPLEAPP_JSON_H
#define SAMPLEAPP_JSON_H

#include "span.h"

enum json_kind {
    JSON_ABSENT, /* the object has no such member */
    JSON_TEXT,
    JSON_NUMBER,
    JSON_OTHER, /* an object, an array or a literal */
};

/* One member to look for. The caller sets `name`; the rest is the answer. */
struct json_member {
    const char *name;    /* exact, case-sensitive */
    enum json_kind kind; /* of the first member of that name */
    struct span text;    /* JSON_TEXT: borrowed from what was read */
    double number;       /* JSON_NUMBER */
};

/* Reads `text`, which must be one JSON object and nothing else, and fills
 * `members`. False if it is not; `members` is then unspecified. */
bool json_read_object(const char *text, struct json_member *members,
                      size_t count);

#endif
