#include "analysis/sites.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/temp_file.h"
#include "support/trace_builder.h"

enum { OP = 1 };

/* Reads a whole trace; the caller closes it. */
static struct profile *read_all(const char *path, const struct site **sites,
                                size_t *count)
{
    struct profile *p;
    struct err err = { 0 };

    assert_int_equal(profile_open(path, &p, &err), ERR_OK);
    assert_int_equal(profile_advance(p, 0, &err), ERR_NOT_FOUND);
    assert_int_equal(profile_sites(p, sites, count, &err), ERR_OK);
    return p;
}

static void sites__join_stacks_and_part_lines(void **unused)
{
    const char *path = temp_path("t.swt");
    struct builder *b = builder_open(path, NULL);
    uint32_t one = builder_stack(b, "main", "f:10", NULL);
    uint32_t two = builder_stack(b, "main", "g", "f:10", NULL);
    uint32_t later = builder_stack(b, "main", "f:30", NULL);
    const struct site *s;
    size_t count;
    struct profile *p;

    (void)unused;
    builder_alloc(b, 0, one, 0x10, 100, "malloc", 0);
    builder_alloc(b, 0, two, 0x20, 50, "malloc", 0);
    builder_alloc(b, 0, two, 0x30, 50, "malloc", 0);
    builder_alloc(b, 0, later, 0x40, 8, "malloc", 0);
    builder_alloc(b, 0, one, 0x50, 8, "calloc", 0);
    builder_close(b);

    p = read_all(path, &s, &count);
    assert_int_equal(count, 3);
    assert_string_equal(s[0].function, "f");
    assert_string_equal(s[0].file, "/src/prog.c");
    assert_int_equal(s[0].line, 10);
    assert_string_equal(s[0].via, "malloc");
    assert_int_equal(s[0].allocs, 3);
    assert_int_equal(s[0].bytes, 200);
    assert_int_equal(s[0].stack, two); /* seen twice */
    assert_int_equal(s[0].site_frame, 0);
    /* As many allocs and bytes: by name, then by line. */
    assert_int_equal(s[1].line, 10);
    assert_string_equal(s[1].via, "calloc");
    assert_int_equal(s[2].line, 30);
    profile_close(p);
}

static void sites__are_outside_the_runtime(void **unused)
{
    const char *path = temp_path("t.swt");
    struct builder *b = builder_open(path, NULL);
    uint32_t dup = builder_stack(b, "@_start", "main", "copy<parse:41",
                                 "@strdup", "@malloc_hook", NULL);
    uint32_t libc = builder_stack(b, "@_start", "@init", NULL);
    uint32_t nameless = builder_stack(b, "main", "?f", "?@", NULL);
    const struct site *s;
    size_t count;
    struct trace_name name;
    const char *function;
    char room[64];
    struct profile *p;

    (void)unused;
    builder_alloc(b, 0, dup, 0x10, 30, "malloc", 0);
    builder_alloc(b, 0, libc, 0x20, 20, "malloc", 0);
    builder_alloc(b, 0, nameless, 0x30, 10, "malloc", 0);
    builder_alloc(b, 0, STACK_CUT, 0x40, 5, "malloc", 0);
    builder_close(b);

    p = read_all(path, &s, &count);
    assert_int_equal(count, 4);
    assert_string_equal(s[0].function, "copy");
    assert_string_equal(s[0].via, "strdup");
    assert_int_equal(s[0].site_frame, 2);
    assert_true(
        profile_call(p, s[0].stack, 2, &name, &function, room, sizeof(room)));
    assert_string_equal(function, "copy");
    assert_true(name.is_inlined);
    assert_true(
        profile_call(p, s[0].stack, 3, &name, &function, room, sizeof(room)));
    assert_string_equal(function, "parse");
    assert_int_equal(name.line, 41);
    assert_true(
        profile_call(p, s[0].stack, 5, &name, &function, room, sizeof(room)));
    assert_string_equal(function, "_start");
    assert_false(
        profile_call(p, s[0].stack, 6, &name, &function, room, sizeof(room)));
    assert_string_equal(s[1].function, "_start");
    assert_string_equal(s[1].via, "init");
    assert_string_equal(s[2].via, "malloc");
    assert_non_null(strstr(s[2].function, "prog+0x"));
    assert_int_equal(s[2].line, 0);
    assert_true(
        profile_call(p, s[2].stack, 0, &name, &function, room, sizeof(room)));
    assert_ptr_equal(function, room);
    assert_string_equal(s[3].function, "(no stack)");
    assert_false(
        profile_call(p, s[3].stack, 0, &name, &function, room, sizeof(room)));
    assert_false(
        profile_call(p, UINT32_MAX, 0, &name, &function, room, sizeof(room)));
    profile_close(p);
}

static const struct site *find(const struct site *s, size_t count,
                               const char *function, uint32_t line)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(s[i].function, function) == 0 && s[i].line == line)
            return &s[i];
    fail_msg("no site %s:%u", function, line);
    return NULL;
}

/* Two stages of one program: lines moved, another site came first. */
static void sites__keep_their_keys_from_stage_to_stage(void **unused)
{
    const char *before = temp_path("before.swt");
    const char *after = temp_path("after.swt");
    struct builder *b = builder_open(before, NULL);
    const struct site *s, *t;
    size_t s_count, t_count;
    struct profile *p, *q;

    (void)unused;
    builder_alloc(b, 0, builder_stack(b, "main", "f:10", NULL), 1, 1, "malloc",
                  0);
    builder_alloc(b, 0, builder_stack(b, "main", "f:20", NULL), 2, 2, "malloc",
                  0);
    builder_alloc(b, 0, builder_stack(b, "main", "f:20", NULL), 3, 3, "calloc",
                  0);
    builder_close(b);
    b = builder_open(after, NULL);
    builder_alloc(b, 0, builder_stack(b, "main", "e:5", NULL), 4, 999, "malloc",
                  0);
    builder_alloc(b, 0, builder_stack(b, "main", "f:62", NULL), 2, 2, "malloc",
                  0);
    builder_alloc(b, 0, builder_stack(b, "main", "f:51", NULL), 1, 1, "malloc",
                  0);
    builder_close(b);

    p = read_all(before, &s, &s_count);
    q = read_all(after, &t, &t_count);
    assert_int_equal(s_count, 3);
    assert_int_equal(t_count, 3);
    assert_true(find(s, s_count, "f", 10)->key ==
                find(t, t_count, "f", 51)->key);
    assert_true(s[1].line == 20 && strcmp(s[1].via, "malloc") == 0);
    assert_true(s[1].key == find(t, t_count, "f", 62)->key);
    for (size_t i = 0; i < s_count; i++)
        for (size_t k = 0; k < i; k++)
            assert_true(s[i].key != s[k].key && t[i].key != t[k].key);
    profile_close(p);
    profile_close(q);
}

static void sites__mark_growth_and_boxes(void **unused)
{
    const char *path = temp_path("t.swt");
    struct builder *b = builder_open(path, "serve");
    uint32_t op = builder_stack(b, "main", "serve", NULL);
    uint32_t first = builder_stack(b, "main", "serve", "first", NULL);
    uint32_t grow = builder_stack(b, "main", "serve", "grow:7", NULL);
    uint32_t trim = builder_stack(b, "main", "serve", "trim", NULL);
    struct event half = { .kind = EV_FREE, .flags = EV_REALLOC };
    struct err err = { 0 };
    const struct site *s;
    size_t count;
    struct profile *p;

    (void)unused;
    builder_op_begin(b, 0, op, OP);
    builder_alloc(b, 0, first, 0x10, 16, "malloc", 2); /* a box */
    builder_realloc(b, 0, grow, 0x10, 0x20, 17, 3);    /* grows */
    builder_realloc(b, 0, grow, 0x20, 0x20, 64, 3);    /* also in place */
    builder_realloc(b, 0, trim, 0x20, 0x20, 8, 4);     /* a box, not grown */
    builder_realloc(b, 0, trim, 0xbad, 0x30, 100, 4);  /* of what is unknown */
    /* The halves of two threads' reallocs, interleaved. */
    builder_alloc(b, 1, first, 0x40, 1000, "malloc", 2);
    assert_int_equal(strtab_intern(&writer_tables(builder_writer(b))->strings,
                                   "realloc", 7, &half.text, &err),
                     ERR_OK);
    half.stack = grow;
    half.addr = 0x30;
    builder_event(b, &half);
    half.thread = 1;
    half.addr = 0x40;
    builder_event(b, &half);
    half.kind = EV_ALLOC;
    half.size_bytes = 500;
    builder_event(b, &half);
    half.thread = 0;
    half.addr = 0x50;
    half.activation = 3;
    builder_event(b, &half); /* from 100 to 500: grown */
    builder_op_end(b, 0, OP);
    builder_close(b);

    p = read_all(path, &s, &count);
    assert_int_equal(count, 3);
    assert_int_equal(find(s, count, "grow", 7)->allocs, 3);
    for (size_t i = 0; i < count; i++) {
        bool is_grow = strcmp(s[i].function, "grow") == 0;

        assert_int_equal(s[i].verdicts.grown, is_grow ? 3 : 0);
        assert_int_equal(s[i].verdicts.boxes, is_grow ? 0 : 1);
        /* realloc frees what it grows, in the frame it was called from. */
        if (strcmp(s[i].function, "first") == 0)
            assert_string_equal(s[i].freed_in, "grow");
    }
    profile_close(p);
}

static void sites__tell_who_frees_and_after_how_long(void **unused)
{
    const char *path = temp_path("t.swt");
    struct builder *b = builder_open(path, NULL);
    uint32_t made = builder_stack(b, "main", "make", NULL);
    uint32_t often = builder_stack(b, "main", "often", "@free_all", NULL);
    uint32_t rarely = builder_stack(b, "main", "rarely", NULL);
    const struct site *s;
    size_t count;
    struct profile *p;

    (void)unused;
    /* Lives of 1, 3, 3, 3 and 1001 events: marks make them longer. */
    for (tracee_addr i = 1; i <= 5; i++) {
        int marks = i == 1 ? 0 : i == 5 ? 1000 : 2;

        builder_alloc(b, 0, made, 16 * i, 1, "malloc", 0);
        for (int k = 0; k < marks; k++)
            builder_mark(b, 0, "x");
        builder_free(b, 0, i < 3 ? rarely : often, 16 * i);
    }
    builder_close(b);

    p = read_all(path, &s, &count);
    assert_int_equal(count, 1);
    assert_string_equal(s[0].freed_in, "often");
    assert_int_equal(s[0].life_median_events, 3);
    profile_close(p);
}

static void sites__keep_the_worst_verdict(void **unused)
{
    const char *path = temp_path("t.swt");
    struct builder *b = builder_open(path, "serve");
    uint32_t op = builder_stack(b, "main", "serve", NULL);
    uint32_t made =
        builder_stack(b, "main", "serve", "outer", "inner", "make", NULL);
    uint32_t outer = builder_stack(b, "main", "serve", "outer", NULL);
    uint32_t inner = builder_stack(b, "main", "serve", "outer", "inner", NULL);
    const struct site *s;
    size_t count;
    struct profile *p;

    (void)unused;
    builder_op_begin(b, 0, op, OP);
    for (uint64_t i = 0; i < 4; i++) {
        uint64_t a = 100 + 10 * i;

        builder_alloc(b, 0, made, 0x10, 32, "malloc", a);
        if (i < 3)
            builder_return(b, 0, a, a + 1);
        if (i == 1)
            builder_return(b, 0, a + 1, a + 2);
        builder_free(b, 0, i == 1 ? outer : inner, 0x10);
    }
    builder_op_end(b, 0, OP);
    builder_close(b);

    p = read_all(path, &s, &count);
    assert_int_equal(count, 1);
    assert_int_equal(s[0].verdicts.by_kind[VERDICT_TEMPORARY], 1);
    assert_int_equal(s[0].verdicts.by_kind[VERDICT_UP], 3);
    assert_int_equal(s[0].verdicts.by_up[1], 2);
    assert_int_equal(s[0].verdicts.by_up[2], 1);
    assert_int_equal(s[0].worst_kind, VERDICT_UP);
    assert_int_equal(s[0].worst_up, 2);
    assert_string_equal(s[0].owner, "outer");
    assert_true(s[0].allocs_per_op == 4.0);
    assert_true(s[0].bytes_per_op == 128.0);
    profile_close(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sites__join_stacks_and_part_lines),
        cmocka_unit_test(sites__are_outside_the_runtime),
        cmocka_unit_test(sites__keep_their_keys_from_stage_to_stage),
        cmocka_unit_test(sites__mark_growth_and_boxes),
        cmocka_unit_test(sites__tell_who_frees_and_after_how_long),
        cmocka_unit_test(sites__keep_the_worst_verdict),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
