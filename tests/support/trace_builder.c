#include "support/trace_builder.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "trace/tables.h"

static const tracee_addr program_start = 0x400000;
static const tracee_addr runtime_start = 0x7f0000000000;

enum {
    MODULE_SIZE = 0x1000000,
    CALL_SIZE = 16, /* distance of two frames' addresses */
    STEP_NS = 1000,
};

/* A frame as it was asked for, so that it is the same one next time. */
struct spec {
    char *text; /* owned */
    uint32_t frame;
};

struct builder {
    struct writer *writer;
    struct spec *specs;
    size_t spec_count, spec_cap;
    uint32_t program_module, runtime_module;
    uint32_t thread_count;
    uint64_t t_ns;
};

static void must(enum err_code rc, const struct err *err)
{
    if (rc == ERR_OK)
        return;
    fprintf(stderr, "trace_builder: %s\n", err->text);
    abort();
}

static struct tables *tables_of(struct builder *b)
{
    return writer_tables(b->writer);
}

static uint32_t intern(struct builder *b, const char *text, size_t size)
{
    struct err err = { 0 };
    uint32_t number;

    must(strtab_intern(&tables_of(b)->strings, text, size, &number, &err),
         &err);
    return number;
}

static uint32_t add_module(struct builder *b, const char *path,
                           tracee_addr start, bool is_runtime)
{
    struct trace_module m = {
        .path = intern(b, path, strlen(path)),
        .start = start,
        .end = start + MODULE_SIZE,
        .bias = is_runtime ? start : 0,
        .is_runtime = is_runtime,
    };
    struct err err = { 0 };
    uint32_t number;

    must(tables_module(tables_of(b), &m, &number, &err), &err);
    return number;
}

struct builder *builder_open_with(const char *path,
                                  const struct trace_header *header)
{
    struct builder *b = calloc(1, sizeof(*b));
    struct err err = { 0 };

    if (b == NULL)
        must(err_no_memory(&err), &err);
    must(writer_open(path, true, header, &b->writer, &err), &err);
    b->program_module = add_module(b, "/bin/prog", program_start, false);
    b->runtime_module = add_module(b, "/lib/libc.so.6", runtime_start, true);
    return b;
}

struct builder *builder_open(const char *path, const char *op)
{
    char program[] = "/bin/prog", engine[] = "breakpoint", version[] = "test",
         machine[] = "Linux test x86_64";
    char *argv[] = { program, NULL };
    char *op_copy = op == NULL ? NULL : strdup(op);
    struct trace_header header = {
        .program = program,
        .argv = argv,
        .argc = 1,
        .op = op_copy,
        .frames_exact = true,
        .engine = engine,
        .version = version,
        .machine = machine,
        .pid = 1,
    };
    struct builder *b = builder_open_with(path, &header);

    free(op_copy);
    return b;
}

/* Reads "inner<outer:41" into names, innermost first. */
static void name_frame(struct builder *b, uint32_t frame, const char *text)
{
    struct trace_name names[NAMES_PER_FRAME_MAX] = { { 0 } };
    bool in_runtime = text[0] == '@';
    const char *at = in_runtime ? text + 1 : text;
    size_t count = 0;
    struct err err = { 0 };

    for (;;) {
        size_t size = strcspn(at, ":<");
        struct trace_name *n = &names[count++];

        n->function = intern(b, at, size);
        n->file = in_runtime ? 0 : intern(b, "/src/prog.c", 11);
        n->line = in_runtime ? 0 : 10 * n->function;
        at += size;
        if (*at == ':')
            n->line = (uint32_t)strtoul(at + 1, NULL, 10);
        at += strcspn(at, "<");
        n->is_inlined = *at == '<';
        if (*at == '\0' || count == NAMES_PER_FRAME_MAX)
            break;
        at++;
    }
    must(tables_name(tables_of(b), frame, names, count, &err), &err);
}

static uint32_t find_frame(struct builder *b, const char *text)
{
    bool in_runtime = text[0] == '@';
    tracee_addr start = in_runtime ? runtime_start : program_start;
    struct err err = { 0 };
    struct spec *spec;

    for (size_t i = 0; i < b->spec_count; i++)
        if (strcmp(b->specs[i].text, text) == 0)
            return b->specs[i].frame;
    must(vec_grow(&b->specs, b->spec_count, &b->spec_cap, sizeof(*b->specs),
                  &err),
         &err);
    spec = &b->specs[b->spec_count++];
    spec->text = strdup(text);
    if (spec->text == NULL)
        must(err_no_memory(&err), &err);
    must(tables_frame(tables_of(b), start + CALL_SIZE * b->spec_count,
                      in_runtime ? b->runtime_module : b->program_module, 0,
                      &spec->frame, &err),
         &err);
    if (text[0] != '?')
        name_frame(b, spec->frame, text);
    return spec->frame;
}

uint32_t builder_stack(struct builder *b, ...)
{
    uint32_t stack = STACK_ROOT;
    struct err err = { 0 };
    const char *text;
    va_list args;

    va_start(args, b);
    while ((text = va_arg(args, const char *)) != NULL) {
        if (strcmp(text, "...") == 0)
            stack = STACK_CUT;
        else
            must(tables_stack(tables_of(b), stack, find_frame(b, text), &stack,
                              &err),
                 &err);
    }
    va_end(args);
    return stack;
}

static void put(struct builder *b, const struct event *ev)
{
    struct event copy = *ev;
    struct err err = { 0 };

    b->t_ns += STEP_NS;
    if (copy.t_ns == 0)
        copy.t_ns = b->t_ns;
    b->t_ns = copy.t_ns;
    must(writer_event(b->writer, &copy, &err), &err);
}

void builder_event(struct builder *b, const struct event *ev)
{
    while (b->thread_count <= ev->thread) {
        uint32_t thread = b->thread_count++;
        struct event begin = { .kind = EV_THREAD_BEGIN,
                               .thread = thread,
                               .addr = 1000 + thread };

        if (ev->kind != EV_THREAD_BEGIN || ev->thread != thread)
            put(b, &begin);
    }
    put(b, ev);
}

void builder_alloc(struct builder *b, uint32_t thread, uint32_t stack,
                   tracee_addr addr, uint64_t size_bytes, const char *function,
                   uint64_t activation)
{
    builder_event(b, &(struct event){
                         .kind = EV_ALLOC,
                         .thread = thread,
                         .stack = stack,
                         .addr = addr,
                         .size_bytes = size_bytes,
                         .text = intern(b, function, strlen(function)),
                         .activation = activation,
                     });
}

void builder_free(struct builder *b, uint32_t thread, uint32_t stack,
                  tracee_addr addr)
{
    builder_event(b, &(struct event){
                         .kind = EV_FREE,
                         .thread = thread,
                         .stack = stack,
                         .addr = addr,
                         .text = intern(b, "free", 4),
                     });
}

void builder_realloc(struct builder *b, uint32_t thread, uint32_t stack,
                     tracee_addr old_addr, tracee_addr addr,
                     uint64_t size_bytes, uint64_t activation)
{
    struct event ev = {
        .kind = EV_FREE,
        .flags = EV_REALLOC,
        .thread = thread,
        .stack = stack,
        .addr = old_addr,
        .text = intern(b, "realloc", 7),
    };

    builder_event(b, &ev);
    ev.kind = EV_ALLOC;
    ev.addr = addr;
    ev.size_bytes = size_bytes;
    ev.activation = activation;
    builder_event(b, &ev);
}

void builder_return(struct builder *b, uint32_t thread, uint64_t activation,
                    uint64_t parent)
{
    builder_event(b, &(struct event){
                         .kind = EV_RETURN,
                         .thread = thread,
                         .activation = activation,
                         .parent = parent,
                     });
}

void builder_op_begin(struct builder *b, uint32_t thread, uint32_t stack,
                      uint64_t activation)
{
    builder_event(b, &(struct event){
                         .kind = EV_OP_BEGIN,
                         .thread = thread,
                         .stack = stack,
                         .activation = activation,
                     });
}

void builder_op_end(struct builder *b, uint32_t thread, uint64_t activation)
{
    builder_event(b, &(struct event){
                         .kind = EV_OP_END,
                         .thread = thread,
                         .activation = activation,
                     });
}

void builder_mark(struct builder *b, uint32_t thread, const char *text)
{
    builder_event(b, &(struct event){
                         .kind = EV_MARK,
                         .thread = thread,
                         .text = intern(b, text, strlen(text)),
                     });
}

void builder_source(struct builder *b, const char *path, const char *text)
{
    struct err err = { 0 };

    must(tables_source(tables_of(b), intern(b, path, strlen(path)), text,
                       strlen(text), &err),
         &err);
}

void builder_flush(struct builder *b)
{
    struct err err = { 0 };

    must(writer_flush(b->writer, &err), &err);
}

void builder_close_with(struct builder *b, struct ledger *ledger)
{
    struct err err = { 0 };

    must(writer_seal(b->writer, ledger, &err), &err);
    builder_abandon(b);
}

void builder_close(struct builder *b)
{
    struct ledger ledger = { 0 };

    builder_close_with(b, &ledger);
}

void builder_abandon(struct builder *b)
{
    writer_close(b->writer);
    for (size_t i = 0; i < b->spec_count; i++)
        free(b->specs[i].text);
    free(b->specs);
    free(b);
}

struct writer *builder_writer(struct builder *b)
{
    return b->writer;
}
