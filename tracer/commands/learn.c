/*
 * learn.c - stackward learn: the exercises of the course. On a terminal the
 * explorer's Learn view; without one the list of them; --check runs one.
 */
#include <argp.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "commands/command.h"
#include "commands/course_feed.h"
#include "commands/display.h"
#include "commands/exercise.h"
#include "commands/places.h"
#include "commands/tell.h"
#include "commands/workbench.h"
#include "tui/app.h"

enum { OPT_CHECK = 256, OPT_FILE, OPT_LIST, OPT_WORK, OPT_COURSE };

struct settings {
    struct display display;
    const char *check;  /* name of an exercise */
    const char *file;   /* NULL: the copy in the work folder */
    const char *work;   /* NULL: the default folder */
    const char *course; /* NULL: the bundled one */
    bool list;
};

/* clang-format off */
static const struct argp_option options[] = {
    { "check",  OPT_CHECK,  "NAME",   0, "run this exercise and say how each step went", 1 },
    { "file",   OPT_FILE,   "FILE",   0, "with --check: judge FILE instead of the copy in the work folder", 1 },
    { "list",   OPT_LIST,   NULL,     0, "list the exercises", 1 },
    { "work",   OPT_WORK,   "FOLDER", 0, "keep copies and results there (default: $XDG_STATE_HOME/stackward)", 2 },
    { "course", OPT_COURSE, "FILE",   0, "another course.json", 2 },
    { 0 }
};
/* clang-format on */

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct settings *s = state->input;

    switch (key) {
    case OPT_CHECK:
        s->check = arg;
        break;
    case OPT_FILE:
        s->file = arg;
        break;
    case OPT_LIST:
        s->list = true;
        break;
    case OPT_WORK:
        s->work = arg;
        break;
    case OPT_COURSE:
        s->course = arg;
        break;
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &s->display;
        break;
    case ARGP_KEY_ARG:
        argp_error(state, "no argument %s is expected; --check takes a name",
                   arg);
        break;
    case ARGP_KEY_END:
        if (s->file != NULL && s->check == NULL)
            argp_error(state, "--file goes with --check");
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
    .doc = "Opens the exercises of the course: a small program each, to be "
           "changed until it allocates no more than its goal."
           "\vA run builds the file, compares what the program prints, "
           "records it, and looks at leaks and allocations. With --check the "
           "exit status is 0 when all of that is well, else 1. Without a "
           "terminal the exercises are listed.",
};

static void await_run(struct exercise_run *run, struct coach_result *result)
{
    const struct timespec pause = { .tv_nsec = 10 * 1000000L };

    while (!exercise_poll(run, result))
        nanosleep(&pause, NULL);
}

static int print_result(const struct course_exercise *e,
                        const struct coach_result *r)
{
    static const char *const names[COACH_STEP_COUNT] = {
        [COACH_BUILD] = "build",      [COACH_OUTPUT] = "output",
        [COACH_RECORD] = "record",    [COACH_LEAKS] = "leaks",
        [COACH_ALLOCS] = "allocs/op",
    };
    char text[3 * COACH_TEXT_MAX];
    char clean[3 * COACH_TEXT_MAX];

    for (int i = 0; i < COACH_STEP_COUNT; i++) {
        const char *state = r->steps[i] == COACH_OK       ? "ok"
                            : r->steps[i] == COACH_FAILED ? "NO"
                                                          : "-";

        if (r->steps[i] == COACH_OK && i != COACH_ALLOCS) {
            printf("%-9s  %s\n", names[i], state);
            continue;
        }
        coach_say(r, (enum coach_step)i, LANG_EN, text, sizeof(text));
        printf("%-9s  %-2s  %s\n", names[i], state,
               text_clean(text, clean, sizeof(clean), false));
    }
    if (!coach_is_passed(r)) {
        for (size_t i = 0; i < r->site_count; i++)
            printf("%15.1f  %-3s %s  %s\n", r->sites[i].allocs_per_op,
                   r->sites[i].verdict, r->sites[i].function,
                   r->sites[i].place);
        printf("%s: not yet\n", e->name);
        return EXIT_FAILED;
    }
    printf("%s: passed\n", e->name);
    return EXIT_DONE;
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

/* A file of one's own is judged in a folder of its own. */
static enum err_code check_file(const struct course *c,
                                const struct course_exercise *e,
                                const char *file, struct coach_result *result,
                                struct err *err)
{
    const char *tmp = getenv("TMPDIR");
    char *folder = NULL;
    char *output = NULL;
    char *self = NULL;
    struct exercise_run *run = NULL;
    bool has_folder = false;
    enum err_code rc = course_path(c, e->output, &output, err);

    if (rc == ERR_OK)
        rc = places_self(&self, err);
    if (rc == ERR_OK &&
        asprintf(&folder, "%s/stackward-XXXXXX",
                 tmp != NULL && *tmp != '\0' ? tmp : "/tmp") < 0) {
        folder = NULL;
        rc = err_no_memory(err);
    }
    if (rc == ERR_OK && access(file, R_OK) != 0)
        rc = err_set(err, ERR_IO, "cannot read %.150s", file);
    if (rc == ERR_OK) {
        has_folder = mkdtemp(folder) != NULL;
        if (!has_folder)
            rc = err_set(err, ERR_IO, "cannot make a folder like %s", folder);
    }
    if (rc == ERR_OK)
        rc = exercise_begin(
            e, &(struct exercise_paths){ self, file, output, folder }, &run,
            err);
    if (rc == ERR_OK)
        await_run(run, result);
    exercise_end(run);
    if (has_folder)
        nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(folder);
    free(output);
    free(self);
    return rc;
}

/* The copy in the work folder. */
static enum err_code check_copy(const struct coach *coach, const char *name,
                                struct coach_result *result, struct err *err)
{
    const struct timespec pause = { .tv_nsec = 10 * 1000000L };
    size_t at = 0;
    enum err_code rc;

    while (strcmp(coach->look(coach->ctx, at)->exercise->name, name) != 0)
        at++; /* it is there: the course has it */
    rc = coach->run(coach->ctx, at, err);
    while (rc == ERR_OK && coach->look(coach->ctx, at)->is_running)
        nanosleep(&pause, NULL);
    *result = coach->look(coach->ctx, at)->last;
    return rc;
}

static enum err_code check(const struct settings *s, const struct course *c,
                           const struct coach *coach, int *status,
                           struct err *err)
{
    struct coach_result result = { .number = 0 };
    size_t stage;
    const struct course_exercise *e = course_find_exercise(c, s->check, &stage);
    enum err_code rc;

    if (e == NULL)
        return err_set(err, ERR_USAGE,
                       "no exercise is named %.60s; stackward learn --list "
                       "lists them",
                       s->check);
    rc = s->file != NULL ? check_file(c, e, s->file, &result, err)
                         : check_copy(coach, s->check, &result, err);
    if (rc == ERR_OK)
        *status = print_result(e, &result);
    return rc;
}

static void list(const struct course *c, const struct coach *coach)
{
    printf("%-12s %-5s  %5s  %4s  %-6s  %s\n", "EXERCISE", "STAGE", "START",
           "GOAL", "PASSED", "TITLE");
    for (size_t i = 0; i < coach->count; i++) {
        const struct coach_desk *d = coach->look(coach->ctx, i);
        char title[256];

        text_clean(course_say(&d->exercise->title, LANG_EN), title,
                   sizeof(title), false);
        printf("%-12s S%-4u  %5llu  %4llu  %-6s  %s\n", d->exercise->name,
               c->stages[d->stage].stage,
               (unsigned long long)d->exercise->start,
               (unsigned long long)d->exercise->goal,
               d->has_passed ? "yes" : "no", title);
    }
}

static enum err_code explore(struct settings *s, const struct course *c,
                             const struct coach *coach, struct err *err)
{
    struct course_feed *feed = NULL;
    enum err_code rc = course_feed_open(c, true, &feed, err);

    if (rc == ERR_OK) {
        s->display.app.course = c;
        s->display.app.feed = course_feed_get(feed);
        s->display.app.coach = coach;
        s->display.app.view = "learn";
        rc = app_run(&s->display.app, err);
    }
    course_feed_close(feed);
    return rc;
}

static int run(int argc, char **argv)
{
    struct settings s = { .check = NULL };
    struct course *course = NULL;
    struct workbench *bench = NULL;
    struct err err = { 0 };
    int status = EXIT_DONE;
    enum err_code rc;

    display_init(&s.display);
    argp_parse(&parser, argc, argv, 0, NULL, &s);
    rc = places_open_course(s.course, &course, &err);
    if (rc == ERR_OK)
        rc = workbench_open(course, s.work, &bench, &err);
    if (rc == ERR_OK && s.check != NULL)
        rc = check(&s, course, workbench_coach(bench), &status, &err);
    else if (rc == ERR_OK &&
             (s.list || (!s.display.dump && (isatty(STDIN_FILENO) != 1 ||
                                             isatty(STDOUT_FILENO) != 1))))
        list(course, workbench_coach(bench));
    else if (rc == ERR_OK)
        rc = explore(&s, course, workbench_coach(bench), &err);
    workbench_close(bench);
    course_close(course);
    return rc == ERR_OK ? status : tell_error(rc, &err);
}

const struct command command_learn = {
    .name = "learn",
    .summary = "work through the exercises of the course",
    .run = run,
};
