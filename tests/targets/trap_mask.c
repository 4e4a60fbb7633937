/* The program blocks all signals, in a thread and in a handler, and has a
 * handler for SIGTRAP: it is there when it is needed, and only the mask is not
 * what was asked for, which the ledger says. */
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "expect.h"

enum { BLOCKS = 100 };

static volatile int traps, handled;
static int line;

NOINLINE static void churn(void)
{
    for (int i = 0; i < BLOCKS; i++) {
        line = __LINE__ + 1;
        free(keep(malloc(5)));
    }
}

static void on_trap(int signo)
{
    (void)signo;
    traps++;
}

static void on_signal(int signo)
{
    (void)signo;
    churn();
    handled++;
}

static void *work(void *unused)
{
    sigset_t all;

    (void)unused;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    churn();
    return NULL;
}

int main(void)
{
    struct sigaction act;
    struct sigaction now;
    sigset_t all;
    pthread_t thread;

    expect_begin();
    memset(&act, 0, sizeof(act));
    act.sa_handler = on_trap;
    sigaction(SIGTRAP, &act, NULL);
    act.sa_handler = on_signal;
    sigfillset(&act.sa_mask);
    sigaction(SIGUSR1, &act, NULL);

    churn();
    raise(SIGUSR1);
    if (pthread_create(&thread, NULL, work, NULL) != 0)
        return 1;
    pthread_join(thread, NULL);
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    churn();
    sigemptyset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);

    sigaction(SIGTRAP, NULL, &now);
    if (now.sa_handler != on_trap)
        return 2;
    raise(SIGTRAP);
    expect_site("churn", line, "malloc", 4 * BLOCKS, 20 * BLOCKS, "T:400");
    expect("ledger sigtrap_altered=3");
    expect("ledger stacks_cut=0");
    return traps == 1 && handled == 1 ? 0 : 3;
}
