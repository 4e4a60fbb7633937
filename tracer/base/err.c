#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void append_reason(struct err *err)
{
    size_t used = strlen(err->text);
    char reason[96];

    /* GNU strerror_r may return a static string instead of filling ours. */
    const char *text = strerror_r(err->sys_errno, reason, sizeof(reason));

    snprintf(err->text + used, sizeof(err->text) - used, ": %s", text);
}

enum err_code err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
    int saved_errno = errno;
    va_list args;

    err->code = code;
    err->sys_errno = 0;
    va_start(args, fmt);
    vsnprintf(err->text, sizeof(err->text), fmt, args);
    va_end(args);
    if ((code == ERR_IO || code == ERR_DENIED) && saved_errno != 0) {
        err->sys_errno = saved_errno;
        append_reason(err);
    }
    return code;
}

enum err_code err_prefix(struct err *err, const char *fmt, ...)
{
    char old[sizeof(err->text)];
    va_list args;
    size_t used;

    memcpy(old, err->text, sizeof(old));
    va_start(args, fmt);
    vsnprintf(err->text, sizeof(err->text), fmt, args);
    va_end(args);
    used = strlen(err->text);
    snprintf(err->text + used, sizeof(err->text) - used, ": %s", old);
    return err->code;
}

enum err_code err_no_memory(struct err *err)
{
    return err_set(err, ERR_NO_MEMORY, "out of memory");
}
