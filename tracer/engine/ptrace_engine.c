/*
 * ptrace_engine.c - the breakpoint engine: traps in the program's code, one
 * ptrace stop for each.
 *
 * wait -> name the stop -> act -> resume. Exact, and needs nothing in the
 * target. What a stop means for the recording is observe.c's business.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "engine/engine.h"
#include "engine/launch.h"
#include "engine/modules.h"
#include "engine/observe.h"
#include "engine/ptrace_calls.h"
#include "engine/ptrace_stop.h"
#include "engine/release.h"
#include "engine/run.h"
#include "engine/sigtrap.h"
#include "engine/tasks.h"

extern const struct engine ptrace_engine;

/* A thread that died under our hands is not a fault: wait(2) will say so. */
static enum err_code tolerate(enum err_code rc)
{
    return rc == ERR_TRACEE_GONE ? ERR_OK : rc;
}

static enum err_code pass_breakpoint(struct engine_run *run, struct task *t,
                                     const struct arch_regs *regs,
                                     tracee_addr addr, struct err *err)
{
    const struct breakpoint *bp = breakpoints_find(&run->breakpoints, addr);
    enum probe_kind kind = bp->probe != NULL ? bp->probe->kind : PROBE_ALLOC;
    struct arch_regs beyond = *regs;
    enum err_code rc = ERR_OK;

    /* First of all the thread is sent on its way: should we be killed while we
     * look, it must not go on behind the trap, in mid-instruction. */
    arch_set_pc(&beyond, bp->slot);
    if (kind == PROBE_SIGMASK || kind == PROBE_SIGACTION)
        rc = sigtrap_spare(run, bp->probe, &beyond, err);
    if (rc == ERR_OK)
        rc = ptrace_set_regs(t->tid, &beyond, err);
    if (rc != ERR_OK)
        return rc;
    if (t->kind == TASK_THREAD && kind == PROBE_LINKER) {
        run->linker_stops++;
        rc = modules_refresh(run, t->tid, err);
    } else if (t->kind == TASK_THREAD) {
        rc = observe_breakpoint(run, t, bp, regs, err);
    }
    return rc == ERR_OK ? ptrace_resume(t->tid, 0, err) : rc;
}

static enum err_code on_trap(struct engine_run *run, struct task *t,
                             struct err *err)
{
    struct arch_regs regs;
    tracee_addr addr;
    enum err_code rc = ptrace_get_regs(t->tid, &regs, NULL, err);

    if (rc != ERR_OK)
        return rc;
    addr = arch_pc(&regs) - arch_pc_after_trap;
    if (breakpoints_find(&run->breakpoints, addr) == NULL ||
        !ptrace_is_processor_trap(t->tid)) {
        log_debug("trap passed on tid=%d pc=0x%llx", t->tid,
                  (unsigned long long)arch_pc(&regs));
        return ptrace_resume(t->tid, SIGTRAP, err); /* the program's own */
    }
    return pass_breakpoint(run, t, &regs, addr, err);
}

/* Refuses what the engine does not know, before anything is planted. */
static enum err_code check_image(pid_t pid, struct err *err)
{
    struct arch_regs regs;
    size_t size;
    enum err_code rc = ptrace_get_regs(pid, &regs, &size, err);

    if (rc == ERR_OK && !arch_is_supported(&regs, size))
        return err_set(err, ERR_USAGE,
                       "a 32-bit program: only 64-bit ones can be recorded");
    return rc;
}

/* Everything about the memory of the former image is void. */
static void forget_image(struct engine_run *run)
{
    target_fini(&run->target);
    breakpoints_fini(&run->breakpoints);
    unwinder_reset(&run->unwinder);
    activations_reset(&run->activations);
    for (size_t i = 0; i < run->module_count; i++)
        run->module_planted[i] = false;
}

static enum err_code prepare_image(struct engine_run *run, struct err *err)
{
    enum err_code rc = check_image(run->pid, err);

    if (rc == ERR_OK) /* before the first trap, which would unblock it */
        rc = sigtrap_begin(run, run->pid, err);
    if (rc == ERR_OK)
        rc = target_open(&run->target, run->pid, run->pid, err);
    if (rc == ERR_OK)
        rc = modules_refresh(run, run->pid, err);
    return rc;
}

static enum err_code on_exec(struct engine_run *run, struct task *t,
                             struct err *err)
{
    enum err_code rc;

    if (t->kind == TASK_GUEST) { /* it has memory of its own now */
        pin_lift(&run->pin, t->tid);
        ptrace_detach(t->tid, 0);
        run->ledger->children_released++;
        tasks_remove(run, t->tid);
        return ERR_OK;
    }
    rc = observe_mark(run, t, "exec: the program was replaced", err);
    if (rc == ERR_OK)
        rc = tasks_exec(run, err);
    forget_image(run);
    if (rc == ERR_OK)
        rc = prepare_image(run, err);
    return rc == ERR_OK ? ptrace_resume(run->pid, 0, err) : rc;
}

static enum err_code on_gone(struct engine_run *run, struct task *t, int status,
                             struct err *err)
{
    bool is_process = t->tid == run->pid;
    enum err_code rc = ERR_OK;

    if (t->kind == TASK_THREAD)
        rc = observe_thread_end(run, t, err);
    tasks_remove(run, t->tid);
    /* The leader is reported last of all threads, with the process's status;
     * ptrace(2), "Death under ptrace". */
    if (is_process)
        release_note_exit(run, status);
    if (!is_process || rc != ERR_OK)
        return rc;
    return err_set(err, ERR_TRACEE_GONE, "the program has ended");
}

static enum err_code on_stop(struct engine_run *run, struct task *t, int status,
                             struct err *err)
{
    enum err_code rc;

    switch (stop_classify(status)) {
    case STOP_EXITED:
    case STOP_KILLED:
        return on_gone(run, t, status, err);
    case STOP_NEW_TASK:
        rc = tasks_announced(run, t, stop_is_vfork(status),
                             ptrace_event_message(t->tid), err);
        return rc == ERR_OK ? ptrace_resume(t->tid, 0, err) : rc;
    case STOP_EXEC:
        return on_exec(run, t, err);
    case STOP_VFORK_DONE:
    case STOP_READY:
        return ptrace_resume(t->tid, 0, err);
    case STOP_GROUP:
        ptrace_listen(t->tid);
        return ERR_OK;
    case STOP_TRAP:
        return on_trap(run, t, err);
    case STOP_SIGNAL:
        if (t->call_count > 0)
            t->calls[t->call_count - 1].is_interrupted = true;
        return ptrace_resume(t->tid, WSTOPSIG(status), err);
    }
    return ERR_OK;
}

static enum err_code dispatch(struct engine_run *run, pid_t tid, int status,
                              struct err *err)
{
    struct task *t = tasks_find(run, tid);
    uint64_t began_ns = run_now_ns();
    bool is_over;
    enum err_code rc;

    run->ledger->stops++;
    if (status >> 8 != SIGTRAP)
        log_debug("stop tid=%d status=0x%x", tid, (unsigned)status);
    if (t == NULL)
        return tolerate(tasks_arrived(run, tid, status, err));
    is_over = tid == run->pid && (WIFEXITED(status) || WIFSIGNALED(status));
    rc = on_stop(run, t, status, err);
    run->ledger->tracer_ns += run_now_ns() - began_ns;
    return is_over ? rc : tolerate(rc);
}

/* Whether the report of a stop must be taken before it is handled: when the
 * thread is not resumed, it would be found again and again. Traps and signals
 * are left to the resumption; see ptrace_peek. */
static bool must_take(int status)
{
    enum stop_kind kind = stop_classify(status);

    return kind != STOP_TRAP && kind != STOP_SIGNAL;
}

static enum err_code handle(struct engine_run *run, pid_t tid, int status,
                            struct err *err)
{
    struct task *t;
    enum err_code rc;

    if (must_take(status) || tasks_find(run, tid) == NULL)
        ptrace_take(tid, &status);
    rc = dispatch(run, tid, status, err);
    /* The recording ends here, and the report of this stop may be taken, by us
     * or by a system call that the thread made for us. */
    t = rc != ERR_OK ? tasks_find(run, tid) : NULL;
    if (t != NULL)
        release_note_stop(run, t, status);
    return rc;
}

enum { LOOKS_MAX = 8 }; /* at other threads, for each stop found by waiting */

/* Waiting always finds the first thread that has stopped: a busy one would
 * starve the rest. So some others are looked at each time, in turn. */
static enum err_code step(struct engine_run *run, struct err *err)
{
    size_t looks = run->task_count - 1;
    pid_t tid;
    int status;
    enum err_code rc;

    if (!ptrace_peek(-1, true, &tid, &status))
        return errno == EINTR
                   ? ERR_NOT_FOUND
                   : err_set(err, ERR_TRACEE_GONE, "the program has ended");
    rc = handle(run, tid, status, err);
    if (looks > LOOKS_MAX)
        looks = LOOKS_MAX;
    while (rc == ERR_OK && looks-- > 0 && run->task_count > 0) {
        const struct task *t = run->tasks[run->rotor++ % run->task_count];

        if (ptrace_peek(t->tid, false, &tid, &status))
            rc = handle(run, tid, status, err);
    }
    return rc;
}

static void run_stop(struct engine_run *run)
{
    if (run == NULL)
        return;
    if (run->task_count > 0)
        release_process(run);
    pin_end(&run->pin);
    tasks_fini(run);
    target_fini(&run->target);
    breakpoints_fini(&run->breakpoints);
    unwinder_fini(&run->unwinder);
    activations_fini(&run->activations);
    free(run->module_planted);
    free(run);
}

/* A dynamic program's libraries come after its first instruction, but before
 * any of its own code: the linker reports twice, before and after it has
 * loaded them. */
static enum err_code await_libraries(struct engine_run *run, struct err *err)
{
    const struct symbol_module *main_module =
        symbolizer_module(run->symbols, 0);
    enum err_code rc = ptrace_resume(run->pid, 0, err);

    if (rc != ERR_OK || run->options.op == NULL || run->op_places > 0)
        return rc;
    if (main_module == NULL || image_is_static(main_module->image))
        return modules_check_op(run, err);
    while (rc == ERR_OK && run->op_places == 0 && run->linker_stops < 2)
        rc = step(run, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, ERR_USAGE, "interrupted before the program began");
    if (rc == ERR_TRACEE_GONE)
        return err_set(err, ERR_USAGE,
                       "the program ended, with status %lld, before its "
                       "libraries were loaded",
                       (long long)run->ledger->exit_status);
    return rc == ERR_OK ? modules_check_op(run, err) : rc;
}

/* An op that is not there: the program has run nothing of its own. */
static void kill_target(struct engine_run *run)
{
    if (run->task_count == 0)
        return; /* gone already, and its number perhaps another's */
    kill(run->pid, SIGKILL);
    while (run->task_count > 0) {
        int status;
        pid_t tid = waitpid(-1, &status, __WALL);

        if (tid < 0 && errno != EINTR)
            break;
        if (tid > 0 && (WIFEXITED(status) || WIFSIGNALED(status)))
            tasks_remove(run, tid);
    }
}

static enum err_code start(const struct engine_options *options,
                           struct symbolizer *symbols,
                           const struct engine_sink *sink,
                           struct ledger *ledger, struct engine_run **out,
                           struct err *err)
{
    struct engine_run *run = calloc(1, sizeof(*run));
    enum err_code rc;

    *out = NULL;
    if (run == NULL)
        return err_no_memory(err);
    run->options = *options;
    run->sink = *sink;
    run->ledger = ledger;
    run->symbols = symbols;
    run->target.memory_fd = -1;
    run->target.maps_fd = -1;
    run->unwinder.symbols = symbols;
    run->unwinder.target = &run->target;
    run->start_ns = run_now_ns();
    rc = activations_init(&run->activations, err);
    if (rc == ERR_OK)
        rc = launch_traced(options->argv,
                           options->pin ? pin_begin(&run->pin) : -1,
                           options->kill_on_exit, &run->pid, err);
    if (rc != ERR_OK)
        goto out;
    rc = tasks_add(run, run->pid, TASK_THREAD, err);
    if (rc == ERR_OK)
        rc = prepare_image(run, err);
    if (rc == ERR_OK)
        rc = await_libraries(run, err);
    if (rc != ERR_OK) {
        kill_target(run);
        goto out;
    }
    *out = run;
    run = NULL;
out:
    run_stop(run);
    return rc;
}

static pid_t pid_of(const struct engine_run *run)
{
    return run->pid;
}

const struct engine ptrace_engine = {
    .name = "breakpoint",
    .summary = "traps in the program's code, by ptrace; exact",
    .start = start,
    .step = step,
    .pid = pid_of,
    .stop = run_stop,
};
