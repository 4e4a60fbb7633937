/* Children and threads may run on every processor the program could, though
 * the program itself, alone, shares one with its tracer. */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"

static int count_cpus(void)
{
    cpu_set_t set;

    return sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : -1;
}

static void *work(void *out)
{
    *(int *)out = count_cpus();
    return NULL;
}

int main(void)
{
    /* Asked of the kernel's list, which affinity does not shorten. */
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    pthread_t thread;
    int in_thread = 0;
    int status = 0;
    pid_t child;

    expect_begin();
    child = fork();
    if (child == 0)
        _exit(count_cpus());
    waitpid(child, &status, 0);
    if (pthread_create(&thread, NULL, work, &in_thread) != 0)
        return 1;
    pthread_join(thread, NULL);
    if (WEXITSTATUS(status) != online || in_thread != online ||
        count_cpus() != online)
        return 2;
    expect("ledger stacks_cut=0");
    return 0;
}
