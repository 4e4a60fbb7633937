/* Signal handlers that allocate while an allocator call of the program is
 * under way, on the interrupted stack and on one of their own: the program's
 * malloc, which hands out one block after another, raises the signal itself. */
#include <signal.h>
#include <string.h>

#include "expect.h"

enum { ROUNDS = 50 };

static _Alignas(16) char pool[1 << 20];
static size_t used;
static volatile int raise_in_malloc;
static int lines[4];

NOINLINE void *malloc(size_t size)
{
    void *p;

    if (raise_in_malloc != 0) {
        int signo = raise_in_malloc;

        raise_in_malloc = 0;
        raise(signo);
    }
    p = pool + used;
    used += (size + 15) & ~(size_t)15;
    return used <= sizeof(pool) ? p : NULL;
}

NOINLINE void *calloc(size_t count, size_t size)
{
    return memset(malloc(count * size), 0, count * size);
}

NOINLINE void *realloc(void *p, size_t size)
{
    void *q = malloc(size);

    return p == NULL ? q : memcpy(q, p, size);
}

NOINLINE void free(void *p)
{
    __asm__ volatile("" : : "r"(p)); /* else calls of it are left out */
}

static void on_signal(int signo)
{
    (void)signo;
    lines[0] = __LINE__ + 1;
    char *first = keep(malloc(30));
    free(first);
    lines[1] = __LINE__ + 1;
    char *second = keep(malloc(31));
    char *third = keep(realloc(second, 32));
    free(third);
}

static void install(int signo, int flags)
{
    struct sigaction act;

    memset(&act, 0, sizeof(act));
    act.sa_handler = on_signal;
    act.sa_flags = flags;
    sigaction(signo, &act, NULL);
}

NOINLINE static void make(int signo)
{
    raise_in_malloc = signo;
    lines[2] = __LINE__ + 1;
    char *p = keep(malloc(40));
    free(p);
}

int main(void)
{
    static char other_stack[65536];
    stack_t altstack = { .ss_sp = other_stack, .ss_size = sizeof(other_stack) };

    expect_begin();
    sigaltstack(&altstack, NULL);
    install(SIGUSR1, 0);
    install(SIGUSR2, SA_ONSTACK);
    for (int i = 0; i < ROUNDS; i++) {
        make(SIGUSR1);
        make(SIGUSR2);
    }
    expect_site("on_signal", lines[0], "malloc", 2 * ROUNDS, 60 * ROUNDS,
                "T:100");
    expect_site("on_signal", lines[1], "malloc", 2 * ROUNDS, 62 * ROUNDS,
                "T:100");
    expect_site("make", lines[2], "malloc", 2 * ROUNDS, 80 * ROUNDS, "T:100");
    expect_site("on_signal", lines[1] + 1, "realloc", 2 * ROUNDS, 64 * ROUNDS,
                "T:100");
    expect("ledger frees_unknown=0");
    expect("ledger calls_abandoned=0");
    expect("ledger stacks_cut=0");
    return 0;
}
