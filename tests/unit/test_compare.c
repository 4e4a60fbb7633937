#include "analysis/compare.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attrs.h"
#include "support/alloc_fail.h"

/* clang-format off */
static const struct site first[] = {
    { .key = 1, .function = "tree", .allocs = 50, .allocs_per_op = 5, .bytes_per_op = 50 },
    { .key = 2, .function = "copy", .allocs = 30, .allocs_per_op = 3, .bytes_per_op = 300 },
    { .key = 2, .function = "copy", .allocs = 10, .allocs_per_op = 1, .bytes_per_op = 10 },
    { .key = 3, .function = "push", .allocs = 10, .allocs_per_op = 1, .bytes_per_op = 10 },
};
static const struct site second[] = {
    { .key = 4, .function = "new",  .allocs = 20, .allocs_per_op = 2, .bytes_per_op = 8 },
    { .key = 3, .function = "push", .allocs = 10, .allocs_per_op = 1.01, .bytes_per_op = 10 },
    { .key = 1, .function = "tree", .allocs = 5,  .allocs_per_op = 0.5, .bytes_per_op = 5 },
};
/* clang-format on */

static struct compare_trace trace(const struct site *sites, size_t count,
                                  uint64_t min, uint64_t median, uint64_t max)
{
    struct compare_trace t = { .sites = sites, .site_count = count };

    t.ops = (struct op_summary){ .has_ops = true, .count = 10 };
    t.ops.allocs = (struct op_stat){ min, median, max };
    t.ops.bytes = (struct op_stat){ 100, 100, 100 };
    t.totals.peak_live_bytes = 77;
    t.totals.allocs = 1000;
    return t;
}

static void compare__calls_exact_what_all_ops_agree_on(void **unused)
{
    struct compare_trace traces[] = { trace(NULL, 0, 10, 10, 10),
                                      trace(NULL, 0, 4, 4, 4),
                                      trace(NULL, 0, 3, 4, 9),
                                      trace(NULL, 0, 9, 10, 11) };
    /* clang-format off */
    static const struct {
        size_t a, b;
        enum compare_outcome want;
    } cases[] = {
        { 0, 1, COMPARE_EXACT },   { 0, 0, COMPARE_EXACT },
        { 0, 2, COMPARE_APART },   { 1, 2, COMPARE_OVERLAP },
        { 2, 3, COMPARE_OVERLAP }, { 3, 1, COMPARE_APART },
    };
    /* clang-format on */
    struct compare_value a, b;

    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        compare_value(&traces[cases[i].a], COMPARE_ALLOCS, &a);
        compare_value(&traces[cases[i].b], COMPARE_ALLOCS, &b);
        assert_int_equal(compare_outcome(&a, &b), cases[i].want);
    }
    compare_value(&traces[2], COMPARE_ALLOCS, &a);
    assert_true(a.min == 3 && a.median == 4 && a.max == 9 && a.n == 10);
    compare_value(&traces[2], COMPARE_BYTES, &a);
    assert_true(a.is_exact && a.median == 100);
    compare_value(&traces[2], COMPARE_PEAK, &a);
    assert_true(!a.is_exact && a.median == 77 && a.n == 1);
    assert_int_equal(compare_outcome(&a, &a), COMPARE_ONCE);
}

static void compare__one_op_is_not_called_exact(void **unused)
{
    struct compare_trace t = trace(NULL, 0, 5, 5, 5);
    struct compare_value v;

    (void)unused;
    t.ops.count = 1;
    compare_value(&t, COMPARE_ALLOCS, &v);
    assert_false(v.is_exact);
    t.ops.has_ops = false;
    compare_value(&t, COMPARE_ALLOCS, &v);
    assert_true(v.median == 1000 && v.n == 1);
}

static void compare__aligns_sites_by_key(void **unused)
{
    const struct compare_trace traces[] = { trace(first, 4, 10, 10, 10),
                                            trace(second, 3, 4, 4, 4) };
    static const char *const want[] = { "tree", "copy", "new", "push" };
    static const double before[] = { 5, 4, 0, 1 };
    static const double after[] = { 0.5, 0, 2, 1.01 };
    struct compare_sites s;
    struct err err;

    (void)unused;
    assert_int_equal(compare_sites(traces, 2, 0, 1, NULL, NULL, &s, &err),
                     ERR_OK);
    assert_int_equal(s.count, 4);
    assert_int_equal(s.changed, 3);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(s.rows[i].site->function, want[i]);
        assert_true(fabs(s.rows[i].allocs[0] - before[i]) < 1e-9);
        assert_true(fabs(s.rows[i].allocs[1] - after[i]) < 1e-9);
    }
    assert_true(s.rows[0].site == &second[2]); /* of the last that has it */
    assert_true(s.rows[1].site == &first[1]);  /* the bigger of two */
    assert_true(fabs(s.sum_allocs - (3.51 - 10)) < 1e-9);
    compare_sites_fini(&s);
    /* Turned round, every change is. */
    assert_int_equal(compare_sites(traces, 2, 1, 0, NULL, NULL, &s, &err),
                     ERR_OK);
    assert_string_equal(s.rows[0].site->function, "new");
    assert_true(fabs(s.sum_allocs - (10 - 3.51)) < 1e-9);
    compare_sites_fini(&s);
}

static bool is_new(const void *ctx, const struct site *site)
{
    (void)ctx;
    return strcmp(site->function, "new") == 0;
}

static void compare__leaves_out_what_does_not_pass(void **unused)
{
    const struct compare_trace traces[] = { trace(first, 4, 10, 10, 10),
                                            trace(second, 3, 4, 4, 4),
                                            trace(first, 4, 10, 10, 10) };
    struct compare_sites s;
    struct err err;

    (void)unused;
    assert_int_equal(compare_sites(traces, 3, 1, 2, is_new, NULL, &s, &err),
                     ERR_OK);
    assert_int_equal(s.count, 1);
    assert_true(s.rows[0].allocs[1] == 2 && s.rows[0].allocs[2] == 0);
    compare_sites_fini(&s);
}

static void compare__never_mixes_ops_and_whole_runs(void **unused)
{
    struct compare_trace traces[] = { trace(first, 4, 1, 1, 1),
                                      trace(first, 4, 1, 1, 1) };

    (void)unused;
    assert_true(compare_is_possible(traces, 2));
    traces[1].ops.has_ops = false;
    assert_false(compare_is_possible(traces, 2));
    assert_true(compare_is_possible(traces, 1));
}

static void compare__tests_times_only_when_there_are_enough(void **unused)
{
    const double fast[] = { 1, 2, 3, 4, 5, 6 };
    const double slow[] = { 11, 12, 13, 14, 15, 16 };
    struct compare_trace a = { .times = fast, .time_count = 3 };
    struct compare_trace b = { .times = slow, .time_count = 6 };
    struct compare_times t;
    struct err err;

    (void)unused;
    assert_int_equal(compare_times(&a, &b, &t, &err), ERR_OK);
    assert_false(t.is_tested);
    assert_true(t.p == 1 && t.a.median == 2 && t.b.has_interval);
    a.time_count = 6;
    assert_int_equal(compare_times(&a, &b, &t, &err), ERR_OK);
    assert_true(t.is_tested && t.p < 0.05);
    b.times = fast;
    assert_int_equal(compare_times(&a, &b, &t, &err), ERR_OK);
    assert_true(t.is_tested && t.p > 0.9);
}

static void compare__survives_each_failed_allocation(void **unused)
{
    const struct compare_trace traces[] = { trace(first, 4, 1, 1, 1),
                                            trace(second, 3, 1, 1, 1) };
    enum err_code rc = ERR_NO_MEMORY;
    struct compare_sites s;
    struct err err;
    size_t nth = 0;

    (void)unused;
    while (rc == ERR_NO_MEMORY && nth < 50) {
        alloc_fail_at(++nth);
        rc = compare_sites(traces, 2, 0, 1, NULL, NULL, &s, &err);
        alloc_fail_at(0);
        assert_true(rc == ERR_OK || s.count == 0);
    }
    assert_int_equal(rc, ERR_OK);
    assert_true(nth > 2);
    compare_sites_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compare__calls_exact_what_all_ops_agree_on),
        cmocka_unit_test(compare__one_op_is_not_called_exact),
        cmocka_unit_test(compare__aligns_sites_by_key),
        cmocka_unit_test(compare__leaves_out_what_does_not_pass),
        cmocka_unit_test(compare__never_mixes_ops_and_whole_runs),
        cmocka_unit_test(compare__tests_times_only_when_there_are_enough),
        cmocka_unit_test(compare__survives_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
