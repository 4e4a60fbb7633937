#include "commands/tell.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"
#include "commands/command.h"

void tell(const char *fmt, ...)
{
    char text[512], clean[1024];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    fprintf(stderr, "stackward: %s\n",
            text_clean(text, clean, sizeof(clean), false));
}

int tell_error(enum err_code rc, const struct err *err)
{
    tell("%s", err->text);
    return rc == ERR_USAGE ? EXIT_USAGE : EXIT_FAILED;
}

enum err_code tell_flush(struct err *err)
{
    if (fflush(stdout) != 0 || ferror(stdout) != 0)
        return err_set(err, ERR_IO, "cannot write the output");
    return ERR_OK;
}
