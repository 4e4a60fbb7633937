/* Signals reach the program as if nobody watched: payloads, its own SIGTRAP,
 * handlers that allocate on another stack, a stop and a continue. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"

enum { QUEUED = 2000 };

static volatile int sum, traps, handled;
static int line;

static void on_queued(int signo, siginfo_t *info, void *context)
{
    (void)signo, (void)context;
    sum += info->si_value.sival_int;
}

static void on_trap(int signo)
{
    (void)signo;
    traps++;
}

static void on_alloc(int signo)
{
    (void)signo;
    line = __LINE__ + 1;
    free(keep(malloc(33)));
    handled++;
}

static void install(int signo, void (*handler)(int), int flags)
{
    struct sigaction act;

    memset(&act, 0, sizeof(act));
    act.sa_handler = handler;
    act.sa_flags = flags;
    sigaction(signo, &act, NULL);
}

int main(void)
{
    static char other_stack[65536];
    stack_t altstack = { .ss_sp = other_stack, .ss_size = sizeof(other_stack) };
    struct sigaction act;
    int wanted = 0;
    int status = 0;
    pid_t child;

    expect_begin();
    memset(&act, 0, sizeof(act));
    act.sa_sigaction = on_queued;
    act.sa_flags = SA_SIGINFO;
    sigaction(SIGRTMIN, &act, NULL);
    for (int i = 0; i < QUEUED; i++) {
        sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = i });
        wanted += i;
    }

    sigaltstack(&altstack, NULL);
    install(SIGUSR1, on_alloc, SA_ONSTACK);
    for (int i = 0; i < 10; i++)
        raise(SIGUSR1);

    install(SIGTRAP, on_trap, 0);
    raise(SIGTRAP);
    __asm__ volatile("int3"); /* a trap of the program's own */
    signal(SIGTRAP, SIG_DFL);

    child = fork();
    if (child == 0) {
        for (int i = 0; i < 100; i++)
            free(keep(malloc(1)));
        raise(SIGSTOP);
        _exit(7);
    }
    waitpid(child, &status, WUNTRACED);
    if (!WIFSTOPPED(status))
        return 2;
    kill(child, SIGCONT);
    waitpid(child, &status, 0);

    expect_site("on_alloc", line, "malloc", 10, 330, "T:10");
    expect("allocs=10");
    expect("ledger stacks_cut=0");
    expect("ledger children_released=1");
    return sum == wanted && traps == 2 && handled == 10 &&
                   WEXITSTATUS(status) == 7
               ? 0
               : 3;
}
