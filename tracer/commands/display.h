/*
 * display.h - the options of every command that opens the explorer.
 */
#ifndef COMMANDS_DISPLAY_H
#define COMMANDS_DISPLAY_H

#include <argp.h>

#include "base/err.h"
#include "tui/app.h"

struct display {
    struct app_options app; /* course, feed and titles are left empty */
    bool dump;
    char command[4096]; /* as it was typed, for a shell; app.command points
                           to it, unless it was longer */
};

/* Keeps the command line, before argp reorders it. */
void display_remember(struct display *d, int argc, char *const *argv);

/* What the environment says: NO_COLOR, the language and character set of the
 * locale; a screen of 80x24 for --dump. */
void display_init(struct display *d);

/* To be an argp child; its input is a struct display. */
extern const struct argp display_parser;

#endif
