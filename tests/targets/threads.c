/* Threads that allocate at the same call sites at the same time: every event
 * is seen, on the right thread, in its own op. */
#include <pthread.h>

#include "expect.h"

enum { THREADS = 8, OPS = 200 };

static int line;

NOINLINE static void *make(size_t size)
{
    line = __LINE__ + 1;
    return keep(malloc(size));
}

NOINLINE static void op(size_t size)
{
    void *a = make(size);
    void *b = make(size);

    free(a);
    free(b);
}

static void *work(void *arg)
{
    size_t size = 8 * ((size_t)(*(int *)arg) + 1);

    for (int i = 0; i < OPS; i++)
        op(size);
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    int numbers[THREADS];
    int bytes = 0;

    expect_begin();
    for (int i = 0; i < THREADS; i++) {
        numbers[i] = i;
        bytes += 2 * OPS * 8 * (i + 1);
        if (pthread_create(&threads[i], NULL, work, &numbers[i]) != 0)
            return 1;
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    expect("ops=%d", THREADS * OPS);
    expect("allocs_per_op=2");
    expect("allocs_min=2");
    expect("allocs_max=2");
    expect_site("make", line, "malloc", 2 * THREADS * OPS, bytes, "O:3200");
    expect("ledger stacks_cut=0");
    expect("ledger ops_inferred=0");
    return 0;
}
