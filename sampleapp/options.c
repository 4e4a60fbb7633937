#include "options.h"

#include "auth.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

enum { OPS_DEFAULT = 1000, OPS_MAX = 1000000000 };

const char options_help[] =
    "Usage: sampleapp --stage N [--ops M] [--mix]\n"
    "       sampleapp --stage N --listen PORT\n"
    "       sampleapp --stage N --print-mix\n"
    "       sampleapp --print-requests | --list | --help\n"
    "\n"
    "An HTTP auth middleware in seven stages that give the same answers with\n"
    "fewer and fewer allocations.\n"
    "\n"
    "  --stage N         which stage, 0 to 6\n"
    "  --ops M           answer M requests in memory (1000), print the time\n"
    "  --mix             requests of all kinds in turn; without it, good ones\n"
    "  --listen PORT     serve on 127.0.0.1 until SIGTERM; 0 takes a free "
    "port\n"
    "  --print-mix       print the answer to each kind and its log line\n"
    "  --print-requests  print the kinds, tab-separated: name, method, path,\n"
    "                    header line (none in a request without a token)\n"
    "  --list            print the stages\n"
    "  --help            print this\n";

/* Where to say what is wrong. */
struct problem {
    char *text;
    size_t size;
};

static bool say(const struct problem *problem, const char *text)
{
    snprintf(problem->text, problem->size, "%s", text);
    return false;
}

static bool read_number(const char *option, long min, long max, long *out,
                        const struct problem *problem)
{
    char *end;

    errno = 0;
    *out = strtol(optarg, &end, 10);
    if (optarg[0] >= '0' && optarg[0] <= '9' && errno == 0 && *end == '\0' &&
        *out >= min && *out <= max)
        return true;
    snprintf(problem->text, problem->size,
             "%s takes a number from %ld to %ld, not '%.32s'", option, min, max,
             optarg);
    return false;
}

static bool set_mode(struct options *options, enum mode mode,
                     const struct problem *problem)
{
    if (options->mode != MODE_OPS && options->mode != mode)
        return say(problem, "--listen, --print-mix, --print-requests and "
                            "--list exclude each other; give one of them");
    options->mode = mode;
    return true;
}

/* What getopt_long returns: an option with a value, or a mode. */
enum { KEY_STAGE = 256, KEY_OPS, KEY_MIX, KEY_LISTEN, KEY_MODE };

static bool read_option(struct options *options, int key, char **argv,
                        const struct problem *problem)
{
    switch (key) {
    case KEY_STAGE:
        return read_number("--stage", 0, AUTH_STAGE_COUNT - 1, &options->stage,
                           problem);
    case KEY_OPS:
        return read_number("--ops", 1, OPS_MAX, &options->ops, problem);
    case KEY_MIX:
        options->mix = true;
        return true;
    case KEY_LISTEN:
        return read_number("--listen", 0, UINT16_MAX, &options->port,
                           problem) &&
               set_mode(options, MODE_LISTEN, problem);
    case ':':
        snprintf(problem->text, problem->size,
                 "%.32s needs a value; sampleapp --help says which",
                 argv[optind - 1]);
        return false;
    case '?':
        snprintf(problem->text, problem->size,
                 "there is no option %.32s of that form; sampleapp --help "
                 "lists them",
                 argv[optind - 1]);
        return false;
    default:
        return set_mode(options, (enum mode)(key - KEY_MODE), problem);
    }
}

/* `ops` is 0 where it was not given. */
static bool check_together(const struct options *options,
                           const struct problem *problem)
{
    bool needs_stage = options->mode <= MODE_PRINT_MIX;

    if (options->mode == MODE_HELP)
        return true;
    if (needs_stage && options->stage < 0)
        return say(problem, "no stage given; add --stage N, N from 0 to 6");
    if (!needs_stage && options->stage >= 0)
        return say(problem, "--print-requests and --list are the same for "
                            "all stages; leave --stage out");
    if (options->mode != MODE_OPS && (options->ops > 0 || options->mix))
        return say(problem, "--ops and --mix are for requests in memory; "
                            "leave them out");
    return true;
}

bool options_read(struct options *options, int argc, char **argv, char *problem,
                  size_t size)
{
    /* clang-format off */
    static const struct option known[] = {
        { "stage",          required_argument, NULL, KEY_STAGE },
        { "ops",            required_argument, NULL, KEY_OPS },
        { "mix",            no_argument,       NULL, KEY_MIX },
        { "listen",         required_argument, NULL, KEY_LISTEN },
        { "print-mix",      no_argument, NULL, KEY_MODE + MODE_PRINT_MIX },
        { "print-requests", no_argument, NULL, KEY_MODE + MODE_PRINT_REQUESTS },
        { "list",           no_argument, NULL, KEY_MODE + MODE_LIST },
        { "help",           no_argument, NULL, KEY_MODE + MODE_HELP },
        { NULL,             0,                 NULL, 0 },
    };
    /* clang-format on */
    struct problem where = { problem, size };
    int key;

    *options = (struct options){ .mode = MODE_OPS, .stage = -1 };
    opterr = 0; /* getopt's own words would make a second line */
    while ((key = getopt_long(argc, argv, ":", known, NULL)) != -1) {
        if (!read_option(options, key, argv, &where))
            return false;
        if (options->mode == MODE_HELP)
            return true;
    }
    if (optind < argc) {
        snprintf(problem, size,
                 "'%.32s' is not an option; sampleapp --help "
                 "lists them",
                 argv[optind]);
        return false;
    }
    if (!check_together(options, &where))
        return false;
    if (options->ops == 0)
        options->ops = OPS_DEFAULT;
    return true;
}
