#include "trace/table_codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static uint32_t intern(struct tables *t, const char *text)
{
    struct err err = { 0 };
    uint32_t number;

    assert_int_equal(
        strtab_intern(&t->strings, text, strlen(text), &number, &err), ERR_OK);
    return number;
}

static uint32_t frame(struct tables *t, tracee_addr addr, uint32_t module,
                      uint8_t flags)
{
    struct err err = { 0 };
    uint32_t number;

    assert_int_equal(tables_frame(t, addr, module, flags, &number, &err),
                     ERR_OK);
    return number;
}

static uint32_t stack(struct tables *t, uint32_t parent, uint32_t frame)
{
    struct err err = { 0 };
    uint32_t number;

    assert_int_equal(tables_stack(t, parent, frame, &number, &err), ERR_OK);
    return number;
}

static void init(struct tables *t)
{
    struct err err = { 0 };

    assert_int_equal(tables_init(t, &err), ERR_OK);
}

/* Writes all that is new after `marks` and reads it into `to`. Gives the
 * number of chunks. */
static size_t copy(const struct tables *from, struct table_marks *marks,
                   struct tables *to)
{
    struct buf raw = { 0 };
    struct err err = { 0 };
    size_t chunks = 0;

    for (size_t i = 0; i < TABLE_COUNT; i++) {
        const struct table_kind *kind = &table_kinds[i];

        assert_ptr_equal(table_kind_find(kind->kind), kind);
        while (marks->done[i] < kind->count(from)) {
            size_t before = marks->done[i];
            struct cursor in;

            buf_clear(&raw);
            assert_int_equal(kind->encode(from, marks, &raw, &err), ERR_OK);
            assert_true(raw.size <= CHUNK_MAX);
            assert_true(marks->done[i] > before);
            in = (struct cursor){ .data = raw.data, .size = raw.size };
            assert_int_equal(kind->decode(to, &in, &err), ERR_OK);
            assert_true(cursor_at_end(&in));
            chunks++;
        }
    }
    buf_fini(&raw);
    return chunks;
}

static struct table_marks marks_of(const struct tables *t)
{
    struct table_marks marks;

    for (size_t i = 0; i < TABLE_COUNT; i++)
        marks.done[i] = table_kinds[i].count(t);
    return marks;
}

static void check_names(const struct tables *a, const struct tables *b,
                        uint32_t frame)
{
    const struct trace_frame *x = &a->frames[frame], *y = &b->frames[frame];

    assert_int_equal(x->name_count, y->name_count);
    for (size_t i = 0; i < x->name_count; i++) {
        const struct trace_name *n = &a->names[x->name_first + i];
        const struct trace_name *m = &b->names[y->name_first + i];

        assert_int_equal(n->function, m->function);
        assert_int_equal(n->file, m->file);
        assert_int_equal(n->line, m->line);
        assert_int_equal(n->column, m->column);
        assert_int_equal(n->is_inlined, m->is_inlined);
    }
}

static void check_equal(const struct tables *a, const struct tables *b)
{
    assert_int_equal(a->strings.count, b->strings.count);
    for (uint32_t i = 0; i < a->strings.count; i++)
        assert_string_equal(tables_string(a, i), tables_string(b, i));
    assert_int_equal(a->module_count, b->module_count);
    for (size_t i = 0; i < a->module_count; i++) {
        assert_int_equal(a->modules[i].path, b->modules[i].path);
        assert_int_equal(a->modules[i].build_id, b->modules[i].build_id);
        assert_true(a->modules[i].start == b->modules[i].start);
        assert_true(a->modules[i].end == b->modules[i].end);
        assert_true(a->modules[i].bias == b->modules[i].bias);
        assert_int_equal(a->modules[i].is_runtime, b->modules[i].is_runtime);
    }
    assert_int_equal(a->frame_count, b->frame_count);
    for (uint32_t i = 0; i < a->frame_count; i++) {
        assert_true(a->frames[i].addr == b->frames[i].addr);
        assert_int_equal(a->frames[i].module, b->frames[i].module);
        assert_int_equal(a->frames[i].flags, b->frames[i].flags);
        check_names(a, b, i);
    }
    assert_int_equal(a->stack_count, b->stack_count);
    for (size_t i = 0; i < a->stack_count; i++) {
        assert_int_equal(a->stacks[i].parent, b->stacks[i].parent);
        assert_int_equal(a->stacks[i].frame, b->stacks[i].frame);
        assert_int_equal(a->stacks[i].depth, b->stacks[i].depth);
    }
    assert_int_equal(a->source_count, b->source_count);
    for (size_t i = 0; i < a->source_count; i++) {
        assert_int_equal(a->sources[i].path, b->sources[i].path);
        assert_int_equal(a->sources[i].size, b->sources[i].size);
        assert_memory_equal(a->sources[i].text, b->sources[i].text,
                            a->sources[i].size + 1);
    }
}

/* Adds rows of every kind, `n` of most. */
static void grow(struct tables *t, unsigned n, unsigned seed)
{
    struct err err = { 0 };

    for (unsigned i = 0; i < n; i++) {
        unsigned x = (i + seed) * 2654435761u;
        char text[32];
        struct trace_module m = {
            .start = x, .end = x + 5, .bias = x / 2, .is_runtime = x % 2
        };
        struct trace_name names[2] = { { .line = x % 999, .is_inlined = true },
                                       { .column = x % 99 } };
        uint32_t number;

        snprintf(text, sizeof(text), "text %u %u", seed, i);
        names[0].function = names[1].file = m.path = intern(t, text);
        if (i % 100 == 0)
            assert_int_equal(tables_module(t, &m, &number, &err), ERR_OK);
        number = frame(t, UINT64_MAX - x, x % 3 == 0 ? MODULE_NONE : 0, x % 2);
        stack(t, x % (uint32_t)t->stack_count, number);
        if (x % 4 != 0)
            assert_int_equal(tables_name(t, number, names, x % 3, &err),
                             ERR_OK);
    }
}

static void table_codec__gives_back_what_is_new(void **unused)
{
    struct tables from, to;
    struct table_marks marks;

    (void)unused;
    init(&from);
    init(&to);
    marks = marks_of(&from);
    assert_int_equal(copy(&from, &marks, &to), 0);
    for (unsigned round = 0; round < 5; round++) {
        grow(&from, 40, round * 1000);
        assert_int_equal(copy(&from, &marks, &to), TABLE_SOURCES);
        check_equal(&from, &to);
    }
    tables_fini(&from);
    tables_fini(&to);
}

static void table_codec__splits_what_is_too_large(void **unused)
{
    enum { SOURCE_SIZE = 3 << 20, TEXT_SIZE = 60000 };
    struct tables from, to;
    struct table_marks marks;
    struct err err = { 0 };
    char *large = malloc(SOURCE_SIZE);

    (void)unused;
    assert_non_null(large);
    init(&from);
    init(&to);
    marks = marks_of(&from);
    grow(&from, 3 * FORMAT_ROWS_MAX, 7);
    memset(large, 'x', SOURCE_SIZE);
    for (size_t i = 0; i < 40; i++) {
        uint32_t number;

        large[i] = 'y';
        assert_int_equal(
            strtab_intern(&from.strings, large, TEXT_SIZE, &number, &err),
            ERR_OK);
    }
    large[SOURCE_SIZE / 2] = '\0';
    assert_int_equal(tables_source(&from, 1, large, SOURCE_SIZE, &err), ERR_OK);
    assert_int_equal(tables_source(&from, 2, "", 0, &err), ERR_OK);
    assert_int_equal(tables_source(&from, 3, large, 5, &err), ERR_OK);
    assert_true(copy(&from, &marks, &to) > 20);
    check_equal(&from, &to);
    free(large);
    tables_fini(&from);
    tables_fini(&to);
}

/* Nobody's function name is that long, but a debug file may claim it is. */
static void table_codec__cuts_monstrous_strings(void **unused)
{
    enum { SIZE = 3 << 20 };
    struct tables from, to;
    struct table_marks marks;
    struct err err = { 0 };
    char *large = malloc(SIZE);
    uint32_t a, b;

    (void)unused;
    assert_non_null(large);
    memset(large, 'x', SIZE);
    init(&from);
    init(&to);
    marks = marks_of(&from);
    assert_int_equal(strtab_intern(&from.strings, large, SIZE, &a, &err),
                     ERR_OK);
    assert_int_equal(strtab_intern(&from.strings, large, SIZE - 1, &b, &err),
                     ERR_OK);
    copy(&from, &marks, &to);
    assert_int_equal(to.strings.count, 3);
    assert_int_equal(strlen(tables_string(&to, a)), 65536);
    assert_memory_equal(tables_string(&to, a), large, 65000);
    assert_string_not_equal(tables_string(&to, a), tables_string(&to, b));
    free(large);
    tables_fini(&from);
    tables_fini(&to);
}

/* A frame that is not in the file has no name there. */
static void table_codec__names_only_frames_that_are_written(void **unused)
{
    struct tables from, to;
    struct table_marks marks;
    struct trace_name name = { .line = 5 };
    struct buf raw = { 0 };
    struct cursor in;
    struct err err = { 0 };

    (void)unused;
    init(&from);
    init(&to);
    marks = marks_of(&from);
    frame(&from, 1, MODULE_NONE, 0);
    copy(&from, &marks, &to);
    frame(&from, 2, MODULE_NONE, 0);
    assert_int_equal(tables_name(&from, 1, &name, 1, &err), ERR_OK);
    assert_int_equal(tables_name(&from, 0, &name, 1, &err), ERR_OK);
    assert_int_equal(table_kinds[TABLE_NAMES].encode(&from, &marks, &raw, &err),
                     ERR_OK);
    assert_int_equal(marks.done[TABLE_NAMES], 2);
    in = (struct cursor){ .data = raw.data, .size = raw.size };
    assert_int_equal(table_kinds[TABLE_NAMES].decode(&to, &in, &err), ERR_OK);
    assert_int_equal(to.name_count, 1);
    assert_int_equal(to.frames[0].name_count, 1);
    buf_fini(&raw);
    tables_fini(&from);
    tables_fini(&to);
}

static void tables__know_their_memory(void **unused)
{
    struct tables t;
    struct err err = { 0 };
    uint64_t before;

    (void)unused;
    init(&t);
    before = tables_memory(&t);
    assert_true(before > 0 && before < 4096);
    grow(&t, 1000, 0);
    assert_true(tables_memory(&t) > before + 1000 * 60);
    before = tables_memory(&t);
    assert_int_equal(tables_source(&t, 1, "0123456789", 10, &err), ERR_OK);
    assert_true(tables_memory(&t) >= before + 11);
    tables_fini(&t);
    assert_int_equal(tables_memory(&t), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_codec__gives_back_what_is_new),
        cmocka_unit_test(table_codec__splits_what_is_too_large),
        cmocka_unit_test(table_codec__cuts_monstrous_strings),
        cmocka_unit_test(table_codec__names_only_frames_that_are_written),
        cmocka_unit_test(tables__know_their_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
