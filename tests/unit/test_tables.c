#include "trace/tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "support/alloc_fail.h"

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

static void tables__begins_with_the_two_empty_stacks(void **unused)
{
    struct tables t;

    (void)unused;
    init(&t);
    assert_int_equal(t.stack_count, STACK_FIRST);
    assert_int_equal(t.stacks[STACK_ROOT].depth, 0);
    assert_int_equal(t.stacks[STACK_CUT].depth, 0);
    assert_true(tables_stack_is_whole(&t, STACK_ROOT));
    assert_false(tables_stack_is_whole(&t, STACK_CUT));
    assert_string_equal(tables_string(&t, 0), "");
    assert_string_equal(tables_string(&t, 12345), "");
    tables_fini(&t);
    tables_fini(&t); /* empty: nothing happens */
}

static void tables__keeps_each_row_once(void **unused)
{
    struct tables t;
    struct trace_module m = { .start = 1, .end = 2 };
    struct err err = { 0 };
    uint32_t a, b, f, g, s;

    (void)unused;
    init(&t);
    m.path = intern(&t, "/bin/app");
    assert_int_equal(tables_module(&t, &m, &a, &err), ERR_OK);
    assert_int_equal(tables_module(&t, &m, &b, &err), ERR_OK);
    assert_int_equal(a, b);
    m.bias = 0x1000; /* the same file again, elsewhere */
    assert_int_equal(tables_module(&t, &m, &b, &err), ERR_OK);
    assert_int_equal(b, a + 1);

    f = frame(&t, 0x10, a, 0);
    assert_int_equal(frame(&t, 0x10, a, 0), f);
    g = frame(&t, 0x10, b, 0);
    assert_int_not_equal(f, g);
    assert_int_not_equal(frame(&t, 0x10, a, FRAME_EXACT), f);
    assert_int_not_equal(frame(&t, 0x10, MODULE_NONE, 0), f);
    assert_int_not_equal(frame(&t, 0x11, a, 0), f);
    assert_int_equal(t.frame_count, 5);

    s = stack(&t, STACK_ROOT, f);
    assert_int_equal(s, STACK_FIRST);
    assert_int_equal(stack(&t, STACK_ROOT, f), s);
    assert_int_not_equal(stack(&t, STACK_CUT, f), s);
    assert_int_not_equal(stack(&t, STACK_ROOT, g), s);
    s = stack(&t, s, g);
    assert_int_equal(t.stacks[s].depth, 2);
    assert_true(tables_stack_is_whole(&t, s));
    assert_false(tables_stack_is_whole(&t, stack(&t, STACK_CUT, g)));
    tables_fini(&t);
}

/* Two frames of one hash are still two. Real collisions are not at hand, so
 * one is laid by hand: the place of the second is taken by the first. */
static void tables__tells_frames_of_one_hash_apart(void **unused)
{
    struct tables t;
    struct err err = { 0 };
    size_t at = 0;
    uint64_t key, value;
    uint32_t a, b;

    (void)unused;
    init(&t);
    a = frame(&t, 0x10, MODULE_NONE, 0);
    b = frame(&t, 0x20, MODULE_NONE, 0);
    while (map_next(&t.frame_index, &at, &key, &value) && value != b)
        ;
    assert_int_equal(map_put(&t.frame_index, key, a, &err), ERR_OK);
    b = frame(&t, 0x20, MODULE_NONE, 0);
    assert_int_not_equal(b, a);
    assert_int_equal(t.frames[b].addr, 0x20);
    assert_int_equal(frame(&t, 0x20, MODULE_NONE, 0), b);
    tables_fini(&t);
}

static void tables__replaces_names(void **unused)
{
    struct tables t;
    struct trace_name names[3] = { { .line = 1, .is_inlined = true },
                                   { .line = 2 },
                                   { .line = 3 } };
    struct err err = { 0 };
    uint32_t f;

    (void)unused;
    init(&t);
    f = frame(&t, 0x10, MODULE_NONE, 0);
    assert_int_equal(t.frames[f].name_count, 0);
    assert_int_equal(tables_name(&t, f, names, 2, &err), ERR_OK);
    assert_int_equal(t.frames[f].name_count, 2);
    assert_int_equal(t.names[t.frames[f].name_first + 1].line, 2);
    assert_int_equal(tables_name(&t, f, names + 2, 1, &err), ERR_OK);
    assert_int_equal(t.frames[f].name_count, 1);
    assert_int_equal(t.names[t.frames[f].name_first].line, 3);
    assert_int_equal(t.named_count, 2);
    tables_fini(&t);
}

static void tables__bounds_the_names_of_a_frame(void **unused)
{
    struct tables t;
    struct trace_name names[NAMES_PER_FRAME_MAX + 1] = { { 0 } };
    struct err err = { 0 };

    (void)unused;
    init(&t);
    frame(&t, 0x10, MODULE_NONE, 0);
    assert_int_equal(tables_name(&t, 0, names, ARRAY_LEN(names), &err), ERR_OK);
    assert_int_equal(t.frames[0].name_count, NAMES_PER_FRAME_MAX);
    tables_fini(&t);
}

static void tables__keeps_the_first_source_of_a_path(void **unused)
{
    struct tables t;
    const struct trace_source *s;
    struct err err = { 0 };
    uint32_t path;

    (void)unused;
    init(&t);
    path = intern(&t, "/src/a.c");
    assert_null(tables_find_source(&t, path));
    assert_int_equal(tables_source(&t, path, "a\0b", 3, &err), ERR_OK);
    assert_int_equal(tables_source(&t, path, "other", 5, &err), ERR_OK);
    assert_int_equal(tables_source(&t, 0, NULL, 0, &err), ERR_OK);
    s = tables_find_source(&t, path);
    assert_non_null(s);
    assert_int_equal(s->size, 3);
    assert_memory_equal(s->text, "a\0b", 4);
    assert_string_equal(tables_find_source(&t, 0)->text, "");
    tables_fini(&t);
}

static enum err_code build(struct tables *t, struct err *err)
{
    struct trace_module m = { 0 };
    struct trace_name name = { 0 };
    uint32_t number, at = STACK_ROOT;
    enum err_code rc = tables_init(t, err);

    if (rc == ERR_OK)
        rc = strtab_intern(&t->strings, "a", 1, &m.path, err);
    if (rc == ERR_OK)
        rc = tables_module(t, &m, &number, err);
    for (unsigned i = 0; rc == ERR_OK && i < 30; i++) {
        rc = tables_frame(t, i, 0, 0, &number, err);
        if (rc == ERR_OK)
            rc = tables_stack(t, at, number, &at, err);
        if (rc == ERR_OK)
            rc = tables_name(t, number, &name, 1, err);
    }
    if (rc == ERR_OK)
        rc = tables_source(t, 1, "x", 1, err);
    return rc;
}

/* Each row is there whole or not at all. */
static void tables__survive_each_failed_allocation(void **unused)
{
    enum err_code rc;
    size_t nth = 0;

    (void)unused;
    do {
        struct tables t;
        struct err err = { 0 };

        alloc_fail_at(++nth);
        rc = build(&t, &err);
        alloc_fail_at(0);
        if (rc == ERR_OK)
            assert_int_equal(t.stack_count, 30 + STACK_FIRST);
        for (size_t i = STACK_FIRST; i < t.stack_count; i++)
            assert_true(t.stacks[i].frame < t.frame_count);
        tables_fini(&t);
    } while (rc == ERR_NO_MEMORY);
    assert_int_equal(rc, ERR_OK);
    assert_true(nth > 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables__begins_with_the_two_empty_stacks),
        cmocka_unit_test(tables__keeps_each_row_once),
        cmocka_unit_test(tables__tells_frames_of_one_hash_apart),
        cmocka_unit_test(tables__replaces_names),
        cmocka_unit_test(tables__bounds_the_names_of_a_frame),
        cmocka_unit_test(tables__keeps_the_first_source_of_a_path),
        cmocka_unit_test(tables__survive_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
