#include "tui/tour.h"

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

static struct fixture *start(bool is_plain, bool tour)
{
    struct fixture *f = calloc(1, sizeof(*f));
    struct err err;
    bool busy = true;

    assert_non_null(f);
    f->demo = demo_open();
    demo_options(f->demo, is_plain, false, &f->options);
    f->options.script = "";
    f->options.tour = tour;
    assert_int_equal(explorer_open(&f->options, false, &f->ex, &err), ERR_OK);
    assert_int_equal(grid_resize(&f->grid, 24, 80, &err), ERR_OK);
    while (busy)
        assert_int_equal(explorer_tick(f->ex, 0, 0, &busy, &err), ERR_OK);
    return f;
}

static void finish(struct fixture *f)
{
    explorer_close(f->ex);
    grid_fini(&f->grid);
    demo_close(f->demo);
    free(f);
}

/* Presses the keys; whether the last row but one then shows the text. */
static bool tells(struct fixture *f, const char *script, const char *text)
{
    char row[512];
    enum wish wish;
    struct err err;
    int key;

    while (key_script_next(&script, &key))
        assert_int_equal(explorer_key(f->ex, key, &wish, &err), ERR_OK);
    assert_int_equal(explorer_draw(f->ex, &f->grid, &err), ERR_OK);
    grid_row_text(&f->grid, f->grid.rows - 2, row, sizeof(row));
    return strstr(row, text) != NULL;
}

static void tour__goes_on_when_a_step_was_done(void **unused)
{
    struct fixture *f = start(false, true);

    (void)unused;
    assert_true(tells(f, "", "tour 1/7, T ends it  ] goes to the next"));
    assert_true(tells(f, "L L", "tour 1/7")); /* not what was asked for */
    assert_true(tells(f, "[", "this is the first stage"));
    assert_true(tells(f, "L L", "tour 1/7"));
    assert_true(tells(f, "T", "the tour is over"));
    assert_true(tells(f, "T", "tour 1/7")); /* replayed */
    finish(f);
}

static void tour__leads_through_all_steps(void **unused)
{
    /* clang-format off */
    static const struct { const char *key, *says; } steps[] = {
        { "T",     "tour 1/7" }, { "]",     "tour 2/7" },
        { "[",     "tour 2/7" }, { "p",     "tour 3/7" },
        { "1",     "tour 4/7" }, { "Enter", "tour 5/7" },
        { "j",     "tour 6/7" }, { "]",     "tour 7/7" },
        { "?",     "that was the tour" }, { "Esc", "why:" },
    };
    /* clang-format on */
    struct fixture *f = start(false, false);

    (void)unused;
    assert_true(tells(f, "", "why:"));
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        print_message("  %s\n", steps[i].key);
        assert_true(tells(f, steps[i].key, steps[i].says));
    }
    finish(f);
}

static void tour__asks_no_questions_without_a_course(void **unused)
{
    struct fixture *f = start(true, true);

    (void)unused;
    assert_true(tells(f, "", "tour 1/7"));
    assert_true(tells(f, "]", "tour 4/7"));
    finish(f);
}

static void tour__ends_after_its_last_step(void **unused)
{
    (void)unused;
    assert_int_equal(tour_next(TOUR_STEPS, CMD_HELP, true), 0);
    assert_int_equal(tour_next(TOUR_STEPS, CMD_UP, true), TOUR_STEPS);
    for (int i = 1; i <= TOUR_STEPS; i++)
        assert_true(tour_says(i) != MSG_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tour__goes_on_when_a_step_was_done),
        cmocka_unit_test(tour__leads_through_all_steps),
        cmocka_unit_test(tour__asks_no_questions_without_a_course),
        cmocka_unit_test(tour__ends_after_its_last_step),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
