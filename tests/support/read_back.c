#include "support/read_back.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support/temp_file.h"
#include "support/trace_builder.h"
#include "trace/format.h"
#include "trace/reader.h"

static void must(bool ok, const char *what)
{
    if (ok)
        return;
    perror(what);
    abort();
}

struct bytes read_file(const char *path)
{
    FILE *fp = fopen(path, "rb");
    struct bytes b;

    must(fp != NULL && fseek(fp, 0, SEEK_END) == 0, path);
    b.size = (size_t)ftell(fp);
    rewind(fp);
    b.data = malloc(b.size + 1);
    must(b.data != NULL && fread(b.data, 1, b.size, fp) == b.size, path);
    fclose(fp);
    return b;
}

void small_trace_build(const char *path)
{
    struct builder *b = builder_open(path, "handle");
    uint32_t op = builder_stack(b, "main", "handle", NULL);
    uint32_t at =
        builder_stack(b, "main", "handle", "copy<parse:41", "@strdup", NULL);
    uint32_t cut = builder_stack(b, "...", "?worker", NULL);

    builder_op_begin(b, 0, op, 1);
    builder_alloc(b, 0, at, 0x1000, 24, "malloc", 2);
    builder_return(b, 0, 2, 1);
    builder_flush(b);
    builder_alloc(b, 1, cut, UINT64_MAX, UINT64_MAX, "operator new", 0);
    builder_realloc(b, 0, at, 0x1000, 0x2000, 48, 3);
    builder_mark(b, 0, "half way");
    builder_source(b, "/src/prog.c", "int main(void)\n{\n}\n");
    builder_flush(b);
    builder_free(b, 0, op, 0x2000);
    builder_op_end(b, 0, 1);
    builder_close_with(b, &(struct ledger){ .stops = 7, .exit_status = -1 });
}

struct bytes small_trace(void)
{
    const char *path = temp_path("small.swt");

    small_trace_build(path);
    return read_file(path);
}

void chunk_list_of(const struct bytes *file, struct chunk_list *out)
{
    size_t at = SUPERBLOCK_SIZE;

    out->count = 0;
    while (at < file->size) {
        struct chunk_header h;
        struct err err = { 0 };

        must(out->count < CHUNKS_MAX, "too many chunks");
        must(format_take_chunk_header(file->data + at, &h, &err) == ERR_OK,
             err.text);
        out->kinds[out->count] = h.kind;
        out->offsets[out->count++] = at;
        at += CHUNK_HEADER_SIZE + h.stored_size;
    }
    out->offsets[out->count] = at;
}

struct mem_file mem_file_open(const void *data, size_t size)
{
    struct mem_file m = { .fd = memfd_create("trace", MFD_CLOEXEC) };

    must(m.fd >= 0 && write(m.fd, data, size) == (ssize_t)size, "memfd");
    snprintf(m.path, sizeof(m.path), "/proc/self/fd/%d", m.fd);
    return m;
}

void mem_file_set(const struct mem_file *m, size_t at, uint8_t byte)
{
    must(pwrite(m->fd, &byte, 1, (off_t)at) == 1, "memfd");
}

void mem_file_cut(const struct mem_file *m, size_t size)
{
    must(ftruncate(m->fd, (off_t)size) == 0, "memfd");
}

void mem_file_close(struct mem_file *m)
{
    close(m->fd);
    m->fd = -1;
}

void outcome_read(const char *path, struct outcome *o)
{
    struct reader *r;
    struct ledger ledger;
    struct event ev;

    *o = (struct outcome){ 0 };
    o->open_rc = reader_open(path, &r, &o->err);
    o->rc = o->open_rc;
    if (o->open_rc != ERR_OK) {
        must(r == NULL, "reader_open fails, and gives a reader");
        return;
    }
    while ((o->rc = reader_next(r, &ev, &o->err)) == ERR_OK) {
        if (o->count < OUTCOME_EVENTS_MAX)
            o->events[o->count] = ev;
        o->count++;
    }
    must(reader_next(r, &ev, &o->err) == o->rc, "the end does not last");
    o->is_sealed = reader_sealed(r);
    o->has_ledger = reader_ledger(r, &ledger);
    o->names = reader_tables(r)->name_count;
    o->sources = reader_tables(r)->source_count;
    o->stacks = reader_tables(r)->stack_count;
    o->tables_bytes = tables_memory(reader_tables(r));
    reader_close(r);
}

bool event_equals(const struct event *a, const struct event *b)
{
    return a->seq == b->seq && a->t_ns == b->t_ns && a->kind == b->kind &&
           a->thread == b->thread && a->flags == b->flags &&
           a->text == b->text && a->addr == b->addr &&
           a->size_bytes == b->size_bytes && a->stack == b->stack &&
           a->activation == b->activation && a->parent == b->parent;
}

bool outcome_is_prefix(const struct outcome *a, const struct outcome *b)
{
    if (a->count > b->count)
        return false;
    for (size_t i = 0; i < a->count && i < OUTCOME_EVENTS_MAX; i++)
        if (!event_equals(&a->events[i], &b->events[i]))
            return false;
    return true;
}
