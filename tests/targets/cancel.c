/* Threads that leave frames behind: cancelled, or by pthread_exit. What their
 * clean-up handlers and key destructors free is seen. */
#include <pthread.h>
#include <unistd.h>

#include "expect.h"

enum { ROUNDS = 20 };

static int lines[3];
static pthread_key_t key;

NOINLINE static void wait_forever(void)
{
    for (;;)
        pause();
}

static void clean_up(void *block)
{
    free(block);
}

NOINLINE static void hold(int how)
{
    lines[0] = __LINE__ + 1;
    void *mine = keep(malloc(30));

    pthread_cleanup_push(clean_up, mine);
    if (how == 0)
        wait_forever();
    pthread_exit(NULL);
    pthread_cleanup_pop(0);
}

static void *work(void *how)
{
    lines[1] = __LINE__ + 1;
    void *kept = keep(malloc(31));

    pthread_setspecific(key, kept);
    hold(*(int *)how);
    return NULL;
}

int main(void)
{
    expect_begin();
    pthread_key_create(&key, free);
    for (int i = 0; i < ROUNDS; i++) {
        int how = i % 2;
        pthread_t thread;

        if (pthread_create(&thread, NULL, work, &how) != 0)
            return 1;
        if (how == 0)
            pthread_cancel(thread);
        pthread_join(thread, NULL);
    }
    expect("plugin work %d %d", ROUNDS, 31 * ROUNDS);
    expect("ledger frees_unknown=0");
    expect("ledger stacks_cut=0");
    return 0;
}
