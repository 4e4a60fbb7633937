#include "trace/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>
#include <cmocka.h>

#include "support/alloc_fail.h"
#include "support/read_back.h"
#include "support/temp_file.h"
#include "support/trace_builder.h"
#include "trace/format.h"

static void reader__reads_what_was_written(void **unused)
{
    const char *path = temp_path("t.swt");
    const struct tables *t;
    const struct trace_frame *f;
    struct reader *r;
    struct event ev[12];
    struct ledger ledger;
    struct err err = { 0 };
    uint32_t stack;

    (void)unused;
    small_trace_build(path);
    assert_int_equal(reader_open(path, &r, &err), ERR_OK);
    assert_string_equal(reader_header(r)->program, "/bin/prog");
    assert_string_equal(reader_header(r)->op, "handle");
    assert_false(reader_sealed(r));
    for (size_t i = 0; i < 11; i++) {
        assert_int_equal(reader_next(r, &ev[i], &err), ERR_OK);
        assert_int_equal(ev[i].seq, i);
    }
    assert_int_equal(reader_next(r, &ev[11], &err), ERR_NOT_FOUND);
    assert_true(reader_sealed(r));
    assert_true(reader_ledger(r, &ledger));
    assert_int_equal(ledger.events, 11);
    assert_int_equal(ledger.stops, 7);
    assert_int_equal(ledger.exit_status, -1);

    t = reader_tables(r);
    assert_int_equal(ev[0].kind, EV_THREAD_BEGIN);
    assert_int_equal(ev[1].kind, EV_OP_BEGIN);
    assert_int_equal(ev[1].t_ns, 2000);
    assert_int_equal(ev[2].kind, EV_ALLOC);
    assert_int_equal(ev[2].addr, 0x1000);
    assert_int_equal(ev[2].size_bytes, 24);
    assert_int_equal(ev[2].activation, 2);
    assert_string_equal(tables_string(t, ev[2].text), "malloc");
    assert_int_equal(ev[3].kind, EV_RETURN);
    assert_int_equal(ev[3].parent, 1);
    assert_int_equal(ev[5].thread, 1);
    assert_true(ev[5].addr == UINT64_MAX && ev[5].size_bytes == UINT64_MAX);
    assert_false(tables_stack_is_whole(t, ev[5].stack));
    assert_int_equal(ev[6].flags, EV_REALLOC);
    assert_string_equal(tables_string(t, ev[8].text), "half way");

    stack = ev[2].stack;
    assert_true(tables_stack_is_whole(t, stack));
    assert_int_equal(t->stacks[stack].depth, 4);
    f = &t->frames[t->stacks[stack].frame];
    assert_true(t->modules[f->module].is_runtime);
    f = &t->frames[t->stacks[t->stacks[stack].parent].frame];
    assert_int_equal(f->name_count, 2);
    assert_string_equal(tables_string(t, t->names[f->name_first].function),
                        "copy");
    assert_true(t->names[f->name_first].is_inlined);
    assert_int_equal(t->names[f->name_first + 1].line, 41);
    assert_int_equal(t->source_count, 1);
    assert_string_equal(t->sources[0].text, "int main(void)\n{\n}\n");
    reader_close(r);
}

/* In any order, without changing what comes next. */
static void reader__reads_chunks_again(void **unused)
{
    const char *path = temp_path("t.swt");
    struct reader_place places[4];
    struct event seen[12], next;
    struct event *again = NULL;
    size_t cap = 0, count, chunks = 0;
    struct reader *r;
    struct err err = { 0 };

    (void)unused;
    small_trace_build(path);
    assert_int_equal(reader_open(path, &r, &err), ERR_OK);
    for (size_t i = 0; i < 11; i++) {
        assert_int_equal(reader_next(r, &seen[i], &err), ERR_OK);
        if (reader_place(r).seq == i)
            places[chunks++] = reader_place(r);
        for (size_t c = chunks; c-- > 0;) {
            assert_int_equal(
                reader_again(r, &places[c], &again, &cap, &count, &err),
                ERR_OK);
            for (size_t e = 0; e < count && places[c].seq + e <= i; e++)
                assert_true(event_equals(&again[e], &seen[places[c].seq + e]));
        }
    }
    assert_int_equal(chunks, 3);
    assert_int_equal(reader_next(r, &next, &err), ERR_NOT_FOUND);
    assert_true(reader_sealed(r));
    places[0].number++; /* the file is not what it was */
    assert_int_equal(reader_again(r, &places[0], &again, &cap, &count, &err),
                     ERR_BAD_FORMAT);
    places[1].seq++;
    assert_int_equal(reader_again(r, &places[1], &again, &cap, &count, &err),
                     ERR_BAD_FORMAT);
    places[2].offset = UINT32_MAX;
    assert_int_equal(reader_again(r, &places[2], &again, &cap, &count, &err),
                     ERR_BAD_FORMAT);
    assert_int_equal(reader_next(r, &next, &err), ERR_NOT_FOUND);
    free(again);
    reader_close(r);
}

/* A file that a slow writer grows byte by byte. */
static void reader__follows_a_growing_file(void **unused)
{
    struct bytes file = small_trace();
    struct mem_file m = mem_file_open(file.data, 0);
    struct chunk_list chunks;
    struct reader *r = NULL;
    struct outcome whole;
    struct err err = { 0 };
    size_t count = 0;

    (void)unused;
    chunk_list_of(&file, &chunks);
    for (size_t i = 0; i < file.size; i++) {
        struct event ev;
        enum err_code rc;

        mem_file_set(&m, i, file.data[i]);
        if (i + 1 < chunks.offsets[1])
            continue;
        if (r == NULL)
            assert_int_equal(reader_open(m.path, &r, &err), ERR_OK);
        while ((rc = reader_next(r, &ev, &err)) == ERR_OK)
            assert_int_equal(ev.seq, count++);
        assert_int_equal(rc, ERR_NOT_FOUND);
        assert_int_equal(reader_sealed(r), i + 1 == file.size);
    }
    outcome_read(m.path, &whole);
    assert_int_equal(count, whole.count);
    reader_close(r);
    mem_file_close(&m);
    free(file.data);
}

/* The same with a real writer, whose file changes its name at the end. */
static void reader__follows_a_writer(void **unused)
{
    const char *path = temp_path("live.swt");
    struct builder *b = builder_open(path, NULL);
    uint32_t at = builder_stack(b, "main", "work", NULL);
    struct reader *r;
    struct event ev;
    struct err err = { 0 };
    uint64_t done, all;

    (void)unused;
    assert_int_equal(reader_open(path, &r, &err), ERR_OK); /* the .partial */
    assert_int_equal(reader_next(r, &ev, &err), ERR_NOT_FOUND);
    builder_alloc(b, 0, at, 0x10, 1, "malloc", 0);
    assert_int_equal(reader_next(r, &ev, &err), ERR_NOT_FOUND);
    builder_flush(b);
    reader_progress(r, &done, &all);
    assert_true(done < all);
    assert_int_equal(reader_next(r, &ev, &err), ERR_OK);
    assert_int_equal(reader_next(r, &ev, &err), ERR_OK);
    assert_int_equal(ev.addr, 0x10);
    assert_string_equal(tables_string(reader_tables(r), ev.text), "malloc");
    assert_int_equal(reader_next(r, &ev, &err), ERR_NOT_FOUND);
    reader_progress(r, &done, &all);
    assert_true(done == all);
    builder_free(b, 0, at, 0x10);
    builder_close(b);
    assert_int_equal(reader_next(r, &ev, &err), ERR_OK);
    assert_int_equal(ev.kind, EV_FREE);
    assert_false(reader_sealed(r));
    assert_int_equal(reader_next(r, &ev, &err), ERR_NOT_FOUND);
    assert_true(reader_sealed(r));
    reader_close(r);
}

static void reader__notices_a_shortened_file(void **unused)
{
    struct bytes file = small_trace();
    struct mem_file m;
    struct chunk_list chunks;
    struct reader *r;
    struct event ev;
    struct err err = { 0 };

    (void)unused;
    chunk_list_of(&file, &chunks);
    m = mem_file_open(file.data,
                      chunks.offsets[chunks.count - 1]); /* without the index */
    assert_int_equal(reader_open(m.path, &r, &err), ERR_OK);
    while (reader_next(r, &ev, &err) == ERR_OK)
        ;
    mem_file_cut(&m, chunks.offsets[2]);
    assert_int_equal(reader_next(r, &ev, &err), ERR_BAD_FORMAT);
    assert_non_null(strstr(err.text, "shortened"));
    reader_close(r);
    mem_file_close(&m);
    free(file.data);
}

/* clang-format off */
static const struct {
    const char *what;
    const char *bytes;
    size_t size;
    enum err_code want;
    const char *text; /* part of the error text */
} openings[] = {
    { "empty",          "",           0,  ERR_BAD_FORMAT, "empty" },
    { "text",           "hello, world, hello\n", 20, ERR_BAD_FORMAT,
      "not a Stackward trace" },
    { "short text",     "hello\n",    6,  ERR_BAD_FORMAT,
      "not a Stackward trace" },
    { "line ends of a text transfer",
      "\x89SWT\n\x1a\n\x01\0\0\0\0\0\0\0\0", 16, ERR_BAD_FORMAT,
      "not a Stackward trace" },
    { "wrong checksum", "\x89SWT\r\n\x1a\n\x01\0\0\0\0\0\0\0", 16,
      ERR_BAD_FORMAT, "damaged" },
};
/* clang-format on */

static void reader__judges_openings(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(openings); i++) {
        struct reader *r;
        struct err err = { 0 };
        const char *path = temp_file(openings[i].bytes, openings[i].size);

        print_message("  %s\n", openings[i].what);
        assert_int_equal(reader_open(path, &r, &err), openings[i].want);
        assert_null(r);
        assert_non_null(strstr(err.text, openings[i].text));
        assert_non_null(strstr(err.text, path));
    }
}

static void reader__refuses_what_is_no_file(void **unused)
{
    const char *fifo = temp_path("fifo");
    struct reader *r;
    struct err err = { 0 };

    (void)unused;
    assert_int_equal(reader_open("/nowhere/at/all.swt", &r, &err), ERR_IO);
    assert_null(r);
    assert_non_null(strstr(err.text, "/nowhere/at/all.swt"));
    assert_int_equal(reader_open("/", &r, &err), ERR_BAD_FORMAT);
    assert_null(r);
    assert_int_equal(reader_open("/dev/zero", &r, &err), ERR_BAD_FORMAT);
    assert_null(r);
    assert_int_equal(mkfifo(fifo, 0600), 0); /* must not hang */
    assert_int_equal(reader_open(fifo, &r, &err), ERR_BAD_FORMAT);
    assert_null(r);
}

static void reader__names_both_versions_of_a_newer_file(void **unused)
{
    uint8_t bytes[SUPERBLOCK_SIZE];
    struct reader *r;
    struct err err = { 0 };
    uint32_t checksum;

    (void)unused;
    format_put_superblock(bytes);
    bytes[8] = 7;
    bytes[10] = 3;
    checksum = (uint32_t)XXH3_64bits(bytes, 12);
    for (int i = 0; i < 4; i++)
        bytes[12 + i] = (uint8_t)(checksum >> (8 * i));
    assert_int_equal(reader_open(temp_file(bytes, sizeof(bytes)), &r, &err),
                     ERR_TOO_NEW);
    assert_null(r);
    assert_non_null(strstr(err.text, "7.3"));
    assert_non_null(strstr(err.text, "1.x"));
}

/* Fails the first allocation, then the second, and so on until reading the
 * whole file succeeds. The leak checker turns a missed cleanup into a
 * failure. */
static void reader__survives_each_failed_allocation(void **unused)
{
    struct bytes file = small_trace();
    struct mem_file m = mem_file_open(file.data, file.size);
    struct outcome whole, o;
    size_t nth = 0;
    bool reached;

    (void)unused;
    outcome_read(m.path, &whole);
    do {
        alloc_fail_at(++nth);
        outcome_read(m.path, &o);
        reached = alloc_fail_happened();
        alloc_fail_at(0);
        assert_true(outcome_is_prefix(&o, &whole));
        if (reached)
            assert_int_equal(o.rc, ERR_NO_MEMORY);
    } while (reached);
    assert_int_equal(o.rc, ERR_NOT_FOUND);
    assert_int_equal(o.count, whole.count);
    assert_true(nth > 20);
    mem_file_close(&m);
    free(file.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reader__reads_what_was_written),
        cmocka_unit_test(reader__reads_chunks_again),
        cmocka_unit_test(reader__follows_a_growing_file),
        cmocka_unit_test(reader__follows_a_writer),
        cmocka_unit_test(reader__notices_a_shortened_file),
        cmocka_unit_test(reader__judges_openings),
        cmocka_unit_test(reader__refuses_what_is_no_file),
        cmocka_unit_test(reader__names_both_versions_of_a_newer_file),
        cmocka_unit_test(reader__survives_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
