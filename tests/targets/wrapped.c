/* The simple half of the allocator family, by way of a preloaded allocator
 * that forwards to libc's (forwarder.c): each call counts once. */
#include <string.h>

#include "expect.h"

enum { ROUNDS = 20 };

static int line;

NOINLINE static void op(void)
{
    line = __LINE__ + 1;
    void *p = keep(malloc(10));
    void *q = keep(calloc(3, 7));
    void *r = keep(strdup("four"));

    p = keep(realloc(p, 2000));
    free(p);
    free(q);
    free(r);
}

int main(void)
{
    expect_begin();
    for (int i = 0; i < ROUNDS; i++)
        op();
    expect("ops=%d", ROUNDS);
    expect("allocs_per_op=4");
    expect("allocs_min=4");
    expect("allocs_max=4");
    expect_site("op", line, "malloc", ROUNDS, 10 * ROUNDS, "T:20");
    expect_site("op", line + 1, "calloc", ROUNDS, 21 * ROUNDS, "T:20");
    expect_site("op", line + 2, "strdup", ROUNDS, 5 * ROUNDS, "T:20");
    expect_site("op", line + 4, "realloc", ROUNDS, 2000 * ROUNDS, "T:20");
    expect("frees=%d", 4 * ROUNDS);
    expect("ledger frees_unknown=0");
    expect("ledger calls_abandoned=0");
    expect("ledger stacks_cut=0");
    return 0;
}
