#include "analysis/samples.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attrs.h"
#include "support/alloc_fail.h"

/* clang-format off */
static const struct {
    const char *what;
    double a[8];
    size_t na;
    double b[8];
    size_t nb;
    double p;
} tests_u[] = {
    /* The exact ones by counting orders: 2 * (orders with U <= u) / C(n, na). */
    { "3 and 3, apart",   { 1, 2, 3 },       3, { 4, 5, 6 },       3, 2.0 / 20 },
    { "4 and 4, apart",   { 1, 2, 3, 4 },    4, { 5, 6, 7, 8 },    4, 2.0 / 70 },
    { "4 and 4, turned",  { 5, 6, 7, 8 },    4, { 1, 2, 3, 4 },    4, 2.0 / 70 },
    { "one step closer",  { 1, 2, 3, 5 },    4, { 4, 6, 7, 8 },    4, 4.0 / 70 },
    { "two steps closer", { 1, 2, 3, 6 },    4, { 4, 5, 7, 8 },    4, 8.0 / 70 },
    { "as mixed as can be", { 1, 4 },        2, { 2, 3 },          2, 1 },
    { "uneven",           { 1 },             1, { 2, 3, 4 },       3, 2.0 / 4 },
    { "all equal",        { 2, 2, 2, 2 },    4, { 2, 2, 2, 2 },    4, 1 },
    { "nothing",          { 0 },             0, { 1, 2 },          2, 1 },
    /* Ties: U = 1, variance 4*4/12 * (9 - 6/56), one tie of two. */
    { "a tie",            { 1, 2, 3, 5 },    4, { 5, 6, 7, 8 },    4, -1 },
};
/* clang-format on */

static void samples__u_test_counts_orders(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(tests_u); i++) {
        double want = tests_u[i].p;
        struct err err;
        double p;

        print_message("  %s\n", tests_u[i].what);
        if (want < 0) {
            double variance = 16.0 / 12 * (9 - 6.0 / 56);

            want = erfc((8 - 0.5 - 0.5) / sqrt(variance) / sqrt(2));
        }
        assert_int_equal(samples_u_test(tests_u[i].a, tests_u[i].na,
                                        tests_u[i].b, tests_u[i].nb, &p, &err),
                         ERR_OK);
        assert_true(fabs(p - want) < 1e-12);
    }
}

/* Every way to choose 5 of 10 ranks, the U of each counted: the second
 * channel of the recursion. */
static void samples__u_test_agrees_with_every_order(void **unused)
{
    double counts[26] = { 0 };
    double all = 0;

    (void)unused;
    for (int pass = 0; pass < 2; pass++) {
        for (unsigned set = 0; set < 1024; set++) {
            double a[10], b[10];
            size_t na = 0, nb = 0;
            int u = 0;
            double p, want = 0;
            struct err err;

            for (unsigned i = 0; i < 10; i++) {
                if ((set >> i & 1) != 0)
                    a[na++] = i;
                else
                    b[nb++] = i;
            }
            if (na != 5)
                continue;
            for (size_t i = 0; i < 5; i++)
                for (size_t k = 0; k < 5; k++)
                    u += a[i] > b[k];
            if (pass == 0) {
                counts[u]++;
                all++;
                continue;
            }
            u = u < 25 - u ? u : 25 - u;
            for (int k = 0; k <= u; k++)
                want += 2 * counts[k] / all;
            assert_int_equal(samples_u_test(a, 5, b, 5, &p, &err), ERR_OK);
            assert_true(fabs(p - (want < 1 ? want : 1)) < 1e-12);
        }
    }
    assert_true(all == 252);
}

static void samples__needs_four_to_show_a_difference(void **unused)
{
    const double a[] = { 1, 2, 3, 4 };
    const double b[] = { 5, 6, 7, 8 };
    struct err err;
    double p;

    (void)unused;
    assert_int_equal(samples_u_test(a, 3, b, 3, &p, &err), ERR_OK);
    assert_true(p > 0.05);
    assert_int_equal(
        samples_u_test(a, SAMPLES_FOR_TEST, b, SAMPLES_FOR_TEST, &p, &err),
        ERR_OK);
    assert_true(p < 0.05);
}

static void samples__approximates_what_is_too_big_to_count(void **unused)
{
    double a[60], b[60];
    struct err err;
    double p;

    (void)unused;
    for (int i = 0; i < 60; i++) {
        a[i] = i;
        b[i] = i + 0.5;
    }
    assert_int_equal(samples_u_test(a, 60, b, 60, &p, &err), ERR_OK);
    assert_true(p > 0.8);
    for (int i = 0; i < 60; i++)
        b[i] = i + 40.5;
    assert_int_equal(samples_u_test(a, 60, b, 60, &p, &err), ERR_OK);
    assert_true(p < 1e-6);
}

static void samples__interval_needs_six_and_covers_the_median(void **unused)
{
    const double values[] = { 5, 1, 4, 2, 6, 3, 7, 9, 8, 10 };
    struct sample_summary s;
    struct err err;

    (void)unused;
    for (size_t n = 1; n < SAMPLES_FOR_INTERVAL; n++) {
        assert_int_equal(samples_sum_up(values, n, &s, &err), ERR_OK);
        assert_false(s.has_interval);
    }
    assert_int_equal(samples_sum_up(values, 6, &s, &err), ERR_OK);
    assert_true(s.has_interval && s.median == 3.5);
    assert_true(s.low == 1 && s.high == 6); /* 96.9% */
    /* Of ten, the second smallest to the second greatest: 97.9%; from the
     * third it would be 89.1%. */
    assert_int_equal(samples_sum_up(values, 10, &s, &err), ERR_OK);
    assert_true(s.low == 2 && s.high == 9);
    assert_int_equal(samples_sum_up(NULL, 0, &s, &err), ERR_OK);
    assert_true(s.n == 0 && !s.has_interval);
}

static void samples__holm_steps_down(void **unused)
{
    double p[] = { 0.01, 0.04, 0.03, 0.005 };
    double one[] = { 0.04 };
    double big[] = { 0.9, 0.8 };

    (void)unused;
    samples_holm(p, 4);
    assert_true(fabs(p[3] - 0.02) < 1e-12);
    assert_true(fabs(p[0] - 0.03) < 1e-12);
    assert_true(fabs(p[2] - 0.06) < 1e-12);
    assert_true(fabs(p[1] - 0.06) < 1e-12); /* never below the one before */
    samples_holm(one, 1);
    assert_true(one[0] == 0.04);
    samples_holm(big, 2);
    assert_true(big[0] == 1 && big[1] == 1);
    samples_holm(NULL, 0);
}

static void samples__running_out_of_memory_is_an_answer(void **unused)
{
    const double a[] = { 1, 2, 3, 4, 5, 6 };
    struct sample_summary s;
    struct err err;
    double p;

    (void)unused;
    alloc_fail_at(1);
    assert_int_equal(samples_sum_up(a, 6, &s, &err), ERR_NO_MEMORY);
    for (size_t nth = 1; nth <= 2; nth++) {
        alloc_fail_at(nth);
        assert_int_equal(samples_u_test(a, 3, a + 3, 3, &p, &err),
                         ERR_NO_MEMORY);
    }
    alloc_fail_at(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples__u_test_counts_orders),
        cmocka_unit_test(samples__u_test_agrees_with_every_order),
        cmocka_unit_test(samples__needs_four_to_show_a_difference),
        cmocka_unit_test(samples__approximates_what_is_too_big_to_count),
        cmocka_unit_test(samples__interval_needs_six_and_covers_the_median),
        cmocka_unit_test(samples__holm_steps_down),
        cmocka_unit_test(samples__running_out_of_memory_is_an_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
