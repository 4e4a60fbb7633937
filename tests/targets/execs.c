/* Runs itself again, from a thread that is not the first: the trace goes on
 * with the new image. */
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "expect.h"

static int line;

NOINLINE static void make(int count)
{
    for (int i = 0; i < count; i++) {
        line = __LINE__ + 1;
        free(keep(malloc(12)));
    }
}

static void *replace(void *arg)
{
    char *argv[] = { arg, "again", NULL };

    make(5);
    execv("/proc/self/exe", argv);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread;

    expect_begin();
    if (argc > 1 && strcmp(argv[1], "again") == 0) {
        make(7);
        expect_site("make", line, "malloc", 12, 144, "T:12");
        expect("ledger stacks_cut=0");
        return 0;
    }
    if (pthread_create(&thread, NULL, replace, argv[0]) != 0)
        return 1;
    pthread_join(thread, NULL);
    return 2;
}
