/*
 * report.c - stackward report: what a trace says, as text.
 */
#include <argp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analysis/profile.h"
#include "analysis/report.h"
#include "commands/command.h"
#include "commands/progress.h"
#include "commands/tell.h"

enum { OPT_JSON = 256, OPT_CSV, OPT_STYLE };

/* clang-format off */
static const struct argp_option options[] = {
    { "json",  OPT_JSON,  NULL,    0, "one JSON object: figures, sites, ledger", 0 },
    { "csv",   OPT_CSV,   NULL,    0, "one line per site, RFC 4180", 0 },
    { "style", OPT_STYLE, "STYLE", 0, "text (default), json, csv, or go: a `file:line:col: message` per site, and a line that benchstat reads", 0 },
    { 0 }
};
/* clang-format on */

struct settings {
    const struct report_format *format;
    const char *path;
};

static const struct report_format *find_format(const char *option)
{
    for (size_t i = 0; i < report_format_count; i++)
        if (strcmp(report_formats[i].option, option) == 0)
            return &report_formats[i];
    return NULL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct settings *s = state->input;

    switch (key) {
    case OPT_JSON:
        s->format = find_format("json");
        break;
    case OPT_CSV:
        s->format = find_format("csv");
        break;
    case OPT_STYLE:
        s->format = find_format(arg);
        if (s->format == NULL)
            argp_error(state, "no style named %s", arg);
        break;
    case ARGP_KEY_ARG:
        if (s->path != NULL)
            argp_error(state, "one trace at a time");
        s->path = arg;
        break;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which trace? e.g. stackward report stackward.swt");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp parser = {
    .options = options,
    .parser = parse,
    .args_doc = "TRACE",
    .doc = "Prints the sites, operations and verdicts of a trace."
           "\vA cut or damaged trace is reported as far as it goes. Verdicts: "
           "T freed before its maker returned, Un freed n frames up, O freed "
           "within the op, C crosses the op or thread, L never freed. A tracer "
           "sees frees, not last reads: lifetimes are upper bounds.",
};

static int run(int argc, char **argv)
{
    struct settings s = { .format = &report_formats[0] };
    struct profile *p = NULL;
    struct err err = { 0 };
    enum err_code rc;

    argp_parse(&parser, argc, argv, 0, NULL, &s);
    rc = profile_open(s.path, &p, &err);
    if (rc == ERR_OK)
        rc = progress_read(p, s.path, &err);
    if (rc == ERR_OK)
        rc = s.format->print(p, stdout, &err);
    if (rc == ERR_OK && profile_damage(p)[0] != '\0')
        tell("%s: %s", s.path, profile_damage(p));
    profile_close(p);
    if (rc == ERR_OK)
        rc = tell_flush(&err);
    return rc == ERR_OK ? EXIT_DONE : tell_error(rc, &err);
}

const struct command command_report = {
    .name = "report",
    .summary = "print a trace's sites, operations and verdicts",
    .run = run,
};
