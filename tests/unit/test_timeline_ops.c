#include "analysis/timeline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/window.h"
#include "support/temp_file.h"
#include "support/trace_builder.h"

static struct timeline *open_whole(const char *path, uint64_t bytes)
{
    const struct timeline_limits limits = { bytes, 32 };
    struct timeline *t;
    struct err err = { 0 };

    assert_int_equal(timeline_open(path, &limits, &t, &err), ERR_OK);
    assert_int_equal(timeline_advance(t, 0, &err), ERR_NOT_FOUND);
    return t;
}

static void timeline__finds_ops_and_marks(void **unused)
{
    const char *path = temp_path("t.swt");
    struct builder *b = builder_open(path, "serve");
    uint32_t op = builder_stack(b, "main", "serve", NULL);
    struct timeline_marks marks;
    struct timeline_op o;
    struct timeline *t;

    (void)unused;
    builder_op_begin(b, 0, op, 1);                   /* 1 */
    builder_alloc(b, 0, op, 0x10, 100, "malloc", 1); /* 2 */
    builder_op_begin(b, 1, op, 2);                   /* 4 */
    builder_op_end(b, 0, 1);                         /* 5 */
    builder_realloc(b, 1, op, 0x10, 0x10, 120, 2);   /* 6, 7 */
    builder_realloc(b, 1, op, 0x10, 0x20, 110, 2);   /* 8, 9 */
    builder_op_begin(b, 1, op, 3);                   /* 10: cuts */
    builder_close(b);
    t = open_whole(path, 1 << 20);
    assert_int_equal(timeline_ops(t), 3);
    assert_false(timeline_op(t, 0, &o));
    assert_false(timeline_op(t, 4, &o));
    assert_true(timeline_op(t, 1, &o));
    assert_true(o.is_whole && o.first == 1 && o.last == 5 && o.thread == 0);
    assert_true(timeline_op(t, 2, &o));
    assert_true(!o.is_whole && !o.is_open && o.first == 4 && o.last == 9);
    assert_true(timeline_op(t, 3, &o));
    assert_true(o.is_open && o.first == 10 && o.last == 10 && o.thread == 1);
    assert_int_equal(timeline_op_before(t, 0), 0);
    assert_int_equal(timeline_op_before(t, 1), 1);
    assert_int_equal(timeline_op_before(t, 3), 1);
    assert_int_equal(timeline_op_before(t, 1000), 3);
    timeline_marks(t, &marks);
    assert_int_equal(marks.peak_seq, 7);
    assert_int_equal(marks.first_move_seq, 9);
    timeline_close(t);
}

static void timeline__goes_nowhere_in_an_empty_trace(void **unused)
{
    const char *path = temp_path("t.swt");
    struct timeline_marks marks;
    struct timeline *t;
    struct window w = { 0 };
    struct event ev;
    struct err err = { 0 };

    (void)unused;
    builder_close(builder_open(path, "serve"));
    t = open_whole(path, 1 << 20);
    assert_int_equal(timeline_seek(t, 0, &err), ERR_NOT_FOUND);
    assert_int_equal(timeline_event(t, 0, &ev, &err), ERR_NOT_FOUND);
    assert_int_equal(window_load(&w, t, 0, 0, &err), ERR_NOT_FOUND);
    assert_int_equal(window_load(&w, t, 1, 0, &err), ERR_NOT_FOUND);
    timeline_marks(t, &marks);
    assert_true(marks.peak_seq == UINT64_MAX);
    assert_int_equal(timeline_peak(t, 0, UINT64_MAX), 0);
    timeline_close(t);
}

static void timeline__follows_a_growing_trace(void **unused)
{
    const char *path = temp_path("t.swt");
    struct builder *b = builder_open(path, "serve");
    uint32_t op = builder_stack(b, "main", "serve", NULL);
    struct timeline *t;
    struct err err = { 0 };

    (void)unused;
    builder_op_begin(b, 0, op, 1);
    builder_alloc(b, 0, op, 0x10, 100, "malloc", 1);
    builder_flush(b);
    t = open_whole(path, 1 << 20);
    assert_int_equal(timeline_events(t), 3);
    assert_int_equal(timeline_seek(t, 2, &err), ERR_OK);
    assert_int_equal(moment_live_bytes(timeline_moment(t)), 100);
    builder_free(b, 0, op, 0x10);
    builder_close(b);
    assert_int_equal(timeline_advance(t, 0, &err), ERR_NOT_FOUND);
    assert_int_equal(timeline_seek(t, 3, &err), ERR_OK);
    assert_int_equal(moment_live_blocks(timeline_moment(t)), 0);
    assert_int_equal(timeline_seek(t, 2, &err), ERR_OK);
    assert_int_equal(moment_live_blocks(timeline_moment(t)), 1);
    timeline_close(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timeline__finds_ops_and_marks),
        cmocka_unit_test(timeline__goes_nowhere_in_an_empty_trace),
        cmocka_unit_test(timeline__follows_a_growing_trace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
