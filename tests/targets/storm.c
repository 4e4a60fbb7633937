/* Threads born and dying all the time, 64 at once; each makes blocks that
 * others free. */
#include <pthread.h>

#include "expect.h"

enum { WAVES = 5, THREADS = 64, BLOCKS = 3 };

static void *blocks[THREADS][BLOCKS];
static int line;

static void *work(void *arg)
{
    void **mine = arg;

    for (int i = 0; i < BLOCKS; i++) {
        line = __LINE__ + 1;
        mine[i] = keep(malloc(100));
    }
    return NULL;
}

int main(void)
{
    expect_begin();
    for (int wave = 0; wave < WAVES; wave++) {
        pthread_t threads[THREADS];

        for (int i = 0; i < THREADS; i++)
            if (pthread_create(&threads[i], NULL, work, blocks[i]) != 0)
                return 1;
        for (int i = 0; i < THREADS; i++)
            pthread_join(threads[i], NULL);
        for (int i = 0; i < THREADS; i++)
            for (int k = 0; k < BLOCKS; k++)
                free(blocks[i][k]);
    }
    expect_site("work", line, "malloc", WAVES * THREADS * BLOCKS,
                100 * WAVES * THREADS * BLOCKS, "C:960");
    expect("ledger stacks_cut=0");
    expect("ledger frees_unknown=0");
    return 0;
}
