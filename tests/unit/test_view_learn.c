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
#include "screens/demo_coach.h"
#include "tui/explorer.h"
#include "tui/key.h"

struct fixture {
    struct demo *demo;
    struct demo_coach coach;
    struct app_options options;
    struct explorer *ex;
    struct grid grid;
    enum wish wish; /* of the last key */
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    struct err err;
    bool busy = true;

    if (f == NULL)
        return -1;
    f->demo = demo_open();
    demo_options(f->demo, false, false, &f->options);
    demo_coach_init(&f->coach);
    f->options.coach = &f->coach.coach;
    f->options.script = "";
    f->options.view = "learn";
    *state = f;
    if (explorer_open(&f->options, false, &f->ex, &err) != ERR_OK ||
        grid_resize(&f->grid, 30, 100, &err) != ERR_OK)
        return -1;
    while (busy)
        if (explorer_tick(f->ex, 0, 0, &busy, &err) != ERR_OK)
            return -1;
    return 0;
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
    struct err err;
    int key;

    while (key_script_next(&script, &key))
        assert_int_equal(explorer_key(f->ex, key, &f->wish, &err), ERR_OK);
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

static void view_learn__goes_from_prediction_to_solution(void **state)
{
    /* clang-format off */
    static const struct {
        const char *what, *keys, *has, *has_not;
    } steps[] = {
        { "the task",       "",      "Make parse stop copying", "Who frees" },
        { "start and goal", "",      "start       18",     "yours       13" },
        { "not run",        "",      "yours        ?",     "PASSED" },
        { "a question",     "p",     "How many does one",  "Three headers" },
        { "an answer",      "1",     "It is: 18",          "PASSED" },
        { "kept",           "Esc",   "you said 12",        "How many does" },
        { "no solution",    "d",     "opens once you passed: h", "int main" },
        { "first hint",     "h",     "hint 1 of 2: Who",   "hint 2" },
        { "second hint",    "h",     "hint 2 of 2: A",     "last hint" },
        { "no third",       "h",     "was the last hint",  "PASSED" },
        { "does not build", "r",     "headers.c:12:5: error", "PASSED" },
        { "what differs",   "r",     "line 3: expected \"200 alice\"", "\x1b" },
        { "leaks",          "r",     "40 blocks never freed (5,120 B)", "PASSED" },
        { "too many",       "r",     "13, and the goal is 11", "PASSED" },
        { "where",          "",      "10.0  O   json_node_new  json.c:88", "PASSED" },
        { "yours",          "",      "yours       13",     "yours        ?" },
        { "passed",         "r",     "PASSED",             "NOT YET" },
        { "explained",      "",      "The request outlives", "int main" },
        { "the solution",   "d",     "int main(void)",     "The request" },
        { "and back",       "Esc",   "The request outlives", "int main" },
        { "counted",        "",      "1 passed",           "0 passed" },
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

static void view_learn__asks_before_it_resets(void **state)
{
    struct fixture *f = *state;

    press(f, "x");
    assert_true(shows(f, "x again puts the file back"));
    press(f, "h x");
    assert_int_equal(f->coach.resets, 0);
    press(f, "x");
    assert_int_equal(f->coach.resets, 1);
    assert_true(shows(f, "as it was shipped"));
    press(f, "x");
    assert_int_equal(f->coach.resets, 1);
}

static void view_learn__opens_the_editor_or_says_why_not(void **state)
{
    struct fixture *f = *state;

    press(f, "e");
    assert_int_equal(f->wish, WISH_EDIT);
    assert_string_equal(explorer_edit_path(f->ex),
                        "/home/you/headers/headers.c");
    press(f, "n e");
    assert_int_equal(f->wish, WISH_NONE);
    assert_true(shows(f, "cannot write /course/pool/pool.c"));
}

static void view_learn__follows_the_stage_and_leads_it(void **state)
{
    struct fixture *f = *state;

    press(f, "");
    assert_true(shows(f, "S1: exercise 1 of 2"));
    press(f, "n");
    assert_true(shows(f, "Take it from a pool"));
    assert_true(shows(f, "S3 of S0-S4"));
    press(f, "n");
    assert_true(shows(f, "Borrow the headers"));
    press(f, "1 ] ] 0");
    assert_true(shows(f, "Take it from a pool"));
    press(f, "Up");
    assert_true(shows(f, "S1 of S0-S4"));
}

static void view_learn__is_redrawn_while_a_run_is_under_way(void **state)
{
    struct fixture *f = *state;
    struct err err;
    bool busy;

    press(f, "");
    assert_false(explorer_is_stale(f->ex));
    assert_true(explorer_is_watching(f->ex));
    f->coach.desks[0].is_running = true;
    assert_int_equal(explorer_tick(f->ex, 1, 0, &busy, &err), ERR_OK);
    assert_true(explorer_is_stale(f->ex));
    press(f, "1");
    assert_true(explorer_is_watching(f->ex));
    f->coach.desks[0].is_running = false;
    assert_int_equal(explorer_tick(f->ex, 2, 0, &busy, &err), ERR_OK);
    assert_true(explorer_is_stale(f->ex));
    press(f, "");
    assert_false(explorer_is_watching(f->ex));
}

static void view_learn__survives_every_size(void **state)
{
    static const char *const keys[] = { "", "r", "r", "p", "Esc h", "r r r d" };
    struct fixture *f = *state;
    struct err err;

    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        press(f, keys[i]);
        for (int rows = 1; rows < 60; rows += 3) {
            for (int cols = 1; cols < 320; cols += 7) {
                assert_int_equal(grid_resize(&f->grid, rows, cols, &err),
                                 ERR_OK);
                press(f, "");
            }
        }
    }
}

static void view_learn__says_when_there_are_no_exercises(void **state)
{
    struct fixture *f = *state;
    struct err err;

    explorer_close(f->ex);
    f->options.coach = NULL;
    assert_int_equal(explorer_open(&f->options, false, &f->ex, &err), ERR_OK);
    press(f, "r n e h x d p 1 Tab Up");
    press(f, "0");
    assert_true(shows(f, "no exercises"));
}

static void view_learn__knows_views_by_name(void **state)
{
    struct fixture *f = *state;
    struct err err;

    explorer_close(f->ex);
    f->ex = NULL;
    f->options.view = "nowhere";
    assert_int_equal(explorer_open(&f->options, false, &f->ex, &err),
                     ERR_USAGE);
    assert_non_null(strstr(err.text, "nowhere"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(view_learn__goes_from_prediction_to_solution),
        TEST(view_learn__asks_before_it_resets),
        TEST(view_learn__opens_the_editor_or_says_why_not),
        TEST(view_learn__follows_the_stage_and_leads_it),
        TEST(view_learn__is_redrawn_while_a_run_is_under_way),
        TEST(view_learn__survives_every_size),
        TEST(view_learn__says_when_there_are_no_exercises),
        TEST(view_learn__knows_views_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
