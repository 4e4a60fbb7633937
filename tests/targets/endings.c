/* Blocks made before main and freed after it, or given back by exit handlers;
 * with an argument it leaves by quick_exit, which runs no destructors. */
#include "expect.h"

static void *early, *late;
static int lines[2];

__attribute__((constructor)) static void before_main(void)
{
    lines[0] = __LINE__ + 1;
    early = keep(malloc(50));
}

__attribute__((destructor)) static void after_main(void)
{
    free(early);
}

static void at_the_end(void)
{
    free(late);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int is_quick = argc > 1;

    (void)argv;
    expect_begin();
    atexit(at_the_end);
    at_quick_exit(at_the_end);
    lines[1] = __LINE__ + 1;
    late = keep(malloc(51));
    /* The frames that were left: of the C library, and _start. */
    expect_site("before_main", lines[0], "malloc", 1, 50,
                is_quick ? "L:1" : "U2:1");
    expect_site("main", lines[1], "malloc", 1, 51, is_quick ? "T:1" : "U1:1");
    expect("ledger stacks_cut=0");
    if (is_quick)
        quick_exit(0);
    return 0;
}
