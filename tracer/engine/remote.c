#include "engine/remote.h"

#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/ptrace_calls.h"
#include "engine/ptrace_stop.h"

/* Waits for the thread's next stop. Its death is left for others to hear of. */
static enum err_code await_stop(pid_t tid, int *status, struct err *err)
{
    enum stop_kind kind;
    pid_t found;

    while (!ptrace_peek(tid, true, &found, status)) {
        if (errno != EINTR)
            return err_set(err, ERR_TRACEE_GONE, "thread %d is gone", tid);
    }
    kind = stop_classify(*status);
    if (kind == STOP_EXITED || kind == STOP_KILLED)
        return err_set(err, ERR_TRACEE_GONE, "thread %d died", tid);
    ptrace_take(tid, status);
    return ERR_OK;
}

/* Sends the signals of a set (bit signo - 1) again, now that their effect
 * belongs to the program's own code. */
static void send_again(pid_t tid, uint64_t held)
{
    for (int signo = 1; held != 0; signo++, held >>= 1)
        if ((held & 1) != 0)
            syscall(SYS_tkill, tid, signo);
}

enum err_code remote_run_to_trap(pid_t tid, struct err *err)
{
    uint64_t held = 0; /* a stop signal, at least, cannot be blocked */
    int status = 0;

    for (;;) {
        enum err_code rc = ptrace_resume(tid, 0, err);
        enum stop_kind kind;

        if (rc == ERR_OK)
            rc = await_stop(tid, &status, err);
        if (rc != ERR_OK)
            return rc;
        kind = stop_classify(status);
        if (kind == STOP_TRAP && ptrace_is_processor_trap(tid)) {
            send_again(tid, held);
            return ERR_OK;
        }
        if (kind == STOP_TRAP || kind == STOP_SIGNAL)
            held |= UINT64_C(1) << (WSTOPSIG(status) - 1);
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
