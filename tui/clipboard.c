#include "tui/clipboard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    SCREEN_CHUNK = 76, /* GNU screen takes only short device control strings */
    TMUX_WAIT_MS = 2000,
};

extern char **environ;

/* RFC 4648, section 4. */
static enum err_code base64(const uint8_t *bytes, size_t size, struct buf *out,
                            struct err *err)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    enum err_code rc = ERR_OK;

    for (size_t i = 0; i < size && rc == ERR_OK; i += 3) {
        uint32_t group = (uint32_t)bytes[i] << 16;
        char four[4];

        if (i + 1 < size)
            group |= (uint32_t)bytes[i + 1] << 8;
        if (i + 2 < size)
            group |= bytes[i + 2];
        for (int k = 0; k < 4; k++)
            four[k] = digits[group >> (18 - 6 * k) & 63];
        if (i + 1 >= size)
            four[2] = '=';
        if (i + 2 >= size)
            four[3] = '=';
        rc = buf_bytes(out, four, 4, err);
    }
    return rc;
}

static enum err_code put(struct buf *out, const char *text, struct err *err)
{
    return buf_bytes(out, text, strlen(text), err);
}

/* In pieces, each a device control string of its own, which screen takes the
 * wrapping off and passes on. */
static enum err_code wrap_for_screen(const struct buf *in, struct buf *out,
                                     struct err *err)
{
    enum err_code rc = ERR_OK;

    for (size_t at = 0; at < in->size && rc == ERR_OK; at += SCREEN_CHUNK) {
        size_t left = in->size - at;

        rc = put(out, "\033P", err);
        if (rc == ERR_OK)
            rc = buf_bytes(out, in->data + at,
                           left < SCREEN_CHUNK ? left : SCREEN_CHUNK, err);
        if (rc == ERR_OK)
            rc = put(out, "\033\\", err);
    }
    return rc;
}

/* Within tmux's passthrough each ESC is doubled; there is one, the first. */
static enum err_code wrap_for_tmux(const struct buf *in, struct buf *out,
                                   struct err *err)
{
    enum err_code rc = put(out, "\033Ptmux;\033", err);

    if (rc == ERR_OK)
        rc = buf_bytes(out, in->data, in->size, err);
    if (rc == ERR_OK)
        rc = put(out, "\033\\", err);
    return rc;
}

enum err_code clipboard_sequence(const char *text, size_t size,
                                 enum clipboard_wrap wrap, struct buf *out,
                                 struct err *err)
{
    struct buf plain = { 0 };
    enum err_code rc = put(&plain, "\033]52;c;", err);

    if (size > CLIPBOARD_MAX)
        size = CLIPBOARD_MAX;
    if (rc == ERR_OK)
        rc = base64((const uint8_t *)text, size, &plain, err);
    if (rc == ERR_OK)
        rc = put(&plain, "\a", err);
    if (rc != ERR_OK)
        goto out;
    if (wrap == WRAP_SCREEN)
        rc = wrap_for_screen(&plain, out, err);
    else if (wrap == WRAP_TMUX)
        rc = wrap_for_tmux(&plain, out, err);
    else
        rc = buf_bytes(out, plain.data, plain.size, err);
out:
    buf_fini(&plain);
    return rc;
}

static bool write_all(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;

    while (size > 0) {
        ssize_t done = write(fd, at, size);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        size -= (size_t)done;
    }
    return true;
}

/* Makes the folders above a path that is not there yet. */
static void make_folders(char *path)
{
    for (char *p = strchr(path + 1, '/'); p != NULL; p = strchr(p + 1, '/')) {
        *p = '\0';
        mkdir(path, 0700);
        *p = '/';
    }
}

static bool to_file(const char *text, size_t size, char *path, size_t cap)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    int length = -1;
    int fd;
    bool ok;

    if (state != NULL && state[0] == '/')
        length = snprintf(path, cap, "%s/stackward/copied", state);
    else if (home != NULL && home[0] == '/')
        length = snprintf(path, cap, "%s/.local/state/stackward/copied", home);
    if (length < 0 || (size_t)length >= cap)
        return false;
    make_folders(path);
    fd =
        open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    ok = write_all(fd, text, size);
    return close(fd) == 0 && ok;
}

/* Whether the program ended well in time; one that hangs is ended. */
static bool await(pid_t pid)
{
    const struct timespec pause = { .tv_nsec = 10 * 1000000L };
    int status = 0;

    for (int ms = 0; ms < TMUX_WAIT_MS; ms += 10) {
        pid_t ended = waitpid(pid, &status, WNOHANG);

        if (ended == pid)
            return WIFEXITED(status) && WEXITSTATUS(status) == 0;
        if (ended < 0 && errno != EINTR)
            return false;
        nanosleep(&pause, NULL);
    }
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return false;
}

/* -w, also to the terminal's clipboard, is there from tmux 3.2 on; an older
 * one fails, and is asked by a sequence instead. */
static bool to_tmux(const char *path)
{
    char *const argv[] = { "tmux", "load-buffer", "-w", (char *)path, NULL };
    posix_spawn_file_actions_t actions;
    pid_t pid;
    bool ok = false;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    for (int fd = 0; fd < 3; fd++)
        if (posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR,
                                             0) != 0)
            goto out;
    ok = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) == 0 &&
         await(pid);
out:
    posix_spawn_file_actions_destroy(&actions);
    return ok;
}

static bool to_terminal(const char *text, size_t size, enum clipboard_wrap wrap)
{
    struct buf sequence = { 0 };
    struct err err;
    int fd = open("/dev/tty", O_WRONLY | O_NOCTTY | O_CLOEXEC);
    bool ok = false;

    if (fd < 0)
        return false;
    if (clipboard_sequence(text, size, wrap, &sequence, &err) == ERR_OK)
        ok = write_all(fd, sequence.data, sequence.size);
    buf_fini(&sequence);
    return close(fd) == 0 && ok;
}

void clipboard_put(const char *text, size_t size, struct clipboard_result *out)
{
    bool in_tmux = getenv("TMUX") != NULL;
    bool in_screen = !in_tmux && getenv("STY") != NULL;

    *out = (struct clipboard_result){ .is_cut = size > CLIPBOARD_MAX };
    if (!to_file(text, size, out->path, sizeof(out->path)))
        out->path[0] = '\0';
    if (in_tmux && out->path[0] != '\0')
        out->is_tmux = to_tmux(out->path);
    if (!out->is_tmux)
        out->is_terminal = to_terminal(text, size,
                                       in_tmux     ? WRAP_TMUX
                                       : in_screen ? WRAP_SCREEN
                                                   : WRAP_NONE);
    if (out->is_tmux)
        out->is_cut = false;
}
