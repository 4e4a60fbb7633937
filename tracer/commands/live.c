#include "commands/live.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/growing.h"
#include "tui/app.h"

struct live {
    const char *path;
    pid_t pid; /* 0: it has ended */
    int status;
};

/* The recorder itself; it ends, and seals, when we do. */
_Noreturn static void be_recorder(int (*record)(void *ctx), void *ctx, int said)
{
    int null = open("/dev/null", O_RDONLY);

    prctl(PR_SET_PDEATHSIG, SIGTERM);
    dup2(null, STDIN_FILENO);
    dup2(said, STDOUT_FILENO);
    dup2(said, STDERR_FILENO);
    /* Not the terminal's: Ctrl-C is for the explorer. */
    setpgid(0, 0);
    exit(record(ctx));
}

static void await_end(struct live *l, int flags)
{
    int status;
    pid_t pid = 0;

    do {
        pid = l->pid == 0 ? 0 : waitpid(l->pid, &status, flags);
    } while (pid < 0 && errno == EINTR);
    if (pid == 0)
        return;
    l->status =
        pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILED;
    l->pid = 0;
}

static void poll_live(void *ctx, size_t stage, struct feed_stage *out)
{
    struct live *l = ctx;

    (void)stage;
    await_end(l, WNOHANG);
    *out = (struct feed_stage){
        .state = l->pid != 0              ? FEED_RECORDING
                 : l->status == EXIT_DONE ? FEED_READY
                                          : FEED_FAILED,
        .path = l->path,
        .note = l->pid == 0 && l->status != EXIT_DONE
                    ? "the recording failed: quit to see why"
                    : "",
    };
}

static void print_said(FILE *said)
{
    char bytes[4096];
    size_t size;

    rewind(said);
    while ((size = fread(bytes, 1, sizeof(bytes), said)) > 0)
        fwrite(bytes, 1, size, stdout);
    fflush(stdout);
}

enum err_code live_run(const char *path, int (*record)(void *ctx), void *ctx,
                       struct display *display, int *status, struct err *err)
{
    const char *const titles[] = { path };
    struct live live = { .path = path, .status = EXIT_FAILED };
    const struct feed feed = { &live, 1, "", poll_live, false };
    FILE *said = NULL;
    enum err_code rc;

    if (!display->dump &&
        (isatty(STDIN_FILENO) != 1 || isatty(STDOUT_FILENO) != 1))
        return err_set(err, ERR_USAGE, "--live needs a terminal");
    said = tmpfile();
    if (said == NULL)
        return err_set(err, ERR_IO, "cannot make a temporary file");
    fcntl(fileno(said), F_SETFD, FD_CLOEXEC);
    live.pid = fork();
    if (live.pid == 0)
        be_recorder(record, ctx, fileno(said));
    if (live.pid < 0) {
        live.pid = 0;
        rc = err_set(err, ERR_IO, "cannot start the recorder");
        goto out;
    }
    display->app.feed = &feed;
    display->app.titles = titles;
    display->app.view = "live";
    rc = app_run(&display->app, err);
    if (live.pid != 0)
        kill(live.pid, SIGTERM);
    await_end(&live, 0);
    *status = live.status;
    print_said(said);
out:
    fclose(said);
    return rc;
}
