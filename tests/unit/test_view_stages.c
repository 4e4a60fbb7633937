#include "tui/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tui/stages_panels.h"

/* Two stages, filled by hand: "copy" vanishes, "tree" shrinks, "pool" is new.
 *
 *           copy  tree  pool   allocs/op
 *   S0       3     5     -         8
 *   S1       -     2     1         3..4, median 3
 */
/* clang-format off */
static const struct site before[] = {
    { .key = 1, .function = "tree", .file = "/a/t.c", .line = 7, .via = "malloc",
      .allocs_per_op = 5, .bytes_per_op = 500, .owner = "", .freed_in = "",
      .verdicts = { .by_kind = { [VERDICT_OPERATION] = 50 } } },
    { .key = 2, .function = "copy", .file = "/a/c.c", .line = 9, .via = "strdup",
      .allocs_per_op = 3, .bytes_per_op = 30, .owner = "", .freed_in = "copy",
      .verdicts = { .by_kind = { [VERDICT_TEMPORARY] = 30 } } },
};
static const struct site now[] = {
    { .key = 1, .function = "tree", .file = "/a/t.c", .line = 70, .via = "malloc",
      .allocs_per_op = 2, .bytes_per_op = 200, .owner = "", .freed_in = "",
      .verdicts = { .by_kind = { [VERDICT_OPERATION] = 20 } } },
    { .key = 3, .function = "pool", .file = "", .via = "malloc",
      .allocs_per_op = 1, .bytes_per_op = 64, .owner = "", .freed_in = "",
      .verdicts = { .by_kind = { [VERDICT_LIVE] = 10 } } },
};
/* clang-format on */

struct fixture {
    struct stage stages[2];
    struct story story;
    struct world world;
    struct stages_state state;
    struct grid grid;
};

static void set_up_stage(struct stage *s, uint32_t number, const char *name,
                         struct op_summary ops)
{
    s->number = number;
    s->name = name;
    s->state = FEED_READY;
    s->is_whole = true;
    s->ops = ops;
}

static int set_up(void **out)
{
    struct fixture *f = calloc(1, sizeof(*f));
    struct err err;

    if (f == NULL)
        return -1;
    set_up_stage(&f->stages[0], 0, "initial",
                 (struct op_summary){ .has_ops = true,
                                      .count = 10,
                                      .allocs = { 8, 8, 8 },
                                      .bytes = { 530, 530, 530 },
                                      .is_exact = true });
    f->stages[0].sites = before;
    f->stages[0].site_count = 2;
    set_up_stage(&f->stages[1], 1, "second",
                 (struct op_summary){ .has_ops = true,
                                      .count = 10,
                                      .allocs = { 3, 3, 4 },
                                      .bytes = { 264, 264, 300 } });
    f->stages[1].sites = now;
    f->stages[1].site_count = 2;
    f->story = (struct story){ .stages = f->stages, .count = 2, .note = "" };
    f->world = (struct world){ .story = &f->story,
                               .view = &view_stages,
                               .under = &view_stages,
                               .now_ms = 1000000 };
    *out = f;
    if (grid_resize(&f->grid, 26, 100, &err) != ERR_OK ||
        story_compare(&f->story, 1, &err) != ERR_OK ||
        view_stages.refresh(&f->state, &f->world, &err) != ERR_OK)
        return -1;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    free(f->stages[1].changes);
    view_stages.fini(&f->state);
    grid_fini(&f->grid);
    free(f);
    return 0;
}

/* Whether any row shows the text. */
static bool shows(struct fixture *f, const char *text)
{
    char row[512];
    struct err err;

    grid_clear(&f->grid);
    assert_int_equal(view_stages.refresh(&f->state, &f->world, &err), ERR_OK);
    view_stages.draw(&f->state, &f->world, grid_area(&f->grid));
    for (int i = 0; i < f->grid.rows; i++) {
        grid_row_text(&f->grid, i, row, sizeof(row));
        if (strstr(row, text) != NULL)
            return true;
    }
    return false;
}

static void view_stages__tells_what_vanished_and_why(void **state)
{
    struct fixture *f = *state;

    f->world.selection.stage = 1;
    assert_true(shows(f, "vanished since S0"));
    assert_true(shows(f, "-3.0      -30  copy  c.c:9"));
    assert_true(shows(f, "own frame: use a local"));
    assert_true(shows(f, "-3.0     -300  tree  t.c:70"));
    assert_true(shows(f, "2.0 are left"));
    assert_true(shows(f, "gone -6.0, new +1.0, together -5.0"));
    assert_true(shows(f, "gone 5  -62%"));
}

static void view_stages__filters_what_vanished(void **state)
{
    struct fixture *f = *state;

    f->world.selection.stage = 1;
    assert_true(filters_add(&f->world.filters, "T"));
    assert_true(shows(f, "copy  c.c:9"));
    assert_false(shows(f, "tree  t.c:70"));
}

static void view_stages__says_exact_only_when_all_ops_agree(void **state)
{
    struct fixture *f = *state;

    assert_true(shows(f, "exact: every op of S0 made 8 allocations (min 8, "
                         "max 8, n=10)"));
    f->world.selection.stage = 1;
    assert_false(shows(f, "exact"));
    assert_true(shows(f, "ops of S1 made 3 to 4 allocations, median 3 (n=10)"));
}

static void view_stages__first_stage_compares_with_nothing(void **state)
{
    struct fixture *f = *state;

    assert_true(shows(f, "nothing has vanished yet"));
    assert_false(shows(f, "gone"));
}

static void view_stages__shows_progress_and_failure(void **state)
{
    struct fixture *f = *state;

    f->stages[1].state = FEED_RECORDING;
    f->stages[1].is_whole = false;
    f->stages[1].totals.events = 12345;
    f->stages[1].ops_wanted = 20;
    assert_true(shows(f, "12,345 ev, 10 ops"));
    f->world.selection.stage = 1;
    assert_true(shows(f, "recording: 12,345 events, 10 ops so far"));
    f->stages[1].state = FEED_FAILED;
    f->stages[1].ops.count = 0;
    strcpy(f->stages[1].note, "no such program");
    assert_true(shows(f, "failed: no such program"));
    f->stages[1].state = FEED_WAITING;
    assert_true(shows(f, "waits for its turn"));
}

static void view_stages__does_not_compare_ops_with_whole_runs(void **state)
{
    struct fixture *f = *state;
    struct err err;

    f->stages[0].ops.has_ops = false;
    f->stages[0].totals.allocs = 80;
    assert_int_equal(story_compare(&f->story, 1, &err), ERR_OK);
    f->world.selection.stage = 1;
    assert_true(shows(f, "cannot be compared with S0"));
    f->world.selection.stage = 0;
    assert_true(shows(f, "the whole run of S0 made 80 allocations"));
}

static void view_stages__counts_down_and_stops(void **state)
{
    struct fixture *f = *state;
    struct err err;

    f->world.motion = true;
    f->world.selection.stage = 1;
    assert_int_equal(view_stages.refresh(&f->state, &f->world, &err), ERR_OK);
    assert_true(view_stages.is_moving(&f->state, &f->world));
    assert_true(stages_number(&f->state, &f->world) == 8);
    f->world.now_ms += COUNT_DOWN_MS / 2;
    assert_true(stages_number(&f->state, &f->world) == 5.5);
    f->world.now_ms += COUNT_DOWN_MS / 2;
    assert_true(stages_number(&f->state, &f->world) == 3);
    assert_false(view_stages.is_moving(&f->state, &f->world));
    f->world.motion = false;
    f->world.now_ms -= COUNT_DOWN_MS;
    assert_false(view_stages.is_moving(&f->state, &f->world));
}

static void view_stages__asks_keeps_the_guess_and_tells(void **state)
{
    static const struct course_stage lesson = {
        .title = { { "t", "t" } },
        .before = { { "", "" } },
        .heap = { { "", "" } },
        .change = { { "", "" } },
        .risk = { { "", "" } },
        .question = { .text = { { "Which goes?", "?" } },
                      .answers = { { { "copy", "c" } }, { { "tree", "t" } } },
                      .answer_count = 2,
                      .correct = 0,
                      .feedback = { { "It dies young.", "f" } } },
    };
    struct fixture *f = *state;

    f->stages[1].lesson = &lesson;
    assert_true(view_stages.handle(&f->state, &f->world, CMD_PREDICT, 'p'));
    assert_int_equal(view_stages.scopes(&f->state), SCOPE_QUESTION);
    assert_true(shows(f, "Which goes?"));
    assert_false(shows(f, "It dies young."));
    view_stages.handle(&f->state, &f->world, CMD_ANSWER, '6'); /* no such */
    assert_false(shows(f, "It dies young."));
    view_stages.handle(&f->state, &f->world, CMD_ANSWER, '2');
    assert_true(shows(f, "You said: tree. It is: copy."));
    assert_true(view_stages.handle(&f->state, &f->world, CMD_BACK, 0));
    assert_false(view_stages.handle(&f->state, &f->world, CMD_BACK, 0));
    f->world.selection.stage = 1;
    assert_true(shows(f, "your guess: tree"));
}

static void view_stages__draws_at_every_size(void **state)
{
    struct fixture *f = *state;
    struct err err;

    f->world.selection.stage = 1;
    for (int rows = 1; rows < 45; rows++) {
        for (int cols = 1; cols < 130; cols += 3) {
            assert_int_equal(grid_resize(&f->grid, rows, cols, &err), ERR_OK);
            view_stages.draw(&f->state, &f->world, grid_area(&f->grid));
        }
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(view_stages__tells_what_vanished_and_why),
        TEST(view_stages__filters_what_vanished),
        TEST(view_stages__says_exact_only_when_all_ops_agree),
        TEST(view_stages__first_stage_compares_with_nothing),
        TEST(view_stages__shows_progress_and_failure),
        TEST(view_stages__does_not_compare_ops_with_whole_runs),
        TEST(view_stages__counts_down_and_stops),
        TEST(view_stages__asks_keeps_the_guess_and_tells),
        TEST(view_stages__draws_at_every_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
