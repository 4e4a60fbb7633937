#include "child.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static bool spawn(char *const argv[], int in, int out, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    bool good;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    good = (in >= 0 ? posix_spawn_file_actions_adddup2(&actions, in, 0) == 0
                    : posix_spawn_file_actions_addopen(&actions, 0, "/dev/null",
                                                       O_RDONLY, 0) == 0) &&
           posix_spawn_file_actions_adddup2(&actions, out, 1) == 0 &&
           posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY,
                                            0) == 0 &&
           posix_spawnp(pid, argv[0], &actions, NULL, argv, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    return good;
}

bool child_start(char *const argv[], FILE *in, struct child *out)
{
    int ends[2];
    bool good;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    good = spawn(argv, in == NULL ? -1 : fileno(in), ends[1], &out->pid);
    close(ends[1]);
    out->out = good ? fdopen(ends[0], "r") : NULL;
    if (out->out == NULL)
        close(ends[0]);
    return out->out != NULL;
}

bool child_finish(struct child *c)
{
    char rest[4096];
    int status = -1;

    while (fread(rest, 1, sizeof(rest), c->out) > 0)
        ; /* else it would be killed by SIGPIPE */
    fclose(c->out);
    return waitpid(c->pid, &status, 0) == c->pid && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}
