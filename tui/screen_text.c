/*
 * screen_text.c - a screen that is a text: keys from a script, and the last
 * grid printed at the end. No terminal is touched.
 */
#include <stdlib.h>
#include <string.h>

#include "tui/key.h"
#include "tui/screen.h"

struct text_screen {
    const char *script; /* what is left of it */
    FILE *dump;
    int rows, cols;
    struct grid last; /* a copy of what was shown last */
};

static void text_size(void *self, int *rows, int *cols)
{
    const struct text_screen *s = self;

    *rows = s->rows;
    *cols = s->cols;
}

static enum err_code text_show(void *self, const struct grid *g, bool anew,
                               struct err *err)
{
    struct text_screen *s = self;

    (void)anew;
    if (s->last.rows != g->rows || s->last.cols != g->cols) {
        enum err_code rc = grid_resize(&s->last, g->rows, g->cols, err);

        if (rc != ERR_OK)
            return rc;
    }
    memcpy(s->last.cells, g->cells,
           (size_t)g->rows * (size_t)g->cols * sizeof(*g->cells));
    return ERR_OK;
}

static int text_key(void *self, int timeout_ms)
{
    struct text_screen *s = self;
    int key;

    (void)timeout_ms;
    return key_script_next(&s->script, &key) ? key : K_CLOSED;
}

static enum err_code print(const struct text_screen *s, struct err *err)
{
    size_t cap = 4 * (size_t)s->last.cols + 1;
    char *line = malloc(cap);

    if (line == NULL)
        return err_no_memory(err);
    for (int row = 0; row < s->last.rows; row++) {
        grid_row_text(&s->last, row, line, cap);
        fprintf(s->dump, "%s\n", line);
    }
    free(line);
    if (fflush(s->dump) != 0 || ferror(s->dump))
        return err_set(err, ERR_IO, "cannot write the screen");
    return ERR_OK;
}

static enum err_code text_close(void *self, struct err *err)
{
    struct text_screen *s = self;
    enum err_code rc = ERR_OK;

    if (s->last.cells != NULL)
        rc = print(s, err);
    grid_fini(&s->last);
    free(s);
    return rc;
}

static enum err_code check_script(const char *script, struct err *err)
{
    int key;

    while (key_script_next(&script, &key))
        if (key == K_NONE)
            return err_set(err, ERR_USAGE, "the script names no such key: %.*s",
                           (int)strcspn(script, " \n\t"), script);
    return ERR_OK;
}

enum err_code screen_text_open(const char *script, FILE *dump, int rows,
                               int cols, bool ascii, struct display *out,
                               struct err *err)
{
    struct text_screen *s;
    enum err_code rc = check_script(script, err);

    if (rc != ERR_OK)
        return rc;
    s = calloc(1, sizeof(*s));
    if (s == NULL)
        return err_no_memory(err);
    s->script = script;
    s->dump = dump;
    s->rows = rows;
    s->cols = cols;
    *out = (struct display){
        .self = s,
        .ascii = ascii,
        .size = text_size,
        .show = text_show,
        .key = text_key,
        .close = text_close,
    };
    return ERR_OK;
}
