/*
 * record.c - stackward record: run a program and write down its allocations.
 */
#include <argp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "commands/command.h"
#include "commands/display.h"
#include "commands/live.h"
#include "commands/tell.h"
#include "engine/engine.h"
#include "recorder/session.h"

enum {
    OPT_OP = 256,
    OPT_WARMUP,
    OPT_FRAMES,
    OPT_SOURCES,
    OPT_FORCE,
    OPT_NO_PIN,
    OPT_KILL,
    OPT_PROPAGATE,
    OPT_ENGINE,
    OPT_LOG,
    OPT_LIVE,
};

/* clang-format off */
static const struct argp_option options[] = {
    { "live",         OPT_LIVE,      NULL,   0, "open the explorer on what is recorded, while it is", 1 },
    { "output",       'o',           "FILE", 0, "write the trace to FILE (default: stackward.swt)", 1 },
    { "force",        OPT_FORCE,     NULL,   0, "replace FILE if it exists", 1 },
    { "op",           OPT_OP,        "FN",   0, "one operation is one outermost call of FN; without it the whole run is one", 2 },
    { "warmup",       OPT_WARMUP,    "N",    0, "leave the first N operations out of the figures (default: 0)", 2 },
    { "frames",       OPT_FRAMES,    "HOW",  0, "exact: see makers return, so that verdicts are exact (default); observed: fewer stops, and verdicts say \"at most\"", 3 },
    { "with-sources", OPT_SOURCES,   NULL,   0, "keep the source files that sites name in the trace", 3 },
    { "no-pin",       OPT_NO_PIN,    NULL,   0, "do not keep a single-threaded program on the tracer's processor", 4 },
    { "kill-on-exit", OPT_KILL,      NULL,   0, "if the recorder is killed, kill the program too", 4 },
    { "propagate",    OPT_PROPAGATE, NULL,   0, "exit with the program's own exit status", 4 },
    { "engine",       OPT_ENGINE,    "NAME", 0, "how to watch: breakpoint (default)", 5 },
    { "debug-log",    OPT_LOG,       "FILE", 0, "write what the tracer does to FILE", 5 },
    { 0 }
};
/* clang-format on */

struct settings {
    struct display display; /* with --live */
    struct session_options session;
    const char *log_path;
    bool propagate;
};

static volatile sig_atomic_t stop_requested;

static void parse_warmup(struct settings *s, const char *text,
                         struct argp_state *state)
{
    char *end;

    s->session.warmup_ops = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0')
        argp_error(state, "--warmup takes a whole number, not %s", text);
}

static void parse_frames(struct settings *s, const char *text,
                         struct argp_state *state)
{
    s->session.watch_frames = strcmp(text, "exact") == 0;
    if (!s->session.watch_frames && strcmp(text, "observed") != 0)
        argp_error(state, "--frames is exact or observed, not %s", text);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct settings *s = state->input;

    switch (key) {
    case 'o':
        s->session.path = arg;
        break;
    case OPT_LIVE:
        s->session.name_early = true;
        break;
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &s->display;
        break;
    case OPT_FORCE:
        s->session.force = true;
        break;
    case OPT_OP:
        s->session.op = arg;
        break;
    case OPT_WARMUP:
        parse_warmup(s, arg, state);
        break;
    case OPT_FRAMES:
        parse_frames(s, arg, state);
        break;
    case OPT_SOURCES:
        s->session.with_sources = true;
        break;
    case OPT_NO_PIN:
        s->session.pin = false;
        break;
    case OPT_KILL:
        s->session.kill_on_exit = true;
        break;
    case OPT_PROPAGATE:
        s->propagate = true;
        break;
    case OPT_ENGINE:
        s->session.engine = arg;
        break;
    case OPT_LOG:
        s->log_path = arg;
        break;
    case ARGP_KEY_ARGS:
        s->session.argv = state->argv + state->next;
        state->next = state->argc;
        break;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which program? e.g. stackward record -- ls -l");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_child children[] = {
    { &display_parser, 0, "How --live looks:", 6 }, { 0 }
};

static const struct argp parser = {
    .options = options,
    .children = children,
    .parser = parse,
    .args_doc = "-- PROGRAM [ARGUMENT...]",
    .doc = "Runs PROGRAM and records each of its heap allocations with its "
           "full stack."
           "\vThe program is not changed and needs no recompiling; debug "
           "information (-g) gives lines. Its own exit status is reported. "
           "Ctrl-C ends the recording and leaves a complete trace.",
};

static void on_signal(int signo)
{
    (void)signo;
    stop_requested = 1;
    /* The recorder may be just about to wait: wake it again. */
    alarm(1);
}

static void do_nothing(int signo)
{
    (void)signo; /* a full disk or a closed pipe is met as a failed write */
}

/* What was ignored when we were started stays ignored, for us (nohup(1)) and
 * for the program; what is handled is the default again in the program. */
static void catch_signals(void)
{
    /* clang-format off */
    static const struct { int signo; void (*handler)(int); } caught[] = {
        { SIGINT,  on_signal },  { SIGTERM, on_signal },
        { SIGHUP,  on_signal },  { SIGALRM, on_signal },
        { SIGXFSZ, do_nothing }, { SIGPIPE, do_nothing },
    };
    /* clang-format on */

    for (size_t i = 0; i < ARRAY_LEN(caught); i++) {
        struct sigaction act = { .sa_handler = caught[i].handler };
        struct sigaction old;

        if (sigaction(caught[i].signo, NULL, &old) == 0 &&
            old.sa_handler != SIG_IGN)
            sigaction(caught[i].signo, &act, NULL);
    }
}

/* "exited with 3", "was killed by signal 11 (Segmentation fault)". */
static void tell_end(const struct session_result *r)
{
    long status = (long)r->ledger.exit_status;

    if (r->is_running)
        tell("process %d was let go, and runs on", r->pid);
    else if (status > 128)
        tell("the program was killed by signal %ld (%s)", status - 128,
             strsignal((int)status - 128));
    else if (status > 0)
        tell("the program exited with status %ld", status);
}

/* After a recording that failed half-way the program goes on: it is our
 * child, and whoever started us waits for it. */
static void await_program(struct session_result *r)
{
    int status;

    if (waitpid(r->pid, &status, 0) != r->pid)
        return;
    r->is_running = false;
    r->ledger.exit_status =
        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int report_end(const struct settings *s, enum err_code rc,
                      struct session_result *r, const struct err *err)
{
    int status = EXIT_DONE;

    if (rc != ERR_OK)
        status = tell_error(rc, err);
    if (r->pid == 0)
        return status; /* nothing ran */
    if (rc != ERR_OK && r->is_running)
        await_program(r);
    tell_end(r);
    if (r->is_sealed)
        tell("%llu allocations, %llu frees%s in %s",
             (unsigned long long)r->allocs, (unsigned long long)r->frees,
             r->ledger.stacks_cut > 0 ? " (some stacks cut)" : "",
             s->session.path);
    if (r->is_sealed && s->session.op != NULL && r->ops == 0)
        tell("%s was never called: no figure per operation", s->session.op);
    if (s->propagate && !r->is_running)
        return (int)r->ledger.exit_status;
    return status;
}

/* The recording, here or in the process that --live makes for it. */
static int record_now(void *ctx)
{
    struct settings *s = ctx;
    struct session_result result;
    struct err err = { 0 };
    FILE *log = NULL;
    enum err_code rc;
    int status;

    if (s->log_path != NULL) {
        log = fopen(s->log_path, "we");
        if (log == NULL) {
            rc = err_set(&err, ERR_IO, "cannot write %s", s->log_path);
            return tell_error(rc, &err);
        }
        log_open(log);
    }
    catch_signals();
    rc = session_record(&s->session, &result, &err);
    status = report_end(s, rc, &result, &err);
    log_open(NULL);
    if (log != NULL)
        fclose(log);
    return status;
}

static int run(int argc, char **argv)
{
    struct settings s = {
        .session = { .path = "stackward.swt",
                     .engine = engines[0]->name,
                     .watch_frames = true,
                     .pin = true,
                     .stop = &stop_requested },
    };
    struct err err = { 0 };
    enum err_code rc;
    int status = EXIT_FAILED;

    display_init(&s.display);
    argp_parse(&parser, argc, argv, ARGP_IN_ORDER, NULL, &s);
    if (!s.session.name_early)
        return record_now(&s);
    rc = live_run(s.session.path, record_now, &s, &s.display, &status, &err);
    return rc == ERR_OK ? status : tell_error(rc, &err);
}

const struct command command_record = {
    .name = "record",
    .summary = "run a program and record its allocations",
    .run = run,
};
