#include "tui/app.h"

#include <time.h>

#include "tui/explorer.h"
#include "tui/key.h"
#include "tui/screen.h"

enum {
    SLICE_EVENTS = 200000, /* read between two looks at the keyboard */
    POLL_MS = 50,          /* while stages are recorded: 20 draws a second */
    FRAME_MS = 27,         /* while something moves */
};

static uint64_t now_ms(void)
{
    struct timespec t = { 0 };

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static enum err_code draw(struct explorer *ex, const struct display *screen,
                          struct grid *g, bool anew, struct err *err)
{
    enum err_code rc = ERR_OK;
    int rows;
    int cols;

    screen->size(screen->self, &rows, &cols);
    if (g->rows != rows || g->cols != cols)
        rc = grid_resize(g, rows, cols, err);
    if (rc == ERR_OK)
        rc = explorer_draw(ex, g, err);
    if (rc == ERR_OK)
        rc = screen->show(screen->self, g, anew, err);
    return rc;
}

/* A script is played on stages that are all there. */
static enum err_code wait_for_stages(struct explorer *ex, struct err *err)
{
    const struct timespec pause = { .tv_nsec = 10 * 1000000L };
    bool busy = true;

    while (busy) {
        enum err_code rc = explorer_tick(ex, now_ms(), 0, &busy, err);

        if (rc != ERR_OK)
            return rc;
        if (busy)
            nanosleep(&pause, NULL);
    }
    return ERR_OK;
}

/* A script has no clipboard: it shows what would be copied. */
static void copy(struct explorer *ex, const struct app_options *options)
{
    struct clipboard_result result;
    size_t size;
    const char *text = explorer_copied(ex, &size);

    if (options->script == NULL)
        clipboard_put(text, size, &result);
    explorer_tell_copied(ex, options->script == NULL ? &result : NULL);
}

static enum err_code run(struct explorer *ex, const struct display *screen,
                         const struct app_options *options, struct grid *g,
                         struct err *err)
{
    enum wish wish = WISH_NONE;

    while (wish != WISH_QUIT) {
        bool busy = false;
        enum err_code rc =
            explorer_tick(ex, now_ms(), SLICE_EVENTS, &busy, err);
        int timeout_ms = explorer_is_moving(ex)             ? FRAME_MS
                         : busy || explorer_is_watching(ex) ? POLL_MS
                                                            : -1;
        int key;

        if (rc == ERR_OK && (wish != WISH_NONE || explorer_is_stale(ex)))
            rc = draw(ex, screen, g, wish != WISH_NONE, err);
        if (rc != ERR_OK)
            return rc;
        /* The last frame of a motion is drawn at once after it ended. */
        if (timeout_ms < 0 && explorer_is_stale(ex))
            timeout_ms = FRAME_MS;
        key = screen->key(screen->self, timeout_ms);
        if (key == K_CLOSED)
            return ERR_OK;
        rc = explorer_key(ex, key, &wish, err);
        if (rc != ERR_OK)
            return rc;
        if (wish == WISH_COPY)
            copy(ex, options);
        if (wish == WISH_SUSPEND && screen->suspend != NULL)
            screen->suspend(screen->self);
        if (wish == WISH_EDIT && screen->edit != NULL)
            screen->edit(screen->self, explorer_edit_path(ex));
    }
    return ERR_OK;
}

enum err_code app_run(const struct app_options *options, struct err *err)
{
    struct display screen = { 0 };
    struct explorer *ex = NULL;
    struct grid g = { 0 };
    enum err_code rc;

    if (options->script != NULL)
        rc = screen_text_open(options->script, options->dump, options->rows,
                              options->cols, options->ascii, &screen, err);
    else
        rc =
            screen_curses_open(options->ascii, options->no_color, &screen, err);
    if (rc == ERR_OK)
        rc = explorer_open(options, screen.ascii, &ex, err);
    if (rc == ERR_OK && options->script != NULL)
        rc = wait_for_stages(ex, err);
    if (rc == ERR_OK)
        rc = run(ex, &screen, options, &g, err);
    explorer_close(ex);
    grid_fini(&g);
    if (screen.close != NULL) {
        struct err closing = { 0 };
        enum err_code closed = screen.close(screen.self, &closing);

        if (rc == ERR_OK && closed != ERR_OK) {
            *err = closing;
            rc = closed;
        }
    }
    return rc;
}
