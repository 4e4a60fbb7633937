/*
 * drive.h - the explorer on the demo, for unit tests: keys in, and whether a
 * text is on the screen.
 */
#ifndef SCREENS_DRIVE_H
#define SCREENS_DRIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "screens/demo.h"
#include "tui/explorer.h"
#include "tui/grid.h"

struct drive {
    struct demo *demo;
    struct app_options options;
    struct explorer *ex; /* NULL: not started */
    struct grid grid;    /* 100 x 30 */
    uint64_t now_ms;
    char row[4096];
};

/* Aborts when anything goes wrong. */
struct drive *drive_open(void);
void drive_close(struct drive *d); /* accepts NULL */

/* Starts anew, reading all there is, and presses each of these characters.
 * The first failure is given back. */
enum err_code drive_try(struct drive *d, const char *characters,
                        struct err *err);

/* A script of keys, with time to read and to draw after each. Aborts when
 * that fails. */
void drive_press(struct drive *d, const char *script);

/* Lets so much time pass. */
void drive_wait(struct drive *d, uint64_t ms);

bool drive_shows(struct drive *d, const char *text);

/* A row of the screen; valid until the next call. */
const char *drive_row(struct drive *d, int row);

#endif
