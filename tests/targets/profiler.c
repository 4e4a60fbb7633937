/* A timer interrupts everywhere, also within what the tracer put in; its
 * handler allocates, on the interrupted stack or, with an argument, on its own.
 * Each stack is whole. The allocator is the program's: reentrant. */
#include <signal.h>
#include <string.h>
#include <sys/time.h>

#include "expect.h"

enum { TICKS = 300, POOL = 1 << 16 };

static _Alignas(16) char pool[POOL];
static size_t used;
static volatile int ticks;

NOINLINE void *malloc(size_t size)
{
    size_t rounded = (size + 15) & ~(size_t)15;

    /* From the start again after half of it: a block never leaves the pool. */
    return pool +
           __atomic_fetch_add(&used, rounded, __ATOMIC_RELAXED) % (POOL / 2);
}

NOINLINE void free(void *p)
{
    __asm__ volatile("" : : "r"(p)); /* else calls of it are left out */
}

static void on_tick(int signo)
{
    (void)signo;
    keep(malloc(30));
    ticks++;
}

NOINLINE static int down(int depth)
{
    keep(malloc(16));
    return depth == 0 ? 0 : down(depth - 1) + 1;
}

int main(int argc, char **argv)
{
    static char other_stack[65536];
    stack_t altstack = { .ss_sp = other_stack, .ss_size = sizeof(other_stack) };
    struct itimerval timer = { { 0, 997 }, { 0, 997 } };
    struct sigaction act;

    (void)argv;
    expect_begin();
    sigaltstack(&altstack, NULL);
    memset(&act, 0, sizeof(act));
    act.sa_handler = on_tick;
    act.sa_flags = SA_RESTART | (argc > 1 ? SA_ONSTACK : 0);
    sigaction(SIGALRM, &act, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
    while (ticks < TICKS)
        down(5);
    memset(&timer, 0, sizeof(timer));
    setitimer(ITIMER_REAL, &timer, NULL);
    expect("ledger stacks_cut=0");
    expect("ledger calls_abandoned=0");
    expect("ledger probes_refused=0");
    return 0;
}
