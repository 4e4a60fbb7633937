/*
 * ptrace_stop.h - what a wait status means.
 */
#ifndef ENGINE_PTRACE_STOP_H
#define ENGINE_PTRACE_STOP_H

#include <stdbool.h>

enum stop_kind {
    STOP_EXITED,     /* the task is gone; WEXITSTATUS */
    STOP_KILLED,     /* the task is gone; WTERMSIG */
    STOP_NEW_TASK,   /* it made a thread or child: PTRACE_GETEVENTMSG is its id.
                        Resume with signal 0 */
    STOP_VFORK_DONE, /* its vfork child let go of the memory. Signal 0 */
    STOP_EXEC,       /* it runs another program; the event message is the
                        former id of the thread that did. Signal 0 */
    STOP_READY,      /* a new task's first stop, or the answer to
                        PTRACE_INTERRUPT. Signal 0 */
    STOP_GROUP,      /* job control stopped it: PTRACE_LISTEN, or the program
                        would never notice the stop */
    STOP_TRAP,       /* SIGTRAP: perhaps our breakpoint, perhaps its own */
    STOP_SIGNAL,     /* about to receive WSTOPSIG: resume with that */
};

enum stop_kind stop_classify(int status);

/* For STOP_NEW_TASK: the child borrows its maker's memory (vfork(2)). */
bool stop_is_vfork(int status);

#endif
