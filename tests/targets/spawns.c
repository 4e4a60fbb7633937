/* Children of all kinds while another thread allocates: nothing is lost, and
 * they live as they would. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"

extern char **environ;

enum { BLOCKS = 2000 };

static int line;

NOINLINE static void churn(int count)
{
    for (int i = 0; i < count; i++) {
        line = __LINE__ + 1;
        free(keep(malloc(20)));
    }
}

static void *work(void *arg)
{
    pthread_barrier_wait(arg);
    churn(BLOCKS);
    return NULL;
}

static int sharer(void *arg)
{
    churn(100); /* in our memory, but not in our process */
    *(int *)arg = 1;
    return 6;
}

static int status_of(pid_t pid)
{
    int status = -1;

    return pid > 0 && waitpid(pid, &status, __WALL) == pid && WIFEXITED(status)
               ? WEXITSTATUS(status)
               : -1;
}

static int slow_vfork(void)
{
    pid_t pid = vfork();

    if (pid == 0) {
        usleep(100000);
        execl("/bin/sh", "sh", "-c", "exit 4", NULL);
        _exit(127);
    }
    return status_of(pid);
}

static int daemonise(void)
{
    int fds[2];
    char byte = 0;
    pid_t pid;

    if (pipe(fds) != 0)
        return -1;
    pid = fork();
    if (pid == 0) {
        if (setsid() < 0 || fork() != 0)
            _exit(0);
        churn(200);
        if (chdir("/") != 0 || write(fds[1], "d", 1) != 1)
            _exit(1);
        _exit(0);
    }
    close(fds[1]);
    if (status_of(pid) != 0 || read(fds[0], &byte, 1) != 1)
        return -1;
    close(fds[0]);
    return byte;
}

int main(void)
{
    static char stack[65536] __attribute__((aligned(16)));
    pthread_barrier_t barrier;
    pthread_t thread;
    char text[8] = "";
    int flag = 0;
    FILE *fp;

    expect_begin();
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&thread, NULL, work, &barrier);
    pthread_barrier_wait(&barrier);
    if (slow_vfork() != 4)
        return 1;
    pthread_join(thread, NULL);
    if (WEXITSTATUS(system("exit 7")) != 7)
        return 2;
    fp = popen("echo hi", "r");
    if (fp == NULL || fgets(text, sizeof(text), fp) == NULL ||
        strcmp(text, "hi\n") != 0 || pclose(fp) != 0)
        return 3;
    if (status_of(clone(sharer, stack + sizeof(stack), CLONE_VM | SIGCHLD,
                        &flag)) != 6 ||
        flag != 1)
        return 4;
    if (daemonise() != 'd')
        return 5;
    churn(10);
    expect("plugin churn %d %d", BLOCKS + 10, 20 * (BLOCKS + 10));
    expect("ledger stacks_cut=0");
    expect("ledger frees_unknown=0");
    return 0;
}
