#include "analysis/ops.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/alloc_fail.h"

/* One whole op of a thread that allocates `allocs` times `bytes`. */
static void run_op(struct ops *o, uint32_t thread, uint64_t allocs,
                   uint64_t bytes)
{
    struct err err = { 0 };
    struct tally_key key = { .origin = 1, .what = TALLY_MADE };
    struct open_op *op;

    assert_int_equal(ops_begin(o, thread, 1, 0, &err), ERR_OK);
    op = ops_current(o, thread);
    assert_non_null(op);
    op->allocs = allocs;
    op->bytes = bytes;
    assert_int_equal(tally_add(&op->tally, &key, allocs, bytes, &err), ERR_OK);
    assert_int_equal(ops_end(o, thread, &err), ERR_OK);
    assert_null(ops_current(o, thread));
}

static void ops__leave_the_warm_up_out(void **unused)
{
    struct ops o;
    struct op_summary s;

    (void)unused;
    ops_init(&o, 2);
    run_op(&o, 0, 100, 1000);
    run_op(&o, 1, 90, 900);
    run_op(&o, 0, 18, 64);
    run_op(&o, 1, 18, 96);
    ops_summary(&o, &s);
    assert_int_equal(s.warmup, 2);
    assert_int_equal(s.count, 2);
    assert_true(s.is_exact);
    assert_int_equal(s.allocs.median, 18);
    assert_int_equal(s.bytes.min, 64);
    assert_int_equal(s.bytes.median, 64); /* the lower one of two */
    assert_int_equal(s.bytes.max, 96);
    assert_int_equal(o.counted.count, 1);
    assert_int_equal(o.counted.cells[0].count, 36);
    assert_int_equal(o.counted.cells[0].sum, 160);
    ops_fini(&o);
}

static void ops__keep_the_last_ones_in_order(void **unused)
{
    struct recent_op recent[PROFILE_RECENT_MAX];
    struct ops o;

    (void)unused;
    ops_init(&o, 1);
    run_op(&o, 0, 100, 1);
    assert_int_equal(ops_recent(&o, recent), 0); /* a warm-up op */
    run_op(&o, 0, 7, 1);
    run_op(&o, 1, 8, 1);
    assert_int_equal(ops_recent(&o, recent), 2);
    assert_int_equal(recent[0].number, 2);
    assert_int_equal(recent[0].allocs, 7);
    assert_int_equal(recent[1].number, 3);
    for (uint64_t i = 0; i < 2 * PROFILE_RECENT_MAX; i++)
        run_op(&o, 0, i, 1);
    assert_int_equal(ops_recent(&o, recent), PROFILE_RECENT_MAX);
    for (uint64_t i = 0; i < PROFILE_RECENT_MAX; i++) {
        assert_int_equal(recent[i].number, 4 + PROFILE_RECENT_MAX + i);
        assert_int_equal(recent[i].allocs, PROFILE_RECENT_MAX + i);
    }
    ops_fini(&o);
}

static void ops__do_not_count_what_was_cut(void **unused)
{
    struct ops o;
    struct op_summary s;
    struct err err = { 0 };

    (void)unused;
    ops_init(&o, 0);
    assert_int_equal(ops_end(&o, 4, &err), ERR_OK);         /* never begun */
    assert_int_equal(ops_begin(&o, 0, 1, 0, &err), ERR_OK); /* op 1 */
    assert_int_equal(ops_begin(&o, 0, 2, 0, &err), ERR_OK); /* cuts it */
    assert_ptr_equal(ops_tally(&o, 0, 2), &ops_current(&o, 0)->tally);
    assert_null(ops_tally(&o, 0, 1));
    assert_int_equal(ops_thread_end(&o, 0, &err), ERR_OK);
    assert_int_equal(ops_begin(&o, 1, 3, 0, &err), ERR_OK); /* stays open */
    ops_summary(&o, &s);
    assert_int_equal(s.count, 0);
    assert_int_equal(s.cut, 3);
    assert_false(s.is_exact);
    assert_int_equal(s.allocs.max, 0);
    run_op(&o, 0, 5, 5); /* op 4 */
    assert_ptr_equal(ops_tally(&o, 0, 4), &o.counted);
    assert_null(ops_tally(&o, 0, 0)); /* made in no op */
    ops_fini(&o);
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/* Against sorting, after each number. */
static void ops__find_the_median_as_sorting_does(void **unused)
{
    enum { COUNT = 300 };
    uint64_t values[COUNT], sorted[COUNT];
    uint64_t random = 12345;

    (void)unused;
    for (uint64_t range = 1; range <= 1000; range *= 10) {
        struct spread s = { 0 };
        struct err err = { 0 };

        for (size_t n = 0; n < COUNT; n++) {
            struct op_stat stat;

            random = random * UINT64_C(6364136223846793005) + 1;
            values[n] = (random >> 33) % range;
            if (range == 10 && n % 7 == 0)
                values[n] = UINT64_MAX - values[n];
            assert_int_equal(spread_add(&s, values[n], &err), ERR_OK);
            for (size_t i = 0; i <= n; i++)
                sorted[i] = values[i];
            qsort(sorted, n + 1, sizeof(*sorted), compare);
            spread_get(&s, &stat);
            assert_true(stat.min == sorted[0]);
            assert_true(stat.median == sorted[n / 2]);
            assert_true(stat.max == sorted[n]);
        }
        spread_fini(&s);
    }
}

static void tally__adds_merges_and_clears(void **unused)
{
    struct tally t = { 0 }, other = { 0 };
    struct err err = { 0 };
    struct tally_key key = { .what = TALLY_MADE };

    (void)unused;
    for (int round = 0; round < 3; round++) {
        for (uint32_t i = 0; i < 200; i++) {
            key.origin = i % 100;
            assert_int_equal(tally_add(&t, &key, 1, i, &err), ERR_OK);
        }
        assert_int_equal(t.count, 100);
        assert_int_equal(t.cells[7].key.origin, 7);
        assert_int_equal(t.cells[7].count, 2);
        assert_int_equal(t.cells[7].sum, 7 + 107);
        assert_int_equal(tally_merge(&other, &t, &err), ERR_OK);
        tally_clear(&t);
    }
    assert_int_equal(other.count, 100);
    assert_int_equal(other.cells[7].count, 6);
    key.origin = 7;
    assert_int_equal(tally_add(&other, &key, 1, UINT64_MAX, &err), ERR_OK);
    assert_true(other.cells[7].sum == UINT64_MAX); /* not past it */
    tally_fini(&t);
    tally_fini(&other);
}

static void tally__groups_lives_in_order(void **unused)
{
    uint16_t last = tally_life_bucket(0);

    (void)unused;
    for (uint64_t life = 1; life < 5000; life++) {
        uint16_t bucket = tally_life_bucket(life);

        assert_true(bucket == last || bucket == last + 1);
        assert_true(life >= 32 || bucket == life);
        last = bucket;
    }
    assert_true(tally_life_bucket(UINT64_MAX) > last);
}

static void ops__survive_each_failed_allocation(void **unused)
{
    bool is_done = false;

    (void)unused;
    for (size_t nth = 1; !is_done; nth++) {
        struct ops o;
        struct op_summary s;
        struct err err = { 0 };
        enum err_code rc = ERR_OK;

        ops_init(&o, 0);
        alloc_fail_at(nth);
        for (uint32_t i = 0; rc == ERR_OK && i < 20; i++) {
            rc = ops_begin(&o, i / 2, i, 0, &err);
            if (rc == ERR_OK && i % 4 == 0)
                rc = ops_end(&o, i / 2, &err);
        }
        is_done = !alloc_fail_happened();
        alloc_fail_at(0);
        assert_int_equal(rc, is_done ? ERR_OK : ERR_NO_MEMORY);
        ops_summary(&o, &s);
        ops_fini(&o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ops__leave_the_warm_up_out),
        cmocka_unit_test(ops__keep_the_last_ones_in_order),
        cmocka_unit_test(ops__do_not_count_what_was_cut),
        cmocka_unit_test(ops__find_the_median_as_sorting_does),
        cmocka_unit_test(tally__adds_merges_and_clears),
        cmocka_unit_test(tally__groups_lives_in_order),
        cmocka_unit_test(ops__survive_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
