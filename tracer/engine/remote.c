#include "engine/remote.h"

#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/ptrace_calls.h"
#include "engine/ptrace_stop.h"

static enum err_code wait_one(pid_t tid, int *status, struct err *err)
{
    while (waitpid(tid, status, __WALL) < 0) {
        if (errno != EINTR)
            return err_set(err, ERR_TRACEE_GONE, "thread %d is gone", tid);
    }
    return ERR_OK;
}

/* A stop signal, at least, cannot be blocked: it is sent again afterwards, when
 * its effect belongs to the program's own code. */
enum err_code remote_run_to_trap(pid_t tid, struct err *err)
{
    int held_signal = 0;
    int status = 0;

    for (;;) {
        enum err_code rc = ptrace_resume(tid, 0, err);

        if (rc == ERR_OK)
            rc = wait_one(tid, &status, err);
        if (rc != ERR_OK)
            return rc;
        switch (stop_classify(status)) {
        case STOP_EXITED:
        case STOP_KILLED:
            return err_set(err, ERR_TRACEE_GONE, "thread %d died", tid);
        case STOP_TRAP:
            if (held_signal != 0)
                syscall(SYS_tkill, tid, held_signal);
            return ERR_OK;
        case STOP_SIGNAL:
            held_signal = WSTOPSIG(status);
            break;
        default:
            break;
        }
    }
}

enum err_code remote_syscall(pid_t tid, tracee_addr gadget, long number,
                             const uint64_t args[ARCH_SYSCALL_ARGS],
                             int64_t *result, struct err *err)
{
    const uint64_t all_but_trap = ~(UINT64_C(1) << (SIGTRAP - 1));
    struct arch_regs saved;
    struct arch_regs regs;
    uint64_t mask = 0;
    struct err ignored;
    enum err_code rc = ptrace_get_regs(tid, &saved, NULL, err);

    if (rc == ERR_OK)
        rc = ptrace_get_mask(tid, &mask, err);
    if (rc == ERR_OK)
        rc = ptrace_set_mask(tid, all_but_trap, err);
    if (rc != ERR_OK)
        return rc;
    regs = saved;
    arch_set_syscall(&regs, gadget, number, args);
    rc = ptrace_set_regs(tid, &regs, err);
    if (rc == ERR_OK)
        rc = remote_run_to_trap(tid, err);
    if (rc == ERR_OK)
        rc = ptrace_get_regs(tid, &regs, NULL, err);
    if (rc == ERR_OK)
        *result = (int64_t)arch_result(&regs);

    /* Put back what we changed, whatever happened in between. */
    if (ptrace_set_regs(tid, &saved, &ignored) != ERR_OK ||
        ptrace_set_mask(tid, mask, &ignored) != ERR_OK)
        return rc == ERR_OK
                   ? err_set(err, ERR_TRACEE_GONE, "thread %d is gone", tid)
                   : rc;
    return rc;
}
