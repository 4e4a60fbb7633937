#include "tui/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attrs.h"
#include "screens/demo.h"
#include "tui/explorer.h"
#include "tui/key.h"

struct fixture {
    struct demo *demo;
    struct app_options options;
    struct explorer *ex;
    struct grid grid;
};

static int open_demo(void **state, bool is_plain)
{
    struct fixture *f = calloc(1, sizeof(*f));
    struct err err;
    bool busy = true;

    if (f == NULL)
        return -1;
    f->demo = demo_open();
    demo_options(f->demo, is_plain, false, &f->options);
    f->options.script = "";
    *state = f;
    if (explorer_open(&f->options, false, &f->ex, &err) != ERR_OK ||
        grid_resize(&f->grid, 30, 100, &err) != ERR_OK)
        return -1;
    while (busy)
        if (explorer_tick(f->ex, 0, 0, &busy, &err) != ERR_OK)
            return -1;
    return 0;
}

static int set_up(void **state)
{
    return open_demo(state, false);
}

static int set_up_plain(void **state)
{
    return open_demo(state, true);
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    explorer_close(f->ex);
    grid_fini(&f->grid);
    demo_close(f->demo);
    free(f);
    return 0;
}

static void press(struct fixture *f, const char *script)
{
    enum wish wish;
    struct err err;
    int key;

    while (key_script_next(&script, &key))
        assert_int_equal(explorer_key(f->ex, key, &wish, &err), ERR_OK);
    assert_int_equal(explorer_draw(f->ex, &f->grid, &err), ERR_OK);
}

static bool shows(struct fixture *f, const char *text)
{
    char row[4096];

    for (int i = 0; i < f->grid.rows; i++) {
        grid_row_text(&f->grid, i, row, sizeof(row));
        if (strstr(row, text) != NULL)
            return true;
    }
    return false;
}

static bool is_empty(struct fixture *f)
{
    for (int i = 0; i < f->grid.rows * f->grid.cols; i++)
        if (f->grid.cells[i].ch != ' ')
            return false;
    return true;
}

/* Each step shows what it should and nothing of the next. */
static void view_present__reveals_step_by_step_and_back(void **state)
{
    /* clang-format off */
    static const struct {
        const char *what, *keys, *has, *has_not;
    } steps[] = {
        { "first stage",       "P",    "> S0        10",       "S1         7" },
        { "asks, S1 hidden",   "PgDn", "Which site goes first", "copy_header" },
        { "S1 still a ?",      "",     "> S1         ?",       "> S1         7" },
        { "answers",           "PgDn", " A  copy_header",      ">A" },
        { "result",            "PgDn", ">A  copy_header",      "S2         3" },
        { "and its figure",    "",     "> S1         7",       "S2         3" },
        { "why",               "",     "Its blocks die",       "S1         ?" },
        { "back to answers",   "PgUp", " A  copy_header",      ">A" },
        { "back to asking",    "PgUp", "> S1         ?",       "copy_header" },
        { "back a stage",      "PgUp", "> S0        10",       "Which site" },
        { "the start holds",   "PgUp", "this is the first",    "Which site" },
        { "no question: at once", "PgDn PgDn PgDn PgDn",
                                       "> S2         3",       "S3         1" },
        { "ops differ",        "",     "S2 (3-4)",             "S3 (" },
        { "a failed stage",    "End",  "failed: sampleapp",    "S3         ?" },
        { "the end holds",     "PgDn", "this is the last",     "S3         ?" },
        { "home",              "Home", "> S0        10",       "S1         7" },
    };
    /* clang-format on */
    struct fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        print_message("  %s\n", steps[i].what);
        press(f, steps[i].keys);
        assert_true(shows(f, steps[i].has));
        assert_false(shows(f, steps[i].has_not));
    }
}

static void view_present__blanks_and_the_next_press_only_brings_back(
    void **state)
{
    struct fixture *f = *state;

    press(f, "P b");
    assert_true(is_empty(f));
    press(f, "PgDn");
    assert_true(shows(f, "> S0        10"));
    assert_false(shows(f, "Which site"));
    press(f, ". .");
    assert_false(is_empty(f));
    press(f, "b Esc");
    assert_true(shows(f, "stackward | Stages"));
}

static void view_present__shows_the_pressed_key_and_leaves(void **state)
{
    struct fixture *f = *state;

    press(f, "P");
    assert_false(shows(f, "key:"));
    press(f, "Right");
    assert_true(shows(f, "key: Right"));
    press(f, "Esc");
    assert_true(shows(f, "stackward | Stages"));
}

static void view_present__keeps_its_step_and_follows_the_stage(void **state)
{
    struct fixture *f = *state;

    press(f, "P PgDn 2 P");
    assert_true(shows(f, "> S1         ?"));
    press(f, "Esc ] P");
    assert_true(shows(f, "> S2         3"));
}

static void view_present__says_typing_in_its_last_row(void **state)
{
    struct fixture *f = *state;

    press(f, "P / x y");
    assert_true(shows(f, "search: xy"));
    press(f, "Enter");
    assert_true(shows(f, "nothing here contains \"xy\""));
}

static void view_present__works_without_course_and_ops(void **state)
{
    struct fixture *f = *state;

    press(f, "P");
    assert_true(shows(f, "plain.swt"));
    assert_true(shows(f, "allocations in the whole run"));
    press(f, "PgDn");
    assert_true(shows(f, "allocations per operation"));
    assert_false(shows(f, "gone"));
}

static void view_present__survives_every_size(void **state)
{
    static const char *const keys[] = { "P", "PgDn", "PgDn", "PgDn", "End" };
    struct fixture *f = *state;
    struct err err;

    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        press(f, keys[i]);
        for (int rows = 1; rows < 60; rows += 3) {
            for (int cols = 1; cols < 320; cols += 7) {
                assert_int_equal(grid_resize(&f->grid, rows, cols, &err),
                                 ERR_OK);
                press(f, "");
                assert_false(is_empty(f));
            }
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(view_present__reveals_step_by_step_and_back),
        TEST(view_present__blanks_and_the_next_press_only_brings_back),
        TEST(view_present__shows_the_pressed_key_and_leaves),
        TEST(view_present__keeps_its_step_and_follows_the_stage),
        TEST(view_present__says_typing_in_its_last_row),
        cmocka_unit_test_setup_teardown(
            view_present__works_without_course_and_ops, set_up_plain,
            tear_down),
        TEST(view_present__survives_every_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
