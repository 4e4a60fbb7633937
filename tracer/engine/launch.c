#include "engine/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/ptrace_calls.h"
#include "engine/ptrace_stop.h"

/* The number behind `key` in /proc/self/status, or in a sysctl file when
 * `key` is NULL; -1 when there is none. */
static long read_number(const char *path, const char *key)
{
    FILE *fp = fopen(path, "re");
    char line[256];
    long value = -1;

    if (fp == NULL)
        return -1;
    while (value < 0 && fgets(line, sizeof(line), fp) != NULL) {
        if (key == NULL)
            value = strtol(line, NULL, 10);
        else if (strncmp(line, key, strlen(key)) == 0)
            value = strtol(line + strlen(key), NULL, 10);
    }
    fclose(fp);
    return value;
}

const char *launch_denied_reason(void)
{
    if (read_number("/proc/self/status", "TracerPid:") > 0)
        return "this process is itself being traced: run it outside the "
               "debugger or strace";
    if (read_number("/proc/sys/kernel/yama/ptrace_scope", NULL) == 3)
        return "kernel.yama.ptrace_scope is 3, which forbids all tracing "
               "until the next boot with another setting";
    if (read_number("/proc/self/status", "Seccomp:") == 2)
        return "a seccomp filter forbids ptrace: run the container with "
               "--cap-add=SYS_PTRACE";
    if (read_number("/proc/sys/kernel/yama/ptrace_scope", NULL) == 2)
        return "kernel.yama.ptrace_scope is 2: only root may trace (CAP_SYS_"
               "PTRACE)";
    return "a security policy (LSM, container, or missing CAP_SYS_PTRACE) "
           "forbids ptrace";
}

/* Our handlers end with the exec (execve(2)), but until then a signal would be
 * handled in the child as if it were us. What was ignored stays so. */
static void forget_handlers(void)
{
    for (int signo = 1; signo < NSIG; signo++) {
        struct sigaction act;

        if (sigaction(signo, NULL, &act) == 0 && act.sa_handler != SIG_IGN &&
            act.sa_handler != SIG_DFL)
            signal(signo, SIG_DFL);
    }
    alarm(0); /* survives an exec, alarm(2) */
}

/* What happens in the child. It waits to be seized, and reports the errno of
 * an exec that failed through `report`. */
_Noreturn static void be_child(char *const argv[], int cpu, int go, int report)
{
    char byte;
    int saved;
    ssize_t sent;

    forget_handlers();
    if (read(go, &byte, 1) != 1)
        _exit(127); /* our tracer gave up */
    if (cpu >= 0) {
        cpu_set_t set;

        CPU_ZERO(&set);
        CPU_SET((size_t)cpu, &set);
        sched_setaffinity(0, sizeof(set), &set);
    }
    execvp(argv[0], argv);
    saved = errno;
    sent = write(report, &saved, sizeof(saved));
    (void)sent; /* the tracer sees the end of the pipe all the same */
    _exit(127);
}

/* Follows the seized child to its exec stop, or learns why there is none. */
static enum err_code reach_exec(const char *program, pid_t pid, int report,
                                struct err *err)
{
    int status = 0;
    int failed = 0;

    for (;;) {
        enum stop_kind kind;
        enum err_code rc;

        if (waitpid(pid, &status, __WALL) < 0) {
            if (errno == EINTR)
                continue;
            return err_set(err, ERR_IO, "cannot wait for %s", program);
        }
        kind = stop_classify(status);
        if (kind == STOP_EXEC)
            return ERR_OK;
        if (kind == STOP_EXITED || kind == STOP_KILLED)
            break;
        rc =
            ptrace_resume(pid, kind == STOP_SIGNAL ? WSTOPSIG(status) : 0, err);
        if (rc != ERR_OK && rc != ERR_TRACEE_GONE)
            return rc;
    }
    errno = 0;
    if (read(report, &failed, sizeof(failed)) != sizeof(failed))
        return err_set(err, ERR_IO, "%s ended before it began", program);
    return err_set(err, ERR_NOT_FOUND, "cannot run %s: %s", program,
                   strerror(failed));
}

static enum err_code denied(struct err *err, const char *what)
{
    const char *reason = launch_denied_reason();

    errno = 0; /* the reason says more than EPERM does */
    return err_set(err, ERR_DENIED, "%s: %s", what, reason);
}

static enum err_code seize_and_go(const char *program, pid_t pid, int go,
                                  int report, bool kill_on_exit,
                                  struct err *err)
{
    enum err_code rc = ptrace_seize(pid, kill_on_exit, err);

    if (rc == ERR_DENIED || (rc == ERR_IO && err->sys_errno == ENOSYS))
        return denied(err, "tracing is not permitted");
    if (rc == ERR_OK && write(go, "", 1) != 1)
        rc = err_set(err, ERR_IO, "cannot start %s", program);
    return rc == ERR_OK ? reach_exec(program, pid, report, err) : rc;
}

static void close_both(int pair[2])
{
    if (pair[0] >= 0)
        close(pair[0]);
    if (pair[1] >= 0)
        close(pair[1]);
}

/* Reading symbols keeps up to four files open for each module. */
static void raise_file_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

enum err_code launch_traced(char *const argv[], int cpu, bool kill_on_exit,
                            pid_t *out, struct err *err)
{
    int go[2] = { -1, -1 };
    int report[2] = { -1, -1 };
    enum err_code rc = ERR_OK;
    pid_t pid = -1;

    if (pipe2(go, O_CLOEXEC) != 0 || pipe2(report, O_CLOEXEC) != 0) {
        rc = err_set(err, ERR_IO, "cannot make a pipe");
        goto out;
    }
    pid = fork();
    if (pid < 0) {
        rc = err_set(err, ERR_IO, "cannot start a process");
        goto out;
    }
    if (pid == 0) {
        close(go[1]);
        be_child(argv, cpu, go[0], report[1]);
    }
    raise_file_limit(); /* ours alone: the child has the one it was given */
    close(report[1]);
    report[1] = -1;
    rc = seize_and_go(argv[0], pid, go[1], report[0], kill_on_exit, err);
    if (rc == ERR_OK)
        *out = pid;
out:
    close_both(go);
    close_both(report);
    if (rc != ERR_OK && pid > 0) {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, __WALL);
    }
    return rc;
}

enum err_code launch_check(struct err *err)
{
    pid_t pid = fork();
    enum err_code rc;

    if (pid < 0)
        return err_set(err, ERR_IO, "cannot start a process");
    if (pid == 0) {
        for (;;)
            pause();
    }
    rc = ptrace_seize(pid, true, err);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, __WALL);
    return rc == ERR_OK ? rc : denied(err, "tracing is not permitted");
}
