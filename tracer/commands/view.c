/*
 * view.c - stackward view: the explorer on recorded traces.
 */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/profile.h"
#include "analysis/report.h"
#include "commands/command.h"
#include "commands/display.h"
#include "commands/growing.h"
#include "commands/progress.h"
#include "commands/tell.h"
#include "tui/app.h"

struct settings {
    struct display display;
    char **paths; /* borrowed from argv */
    size_t count;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct settings *s = state->input;

    (void)arg;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &s->display;
        break;
    case ARGP_KEY_ARGS:
        s->paths = state->argv + state->next;
        s->count = (size_t)(state->argc - state->next);
        break;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which trace? e.g. stackward view stackward.swt");
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
    .parser = parse,
    .children = children,
    .args_doc = "TRACE...",
    .doc = "Opens the explorer on one or more traces, as its stages."
           "\vA trace that is still being recorded is followed. Without a "
           "terminal the report of each trace is printed.",
};

/* A feed of files that are there; some may grow. A dump shows what there is
 * now. */
static void poll_file(void *ctx, size_t stage, struct feed_stage *out)
{
    const struct settings *s = ctx;
    const char *path = s->paths[stage];
    bool is_growing = !s->display.dump && growing_trace(path);

    *out = (struct feed_stage){
        .state = is_growing ? FEED_RECORDING : FEED_READY,
        .path = path,
        .note = "",
    };
}

/* Says what is wrong with a trace before a screen hides it. */
static enum err_code check_all(const struct settings *s, struct err *err)
{
    for (size_t i = 0; i < s->count; i++) {
        struct profile *p = NULL;
        enum err_code rc = profile_open(s->paths[i], &p, err);

        profile_close(p);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

static enum err_code print_reports(const struct settings *s, struct err *err)
{
    enum err_code rc = ERR_OK;

    for (size_t i = 0; i < s->count && rc == ERR_OK; i++) {
        struct profile *p = NULL;

        rc = profile_open(s->paths[i], &p, err);
        if (rc == ERR_OK)
            rc = progress_read(p, s->paths[i], err);
        if (rc == ERR_OK)
            rc = report_formats[0].print(p, stdout, err);
        profile_close(p);
    }
    return rc;
}

static int run(int argc, char **argv)
{
    struct settings s = { .count = 0 };
    struct err err = { 0 };
    struct feed feed;
    enum err_code rc;

    display_init(&s.display);
    display_remember(&s.display, argc, argv);
    argp_parse(&parser, argc, argv, 0, NULL, &s);
    feed = (struct feed){ &s, s.count, "", poll_file, true };
    s.display.app.feed = &feed;
    s.display.app.titles = (const char *const *)s.paths;
    rc = check_all(&s, &err);
    if (rc == ERR_OK && !s.display.dump &&
        (isatty(STDIN_FILENO) != 1 || isatty(STDOUT_FILENO) != 1))
        rc = print_reports(&s, &err);
    else if (rc == ERR_OK)
        rc = app_run(&s.display.app, &err);
    if (rc == ERR_OK)
        rc = tell_flush(&err);
    return rc == ERR_OK ? EXIT_DONE : tell_error(rc, &err);
}

const struct command command_view = {
    .name = "view",
    .summary = "open the explorer on recorded traces",
    .run = run,
};
