/*
 * explore.c - stackward alone: the explorer on the bundled course.
 */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/course_feed.h"
#include "commands/display.h"
#include "commands/places.h"
#include "commands/tell.h"
#include "commands/workbench.h"
#include "commands/stages_table.h"
#include "tui/app.h"

enum { OPT_REPLAY = 256, OPT_COURSE, OPT_WORK };

struct settings {
    struct display display;
    const char *course; /* NULL: the bundled one */
    const char *work;   /* folder of the exercises; NULL: the default */
    bool replay;
};

/* clang-format off */
static const struct argp_option options[] = {
    { "replay", OPT_REPLAY, NULL,   0, "show the recorded traces instead of recording now", 1 },
    { "course", OPT_COURSE, "FILE", 0, "another course.json", 1 },
    { "work",   OPT_WORK,   "FOLDER", 0, "do the exercises there (default: $XDG_STATE_HOME/stackward)", 1 },
    { 0 }
};
/* clang-format on */

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct settings *s = state->input;

    switch (key) {
    case OPT_REPLAY:
        s->replay = true;
        break;
    case OPT_COURSE:
        s->course = arg;
        break;
    case OPT_WORK:
        s->work = arg;
        break;
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &s->display;
        break;
    case ARGP_KEY_ARG:
        argp_error(state, "no command named %s", arg);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_child children[] = {
    { &display_parser, 0, "How it looks:", 5 }, { 0 }
};

static const struct argp parser = {
    .options = options,
    .parser = parse,
    .children = children,
    .doc = "Steps through a program's allocations, stage by stage."
           "\vWithout a terminal it prints the table of `stackward stages`. "
           "`stackward --help` lists the other commands.",
};

/* The screen of a terminal, or of a script; else the table. */
static enum err_code show(struct settings *s, const struct course *course,
                          struct course_feed *feed, const struct coach *coach,
                          struct err *err)
{
    bool has_terminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;

    if (!s->display.dump && !has_terminal) {
        course_feed_await(feed);
        return stages_table_print(course, course_feed_get(feed), stdout, err);
    }
    s->display.app.course = course;
    s->display.app.coach = coach;
    s->display.app.tour = !s->display.dump && places_first_start();
    s->display.app.feed = course_feed_get(feed);
    return app_run(&s->display.app, err);
}

static int run(int argc, char **argv)
{
    struct settings s = { .course = NULL };
    struct course *course = NULL;
    struct course_feed *feed = NULL;
    struct workbench *bench = NULL;
    struct err err = { 0 };
    struct err no_bench;
    enum err_code rc;

    display_init(&s.display);
    display_remember(&s.display, argc, argv);
    argp_parse(&parser, argc, argv, 0, NULL, &s);
    rc = places_open_course(s.course, &course, &err);
    if (rc == ERR_OK)
        rc = course_feed_open(course, s.replay, &feed, &err);
    /* Without a folder to work in there are no exercises: no reason not to
     * look at the rest. */
    if (rc == ERR_OK &&
        workbench_open(course, s.work, &bench, &no_bench) == ERR_NO_MEMORY)
        rc = err_no_memory(&err);
    if (rc == ERR_OK)
        rc = show(&s, course, feed,
                  bench == NULL ? NULL : workbench_coach(bench), &err);
    workbench_close(bench);
    course_feed_close(feed);
    course_close(course);
    if (rc == ERR_OK)
        rc = tell_flush(&err);
    return rc == ERR_OK ? EXIT_DONE : tell_error(rc, &err);
}

const struct command command_explore = {
    .name = "explore",
    .summary = "the explorer on the bundled course (the default)",
    .run = run,
};
