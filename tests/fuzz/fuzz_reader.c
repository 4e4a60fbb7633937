/*
 * fuzz_reader.c - trace files nobody wrote.
 *
 * Input that begins with the magic is a file as it is. Checksums stop nearly
 * every change to one, so all other input is chunks that get right checksums
 * here, to reach what lies behind them:
 *
 *   kind (1 byte) | size (2 bytes, little-endian) | payload ...
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/read_back.h"
#include "support/trace_forge.h"
#include "trace/format.h"
#include "trace/reader.h"

static void promise(bool kept, const char *what)
{
    if (kept)
        return;
    fprintf(stderr, "broken: %s\n", what);
    abort();
}

static void check_event(const struct tables *t, const struct event *before,
                        const struct event *ev)
{
    promise(before == NULL ? ev->seq == 0 : ev->seq == before->seq + 1,
            "seq counts up");
    promise(before == NULL || ev->t_ns >= before->t_ns, "time goes on");
    promise(ev->kind < EV_KIND_COUNT, "the kind is known");
    promise(ev->thread <= ev->seq, "threads are numbered as they appear");
    promise(ev->text < t->strings.count, "the text is there");
    promise(ev->stack < t->stack_count, "the stack is there");
}

static void check_tables(const struct tables *t)
{
    size_t bytes = 0;

    for (uint32_t i = 0; i < t->strings.count; i++)
        bytes += strlen(tables_string(t, i)) + 1;
    promise(bytes <= t->strings.bytes.size, "strings end");
    for (size_t i = 0; i < t->module_count; i++)
        promise(t->modules[i].path < t->strings.count &&
                    t->modules[i].build_id < t->strings.count &&
                    t->modules[i].start <= t->modules[i].end,
                "modules have a path");
    for (size_t i = 0; i < t->frame_count; i++) {
        const struct trace_frame *f = &t->frames[i];

        promise(f->module == MODULE_NONE || f->module < t->module_count,
                "frames have a module");
        promise((uint64_t)f->name_first + f->name_count <= t->name_count ||
                    f->name_count == 0,
                "frames have their names");
        promise(f->name_count <= NAMES_PER_FRAME_MAX, "names are few");
    }
    for (size_t i = 0; i < t->name_count; i++)
        promise(t->names[i].function < t->strings.count &&
                    t->names[i].file < t->strings.count,
                "names have their strings");
    for (size_t i = STACK_FIRST; i < t->stack_count; i++)
        promise(
            t->stacks[i].parent < i && t->stacks[i].frame < t->frame_count &&
                t->stacks[i].depth == t->stacks[t->stacks[i].parent].depth + 1,
            "stacks lead to the root");
    for (size_t i = 0; i < t->source_count; i++)
        promise(t->sources[i].path < t->strings.count &&
                    t->sources[i].text[t->sources[i].size] == '\0',
                "sources end");
}

static void read_all(const char *path, size_t size)
{
    enum { SLACK = 128 << 20, RATIO = 256 };
    struct reader *r;
    struct event before, ev;
    struct ledger ledger;
    struct err err = { 0 };
    enum err_code rc = reader_open(path, &r, &err);
    bool is_first = true;

    promise((rc == ERR_OK) == (r != NULL), "a reader, or an error");
    if (rc != ERR_OK) {
        promise(err.text[0] != '\0', "errors explain themselves");
        return;
    }
    while ((rc = reader_next(r, &ev, &err)) == ERR_OK) {
        check_event(reader_tables(r), is_first ? NULL : &before, &ev);
        before = ev;
        is_first = false;
    }
    promise(reader_next(r, &ev, &err) == rc, "the end is the end");
    check_tables(reader_tables(r));
    promise(tables_memory(reader_tables(r)) <= SLACK + RATIO * (uint64_t)size,
            "memory is bounded");
    reader_ledger(r, &ledger);
    reader_close(r);
}

static void forge_chunks(struct forge *f, const uint8_t *data, size_t size)
{
    forge_init_bare(f);
    if (size == 0 || data[0] != CHUNK_HEADER)
        forge_chunk(f, CHUNK_HEADER, "{}", 2);
    while (size >= 3) {
        unsigned kind = data[0];
        size_t payload = data[1] | (size_t)data[2] << 8;

        if (payload > size - 3)
            payload = size - 3;
        forge_chunk(f, kind, data + 3, payload);
        data += 3 + payload;
        size -= 3 + payload;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mem_file m;
    struct forge f = { 0 };

    if (size >= 4 && memcmp(data, "\x89SWT", 4) == 0) {
        m = mem_file_open(data, size);
    } else {
        forge_chunks(&f, data, size);
        m = mem_file_open(f.bytes.data, f.bytes.size);
    }
    read_all(m.path, size);
    mem_file_close(&m);
    forge_fini(&f);
    return 0;
}
