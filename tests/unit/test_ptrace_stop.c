#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attrs.h"
#include "engine/ptrace_stop.h"

/* Numbers of ptrace(2) and wait(2), written out: what the kernel reports. */
enum {
    STOPPED = 0x7f,
    EVENT_FORK = 1,
    EVENT_VFORK = 2,
    EVENT_CLONE = 3,
    EVENT_EXEC = 4,
    EVENT_VFORK_DONE = 5,
    EVENT_STOP = 128
};

#define STOP(signo) ((signo) << 8 | STOPPED)
#define EVENT(event, signo) ((event) << 16 | STOP(signo))

/* clang-format off */
static const struct {
    const char *what;
    int status;
    enum stop_kind want;
} stops[] = {
    { "exited with 0",        0,                            STOP_EXITED },
    { "exited with 3",        3 << 8,                       STOP_EXITED },
    { "killed",               SIGKILL,                      STOP_KILLED },
    { "killed, dumped",       SIGSEGV | 0x80,               STOP_KILLED },
    { "clone",                EVENT(EVENT_CLONE, SIGTRAP),  STOP_NEW_TASK },
    { "fork",                 EVENT(EVENT_FORK, SIGTRAP),   STOP_NEW_TASK },
    { "vfork",                EVENT(EVENT_VFORK, SIGTRAP),  STOP_NEW_TASK },
    { "vfork done",           EVENT(EVENT_VFORK_DONE, SIGTRAP), STOP_VFORK_DONE },
    { "exec",                 EVENT(EVENT_EXEC, SIGTRAP),   STOP_EXEC },
    { "new task, interrupt",  EVENT(EVENT_STOP, SIGTRAP),   STOP_READY },
    { "group stop, SIGSTOP",  EVENT(EVENT_STOP, SIGSTOP),   STOP_GROUP },
    { "group stop, SIGTTIN",  EVENT(EVENT_STOP, SIGTTIN),   STOP_GROUP },
    { "trap",                 STOP(SIGTRAP),                STOP_TRAP },
    { "signal",               STOP(SIGUSR1),                STOP_SIGNAL },
    { "stop signal to come",  STOP(SIGSTOP),                STOP_SIGNAL },
};
/* clang-format on */

static void ptrace_stop__names_each_status(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(stops); i++) {
        print_message("  %s\n", stops[i].what);
        assert_int_equal(stop_classify(stops[i].status), stops[i].want);
    }
}

static void ptrace_stop__tells_vfork_from_fork(void **unused)
{
    (void)unused;
    assert_true(stop_is_vfork(EVENT(EVENT_VFORK, SIGTRAP)));
    assert_false(stop_is_vfork(EVENT(EVENT_FORK, SIGTRAP)));
    assert_false(stop_is_vfork(EVENT(EVENT_CLONE, SIGTRAP)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ptrace_stop__names_each_status),
        cmocka_unit_test(ptrace_stop__tells_vfork_from_fork),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
