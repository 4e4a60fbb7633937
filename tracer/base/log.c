#include "base/log.h"

#include <stdarg.h>

static FILE *log_sink; /* the one mutable global of the tree */

void log_open(FILE *fp)
{
    log_sink = fp;
}

void log_debug(const char *fmt, ...)
{
    va_list args;

    if (log_sink == NULL)
        return;
    va_start(args, fmt);
    vfprintf(log_sink, fmt, args);
    va_end(args);
    fputc('\n', log_sink);
    fflush(log_sink);
}
