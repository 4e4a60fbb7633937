/* Signal handlers, each interrupting the allocator call of the one before:
 * more than the tracer keeps track of. Those it lets go are counted. */
#include <signal.h>
#include <string.h>

#include "expect.h"

enum { DEPTH = 20, TRACKED = 16 /* CALLS_MAX of engine/run.h */ };

static _Alignas(16) char pool[1 << 16];
static size_t used;
static volatile int depth, armed;

NOINLINE void *malloc(size_t size)
{
    void *p;

    if (armed && depth < DEPTH) {
        depth++;
        raise(SIGUSR1);
    }
    p = pool + used;
    used += (size + 15) & ~(size_t)15;
    return p;
}

NOINLINE void free(void *p)
{
    __asm__ volatile("" : : "r"(p)); /* else calls of it are left out */
}

static void on_signal(int signo)
{
    (void)signo;
    free(keep(malloc(10)));
}

int main(void)
{
    struct sigaction act;

    expect_begin();
    memset(&act, 0, sizeof(act));
    act.sa_handler = on_signal;
    act.sa_flags = SA_NODEFER;
    sigaction(SIGUSR1, &act, NULL);
    armed = 1;
    free(keep(malloc(10)));
    expect("allocs=%d", TRACKED);
    expect("ledger calls_abandoned=%d", DEPTH + 1 - TRACKED);
    expect("ledger frees_unknown=%d", DEPTH + 1 - TRACKED);
    expect("ledger stacks_cut=0");
    return 0;
}
