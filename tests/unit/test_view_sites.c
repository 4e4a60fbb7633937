#include "tui/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/alloc_fail.h"
#include "tui/site_text.h"
#include "tui/sites_table.h"

/* clang-format off */
static const struct site first[] = {
    { .key = 1, .function = "tree", .file = "/a/t.c", .line = 7, .via = "malloc",
      .allocs = 50, .bytes = 500, .frees = 50, .allocs_per_op = 5,
      .bytes_per_op = 50, .owner = "serve", .freed_in = "serve",
      .life_median_events = 40, .worst_kind = VERDICT_OPERATION,
      .verdicts = { .by_kind = { [VERDICT_OPERATION] = 50 } } },
    { .key = 2, .function = "copy", .file = "/a/c.c", .line = 9, .via = "strdup",
      .allocs = 30, .bytes = 3000, .frees = 30, .allocs_per_op = 3,
      .bytes_per_op = 300, .owner = "", .freed_in = "copy",
      .life_median_events = 2, .worst_kind = VERDICT_TEMPORARY,
      .verdicts = { .by_kind = { [VERDICT_TEMPORARY] = 30 } } },
    { .key = 3, .function = "push", .file = "/a/p.c", .line = 3, .via = "realloc",
      .allocs = 10, .bytes = 100, .frees = 5, .allocs_per_op = 1,
      .bytes_per_op = 10, .owner = "parse", .freed_in = "parse",
      .life_median_events = 9, .worst_kind = VERDICT_UP, .worst_up = 2,
      .verdicts = { .by_kind = { [VERDICT_UP] = 9, [VERDICT_TEMPORARY] = 1 },
                    .by_up = { [2] = 9 }, .grown = 4, .boxes = 1 } },
};
static const struct site second[] = { /* the same, but copy, on other lines */
    { .key = 3, .function = "push", .file = "/a/p.c", .line = 33, .via = "realloc",
      .allocs = 20, .bytes = 100, .frees = 0, .allocs_per_op = 2,
      .bytes_per_op = 10, .owner = "", .freed_in = "",
      .worst_kind = VERDICT_LIVE,
      .verdicts = { .by_kind = { [VERDICT_LIVE] = 10 }, .at_most = 10 } },
    { .key = 1, .function = "tree", .file = "/a/t.c", .line = 77, .via = "malloc",
      .allocs = 10, .bytes = 500, .frees = 50, .allocs_per_op = 1,
      .bytes_per_op = 50, .owner = "serve", .freed_in = "serve",
      .worst_kind = VERDICT_OPERATION,
      .verdicts = { .by_kind = { [VERDICT_OPERATION] = 50 } } },
};
/* clang-format on */

struct fixture {
    struct stage stages[2];
    struct story story;
    struct world world;
    struct sites_state state;
    struct grid grid;
};

static void refresh(struct fixture *f)
{
    struct err err;

    assert_int_equal(view_sites.refresh(&f->state, &f->world, &err), ERR_OK);
}

static int set_up(void **out)
{
    struct fixture *f = calloc(1, sizeof(*f));
    struct err err;

    if (f == NULL)
        return -1;
    for (uint32_t i = 0; i < 2; i++) {
        f->stages[i] = (struct stage){
            .number = i, .name = "s", .state = FEED_READY, .is_whole = true
        };
        f->stages[i].ops = (struct op_summary){ .has_ops = true, .count = 10 };
        f->stages[i].sites = i == 0 ? first : second;
        f->stages[i].site_count = i == 0 ? 3 : 2;
    }
    f->story = (struct story){ .stages = f->stages, .count = 2, .note = "" };
    f->world = (struct world){ .story = &f->story,
                               .view = &view_sites,
                               .under = &view_sites,
                               .rows = 26,
                               .cols = 100 };
    *out = f;
    if (grid_resize(&f->grid, 26, 100, &err) != ERR_OK ||
        story_compare(&f->story, 1, &err) != ERR_OK)
        return -1;
    refresh(f);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    free(f->stages[1].changes);
    view_sites.fini(&f->state);
    grid_fini(&f->grid);
    free(f);
    return 0;
}

static bool shows(struct fixture *f, const char *text)
{
    char row[512];

    grid_clear(&f->grid);
    refresh(f);
    view_sites.draw(&f->state, &f->world, grid_area(&f->grid));
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
    assert_true(view_sites.handle(&f->state, &f->world, cmd, 0));
    refresh(f);
}

static const char *selected(struct fixture *f)
{
    refresh(f);
    return f->state.rows[f->state.selected].site->function;
}

static void view_sites__keeps_the_site_when_the_order_changes(void **state)
{
    struct fixture *f = *state;

    press(f, CMD_DOWN);
    assert_string_equal(selected(f), "copy");
    for (int i = 0; i < SORT_COUNT; i++) {
        press(f, CMD_SORT_RIGHT);
        assert_string_equal(selected(f), "copy");
        press(f, CMD_REVERSE);
        assert_string_equal(selected(f), "copy");
    }
}

static void view_sites__sorts_by_each_column(void **state)
{
    static const char *const want[SORT_COUNT] = {
        [SORT_ALLOCS] = "tree",  [SORT_BYTES] = "copy", [SORT_LIFE] = "tree",
        [SORT_VERDICT] = "tree", [SORT_SITE] = "copy",
    };
    struct fixture *f = *state;

    for (int i = 0; i < SORT_COUNT; i++) {
        assert_string_equal(f->state.rows[0].site->function,
                            want[f->state.sort]);
        press(f, CMD_SORT_RIGHT);
    }
    assert_int_equal(f->state.sort, SORT_ALLOCS);
    press(f, CMD_SORT_LEFT);
    press(f, CMD_REVERSE);
    assert_string_equal(f->state.rows[0].site->function, "tree");
}

static void view_sites__follows_a_site_through_the_stages(void **state)
{
    struct fixture *f = *state;

    press(f, CMD_END);
    assert_string_equal(selected(f), "push");
    f->world.selection.stage = 1; /* now on another line, in another row */
    assert_string_equal(selected(f), "push");
    assert_int_equal(f->state.selected, 0);
}

static void view_sites__shows_a_vanished_site_as_gone(void **state)
{
    struct fixture *f = *state;

    press(f, CMD_DOWN);
    f->world.selection.stage = 1;
    assert_string_equal(selected(f), "copy");
    assert_int_equal(f->state.present, 2);
    assert_int_equal(f->state.count, 3);
    assert_true(shows(f, "gone  copy"));
    assert_true(shows(f, "-3.0"));
    assert_true(shows(f, "copy made 3.0 in S0; in S1 it makes none."));
    assert_true(shows(f, "2 of 2 sites, then 1 that vanished"));
}

static void view_sites__follows_the_site_it_shows_when_none_was_chosen(
    void **state)
{
    struct fixture *f = *state;

    assert_false(view_sites.handle(&f->state, &f->world, CMD_NEXT_STAGE, ']'));
    f->world.selection.stage = 1;
    assert_string_equal(selected(f), "tree");
}

static void view_sites__filters_by_verdict_and_name(void **state)
{
    static const struct {
        const char *chip;
        size_t present;
    } cases[] = {
        { "T", 2 },      { "U", 1 },    { "U2", 1 },  { "U1", 0 },
        { "O", 1 },      { "L", 0 },    { "+G", 1 },  { "+B", 1 },
        { "strdup", 1 }, { "PUSH", 1 }, { "/a/", 3 }, { "zebra", 0 },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        print_message("  %s\n", cases[i].chip);
        f->world.filters = (struct filters){ 0 };
        assert_true(filters_add(&f->world.filters, cases[i].chip));
        refresh(f);
        assert_int_equal(f->state.present, cases[i].present);
    }
}

static void view_sites__names_the_chip_that_leaves_nothing(void **state)
{
    struct fixture *f = *state;

    assert_true(filters_add(&f->world.filters, "T"));
    assert_true(filters_add(&f->world.filters, "tree"));
    assert_true(filters_add(&f->world.filters, "a"));
    assert_true(shows(f, "no site passes the filter tree"));
}

static void view_sites__tells_shares_marks_and_limits(void **state)
{
    struct fixture *f = *state;
    char text[VERDICT_TEXT_MAX];

    assert_string_equal(verdict_text(&first[2].verdicts, text),
                        "U2 90% T 10% +G +B");
    assert_string_equal(verdict_text(&first[0].verdicts, text), "O");
    assert_string_equal(verdict_main_text(&first[2].verdicts, text), "U2");
    assert_string_equal(verdict_main_text(&first[0].verdicts, text), "O");
    assert_string_equal(verdict_text(&second[0].verdicts, text), "<=L");
    press(f, CMD_END);
    assert_true(shows(f, "outlives push and is freed while parse, 2 up"));
    assert_true(shows(f, "let parse own the storage"));
    assert_true(shows(f, "size it once"));
    assert_true(shows(f, "made by: push  (with realloc)"));
    assert_true(shows(f, "1/2 more: Tab"));
    assert_false(shows(f, "S0 1.0  S1 2.0"));
    press(f, CMD_MORE);
    assert_true(shows(f, "S0 1.0  S1 2.0"));
}

static void view_sites__shortens_a_label_but_never_its_line(void **unused)
{
    /* clang-format off */
    static const struct {
        const char *function, *file;
        int width;
        const char *want;
    } cases[] = {
        { "log_add", "/a/stage3_fields.c", 80, "log_add  stage3_fields.c:321" },
        { "log_add", "/a/stage3_fields.c", 28, "log_add  stage3_fields.c:321" },
        { "log_add", "/a/stage3_fields.c", 26, "log_add  \u2026ge3_fields.c:321" },
        { "log_add", "/a/stage3_fields.c", 14, "log_add  \u2026:321" },
        { "log_add", "/a/stage3_fields.c", 12, "log_\u2026  \u2026:321" },
        { "\u65e5\u5fd7\u5199\u5165", "/a/s.c", 12, "\u65e5\u5fd7\u2026  \u2026:321" },
        { "log_add", "/a/stage3_fields.c", 0,  "\u2026  \u2026:321" },
        { "log_add", "", 4, "log_add  " },
    };
    /* clang-format on */
    char label[SITE_LABEL_MAX];

    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct site site = { .function = cases[i].function,
                                   .file = cases[i].file,
                                   .line = 321 };

        site_label_fit(&site, cases[i].width, label);
        assert_string_equal(label, cases[i].want);
    }
}

static void view_sites__says_the_range_of_frames_climbed(void **state)
{
    struct fixture *f = *state;
    const struct site mixed = {
        .function = "node",
        .file = "",
        .via = "malloc",
        .freed_in = "",
        .owner = "parse",
        .worst_kind = VERDICT_UP,
        .worst_up = 5,
        .verdicts = { .by_kind = { [VERDICT_UP] = 82,
                                   [VERDICT_TEMPORARY] = 18 },
                      .by_up = { [3] = 60, [4] = 20, [5] = 2 } },
    };
    char text[SITE_TEXT_MAX];

    site_text(&f->world, &mixed, NULL, text);
    assert_non_null(strstr(text, "82% U3-U5 (up): outlives node; freed while "
                                 "a frame 3 to 5 up is alive, the furthest "
                                 "parse."));
    assert_non_null(strstr(text, "let parse own"));
    assert_string_equal(verdict_main_text(&mixed.verdicts, text), "U");
}

static void view_sites__opens_why_over_a_small_table(void **state)
{
    struct fixture *f = *state;
    struct err err;

    f->world.rows = 20;
    f->world.cols = 80;
    assert_int_equal(grid_resize(&f->grid, 20, 80, &err), ERR_OK);
    assert_false(shows(f, "what usually fixes it"));
    assert_false(shows(f, "life(ev)"));
    press(f, CMD_INFO);
    assert_true(shows(f, "what usually fixes it"));
    press(f, CMD_BACK);
    assert_false(shows(f, "what usually fixes it"));
    assert_false(view_sites.handle(&f->state, &f->world, CMD_BACK, 0));
}

static void view_sites__finds_round_the_end(void **state)
{
    struct fixture *f = *state;

    strcpy(f->world.search, "P");
    assert_true(view_sites.find(&f->state, &f->world, 1));
    assert_string_equal(selected(f), "copy");
    assert_true(view_sites.find(&f->state, &f->world, 1));
    assert_string_equal(selected(f), "push");
    assert_true(view_sites.find(&f->state, &f->world, 1));
    assert_string_equal(selected(f), "copy");
    assert_true(view_sites.find(&f->state, &f->world, -1));
    assert_string_equal(selected(f), "push");
    strcpy(f->world.search, "zebra");
    assert_false(view_sites.find(&f->state, &f->world, 1));
}

static void view_sites__survives_empty_stages_and_every_size(void **state)
{
    struct fixture *f = *state;
    struct err err;

    for (int empty = 0; empty < 2; empty++) {
        f->stages[0].site_count = empty ? 0 : 3;
        for (int rows = 1; rows < 40; rows++) {
            for (int cols = 1; cols < 130; cols += 3) {
                assert_int_equal(grid_resize(&f->grid, rows, cols, &err),
                                 ERR_OK);
                f->world.rows = rows;
                f->world.cols = cols;
                shows(f, "");
            }
        }
    }
    press(f, CMD_END);
    assert_int_equal(f->state.selected, 0);
}

static void view_sites__running_out_of_memory_leaves_no_rows(void **state)
{
    struct fixture *f = *state;
    struct sites_state fresh = { 0 };
    struct err err;

    alloc_fail_at(1);
    assert_int_equal(view_sites.refresh(&fresh, &f->world, &err),
                     ERR_NO_MEMORY);
    alloc_fail_at(0);
    assert_int_equal(fresh.count, 0);
    view_sites.draw(&fresh, &f->world, grid_area(&f->grid));
    view_sites.fini(&fresh);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(view_sites__keeps_the_site_when_the_order_changes),
        TEST(view_sites__sorts_by_each_column),
        TEST(view_sites__follows_a_site_through_the_stages),
        TEST(view_sites__shows_a_vanished_site_as_gone),
        TEST(view_sites__follows_the_site_it_shows_when_none_was_chosen),
        TEST(view_sites__filters_by_verdict_and_name),
        TEST(view_sites__names_the_chip_that_leaves_nothing),
        TEST(view_sites__tells_shares_marks_and_limits),
        TEST(view_sites__shortens_a_label_but_never_its_line),
        TEST(view_sites__says_the_range_of_frames_climbed),
        TEST(view_sites__opens_why_over_a_small_table),
        TEST(view_sites__finds_round_the_end),
        TEST(view_sites__survives_empty_stages_and_every_size),
        TEST(view_sites__running_out_of_memory_leaves_no_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
