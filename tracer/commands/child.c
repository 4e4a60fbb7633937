#include "commands/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* fd_out, fd_err: where the two streams go; -1 nowhere. */
_Noreturn static void be_child(char *const argv[], int fd_out, int fd_err)
{
    int null = open("/dev/null", O_RDWR);
    sigset_t none;

    /* The explorer may hold signals back; a child must not inherit that. */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    /* SIGTERM lets a recorder take its breakpoints out. */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    dup2(null, STDIN_FILENO);
    dup2(fd_out >= 0 ? fd_out : null, STDOUT_FILENO);
    dup2(fd_err >= 0 ? fd_err : null, STDERR_FILENO);
    /* Not the terminal's: Ctrl-C is for the explorer. */
    setpgid(0, 0);
    execvp(argv[0], argv);
    dprintf(STDERR_FILENO, "cannot run %s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

enum err_code child_start_file(struct child *c, char *const argv[],
                               const struct child_file *file, struct err *err)
{
    int fd = open(file->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

    *c = (struct child){ .fd = -1 };
    if (fd < 0)
        return err_set(err, ERR_IO, "cannot write %s", file->path);
    c->pid = fork();
    if (c->pid == 0) {
        const struct rlimit limit = { file->max_bytes, file->max_bytes };

        if (file->max_bytes > 0)
            setrlimit(RLIMIT_FSIZE, &limit);
        be_child(argv, file->has_out ? fd : -1, file->has_err ? fd : -1);
    }
    close(fd);
    if (c->pid > 0)
        return ERR_OK;
    c->pid = 0;
    return err_set(err, ERR_IO, "cannot run %s", argv[0]);
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
        be_child(argv, stream == STDOUT_FILENO ? pair[1] : -1,
                 stream == STDERR_FILENO ? pair[1] : -1);
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

void child_kill(struct child *c)
{
    /* Its group has its number, once it has called setpgid; before that it
     * has started nothing. */
    if (c->pid > 0 && kill(-c->pid, SIGKILL) != 0)
        kill(c->pid, SIGKILL);
    child_stop(c);
}
