#include "analysis/climbs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/alloc_fail.h"
#include "trace/event.h"

static struct climb_claim claim(struct climbs *a, uint64_t id)
{
    struct climb_claim c;
    struct err err = { 0 };

    assert_int_equal(climbs_claim(a, id, &c, &err), ERR_OK);
    return c;
}

static void hand_over(struct climbs *a, uint64_t id, uint64_t parent)
{
    struct err err = { 0 };

    assert_int_equal(climbs_return(a, id, parent, &err), ERR_OK);
}

static void assert_climb(struct climbs *a, const struct climb_claim *c,
                         uint64_t hops, uint64_t owner)
{
    struct climb climb;

    climbs_look(a, c, &climb);
    assert_int_equal(climb.hops, hops);
    assert_int_equal(climb.owner, owner);
    climbs_release(a, c, &climb);
    assert_int_equal(climb.hops, hops);
    assert_int_equal(climb.owner, owner);
}

static void climbs__count_hops_of_each_block(void **unused)
{
    struct climbs a;
    struct climb_claim deep, middle, late;

    (void)unused;
    climbs_init(&a);
    deep = claim(&a, 9);
    middle = claim(&a, 5);
    hand_over(&a, 9, 5);
    late = claim(&a, 5);
    hand_over(&a, 5, 3);
    assert_climb(&a, &deep, 2, 3);
    assert_climb(&a, &middle, 1, 3);
    hand_over(&a, 3, 1);
    assert_climb(&a, &late, 2, 1);
    assert_int_equal(a.used, 0);
    climbs_fini(&a);
}

static void climbs__end_the_climb_for_good(void **unused)
{
    struct climbs a;
    struct climb_claim c;

    (void)unused;
    climbs_init(&a);
    c = claim(&a, 7);
    hand_over(&a, 7, ACTIVATION_NONE);
    hand_over(&a, ACTIVATION_NONE, 2);
    assert_climb(&a, &c, 1, ACTIVATION_NONE);
    climbs_fini(&a);
}

/* A foreign trace may hand blocks round in circles, or to themselves. */
static void climbs__survive_circles(void **unused)
{
    struct climbs a;
    struct climb_claim one, two;

    (void)unused;
    climbs_init(&a);
    one = claim(&a, 1);
    two = claim(&a, 2);
    hand_over(&a, 1, 2);
    hand_over(&a, 2, 1);
    hand_over(&a, 1, 1);
    hand_over(&a, 8, 1); /* owns nothing */
    assert_climb(&a, &one, 3, 1);
    assert_climb(&a, &two, 2, 1);
    climbs_fini(&a);
}

/* One block is never freed and meets a new group at each step up, whose
 * other blocks are freed: what it passed through must not pile up. */
static void climbs__forget_what_was_passed_through(void **unused)
{
    enum { STEPS = 100000 };
    struct climbs a;
    struct climb_claim leak;

    (void)unused;
    climbs_init(&a);
    leak = claim(&a, 1);
    for (uint64_t id = 1; id < STEPS; id++) {
        struct climb_claim others[3];
        size_t count = id < 20 ? 3 : id % 4;

        for (size_t i = 0; i < count; i++)
            others[i] = claim(&a, id + 1);
        hand_over(&a, id, id + 1);
        for (size_t i = 0; i < count; i++)
            assert_climb(&a, &others[i], 0, id + 1);
    }
    assert_true(a.count < 200);
    assert_climb(&a, &leak, STEPS - 1, STEPS);
    assert_int_equal(a.used, 0);
    climbs_fini(&a);
}

/* Many groups joined into one, freed in another order. */
static void climbs__join_many_groups(void **unused)
{
    enum { GROUPS = 5000 };
    struct climbs a;
    struct climb_claim *c = calloc(GROUPS, sizeof(*c));

    (void)unused;
    assert_non_null(c);
    climbs_init(&a);
    for (uint64_t i = 0; i < GROUPS; i++)
        c[i] = claim(&a, i + 1);
    for (uint64_t i = GROUPS; i > 1; i--)
        hand_over(&a, i, i - 1);
    for (uint64_t i = 0; i < GROUPS; i++) {
        uint64_t at = (i * 2711) % GROUPS; /* coprime: each once */

        assert_climb(&a, &c[at], at, 1);
    }
    assert_int_equal(a.used, 0);
    climbs_fini(&a);
    free(c);
}

/* Groups of equal weight joined in pairs make the deepest trees there are.
 * Those freed first leave nodes behind that only others still need. */
static void climbs__let_go_of_deep_trees(void **unused)
{
    enum { GROUPS = 64 };
    struct climbs a;
    struct climb_claim c[GROUPS];

    (void)unused;
    climbs_init(&a);
    for (uint64_t i = 0; i < GROUPS; i++)
        c[i] = claim(&a, i + 1);
    for (uint64_t step = 1; step < GROUPS; step *= 2)
        for (uint64_t i = 0; i < GROUPS; i += 2 * step)
            hand_over(&a, i + step + 1, i + 1);
    for (uint64_t i = 0; i < GROUPS; i++) {
        assert_true(a.used > 0);
        assert_climb(&a, &c[i], (uint64_t)__builtin_popcountll(i), 1);
    }
    assert_int_equal(a.used, 0);
    climbs_fini(&a);
}

static void climbs__survive_each_failed_allocation(void **unused)
{
    bool is_done = false;

    (void)unused;
    for (size_t nth = 1; !is_done; nth++) {
        struct climbs a;
        struct climb_claim c[40];
        struct climb climb;
        struct err err = { 0 };
        uint64_t id = 0;

        climbs_init(&a);
        alloc_fail_at(nth);
        while (id < ARRAY_LEN(c) &&
               climbs_claim(&a, id + 1, &c[id], &err) == ERR_OK &&
               climbs_return(&a, id + 1, id + 100, &err) == ERR_OK)
            id++;
        is_done = !alloc_fail_happened();
        alloc_fail_at(0);
        /* What went well before is as it should be. */
        for (uint64_t i = 0; i < id; i++) {
            climbs_release(&a, &c[i], &climb);
            assert_int_equal(climb.hops, 1);
            assert_int_equal(climb.owner, i + 100);
        }
        climbs_fini(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(climbs__count_hops_of_each_block),
        cmocka_unit_test(climbs__end_the_climb_for_good),
        cmocka_unit_test(climbs__survive_circles),
        cmocka_unit_test(climbs__forget_what_was_passed_through),
        cmocka_unit_test(climbs__join_many_groups),
        cmocka_unit_test(climbs__let_go_of_deep_trees),
        cmocka_unit_test(climbs__survive_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
