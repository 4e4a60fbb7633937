/* Children by fork, vfork and posix_spawn live and allocate unharmed; the
 * parent's own events are all there. */
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"

extern char **environ;

enum { CHILDREN = 10, BLOCKS = 1000 };

static int line;

NOINLINE static void churn(int count)
{
    for (int i = 0; i < count; i++) {
        line = __LINE__ + 1;
        free(keep(malloc(20)));
    }
}

static int collect(pid_t pid)
{
    int status = -1;

    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status)
               ? WEXITSTATUS(status)
               : -1;
}

int main(void)
{
    char *argv[] = { "sh", "-c", "exit 5", NULL };

    expect_begin();
    for (int i = 0; i < CHILDREN; i++) {
        pid_t pid = fork();

        if (pid == 0) {
            churn(BLOCKS);
            _exit(3);
        }
        churn(10);
        if (collect(pid) != 3)
            return 2;

        pid = vfork();
        if (pid == 0) {
            execv("/bin/true", (char *[]){ "true", NULL });
            _exit(127);
        }
        churn(10);
        if (collect(pid) != 0)
            return 3;

        if (posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ) != 0 ||
            collect(pid) != 5)
            return 4;
        churn(10);
    }
    expect_site("churn", line, "malloc", 30 * CHILDREN, 600 * CHILDREN,
                "T:300");
    expect("ledger stacks_cut=0");
    expect("ledger children_released=%d", 3 * CHILDREN);
    return 0;
}
