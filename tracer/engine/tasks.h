/*
 * tasks.h - the threads of the traced process, and what becomes of its
 * children.
 *
 * A new task's first stop and its maker's event come in either order. Both
 * are needed: the event says who made it, the stop that it stands still. A
 * child with memory of its own is cleaned of our traps and let go; one that
 * shares the program's memory (vfork) is kept as a guest until it has its own.
 */
#ifndef ENGINE_TASKS_H
#define ENGINE_TASKS_H

#include "base/err.h"
#include "engine/run.h"

/* Adds a task the engine knows to be there. */
enum err_code tasks_add(struct engine_run *run, pid_t tid, enum task_kind kind,
                        struct err *err) MUST_CHECK;

/* NULL when unknown. Borrowed until tasks_remove. */
struct task *tasks_find(const struct engine_run *run, pid_t tid);

/* Frees the task; accepts one that is unknown. */
void tasks_remove(struct engine_run *run, pid_t tid);

/* Values of engine_run.newborn: what is known of a task of which only one half
 * of the news has come. */
enum newborn_state {
    NEWBORN_ANNOUNCED,       /* its first stop is outstanding */
    NEWBORN_ANNOUNCED_VFORK, /* likewise; it shares its maker's memory */
    NEWBORN_ARRIVED,         /* it stands in its first stop */
    NEWBORN_RELEASED,        /* let go, while the whole process was */
};

/* The event: `maker` made task `tid` (0: already dead). */
enum err_code tasks_announced(struct engine_run *run, const struct task *maker,
                              bool is_vfork, pid_t tid,
                              struct err *err) MUST_CHECK;

/* Lets a task go that stands in its first stop, cleaned if it has a copy of
 * our traps. */
void tasks_release_newborn(struct engine_run *run, pid_t tid);

/* The stop: an unknown task reported `status`. */
enum err_code tasks_arrived(struct engine_run *run, pid_t tid, int status,
                            struct err *err) MUST_CHECK;

/* After an exec, by whichever thread: all threads are gone but one, which is
 * run->pid now (execve(2)) and begins anew. Sends their ends. */
enum err_code tasks_exec(struct engine_run *run, struct err *err) MUST_CHECK;

void tasks_fini(struct engine_run *run);

#endif
