/*
 * trace_dump.c - what is in a trace, as lines, for tests that compare it with
 * other tools.
 *
 * usage: trace_dump frames TRACE
 *            module vaddr function file line [function file line ...]
 *        trace_dump op N TRACE
 *            per allocation of the Nth op (0-based): size, then its stack,
 *            innermost first, as function:line, frames of the
 *            executable only
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/reader.h"

static void print_frame(const struct tables *t, const struct trace_frame *f)
{
    const struct trace_module *m;

    if (f->module == MODULE_NONE)
        return;
    m = &t->modules[f->module];
    printf("%s\t%" PRIx64, tables_string(t, m->path),
           f->addr - m->bias - ((f->flags & FRAME_EXACT) != 0 ? 0 : 1));
    for (uint32_t i = 0; i < f->name_count; i++) {
        const struct trace_name *n = &t->names[f->name_first + i];

        printf("\t%s\t%s\t%" PRIu32, tables_string(t, n->function),
               tables_string(t, n->file), n->line);
    }
    putchar('\n');
}

/* Names come last in a trace: stacks are printed when it was read whole. */
struct pending {
    uint64_t size_bytes;
    uint32_t stack;
};

static void print_stack(const struct tables *t, const struct pending *p)
{
    printf("%" PRIu64, p->size_bytes);
    for (uint32_t s = p->stack; s >= STACK_FIRST; s = t->stacks[s].parent) {
        const struct trace_frame *f = &t->frames[t->stacks[s].frame];

        if (f->module == MODULE_NONE ||
            strstr(tables_string(t, t->modules[f->module].path), ".so") != NULL)
            continue;
        for (uint32_t i = 0; i < f->name_count; i++) {
            const struct trace_name *n = &t->names[f->name_first + i];

            printf(" %s:%" PRIu32, tables_string(t, n->function), n->line);
        }
    }
    printf("%s\n", tables_stack_is_whole(t, p->stack) ? "" : " CUT");
}

enum { PENDING_MAX = 4096 };

int main(int argc, char **argv)
{
    static struct pending pending[PENDING_MAX];
    size_t count = 0;
    bool want_op = argc == 4 && strcmp(argv[1], "op") == 0;
    long wanted = want_op ? atol(argv[2]) : -1;
    long ops = -1;
    bool inside = false;
    struct reader *r;
    struct event ev;
    struct err err;
    enum err_code rc;

    if (!want_op && (argc != 3 || strcmp(argv[1], "frames") != 0))
        return 2;
    rc = reader_open(argv[argc - 1], &r, &err);
    while (rc == ERR_OK) {
        rc = reader_next(r, &ev, &err);
        if (rc != ERR_OK)
            break;
        if (ev.kind == EV_OP_BEGIN)
            inside = ++ops == wanted;
        if (ev.kind == EV_OP_END)
            inside = false;
        if (ev.kind == EV_ALLOC && inside && count < PENDING_MAX)
            pending[count++] = (struct pending){ ev.size_bytes, ev.stack };
    }
    if (rc != ERR_NOT_FOUND) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    for (size_t i = 0; i < count; i++)
        print_stack(reader_tables(r), &pending[i]);
    for (size_t i = 0; !want_op && i < reader_tables(r)->frame_count; i++)
        print_frame(reader_tables(r), &reader_tables(r)->frames[i]);
    reader_close(r);
    return 0;
}
