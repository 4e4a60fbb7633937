/* A thread's realloc gives up a block while others are handed one of the same
 * size: no address is live twice, and no free is of a block unknown. */
#include <pthread.h>

#include "expect.h"

enum { THREADS = 4, ROUNDS = 1000, BLOCKS = THREADS * ROUNDS };

static int line;

static void *work(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        line = __LINE__ + 1;
        char *small = keep(malloc(100));
        char *large = keep(realloc(small, 3000));

        free(large);
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];

    expect_begin();
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, work, NULL) != 0)
            return 1;
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    expect_site("work", line, "malloc", BLOCKS, 100 * BLOCKS, "T:4000");
    expect_site("work", line + 1, "realloc", BLOCKS, 3000 * BLOCKS, "T:4000");
    expect("ledger frees_unknown=0");
    expect("ledger stacks_cut=0");
    return 0;
}
