/*
 * floor.c - what one ptrace stop costs at the least: a trap, the registers,
 * one read of the stack, resume; both processes on one processor.
 *
 * usage: floor STOPS    prints nanoseconds per stop
 */
#include <elf.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void pin(void)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET((size_t)sched_getcpu(), &set);
    sched_setaffinity(0, sizeof(set), &set);
}

/* As little as a tracer can do: no int3 to step over, nothing written. */
static void handle(pid_t pid)
{
    struct user_regs_struct regs;
    struct iovec iov = { &regs, sizeof(regs) };
    static char stack[512];
    struct iovec local = { stack, sizeof(stack) };
    struct iovec remote;

    ptrace(PTRACE_GETREGSET, pid, (long)NT_PRSTATUS, &iov);
    remote = (struct iovec){ (void *)regs.rsp, sizeof(stack) };
    if (process_vm_readv(pid, &local, 1, &remote, 1, 0) <= 0)
        exit(1);
}

int main(int argc, char **argv)
{
    long stops = argc > 1 ? atol(argv[1]) : 0;
    double began;
    int status;
    pid_t pid;

    if (stops < 1)
        return 2;
    pin();
    pid = fork();
    if (pid == 0) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        for (;;)
            __asm__ volatile("int3");
    }
    if (waitpid(pid, &status, 0) != pid)
        return 1;
    began = now_ns();
    for (long i = 0; i < stops; i++) {
        handle(pid);
        ptrace(PTRACE_CONT, pid, NULL, NULL);
        if (waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status))
            return 1;
    }
    printf("%.0f\n", (now_ns() - began) / (double)stops);
    kill(pid, SIGKILL);
    return 0;
}
