#include "screens/drive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/key.h"

static void must(enum err_code rc, const struct err *err)
{
    if (rc == ERR_OK)
        return;
    fprintf(stderr, "drive: %s\n", err->text);
    abort();
}

struct drive *drive_open(void)
{
    struct drive *d = calloc(1, sizeof(*d));
    struct err err = { 0 };

    if (d == NULL)
        must(err_no_memory(&err), &err);
    d->demo = demo_open();
    demo_options(d->demo, false, false, &d->options);
    must(grid_resize(&d->grid, 30, 100, &err), &err);
    must(drive_try(d, "", &err), &err);
    return d;
}

void drive_close(struct drive *d)
{
    if (d == NULL)
        return;
    explorer_close(d->ex);
    grid_fini(&d->grid);
    demo_close(d->demo);
    free(d);
}

static enum err_code press(struct drive *d, int key, struct err *err)
{
    enum wish wish;
    bool busy;
    enum err_code rc = explorer_key(d->ex, key, &wish, err);

    if (rc == ERR_OK)
        rc = explorer_tick(d->ex, d->now_ms, 0, &busy, err);
    if (rc == ERR_OK)
        rc = explorer_draw(d->ex, &d->grid, err);
    return rc;
}

enum err_code drive_try(struct drive *d, const char *characters,
                        struct err *err)
{
    bool busy = true;
    enum err_code rc;

    explorer_close(d->ex);
    d->ex = NULL;
    rc = explorer_open(&d->options, false, &d->ex, err);
    while (rc == ERR_OK && busy)
        rc = explorer_tick(d->ex, d->now_ms, 0, &busy, err);
    if (rc == ERR_OK)
        rc = explorer_draw(d->ex, &d->grid, err);
    for (; rc == ERR_OK && *characters != '\0'; characters++)
        rc = press(d, *characters, err);
    return rc;
}

void drive_press(struct drive *d, const char *script)
{
    struct err err = { 0 };
    int key;

    while (key_script_next(&script, &key))
        must(press(d, key, &err), &err);
}

void drive_wait(struct drive *d, uint64_t ms)
{
    struct err err = { 0 };
    bool busy;

    d->now_ms += ms;
    must(explorer_tick(d->ex, d->now_ms, 0, &busy, &err), &err);
    must(explorer_draw(d->ex, &d->grid, &err), &err);
}

const char *drive_row(struct drive *d, int row)
{
    grid_row_text(&d->grid, row, d->row, sizeof(d->row));
    return d->row;
}

bool drive_shows(struct drive *d, const char *text)
{
    for (int i = 0; i < d->grid.rows; i++)
        if (strstr(drive_row(d, i), text) != NULL)
            return true;
    return false;
}
