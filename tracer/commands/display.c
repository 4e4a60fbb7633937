#include "commands/display.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPT_LANG = 512,
    OPT_ASCII,
    OPT_NO_COLOR,
    OPT_NO_MOTION,
    OPT_SCRIPT,
    OPT_DUMP,
    OPT_SIZE
};

enum { SIDE_MAX = 1000 }; /* columns or rows of a dumped screen */

/* clang-format off */
static const struct argp_option options[] = {
    { "lang",      OPT_LANG,      "LANG", 0, "en or zh (default: the locale's)", 10 },
    { "ascii",     OPT_ASCII,     NULL,   0, "draw with ASCII only", 10 },
    { "no-color",  OPT_NO_COLOR,  NULL,   0, "bold and reverse instead of colours (as NO_COLOR)", 10 },
    { "no-motion", OPT_NO_MOTION, NULL,   0, "nothing moves by itself", 10 },
    { "script",    OPT_SCRIPT,    "KEYS", 0, "play these keys, e.g. \"] ] Enter j\"; with --dump", 11 },
    { "dump",      OPT_DUMP,      NULL,   0, "print the screen as text instead of opening a terminal", 11 },
    { "size",      OPT_SIZE,      "COLSxROWS", 0, "of the dumped screen (default: 80x24)", 11 },
    { 0 }
};
/* clang-format on */

static void parse_size(struct display *d, const char *text,
                       struct argp_state *state)
{
    char *end;
    long cols = strtol(text, &end, 10);
    long rows = *end == 'x' ? strtol(end + 1, &end, 10) : 0;

    if (*end != '\0' || cols < 1 || cols > SIDE_MAX || rows < 1 ||
        rows > SIDE_MAX)
        argp_error(state, "--size is like 100x30, not %s", text);
    d->app.cols = (int)cols;
    d->app.rows = (int)rows;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct display *d = state->input;

    switch (key) {
    case OPT_LANG:
        if (strcmp(arg, "en") != 0 && strcmp(arg, "zh") != 0)
            argp_error(state, "--lang is en or zh, not %s", arg);
        d->app.language = strcmp(arg, "zh") == 0 ? LANG_ZH : LANG_EN;
        break;
    case OPT_ASCII:
        d->app.ascii = true;
        break;
    case OPT_NO_COLOR:
        d->app.no_color = true;
        break;
    case OPT_NO_MOTION:
        d->app.no_motion = true;
        break;
    case OPT_SCRIPT:
        d->app.script = arg;
        break;
    case OPT_DUMP:
        d->dump = true;
        break;
    case OPT_SIZE:
        parse_size(d, arg, state);
        break;
    case ARGP_KEY_END:
        if (d->app.script != NULL && !d->dump)
            argp_error(state, "--script goes with --dump");
        if (d->dump && d->app.script == NULL)
            d->app.script = "";
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

const struct argp display_parser = { .options = options, .parser = parse };

void display_init(struct display *d)
{
    const char *no_color = getenv("NO_COLOR"); /* no-color.org */
    const char *messages;

    *d = (struct display){ .app = { .dump = stdout, .cols = 80, .rows = 24 } };
    setlocale(LC_ALL, "");
    messages = setlocale(LC_MESSAGES, NULL);
    if (messages != NULL && strncmp(messages, "zh", 2) == 0)
        d->app.language = LANG_ZH;
    d->app.ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    d->app.no_color = no_color != NULL && *no_color != '\0';
}

/* Appends a word as a shell takes it, in single quotes if need be (POSIX
 * 2.2.2). False when there is no room. */
static bool append_word(char *out, size_t cap, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "%+,-./:=@_";
    size_t at = strlen(out);
    bool is_plain = word[0] != '\0' && word[strspn(word, plain)] == '\0';

    /* A quote takes four characters, so this is always enough. */
    if (at + 4 * strlen(word) + 4 > cap)
        return false;
    out[at++] = ' ';
    if (is_plain) {
        strcpy(out + at, word);
        return true;
    }
    out[at++] = '\'';
    for (; *word != '\0'; word++) {
        if (*word == '\'') {
            memcpy(out + at, "'\\''", 4);
            at += 4;
        } else {
            out[at++] = *word;
        }
    }
    strcpy(out + at, "'");
    return true;
}

void display_remember(struct display *d, int argc, char *const *argv)
{
    /* argv[0] is "stackward COMMAND": two words, both plain. */
    snprintf(d->command, sizeof(d->command), "%s", argv[0]);
    d->app.command = d->command;
    for (int i = 1; i < argc && d->app.command != NULL; i++)
        if (!append_word(d->command, sizeof(d->command), argv[i]))
            d->app.command = NULL;
}
