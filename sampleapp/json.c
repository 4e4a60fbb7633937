/*
 * json.c - a recursive scanner over one bounded text.
 *
 * It checks all of the text and keeps none of it. Depth is bounded by the
 * length of the text, which its callers bound (TOKEN_TEXT_SIZE).
 */
#include "json.h"

#include <stdlib.h>

/* What the scanner saw: a kind, and the value where it is a scalar. */
struct scalar {
    enum json_kind kind;
    struct span text;
    double number;
};

/* Each scan_ function reads one thing at *at and moves *at behind it. False
 * if something else stands there; the text's NUL ends everything. */
static bool scan_value(const char **at, struct scalar *out);

static void skip_space(const char **at)
{
    *at += strspn(*at, " \t\r\n");
}

static bool take(const char **at, char c)
{
    skip_space(at);
    if (**at != c)
        return false;
    (*at)++;
    return true;
}

static bool take_word(const char **at, const char *word)
{
    size_t size = strlen(word);

    if (strncmp(*at, word, size) != 0)
        return false;
    *at += size;
    return true;
}

static bool scan_text(const char **at, struct span *out)
{
    if (!take(at, '"'))
        return false;
    out->start = *at;
    out->size = strcspn(*at, "\"\\");
    *at += out->size;
    if (**at != '"')
        return false;
    (*at)++;
    return true;
}

/* As lenient as cJSON, which leaves the form to strtod ("01" and "1." pass):
 * two readers of one token must not disagree about what it says. Only what
 * strtod knows beyond JSON, such as "0x1" and "-inf", is kept from it. */
static bool scan_number(const char **at, double *out)
{
    size_t size = strspn(*at, "0123456789+-eE.");
    char *end;

    *out = strtod(*at, &end);
    if (end == *at || end > *at + size)
        return false;
    *at = end;
    return true;
}

static bool scan_array(const char **at)
{
    struct scalar ignored;

    if (take(at, ']'))
        return true;
    do {
        if (!scan_value(at, &ignored))
            return false;
    } while (take(at, ','));
    return take(at, ']');
}

static void offer(struct json_member *members, size_t count, struct span name,
                  const struct scalar *value)
{
    for (size_t i = 0; i < count; i++) {
        struct json_member *member = &members[i];

        if (member->kind != JSON_ABSENT || !span_is(name, member->name))
            continue; /* of two members with one name the first counts */
        member->kind = value->kind;
        member->text = value->text;
        member->number = value->number;
    }
}

static bool scan_object(const char **at, struct json_member *members,
                        size_t count)
{
    if (take(at, '}'))
        return true;
    do {
        struct scalar value;
        struct span name;

        if (!scan_text(at, &name) || !take(at, ':') || !scan_value(at, &value))
            return false;
        offer(members, count, name, &value);
    } while (take(at, ','));
    return take(at, '}');
}

static bool scan_value(const char **at, struct scalar *out)
{
    *out = (struct scalar){ .kind = JSON_OTHER, .text = { "", 0 } };
    skip_space(at);
    switch (**at) {
    case '{':
        (*at)++;
        return scan_object(at, NULL, 0);
    case '[':
        (*at)++;
        return scan_array(at);
    case '"':
        out->kind = JSON_TEXT;
        return scan_text(at, &out->text);
    case 't':
        return take_word(at, "true");
    case 'f':
        return take_word(at, "false");
    case 'n':
        return take_word(at, "null");
    default:
        out->kind = JSON_NUMBER;
        return (**at == '-' || (**at >= '0' && **at <= '9')) &&
               scan_number(at, &out->number);
    }
}

bool json_read_object(const char *text, struct json_member *members,
                      size_t count)
{
    for (size_t i = 0; i < count; i++)
        members[i].kind = JSON_ABSENT;
    if (!take(&text, '{') || !scan_object(&text, members, count))
        return false;
    skip_space(&text);
    return *text == '\0';
}
