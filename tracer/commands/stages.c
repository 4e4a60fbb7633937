/*
 * stages.c - stackward stages: the bundled course as a table.
 */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands/command.h"
#include "commands/course_feed.h"
#include "commands/places.h"
#include "commands/tell.h"
#include "commands/stages_table.h"

enum { OPT_JSON = 256, OPT_REPLAY, OPT_COURSE };

/* clang-format off */
static const struct argp_option options[] = {
    { "json",   OPT_JSON,   NULL,   0, "an array of objects, one per stage", 0 },
    { "replay", OPT_REPLAY, NULL,   0, "use the recorded traces instead of recording now", 0 },
    { "course", OPT_COURSE, "FILE", 0, "another course.json", 0 },
    { 0 }
};
/* clang-format on */

struct settings {
    bool json;
    bool replay;
    const char *course;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct settings *s = state->input;

    switch (key) {
    case OPT_JSON:
        s->json = true;
        break;
    case OPT_REPLAY:
        s->replay = true;
        break;
    case OPT_COURSE:
        s->course = arg;
        break;
    case ARGP_KEY_ARG:
        argp_error(state, "no argument %s is expected", arg);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp parser = {
    .options = options,
    .parser = parse,
    .doc = "Records every stage of the bundled course now, and prints what "
           "one operation of each costs."
           "\vWhere tracing is not permitted it says why, and uses the "
           "recorded traces.",
};

static int run(int argc, char **argv)
{
    struct settings s = { .json = false };
    struct course *course = NULL;
    struct course_feed *feed = NULL;
    struct err err = { 0 };
    enum err_code rc;

    argp_parse(&parser, argc, argv, 0, NULL, &s);
    rc = places_open_course(s.course, &course, &err);
    if (rc == ERR_OK)
        rc = course_feed_open(course, s.replay, &feed, &err);
    if (rc == ERR_OK) {
        const struct feed *f = course_feed_get(feed);

        course_feed_await(feed);
        if (s.json && f->note[0] != '\0')
            tell("%s", f->note);
        rc = s.json ? stages_table_json(course, f, stdout, &err)
                    : stages_table_print(course, f, stdout, &err);
    }
    course_feed_close(feed);
    course_close(course);
    if (rc == ERR_OK)
        rc = tell_flush(&err);
    return rc == ERR_OK ? EXIT_DONE : tell_error(rc, &err);
}

const struct command command_stages = {
    .name = "stages",
    .summary = "record the bundled course and print its table",
    .run = run,
};
