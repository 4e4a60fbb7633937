/*
 * main.c - the command line: which stage, which requests, how many.
 */
#include "auth.h"
#include "load.h"
#include "options.h"
#include "serve.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, LINE_SIZE = 256 };

/* The last line logged, kept until it is printed. */
struct last_line {
    char text[LINE_SIZE];
};

static void discard_line(void *ctx, const char *line, size_t size)
{
    (void)ctx;
    (void)line;
    (void)size;
}

static void keep_line(void *ctx, const char *line, size_t size)
{
    struct last_line *last = ctx;

    snprintf(last->text, sizeof(last->text), "%.*s", (int)size, line);
}

/* One write, so that lines of several processes don't mix. */
static void write_line(void *ctx, const char *line, size_t size)
{
    char text[LINE_SIZE + 1];
    int used = snprintf(text, LINE_SIZE, "%.*s", (int)size, line);
    ssize_t written;

    (void)ctx;
    if (used < 0)
        return;
    if (used >= LINE_SIZE)
        used = LINE_SIZE - 1;
    text[used++] = '\n';
    written = write(STDERR_FILENO, text, (size_t)used);
    (void)written; /* a log that can't be written must not stop the server */
}

static int64_t clock_now_s(void)
{
    return (int64_t)time(NULL);
}

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "sampleapp: %s: %s\n", what, why);
    return EXIT_FAILURE;
}

/* Answers `ops` requests and prints the time of one as a line that Go's
 * benchstat reads. */
static int run_ops(const struct auth_stage *stage, struct auth_middleware *mw,
                   const struct load *load, const struct options *options)
{
    struct timespec start, end;
    int64_t elapsed_ns;

    clock_gettime(CLOCK_MONOTONIC, &start);
    for (long i = 0; i < options->ops; i++) {
        size_t kind = options->mix ? (size_t)i % LOAD_KIND_COUNT : LOAD_GOOD;
        struct http_response *response =
            stage->serve(mw, &load->kinds[kind].connection);

        if (response == NULL)
            return fail("an answer", "out of memory");
        http_response_free(response);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    elapsed_ns = (int64_t)(end.tv_sec - start.tv_sec) * 1000000000 +
                 (end.tv_nsec - start.tv_nsec);
    printf("BenchmarkAuthMiddleware/stage=%ld%s \t%8ld\t%10lld ns/op\n",
           options->stage, options->mix ? "/mix" : "", options->ops,
           (long long)(elapsed_ns / options->ops));
    return EXIT_SUCCESS;
}

static void print_response(const struct http_response *response)
{
    printf("HTTP/1.1 %d %s\nContent-Type: application/json\n", response->status,
           http_reason(response->status));
    if (response->challenge != NULL)
        printf("WWW-Authenticate: %s\n", response->challenge);
    printf("Content-Length: %zu\n\n%s\n", response->body_size, response->body);
}

static int print_mix(const struct auth_stage *stage, struct auth_middleware *mw,
                     const struct load *load, const struct last_line *line)
{
    for (size_t i = 0; i < LOAD_KIND_COUNT; i++) {
        const struct load_kind *kind = &load->kinds[i];
        struct http_response *response = stage->serve(mw, &kind->connection);

        if (response == NULL)
            return fail("an answer", "out of memory");
        printf("# %s\n", kind->name);
        print_response(response);
        printf("log: %s\n\n", line->text);
        http_response_free(response);
    }
    return EXIT_SUCCESS;
}

static void print_requests(const struct load *load)
{
    for (size_t i = 0; i < LOAD_KIND_COUNT; i++) {
        const struct load_kind *kind = &load->kinds[i];
        const struct http_connection *connection = &kind->connection;

        printf("%s\t%s\t%s\t", kind->name, connection->method,
               connection->path);
        if (connection->field_count == LOAD_FIELD_COUNT)
            printf("Authorization: %s", kind->value);
        printf("\n");
    }
}

static void print_stages(void)
{
    for (int i = 0; i < AUTH_STAGE_COUNT; i++)
        printf("%d  %-10s %s\n", i, auth_stages[i]->name,
               auth_stages[i]->summary);
}

static int listen_on(const struct auth_stage *stage, struct auth_middleware *mw,
                     long port)
{
    char what[64];

    if (serve_run(stage, mw, (uint16_t)port))
        return EXIT_SUCCESS;
    snprintf(what, sizeof(what), "cannot listen on 127.0.0.1:%ld", port);
    fprintf(stderr, "sampleapp: %s: %s; --listen 0 takes a free port\n", what,
            strerror(errno));
    return EXIT_FAILURE;
}

static int run_stage(const struct options *options, const struct load *load,
                     struct auth_setup *setup)
{
    const struct auth_stage *stage = auth_stages[options->stage];
    struct last_line line = { "" };
    struct auth_middleware *mw;
    int status;

    if (options->mode == MODE_PRINT_MIX)
        setup->log = (struct auth_log){ keep_line, &line };
    if (options->mode == MODE_LISTEN) {
        serve_block_signals();
        setup->log.write = write_line;
        setup->now_s = clock_now_s;
    }
    mw = stage->open(setup);
    if (mw == NULL)
        return fail("the middleware", "out of memory");
    if (options->mode == MODE_LISTEN)
        status = listen_on(stage, mw, options->port);
    else if (options->mode == MODE_PRINT_MIX)
        status = print_mix(stage, mw, load, &line);
    else
        status = run_ops(stage, mw, load, options);
    stage->close(mw);
    return status;
}

static int run(const struct options *options)
{
    static struct load load;
    static struct users users;
    struct auth_setup setup = {
        .config = &auth_config_default,
        .users = &users,
        .log = { discard_line, NULL },
        .now_s = load_now_s,
    };
    const char *problem = auth_config_check(setup.config);

    if (problem == NULL)
        problem = users_init(&users, users_json);
    if (problem == NULL && sodium_init() < 0)
        problem = "libsodium can't be initialised";
    if (problem == NULL && !load_init(&load, setup.config))
        problem = "a token does not fit the request it is for";
    if (problem != NULL)
        return fail("cannot start", problem);
    if (options->mode == MODE_PRINT_REQUESTS) {
        print_requests(&load);
        return EXIT_SUCCESS;
    }
    return run_stage(options, &load, &setup);
}

int main(int argc, char **argv)
{
    struct options options;
    char problem[OPTIONS_PROBLEM_SIZE];

    if (!options_read(&options, argc, argv, problem, sizeof(problem))) {
        fprintf(stderr, "sampleapp: %s\n", problem);
        return EXIT_USAGE;
    }
    switch (options.mode) {
    case MODE_HELP:
        fputs(options_help, stdout);
        return EXIT_SUCCESS;
    case MODE_LIST:
        print_stages();
        return EXIT_SUCCESS;
    default:
        return run(&options);
    }
}
