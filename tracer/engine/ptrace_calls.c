#include "engine/ptrace_calls.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* <sys/ptrace.h> of glibc 2.36 lacks these two; ptrace(2), Linux 3.11. */
enum { GETSIGMASK = 0x420a, SETSIGMASK = 0x420b };

static enum err_code check(long result, const char *what, pid_t tid,
                           struct err *err)
{
    if (result != -1)
        return ERR_OK;
    if (errno == ESRCH)
        return err_set(err, ERR_TRACEE_GONE, "thread %d is gone", tid);
    return err_set(err, errno == EPERM ? ERR_DENIED : ERR_IO,
                   "cannot %s thread %d", what, tid);
}

enum err_code ptrace_seize(pid_t tid, bool kill_on_exit, struct err *err)
{
    long options = PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
                   PTRACE_O_TRACEVFORK | PTRACE_O_TRACEVFORKDONE |
                   PTRACE_O_TRACEEXEC;

    if (kill_on_exit)
        options |= PTRACE_O_EXITKILL;
    return check(ptrace(PTRACE_SEIZE, tid, NULL, options), "trace", tid, err);
}

void ptrace_detach(pid_t tid, int signo)
{
    ptrace(PTRACE_DETACH, tid, NULL, (long)signo);
}

enum err_code ptrace_resume(pid_t tid, int signo, struct err *err)
{
    return check(ptrace(PTRACE_CONT, tid, NULL, (long)signo), "resume", tid,
                 err);
}

void ptrace_listen(pid_t tid)
{
    ptrace(PTRACE_LISTEN, tid, NULL, NULL);
}

void ptrace_interrupt(pid_t tid)
{
    ptrace(PTRACE_INTERRUPT, tid, NULL, NULL);
}

bool ptrace_peek(pid_t tid, bool block, pid_t *found, int *status)
{
    siginfo_t info = { 0 };
    int options = WEXITED | WSTOPPED | WNOWAIT | __WALL | (block ? 0 : WNOHANG);

    if (waitid(tid == -1 ? P_ALL : P_PID, tid == -1 ? 0 : (id_t)tid, &info,
               options) != 0 ||
        info.si_pid == 0)
        return false;
    *found = info.si_pid;
    /* The encoding of wait(2): <bits/waitstatus.h>. */
    switch (info.si_code) {
    case CLD_EXITED:
        *status = info.si_status << 8;
        break;
    case CLD_KILLED:
    case CLD_DUMPED:
        *status = info.si_status;
        break;
    default:
        *status = info.si_status << 8 | 0x7f;
        break;
    }
    return true;
}

void ptrace_take(pid_t tid, int *status)
{
    int taken = 0;
    pid_t got;

    do
        got = waitpid(tid, &taken, __WALL | WNOHANG);
    while (got < 0 && errno == EINTR);
    if (got == tid)
        *status = taken;
}

enum err_code ptrace_get_regs(pid_t tid, struct arch_regs *out, size_t *size,
                              struct err *err)
{
    struct iovec iov = { &out->user, sizeof(out->user) };
    long result = ptrace(PTRACE_GETREGSET, tid, (long)NT_PRSTATUS, &iov);

    if (size != NULL)
        *size = iov.iov_len;
    return check(result, "read the registers of", tid, err);
}

enum err_code ptrace_set_regs(pid_t tid, const struct arch_regs *regs,
                              struct err *err)
{
    struct arch_regs copy = *regs; /* the kernel only reads it */
    struct iovec iov = { &copy.user, sizeof(copy.user) };

    return check(ptrace(PTRACE_SETREGSET, tid, (long)NT_PRSTATUS, &iov),
                 "set the registers of", tid, err);
}

bool ptrace_is_processor_trap(pid_t tid)
{
    siginfo_t info;

    return ptrace(PTRACE_GETSIGINFO, tid, NULL, &info) == 0 &&
           info.si_code == SI_KERNEL;
}

pid_t ptrace_event_message(pid_t tid)
{
    unsigned long message = 0;

    if (ptrace(PTRACE_GETEVENTMSG, tid, NULL, &message) == -1)
        return 0;
    return (pid_t)message;
}

enum err_code ptrace_get_mask(pid_t tid, uint64_t *out, struct err *err)
{
    return check(
        ptrace((enum __ptrace_request)GETSIGMASK, tid, (long)sizeof(*out), out),
        "read the signal mask of", tid, err);
}

enum err_code ptrace_set_mask(pid_t tid, uint64_t mask, struct err *err)
{
    return check(ptrace((enum __ptrace_request)SETSIGMASK, tid,
                        (long)sizeof(mask), &mask),
                 "set the signal mask of", tid, err);
}

size_t tracee_read(pid_t pid, tracee_addr addr, void *out, size_t size)
{
    struct iovec local = { out, size };
    struct iovec remote = { (void *)(uintptr_t)addr, size };
    ssize_t got = process_vm_readv(pid, &local, 1, &remote, 1, 0);
    size_t in_page = 4096 - (size_t)(addr & 4095);

    if (got >= 0)
        return (size_t)got;
    if (in_page >= size)
        return 0;
    /* One iovec is all or nothing where the range leaves the mapping within
     * its first page; process_vm_readv(2), "partial transfers". */
    local.iov_len = in_page;
    remote.iov_len = in_page;
    got = process_vm_readv(pid, &local, 1, &remote, 1, 0);
    return got < 0 ? 0 : (size_t)got;
}

/* The number behind `key` in /proc/PID/status; -1 when there is none. */
static long status_number(const char *pid, const char *key)
{
    char path[64];
    char line[256];
    long value = -1;
    FILE *fp;

    snprintf(path, sizeof(path), "/proc/%s/status", pid);
    fp = fopen(path, "re");
    if (fp == NULL)
        return -1;
    while (value < 0 && fgets(line, sizeof(line), fp) != NULL)
        if (strncmp(line, key, strlen(key)) == 0)
            value = strtol(line + strlen(key), NULL, 10);
    fclose(fp);
    return value;
}

bool tracee_is_confined(pid_t pid)
{
    char text[16];

    snprintf(text, sizeof(text), "%d", pid);
    /* Seccomp_filters is as old as Linux 5.10; proc(5). */
    return status_number(text, "Seccomp:") >
               status_number("self", "Seccomp:") ||
           status_number(text, "Seccomp_filters:") >
               status_number("self", "Seccomp_filters:");
}

bool tracee_shares_memory(pid_t a, pid_t b, bool fallback)
{
    long order = syscall(SYS_kcmp, a, b, (long)KCMP_VM, 0L, 0L);

    return order < 0 ? fallback : order == 0;
}

enum err_code tracee_memory_open(pid_t pid, int *fd, struct err *err)
{
    char path[32];

    snprintf(path, sizeof(path), "/proc/%d/mem", pid);
    *fd = open(path, O_RDWR | O_CLOEXEC);
    if (*fd < 0)
        return err_set(err,
                       errno == EACCES || errno == EPERM ? ERR_DENIED : ERR_IO,
                       "cannot open %s", path);
    return ERR_OK;
}

enum err_code tracee_write(int fd, tracee_addr addr, const void *bytes,
                           size_t size, struct err *err)
{
    ssize_t done = pwrite(fd, bytes, size, (off_t)addr);

    if (done == (ssize_t)size)
        return ERR_OK;
    if (done == 0) /* proc(5): the memory is gone, and so is the process */
        return err_set(err, ERR_TRACEE_GONE, "the program is gone");
    if (done > 0)
        errno = EIO;
    return err_set(err, ERR_IO, "cannot write to the program at 0x%llx",
                   (unsigned long long)addr);
}
