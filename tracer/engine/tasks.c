#include "engine/tasks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/vec.h"
#include "engine/observe.h"
#include "engine/ptrace_calls.h"
#include "engine/ptrace_stop.h"

static void free_task(struct task *t)
{
    for (size_t i = 0; i < t->shadow_count; i++)
        shadow_fini(&t->shadows[i]);
    free(t->shadows);
    free(t);
}

enum err_code tasks_add(struct engine_run *run, pid_t tid, enum task_kind kind,
                        struct err *err)
{
    struct task *t = calloc(1, sizeof(*t));
    enum err_code rc = ERR_OK;

    if (t == NULL)
        return err_no_memory(err);
    t->tid = tid;
    t->kind = kind;
    rc = vec_grow(&run->tasks, run->task_count, &run->task_cap,
                  sizeof(struct task *), err);
    if (rc == ERR_OK)
        rc = map_put(&run->task_index, (uint64_t)tid, run->task_count, err);
    if (rc != ERR_OK) {
        free(t);
        return rc;
    }
    run->tasks[run->task_count++] = t;
    return ERR_OK;
}

struct task *tasks_find(const struct engine_run *run, pid_t tid)
{
    uint64_t index;

    return map_get(&run->task_index, (uint64_t)tid, &index) ? run->tasks[index]
                                                            : NULL;
}

void tasks_remove(struct engine_run *run, pid_t tid)
{
    struct err err;
    uint64_t index;

    if (!map_take(&run->task_index, (uint64_t)tid, &index))
        return;
    free_task(run->tasks[index]);
    run->tasks[index] = run->tasks[--run->task_count];
    /* Replaces the moved task's index, which needs no memory. */
    if (index < run->task_count &&
        map_put(&run->task_index, (uint64_t)run->tasks[index]->tid, index,
                &err) != ERR_OK)
        log_debug("task index lost tid=%d", run->tasks[index]->tid);
}

void tasks_fini(struct engine_run *run)
{
    for (size_t i = 0; i < run->task_count; i++)
        free_task(run->tasks[i]);
    free(run->tasks);
    run->tasks = NULL;
    run->task_count = run->task_cap = 0;
    map_fini(&run->task_index);
    map_fini(&run->newborn);
}

/* Whether `tid` is a thread of the process `pid`. */
static bool is_thread_of(pid_t pid, pid_t tid)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/task/%d", pid, tid);
    return access(path, F_OK) == 0;
}

/* A child with a copy of our memory has a copy of our traps. */
static void release_child(struct engine_run *run, pid_t tid)
{
    struct err err;
    int fd;

    if (tracee_memory_open(tid, &fd, &err) == ERR_OK) {
        breakpoints_lift(&run->breakpoints, fd);
        close(fd);
    }
    pin_lift(&run->pin, tid);
    ptrace_detach(tid, 0);
    run->ledger->children_released++;
    log_debug("child released pid=%d", tid);
}

void tasks_release_newborn(struct engine_run *run, pid_t tid)
{
    struct err err;

    if (is_thread_of(run->pid, tid) ||
        tracee_shares_memory(tid, run->pid, false)) {
        pin_lift(&run->pin, tid);
        ptrace_detach(tid, 0);
    } else {
        release_child(run, tid);
    }
    if (map_put(&run->newborn, (uint64_t)tid, NEWBORN_RELEASED, &err) != ERR_OK)
        log_debug("newborn lost tid=%d", tid);
}

/* Both halves of the news are there: the task stands in its first stop. */
static enum err_code settle(struct engine_run *run, pid_t tid, bool is_vfork,
                            struct err *err)
{
    enum err_code rc;

    if (is_thread_of(run->pid, tid))
        rc = tasks_add(run, tid, TASK_THREAD, err);
    else if (tracee_shares_memory(tid, run->pid, is_vfork))
        rc = tasks_add(run, tid, TASK_GUEST, err);
    else {
        release_child(run, tid);
        return ERR_OK;
    }
    if (rc == ERR_OK)
        rc = ptrace_resume(tid, 0, err);
    return rc == ERR_TRACEE_GONE ? ERR_OK : rc;
}

/* Several threads: no longer on one processor, neither they nor we. */
static void unpin(struct engine_run *run, pid_t new_thread)
{
    pin_end(&run->pin);
    for (size_t i = 0; i < run->task_count; i++)
        pin_lift(&run->pin, run->tasks[i]->tid);
    pin_lift(&run->pin, new_thread);
}

enum err_code tasks_announced(struct engine_run *run, const struct task *maker,
                              bool is_vfork, pid_t tid, struct err *err)
{
    uint64_t state;

    if (tid == 0 || tasks_find(run, tid) != NULL)
        return ERR_OK;
    if (maker->kind == TASK_THREAD && is_thread_of(run->pid, tid))
        unpin(run, tid);
    if (!map_take(&run->newborn, (uint64_t)tid, &state))
        return map_put(&run->newborn, (uint64_t)tid,
                       is_vfork ? NEWBORN_ANNOUNCED_VFORK : NEWBORN_ANNOUNCED,
                       err);
    return settle(run, tid, is_vfork, err);
}

enum err_code tasks_arrived(struct engine_run *run, pid_t tid, int status,
                            struct err *err)
{
    enum stop_kind kind = stop_classify(status);
    uint64_t state;

    if (kind == STOP_EXITED || kind == STOP_KILLED) {
        map_take(&run->newborn, (uint64_t)tid, NULL);
        return ERR_OK;
    }
    if (!map_take(&run->newborn, (uint64_t)tid, &state))
        return map_put(&run->newborn, (uint64_t)tid, NEWBORN_ARRIVED, err);
    return settle(run, tid, state == NEWBORN_ANNOUNCED_VFORK, err);
}

enum err_code tasks_exec(struct engine_run *run, struct err *err)
{
    enum err_code rc = ERR_OK;

    for (size_t i = run->task_count; i-- > 0;) {
        struct task *t = run->tasks[i];

        if (t->kind == TASK_GUEST)
            continue;
        if (rc == ERR_OK)
            rc = observe_thread_end(run, t, err);
        if (t->tid != run->pid)
            tasks_remove(run, t->tid);
    }
    tasks_remove(run, run->pid);
    if (rc == ERR_OK)
        rc = tasks_add(run, run->pid, TASK_THREAD, err);
    return rc;
}
