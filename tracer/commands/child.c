#include "commands/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

_Noreturn static void be_child(char *const argv[], int stream, int fd)
{
    int null = open("/dev/null", O_RDWR);

    /* SIGTERM lets a recorder take its breakpoints out. */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    dup2(null, STDIN_FILENO);
    dup2(stream == STDOUT_FILENO ? fd : null, STDOUT_FILENO);
    dup2(stream == STDERR_FILENO ? fd : null, STDERR_FILENO);
    /* Not the terminal's: Ctrl-C is for the explorer. */
    setpgid(0, 0);
    execvp(argv[0], argv);
    _exit(127);
}

enum err_code child_start(struct child *c, char *const argv[], int stream,
                          struct err *err)
{
    int pair[2];

    *c = (struct child){ .fd = -1 };
    if (pipe2(pair, O_CLOEXEC) != 0)
        return err_set(err, ERR_IO, "cannot make a pipe");
    c->pid = fork();
    if (c->pid == 0)
        be_child(argv, stream, pair[1]);
    close(pair[1]);
    if (c->pid < 0) {
        c->pid = 0;
        close(pair[0]);
        return err_set(err, ERR_IO, "cannot run %s", argv[0]);
    }
    c->fd = pair[0];
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    return ERR_OK;
}

static void read_text(struct child *c)
{
    char bytes[256];
    ssize_t got;

    while (c->fd >= 0 && (got = read(c->fd, bytes, sizeof(bytes))) > 0) {
        size_t size = (size_t)got;
        size_t room = CHILD_TEXT_MAX - 1 - c->size;

        if (size > room) { /* keep the newest */
            size_t drop = size - room;

            memmove(c->text, c->text + drop, c->size - drop);
            c->size -= drop;
        }
        memcpy(c->text + c->size, bytes, size);
        c->size += size;
        c->text[c->size] = '\0';
    }
}

bool child_poll(struct child *c, int *status)
{
    pid_t pid;

    read_text(c);
    if (c->pid == 0)
        return true;
    pid = waitpid(c->pid, status, WNOHANG);
    if (pid == 0 || (pid < 0 && errno == EINTR))
        return false;
    if (pid < 0)
        *status = -1;
    read_text(c);
    c->pid = 0;
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
    return true;
}

void child_stop(struct child *c)
{
    if (c->pid > 0) {
        kill(c->pid, SIGTERM);
        while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
            ;
        c->pid = 0;
    }
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
}
