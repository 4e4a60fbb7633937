/* siglongjmp out of a handler that interrupted an allocator call, on the same
 * stack and on another: that call never returns, everything else is known. */
#include <setjmp.h>
#include <signal.h>
#include <string.h>

#include "expect.h"

enum { OPS = 20 };

static _Alignas(16) char pool[1 << 16];
static size_t used;
static volatile int raise_in_malloc;
static sigjmp_buf back;
static int lines[2];

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
    return p;
}

NOINLINE void free(void *p)
{
    __asm__ volatile("" : : "r"(p)); /* else calls of it are left out */
}

static void on_signal(int signo)
{
    (void)signo;
    lines[0] = __LINE__ + 1;
    free(keep(malloc(30)));
    siglongjmp(back, 1);
}

NOINLINE static void make(int signo)
{
    raise_in_malloc = signo;
    keep(malloc(40));
}

NOINLINE static void op(int signo)
{
    if (sigsetjmp(back, 1) == 0)
        make(signo);
    lines[1] = __LINE__ + 1;
    free(keep(malloc(50)));
}

int main(void)
{
    static char other_stack[65536];
    stack_t altstack = { .ss_sp = other_stack, .ss_size = sizeof(other_stack) };
    struct sigaction act;

    expect_begin();
    sigaltstack(&altstack, NULL);
    memset(&act, 0, sizeof(act));
    act.sa_handler = on_signal;
    sigaction(SIGUSR1, &act, NULL);
    act.sa_flags = SA_ONSTACK;
    sigaction(SIGUSR2, &act, NULL);
    for (int i = 0; i < OPS; i++)
        op(i % 2 == 0 ? SIGUSR1 : SIGUSR2);
    expect("ops=%d", OPS);
    expect_site("on_signal", lines[0], "malloc", OPS, 30 * OPS, "T:20");
    expect_site("op", lines[1], "malloc", OPS, 50 * OPS, "T:20");
    expect("ledger calls_abandoned=%d", OPS);
    expect("ledger ops_inferred=0");
    expect("ledger frees_unknown=0");
    expect("ledger stacks_cut=0");
    return 0;
}
