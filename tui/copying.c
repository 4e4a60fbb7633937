#include "tui/copying.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/key.h"

enum { SCRIPT_MAX = 32 << 10 }; /* bytes; a command line takes 128 KiB */

void key_log_fini(struct key_log *log)
{
    buf_fini(&log->script);
}

enum err_code key_log_init(struct key_log *log, struct err *err)
{
    *log = (struct key_log){ 0 };
    return buf_reserve(&log->script, SCRIPT_MAX, err);
}

void key_log_add(struct key_log *log, int key)
{
    char name[KEY_NAME_MAX];
    size_t size = strlen(key_label(key, name));
    const char *script = name;
    int again = K_NONE;

    /* What no script can name is bound to nothing. */
    if (log->is_full || !key_script_next(&script, &again) || again != key)
        return;
    if (log->script.size + size + 1 > SCRIPT_MAX) {
        log->is_full = true;
        return;
    }
    if (log->script.size > 0)
        log->script.data[log->script.size++] = ' ';
    memcpy(log->script.data + log->script.size, name, size);
    log->script.size += size;
}

enum err_code copying_row(const struct world *w, const void *state,
                          struct buf *out, struct err *err)
{
    struct world wide = *w; /* no label is shortened for a screen */
    char text[512];
    char clean[sizeof(text)];

    wide.cols = GRID_MAX;
    w->view->brief(state, &wide, text, sizeof(text));
    if (text[0] == '\0')
        return ERR_NOT_FOUND;
    text_clean(text, clean, sizeof(clean), false);
    return buf_bytes(out, clean, strlen(clean), err);
}

/* In single quotes, in which a shell changes nothing (POSIX 2.2.2). */
static enum err_code quote(struct buf *out, const char *text, size_t size,
                           struct err *err)
{
    enum err_code rc = buf_bytes(out, "'", 1, err);

    for (size_t i = 0; i < size && rc == ERR_OK; i++) {
        if (text[i] == '\'')
            rc = buf_bytes(out, "'\\''", 4, err);
        else
            rc = buf_bytes(out, text + i, 1, err);
    }
    return rc == ERR_OK ? buf_bytes(out, "'", 1, err) : rc;
}

enum err_code copying_command(const struct copying_start *start,
                              const struct key_log *log, struct buf *out,
                              struct err *err)
{
    char options[80];
    enum err_code rc;

    if (log->is_full || start->command == NULL)
        return ERR_NOT_FOUND;
    snprintf(
        options, sizeof(options), " --lang %s --size %dx%d --dump --script ",
        start->language == LANG_ZH ? "zh" : "en", start->cols, start->rows);
    rc = buf_bytes(out, start->command, strlen(start->command), err);
    if (rc == ERR_OK)
        rc = buf_bytes(out, options, strlen(options), err);
    if (rc == ERR_OK)
        rc = quote(out, (const char *)log->script.data, log->script.size, err);
    return rc;
}

const char *copying_toast(enum language language, const struct buf *text,
                          const struct clipboard_result *r, char *out,
                          size_t cap)
{
    enum message id = MSG_COPIED_FILE;
    char shown[256];

    if (r == NULL) {
        snprintf(
            shown, sizeof(shown), "%.*s",
            (int)(text->size < sizeof(shown) ? text->size : sizeof(shown) - 1),
            (const char *)text->data);
        return say_to(out, cap, language, MSG_COPY_SHOWN, shown);
    }
    if (r->is_tmux)
        id = MSG_COPIED_TMUX;
    else if (r->is_terminal && r->path[0] == '\0')
        id = MSG_COPIED_TERMINAL_ONLY;
    else if (r->is_terminal && r->is_cut)
        id = MSG_COPIED_CUT;
    else if (r->is_terminal)
        id = MSG_COPIED_TERMINAL;
    else if (r->path[0] == '\0')
        id = MSG_COPIED_NOWHERE;
    return say_to(out, cap, language, id, r->path);
}
