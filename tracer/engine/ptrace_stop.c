#include "engine/ptrace_stop.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

/* Names a wait status. Touches no process, so the tests feed it numbers. */
enum stop_kind stop_classify(int status)
{
    if (WIFEXITED(status))
        return STOP_EXITED;
    if (WIFSIGNALED(status))
        return STOP_KILLED;

    switch (status >> 16) { /* ptrace(2), "PTRACE_EVENT stops" */
    case PTRACE_EVENT_CLONE:
    case PTRACE_EVENT_FORK:
    case PTRACE_EVENT_VFORK:
        return STOP_NEW_TASK;
    case PTRACE_EVENT_VFORK_DONE:
        return STOP_VFORK_DONE;
    case PTRACE_EVENT_EXEC:
        return STOP_EXEC;
    case PTRACE_EVENT_STOP:
        /* PTRACE_SEIZE folds three stops into this event. A group stop
         * carries the stopping signal. A new task's first stop and the
         * answer to PTRACE_INTERRUPT both carry SIGTRAP, and both only
         * mean that the task may be resumed. */
        return WSTOPSIG(status) == SIGTRAP ? STOP_READY : STOP_GROUP;
    default:
        return WSTOPSIG(status) == SIGTRAP ? STOP_TRAP : STOP_SIGNAL;
    }
}

bool stop_is_vfork(int status)
{
    return status >> 16 == PTRACE_EVENT_VFORK;
}
