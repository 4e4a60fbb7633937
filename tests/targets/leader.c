/* The first thread ends first; what the others do is seen all the same, also
 * on stacks and at call sites that are new. */
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>

#include "expect.h"

enum { ROUNDS = 50 };

static pthread_t leader;
static int lines[2];

NOINLINE static void op(void)
{
    lines[0] = __LINE__ + 1;
    free(keep(malloc(30)));
}

static void *late(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++)
        op();
    return NULL;
}

static void *work(void *unused)
{
    pthread_t thread;

    (void)unused;
    pthread_join(leader, NULL);
    lines[1] = __LINE__ + 1;
    free(keep(malloc(31)));
    for (int i = 0; i < ROUNDS; i++)
        op();
    if (pthread_create(&thread, NULL, late, NULL) != 0)
        exit(1);
    pthread_join(thread, NULL);
    expect("ops=%d", 2 * ROUNDS);
    expect("allocs_per_op=1");
    expect_site("op", lines[0], "malloc", 2 * ROUNDS, 60 * ROUNDS, "T:100");
    expect("ledger stacks_cut=0");
    expect("ledger frees_unknown=0");
    expect("ledger exit_status=0");
    exit(0);
}

int main(void)
{
    pthread_t thread;

    expect_begin();
    leader = pthread_self();
    if (pthread_create(&thread, NULL, work, NULL) != 0)
        return 1;
    pthread_exit(NULL);
}
