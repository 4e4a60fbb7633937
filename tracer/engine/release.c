#include "engine/release.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/log.h"
#include "engine/ptrace_calls.h"
#include "engine/ptrace_stop.h"
#include "engine/tasks.h"

void release_note_exit(struct engine_run *run, int status)
{
    run->ledger->exit_status =
        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* A thread stopped by our trap has not run the instruction yet: it goes back
 * to it, because the instruction is there again. */
static void put_pc_right(struct engine_run *run, struct task *t)
{
    struct arch_regs regs;
    struct err err;
    tracee_addr addr;

    if (ptrace_get_regs(t->tid, &regs, NULL, &err) != ERR_OK)
        return;
    addr = arch_pc(&regs) - arch_pc_after_trap;
    if (target_origin(&run->target, arch_pc(&regs)) != arch_pc(&regs))
        return; /* already sent on its way, through a slot */
    if (breakpoints_find(&run->breakpoints, addr) == NULL ||
        !ptrace_is_processor_trap(t->tid)) {
        t->held_signal = SIGTRAP;
        return;
    }
    arch_set_pc(&regs, addr);
    if (ptrace_set_regs(t->tid, &regs, &err) != ERR_OK)
        log_debug("thread lost tid=%d", t->tid);
}

void release_note_stop(struct engine_run *run, struct task *t, int status)
{
    enum stop_kind kind = stop_classify(status);

    t->is_stopped = true;
    t->held_signal = kind == STOP_SIGNAL ? WSTOPSIG(status) : 0;
    if (kind == STOP_TRAP)
        put_pc_right(run, t);
}

static void let_go(struct engine_run *run, struct task *t)
{
    pin_lift(&run->pin, t->tid);
    ptrace_detach(t->tid, t->held_signal);
    tasks_remove(run, t->tid);
}

/* A maker tells of its child: the child is let go when it stops, or was. */
static void expect_newborn(struct engine_run *run, pid_t tid)
{
    uint64_t state;
    struct err err;

    if (tid == 0 || tasks_find(run, tid) != NULL ||
        map_get(&run->newborn, (uint64_t)tid, &state))
        return;
    if (map_put(&run->newborn, (uint64_t)tid, NEWBORN_ANNOUNCED, &err) !=
        ERR_OK)
        log_debug("newborn lost tid=%d", tid);
}

static void on_stop(struct engine_run *run, pid_t tid, int status)
{
    struct task *t = tasks_find(run, tid);
    enum stop_kind kind = stop_classify(status);
    pid_t former;

    if (kind == STOP_EXITED || kind == STOP_KILLED) {
        ptrace_take(tid, &status); /* a stop's report ends with letting go */
        if (tid == run->pid)
            release_note_exit(run, status);
        map_take(&run->newborn, (uint64_t)tid, NULL);
        tasks_remove(run, tid);
        return;
    }
    if (kind == STOP_NEW_TASK)
        expect_newborn(run, ptrace_event_message(tid));
    if (kind == STOP_EXEC) {
        /* execve(2) "under ptrace": the thread that did it is known by the
         * process's id from now on, and never heard of under its own. */
        former = ptrace_event_message(tid);
        if (former != tid)
            tasks_remove(run, former);
    }
    if (t == NULL) {
        tasks_release_newborn(run, tid);
        return;
    }
    release_note_stop(run, t, status);
    let_go(run, t);
}

/* Those that arrived and were not announced yet stand still already. */
static void release_arrived(struct engine_run *run)
{
    size_t at = 0;
    uint64_t tid, state;

    while (map_next(&run->newborn, &at, &tid, &state))
        if (state == NEWBORN_ARRIVED)
            tasks_release_newborn(run, (pid_t)tid);
}

static bool awaits_newborn(const struct engine_run *run)
{
    size_t at = 0;
    uint64_t tid, state;

    while (map_next(&run->newborn, &at, &tid, &state))
        if (state == NEWBORN_ANNOUNCED || state == NEWBORN_ANNOUNCED_VFORK)
            return true;
    return false;
}

void release_process(struct engine_run *run)
{
    if (run->target.memory_fd >= 0)
        breakpoints_lift(&run->breakpoints, run->target.memory_fd);
    for (size_t i = run->task_count; i-- > 0;) {
        if (run->tasks[i]->is_stopped)
            let_go(run, run->tasks[i]);
        else
            ptrace_interrupt(run->tasks[i]->tid);
    }
    release_arrived(run);
    while (run->task_count > 0 || awaits_newborn(run)) {
        int status;
        pid_t tid;

        if (ptrace_peek(-1, true, &tid, &status))
            on_stop(run, tid, status);
        else if (errno != EINTR)
            break;
    }
}
