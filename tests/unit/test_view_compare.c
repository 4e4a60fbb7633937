#include "tui/compare_state.h"

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
static const struct site sites[3][3] = {
    { { .key = 1, .function = "tree", .file = "/a/t.c", .line = 7, .via = "malloc", .allocs_per_op = 5 },
      { .key = 2, .function = "copy", .file = "/a/c.c", .line = 9, .via = "strdup", .allocs_per_op = 3 },
      { .key = 3, .function = "push", .file = "/a/p.c", .line = 3, .via = "malloc", .allocs_per_op = 1 } },
    { { .key = 1, .function = "tree", .file = "/a/t.c", .line = 70, .via = "malloc", .allocs_per_op = 2 },
      { .key = 4, .function = "pool", .file = "/a/q.c", .line = 1, .via = "malloc", .allocs_per_op = 1 },
      { .key = 3, .function = "push", .file = "/a/p.c", .line = 3, .via = "malloc", .allocs_per_op = 1 } },
    { { .key = 3, .function = "push", .file = "/a/p.c", .line = 3, .via = "malloc", .allocs_per_op = 1 } },
};
/* clang-format on */

struct fixture {
    struct stage stages[3];
    struct story story;
    struct world world;
    struct compare_state state;
    struct grid grid;
};

static void refresh(struct fixture *f)
{
    struct err err;

    assert_int_equal(view_compare.refresh(&f->state, &f->world, &err), ERR_OK);
}

static int set_up(void **out)
{
    static const uint64_t medians[] = { 9, 4, 1 };
    struct fixture *f = calloc(1, sizeof(*f));
    struct err err;

    if (f == NULL)
        return -1;
    for (uint32_t i = 0; i < 3; i++) {
        struct stage *s = &f->stages[i];

        *s = (struct stage){ .number = i,
                             .name = "s",
                             .state = FEED_READY,
                             .is_whole = true,
                             .sites = sites[i],
                             .site_count = i < 2 ? 3 : 1 };
        s->ops = (struct op_summary){ .has_ops = true, .count = 10 };
        s->ops.allocs =
            (struct op_stat){ medians[i], medians[i], medians[i] + i / 2 };
        s->ops.bytes = (struct op_stat){ 100, 100, 100 };
        s->totals.peak_live_bytes = 2048;
    }
    f->story = (struct story){ .stages = f->stages, .count = 3, .note = "" };
    f->world = (struct world){ .story = &f->story,
                               .view = &view_compare,
                               .under = &view_compare,
                               .rows = 26,
                               .cols = 100 };
    f->world.selection.stage = 1;
    *out = f;
    return grid_resize(&f->grid, 26, 100, &err) == ERR_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    view_compare.fini(&f->state);
    grid_fini(&f->grid);
    free(f);
    return 0;
}

static bool shows(struct fixture *f, const char *text)
{
    char row[2048];

    grid_clear(&f->grid);
    refresh(f);
    view_compare.draw(&f->state, &f->world, grid_area(&f->grid));
    for (int i = 0; i < f->grid.rows; i++) {
        grid_row_text(&f->grid, i, row, sizeof(row));
        if (strstr(row, text) != NULL)
            return true;
    }
    return false;
}

static void press(struct fixture *f, enum command cmd)
{
    refresh(f);
    assert_true(view_compare.handle(&f->state, &f->world, cmd, 0));
    refresh(f);
}

static void view_compare__tells_exact_differences(void **state)
{
    struct fixture *f = *state;

    assert_true(shows(f, "9                4        -5  -56%  = exact"));
    assert_true(shows(f, "100              100         0  = exact, unchanged"));
    assert_true(shows(f, "2.0 KiB          2.0 KiB         0  seen once each"));
    assert_false(shows(f, "time/op"));
    assert_true(shows(f, "no test is needed"));
}

static void view_compare__tells_ranges_when_ops_differ(void **state)
{
    struct fixture *f = *state;

    f->world.selection.stage = 2;
    assert_true(shows(f, "4              1-2        -3  -75%  ranges apart"));
    f->stages[2].ops.allocs.max = 5;
    assert_true(shows(f, "ranges overlap"));
    assert_true(shows(f, "least and greatest"));
}

static void view_compare__sums_up_the_sites_that_changed(void **state)
{
    struct fixture *f = *state;

    assert_true(shows(f, "tree  t.c:70"));
    assert_true(shows(f, "3.0       0.0      -3.0  gone"));
    assert_true(shows(f, "0.0       1.0      +1.0  new"));
    assert_true(shows(f, "-5.0  = the change above"));
    assert_false(shows(f, "push"));
    assert_true(shows(f, "1 unchanged: u shows them"));
    press(f, CMD_UNCHANGED);
    assert_true(shows(f, "push  p.c:3"));
    assert_true(shows(f, "unchanged"));
    assert_true(filters_add(&f->world.filters, "copy"));
    assert_true(shows(f, "-3.0  of filtered sites"));
    assert_false(shows(f, "tree"));
}

static void view_compare__chooses_and_swaps(void **state)
{
    struct fixture *f = *state;

    refresh(f);
    assert_int_equal(f->state.a, 0);
    assert_int_equal(f->state.b, 1);
    press(f, CMD_SWAP);
    assert_int_equal(f->state.a, 1);
    assert_int_equal(f->world.selection.stage, 0);
    assert_true(shows(f, "+5  +125%  = exact"));
    press(f, CMD_CHOOSE_B); /* never the other one */
    assert_int_equal(f->state.b, 2);
    press(f, CMD_CHOOSE_A);
    assert_int_equal(f->state.a, 0);
    f->world.selection.stage = 1; /* as ] would; A stays what was chosen */
    refresh(f);
    assert_int_equal(f->state.a, 0);
    assert_int_equal(f->state.b, 1);
}

static void view_compare__begins_with_the_first_two(void **state)
{
    struct fixture *f = *state;

    f->world.selection.stage = 0;
    refresh(f);
    assert_int_equal(f->state.a, 0);
    assert_int_equal(f->state.b, 1);
    f->story.count = 1;
    view_compare.fini(&f->state);
    f->state = (struct compare_state){ 0 };
    assert_true(shows(f, "there is only one trace"));
    press(f, CMD_SWAP);
    assert_int_equal(f->world.said, MSG_COMPARE_ONE);
    assert_true(view_compare.handle(&f->state, &f->world, CMD_DOWN, 0));
}

static void view_compare__says_why_two_cannot_be_compared(void **state)
{
    struct fixture *f = *state;

    f->stages[0].ops.has_ops = false;
    f->stages[0].totals.allocs = 5;
    assert_true(shows(f, "S0 and S1 cannot be compared"));
    f->stages[0].totals.allocs = 0;
    assert_true(shows(f, "cannot be compared with S0 yet"));
}

static void view_compare__tells_one_time_without_a_test(void **state)
{
    struct fixture *f = *state;

    f->stages[0].ns_per_op = 3100;
    f->stages[1].ns_per_op = 2600;
    assert_true(shows(f, "n=1+1: too few"));
    assert_true(shows(f, "3.1 us           2.6 us         -"));
    assert_true(shows(f, "4 runs of each to tell a difference"));
}

static void view_compare__moves_the_shared_cursor(void **state)
{
    struct fixture *f = *state;

    press(f, CMD_DOWN);
    assert_true(f->world.selection.has_site);
    assert_int_equal(f->world.selection.site_key, 2);
    assert_false(view_compare.handle(&f->state, &f->world, CMD_OPEN, 0));
    strcpy(f->world.search, "pool");
    assert_true(view_compare.find(&f->state, &f->world, 1));
    assert_int_equal(f->world.selection.site_key, 4);
    strcpy(f->world.search, "zebra");
    assert_false(view_compare.find(&f->state, &f->world, 1));
}

static void view_compare__survives_every_size(void **state)
{
    struct fixture *f = *state;
    struct err err;

    for (int rows = 1; rows < 40; rows++) {
        for (int cols = 1; cols < 130; cols += 3) {
            assert_int_equal(grid_resize(&f->grid, rows, cols, &err), ERR_OK);
            f->world.rows = rows;
            f->world.cols = cols;
            shows(f, "");
        }
    }
}

static void view_compare__survives_each_failed_allocation(void **state)
{
    struct fixture *f = *state;
    enum err_code rc = ERR_NO_MEMORY;
    struct err err;
    size_t nth = 0;

    while (rc == ERR_NO_MEMORY && nth < 50) {
        alloc_fail_at(++nth);
        rc = view_compare.refresh(&f->state, &f->world, &err);
        alloc_fail_at(0);
        view_compare.draw(&f->state, &f->world, grid_area(&f->grid));
    }
    assert_int_equal(rc, ERR_OK);
    assert_true(nth > 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(view_compare__tells_exact_differences),
        TEST(view_compare__tells_ranges_when_ops_differ),
        TEST(view_compare__sums_up_the_sites_that_changed),
        TEST(view_compare__chooses_and_swaps),
        TEST(view_compare__begins_with_the_first_two),
        TEST(view_compare__says_why_two_cannot_be_compared),
        TEST(view_compare__tells_one_time_without_a_test),
        TEST(view_compare__moves_the_shared_cursor),
        TEST(view_compare__survives_every_size),
        TEST(view_compare__survives_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
