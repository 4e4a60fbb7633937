#include "commands/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS_AT_ONCE = 200000, QUIET_S = 1 };

enum err_code progress_read(struct profile *p, const char *name,
                            struct err *err)
{
    bool is_terminal = isatty(STDERR_FILENO) == 1;
    time_t began = time(NULL);
    bool shown = false;
    enum err_code rc;

    do {
        struct totals totals;

        rc = profile_advance(p, EVENTS_AT_ONCE, err);
        if (!is_terminal || time(NULL) - began < QUIET_S)
            continue;
        profile_totals(p, &totals);
        fprintf(stderr, "\r%s: %llu events", name,
                (unsigned long long)totals.events);
        shown = true;
    } while (rc == ERR_OK);
    if (shown)
        fputc('\n', stderr);
    return rc == ERR_NOT_FOUND || rc == ERR_BAD_FORMAT ? ERR_OK : rc;
}
