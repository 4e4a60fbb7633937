#include "recorder/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/vec.h"
#include "engine/engine.h"
#include "recorder/naming.h"
#include "symbols/symbolizer.h"
#include "trace/header.h"
#include "trace/writer.h"

enum { FLUSH_NS = 100 * 1000 * 1000 }; /* how old a live view may be */

struct session {
    const struct session_options *options;
    struct session_result *result;
    struct symbolizer *symbols;
    struct writer *writer;
    struct tables *tables; /* the writer's */
    const struct engine *engine;
    struct engine_run *run;
    uint32_t *numbers; /* trace module -> symbolizer's number */
    size_t number_count, number_cap;
    size_t named;        /* frames named so far, or tried; with name_early */
    struct map modules;  /* symbolizer's number -> trace module */
    uint64_t flushed_ns; /* t_ns of the last flush */
};

static enum err_code intern(struct session *s, const char *text, uint32_t *out,
                            struct err *err)
{
    return strtab_intern(&s->tables->strings, text, strlen(text), out, err);
}

static enum err_code add_module(struct session *s,
                                const struct symbol_module *m, uint32_t *out,
                                struct err *err)
{
    struct trace_module row = { .start = m->start,
                                .end = m->end,
                                .bias = m->bias,
                                .is_runtime = m->is_runtime };
    enum err_code rc = intern(s, m->path, &row.path, err);

    if (rc == ERR_OK)
        rc = intern(s, image_build_id(m->image), &row.build_id, err);
    if (rc == ERR_OK)
        rc = vec_grow(&s->numbers, s->number_count, &s->number_cap,
                      sizeof(*s->numbers), err);
    if (rc == ERR_OK)
        rc = tables_module(s->tables, &row, out, err);
    if (rc == ERR_OK)
        rc = map_put(&s->modules, m->number, *out, err);
    if (rc != ERR_OK)
        return rc;
    s->numbers[s->number_count++] = m->number;
    return ERR_OK;
}

static enum err_code module_of(struct session *s, tracee_addr addr,
                               uint32_t *out, struct err *err)
{
    const struct symbol_module *m = symbolizer_module_at(s->symbols, addr);
    uint64_t known;

    *out = MODULE_NONE;
    if (m == NULL)
        return ERR_OK;
    if (!map_get(&s->modules, m->number, &known))
        return add_module(s, m, out, err);
    *out = (uint32_t)known;
    return ERR_OK;
}

/* Gives every frame of the stack its number, starting behind those that have
 * one. */
static enum err_code number_stack(struct session *s, struct engine_stack *stack,
                                  struct err *err)
{
    size_t from = stack->count;
    uint32_t parent;

    while (from > 0 && stack->frames[from - 1].stack == 0)
        from--;
    parent = from > 0          ? stack->frames[from - 1].stack
             : stack->is_whole ? STACK_ROOT
                               : STACK_CUT;
    for (size_t i = from; i < stack->count; i++) {
        struct engine_frame *f = &stack->frames[i];
        tracee_addr inside = f->addr - ((f->flags & FRAME_EXACT) ? 0 : 1);
        uint32_t module, frame;
        enum err_code rc = module_of(s, inside, &module, err);

        if (rc == ERR_OK)
            rc =
                tables_frame(s->tables, f->addr, module, f->flags, &frame, err);
        if (rc == ERR_OK)
            rc = tables_stack(s->tables, parent, frame, &f->stack, err);
        if (rc != ERR_OK)
            return rc;
        parent = f->stack;
    }
    return ERR_OK;
}

static void count_event(struct session_result *r, const struct event *ev)
{
    r->allocs += ev->kind == EV_ALLOC ? 1 : 0;
    r->frees += ev->kind == EV_FREE ? 1 : 0;
    r->ops += ev->kind == EV_OP_END ? 1 : 0;
}

static enum err_code on_event(void *ctx, struct event *ev, const char *text,
                              struct engine_stack *stack, struct err *err)
{
    struct session *s = ctx;
    enum err_code rc = ERR_OK;

    if (text[0] != '\0')
        rc = intern(s, text, &ev->text, err);
    if (rc == ERR_OK && stack != NULL) {
        rc = number_stack(s, stack, err);
        ev->stack = stack->count > 0  ? stack->frames[stack->count - 1].stack
                    : stack->is_whole ? STACK_ROOT
                                      : STACK_CUT;
    }
    if (rc == ERR_OK)
        rc = writer_event(s->writer, ev, err);
    if (rc != ERR_OK)
        return rc;
    count_event(s->result, ev);
    if (ev->t_ns - s->flushed_ns < FLUSH_NS)
        return ERR_OK;
    s->flushed_ns = ev->t_ns;
    if (s->options->name_early) {
        size_t from = s->named;

        s->named = s->tables->frame_count;
        rc = naming_frames(s->tables, s->symbols, s->numbers, from, err);
    }
    return rc == ERR_OK ? writer_flush(s->writer, err) : rc;
}

static const struct engine *find_engine(const char *name)
{
    for (size_t i = 0; engines[i] != NULL; i++)
        if (strcmp(engines[i]->name, name) == 0)
            return engines[i];
    return NULL;
}

static size_t count_arguments(char *const *argv)
{
    size_t count = 0;

    while (argv[count] != NULL)
        count++;
    return count;
}

static enum err_code open_writer(struct session *s, struct err *err)
{
    const struct session_options *o = s->options;
    struct utsname uts;
    char machine[256] = "";
    /* Borrowed strings: the header is only read. */
    struct trace_header h = {
        .program = o->argv[0],
        .argv = (char **)o->argv,
        .argc = count_arguments(o->argv),
        .op = (char *)o->op,
        .warmup_ops = o->warmup_ops,
        .frames_exact = o->watch_frames,
        .engine = (char *)s->engine->name,
        .version = STACKWARD_VERSION,
        .machine = machine,
        .started_unix_s = (int64_t)time(NULL),
    };
    enum err_code rc;

    if (uname(&uts) == 0)
        snprintf(machine, sizeof(machine), "%.60s %.100s %.60s", uts.sysname,
                 uts.release, uts.machine);
    rc = writer_open(o->path, o->force, &h, &s->writer, err);
    if (rc == ERR_OK)
        s->tables = writer_tables(s->writer);
    return rc;
}

static enum err_code start_engine(struct session *s, struct err *err)
{
    const struct session_options *o = s->options;
    const struct engine_options options = {
        .argv = o->argv,
        .op = o->op,
        .watch_frames = o->watch_frames,
        .pin = o->pin,
        .kill_on_exit = o->kill_on_exit,
    };
    const struct engine_sink sink = { s, on_event };
    enum err_code rc = s->engine->start(&options, s->symbols, &sink,
                                        &s->result->ledger, &s->run, err);

    if (rc == ERR_OK)
        s->result->pid = (int)s->engine->pid(s->run);
    return rc;
}

static uint64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

/* Until the program ends (ERR_OK), somebody asks us to stop (ERR_OK, and it
 * still runs), or something fails. The engine is stopped in any case. */
static enum err_code follow(struct session *s, struct err *err)
{
    struct ledger *l = &s->result->ledger;
    uint64_t began_ns = now_ns();
    enum err_code rc = ERR_OK;

    l->exit_status = -1;
    while (rc == ERR_OK && !*s->options->stop) {
        rc = s->engine->step(s->run, err);
        if (rc == ERR_NOT_FOUND) /* a signal of ours: look at *stop */
            rc = ERR_OK;
    }
    s->engine->stop(s->run);
    s->run = NULL;
    l->traced_ns = now_ns() - began_ns;
    s->result->is_running = l->exit_status < 0;
    return rc == ERR_TRACEE_GONE ? ERR_OK : rc;
}

/* Names and seals what there is. `rc` and `err` are of the recording, and
 * stay unless they were good. */
static enum err_code finish(struct session *s, enum err_code rc,
                            struct err *err)
{
    struct err later;
    enum err_code sealed;

    sealed = naming_frames(s->tables, s->symbols, s->numbers, 0, &later);
    if (sealed == ERR_OK && s->options->with_sources)
        sealed = naming_sources(s->tables, &later);
    if (sealed == ERR_OK)
        sealed = writer_seal(s->writer, &s->result->ledger, &later);
    s->result->is_sealed =
        strcmp(writer_path(s->writer), s->options->path) == 0;
    if (rc == ERR_OK && sealed != ERR_OK) {
        *err = later;
        rc = sealed;
    }
    return rc;
}

static void session_fini(struct session *s)
{
    writer_close(s->writer);
    symbolizer_free(s->symbols);
    free(s->numbers);
    map_fini(&s->modules);
}

enum err_code session_record(const struct session_options *options,
                             struct session_result *result, struct err *err)
{
    struct session s = { .options = options, .result = result };
    enum err_code rc;

    *result = (struct session_result){ 0 };
    s.engine = find_engine(options->engine);
    if (s.engine == NULL)
        return err_set(err, ERR_USAGE, "no engine named %s", options->engine);
    rc = symbolizer_new(&s.symbols, err);
    if (rc == ERR_OK)
        rc = open_writer(&s, err);
    if (rc == ERR_OK)
        rc = start_engine(&s, err);
    if (rc == ERR_OK)
        rc = finish(&s, follow(&s, err), err);
    else if (s.writer != NULL)
        unlink(writer_path(s.writer)); /* nothing was recorded */
    session_fini(&s);
    return rc;
}
