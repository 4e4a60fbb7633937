/* Sixteen threads recurse through one function, each to another depth, and
 * allocate at the same call site. */
#include <pthread.h>

#include "expect.h"

enum { THREADS = 16, BLOCKS = 10 };

static int line;

NOINLINE static void *down(int depth)
{
    void *p;

    if (depth > 0) {
        p = down(depth - 1);
        return keep(p);
    }
    line = __LINE__ + 1;
    return keep(malloc(10));
}

NOINLINE static void op(int depth)
{
    for (int i = 0; i < BLOCKS; i++)
        free(down(depth));
}

static void *work(void *depth)
{
    op(*(int *)depth);
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    int depths[THREADS];

    expect_begin();
    for (int i = 0; i < THREADS; i++) {
        depths[i] = i + 1;
        if (pthread_create(&threads[i], NULL, work, &depths[i]) != 0)
            return 1;
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    expect("ops=%d", THREADS);
    expect("allocs_per_op=%d", BLOCKS);
    expect("allocs_min=%d", BLOCKS);
    expect("allocs_max=%d", BLOCKS);
    expect_site("down", line, "malloc", THREADS * BLOCKS, 10 * THREADS * BLOCKS,
                "O:160");
    expect("ledger stacks_cut=0");
    expect("ledger ops_inferred=0");
    return 0;
}
