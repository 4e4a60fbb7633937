/*
 * pairs.c - malloc and free, over and over, a few frames deep.
 *
 * usage: pairs COUNT [local]   local: each pair in a call of its own, so that
 *                              each makes an activation to be watched
 */
#include <stdlib.h>

#define NOINLINE __attribute__((noinline, noclone))

static void *volatile sink;

NOINLINE static void pair(void)
{
    sink = malloc(40);
    free(sink);
}

NOINLINE static void many_here(long count)
{
    for (long i = 0; i < count; i++) {
        sink = malloc(40);
        free(sink);
    }
}

NOINLINE static void many_calls(long count)
{
    for (long i = 0; i < count; i++)
        pair();
}

NOINLINE static void middle(long count, int local)
{
    if (local)
        many_calls(count);
    else
        many_here(count);
    sink = NULL;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    middle(atol(argv[1]), argc > 2);
    return 0;
}
