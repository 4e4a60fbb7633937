#include "tui/text_table.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *say(enum language language, enum message id)
{
    const char *const *table = language == LANG_ZH ? text_zh : text_en;

    return id == MSG_NONE ? "" : table[id];
}

const char *say_to(char *out, size_t cap, enum language language,
                   enum message id, ...)
{
    va_list args;

    va_start(args, id);
    vsnprintf(out, cap, say(language, id), args);
    va_end(args);
    return out;
}

void say_append(char *out, size_t cap, enum language language, enum message id,
                ...)
{
    size_t used = strlen(out);
    va_list args;

    va_start(args, id);
    vsnprintf(out + used, cap - used, say(language, id), args);
    va_end(args);
}

void say_plain(char *out, size_t cap, const char *text)
{
    size_t used = strlen(out);

    snprintf(out + used, cap - used, "%s", text);
}
