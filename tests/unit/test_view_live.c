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

/* A stage being recorded, filled by hand; and the demo, whole. */
struct fixture {
    struct stage stage;
    struct story story;
    struct world world;
    void *state;
    struct grid grid;
};

/* clang-format off */
static const struct site sites[] = {
    { .key = 1, .function = "tree", .file = "/a/t.c", .line = 7, .via = "malloc",
      .allocs = 50, .frees = 48, .allocs_per_op = 5, .bytes_per_op = 500,
      .owner = "", .freed_in = "",
      .verdicts = { .by_kind = { [VERDICT_OPERATION] = 48, [VERDICT_LIVE] = 2 } } },
};
/* clang-format on */

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    struct err err;

    if (f == NULL)
        return -1;
    f->stage = (struct stage){
        .name = "t.swt",
        .state = FEED_RECORDING,
        .ops = { .has_ops = true, .count = 10, .allocs = { 5, 5, 5 } },
        .totals = { .events = 1000,
                    .live_bytes = 2048,
                    .peak_live_bytes = 4096 },
        .sites = sites,
        .site_count = 1,
    };
    f->story = (struct story){ .stages = &f->stage, .count = 1, .note = "" };
    f->world = (struct world){ .story = &f->story,
                               .view = &view_live,
                               .under = &view_live,
                               .now_ms = 5000 };
    f->state = calloc(1, view_live.state_size);
    *state = f;
    return f->state != NULL && grid_resize(&f->grid, 20, 80, &err) == ERR_OK
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    free(f->state);
    grid_fini(&f->grid);
    free(f);
    return 0;
}

static bool grid_shows(const struct grid *g, const char *text)
{
    char row[4096];

    for (int i = 0; i < g->rows; i++) {
        grid_row_text(g, i, row, sizeof(row));
        if (strstr(row, text) != NULL)
            return true;
    }
    return false;
}

static bool shows(struct fixture *f, const char *text)
{
    struct err err;

    grid_clear(&f->grid);
    assert_int_equal(view_live.refresh(f->state, &f->world, &err), ERR_OK);
    view_live.draw(f->state, &f->world, grid_area(&f->grid));
    return grid_shows(&f->grid, text);
}

static void pass(struct fixture *f, uint64_t ms, uint64_t events,
                 uint64_t live_bytes)
{
    struct err err;

    f->world.now_ms += ms;
    f->stage.totals.events = events;
    f->stage.totals.live_bytes = live_bytes;
    assert_int_equal(view_live.refresh(f->state, &f->world, &err), ERR_OK);
}

static void view_live__tells_rate_and_live_bytes_as_they_go(void **state)
{
    struct fixture *f = *state;

    assert_true(shows(f, "RECORDING   1,000 events   t.swt"));
    pass(f, 500, 3000, 1024);
    assert_true(shows(f, "4,000 events/s"));
    assert_true(shows(f, "live 1.0 KiB"));
    assert_true(shows(f, "peak 4.0 KiB"));
    /* Two samples: the full height, then half of three rows. */
    assert_true(shows(f, "\u2588\u2584"));
    pass(f, 100, 9000, 1024); /* too soon for a sample */
    assert_true(shows(f, "4,000 events/s"));
    pass(f, 400, 3000, 0);
    assert_true(shows(f, "2,000 events/s"));
}

static void view_live__shows_sites_with_what_is_live(void **state)
{
    struct fixture *f = *state;

    assert_true(shows(f, "tree  t.c:7"));
    assert_true(shows(f, "5.0"));
    assert_true(shows(f, "       2  ")); /* 50 made, 48 freed */
}

static void view_live__takes_the_rate_of_a_whole_trace_from_it(void **state)
{
    struct fixture *f = *state;

    f->stage.state = FEED_READY;
    assert_true(shows(f, "ENDED   1,000 events   t.swt"));
    f->stage.has_ledger = true;
    f->stage.ledger.traced_ns = 500 * 1000 * 1000;
    assert_true(shows(f, "2,000 events/s"));
}

static void view_live__freezes_by_space_and_thaws_elsewhere(void **state)
{
    struct fixture *f = *state;

    assert_true(view_live.handle(f->state, &f->world, CMD_FREEZE, K_SPACE));
    assert_true(f->world.is_frozen);
    assert_true(shows(f, "FROZEN"));
    pass(f, 1000, 3000, 1024);
    assert_false(shows(f, "events/s")); /* no sample was taken */
    assert_true(view_live.handle(f->state, &f->world, CMD_FREEZE, K_SPACE));
    assert_false(f->world.is_frozen);
}

static void view_live__survives_every_size_and_a_long_time(void **state)
{
    struct fixture *f = *state;
    struct err err;

    for (uint64_t i = 0; i < 500; i++)
        pass(f, 250, 1000 + i * 7, i * 37 % 5000);
    for (int rows = 1; rows < 50; rows += 3) {
        for (int cols = 1; cols < 320; cols += 7) {
            assert_int_equal(grid_resize(&f->grid, rows, cols, &err), ERR_OK);
            f->grid.ascii = cols % 2 == 0;
            shows(f, "");
        }
    }
}

/* On whole traces: S2 of the demo makes 3 or 4 allocations an op. */
static void view_live__opens_the_op_that_differed(void **unused)
{
    struct demo *demo = demo_open();
    struct app_options options = { .script = "", .view = "live" };
    const char *script = "] ] o 9";
    struct explorer *ex;
    struct grid grid = { 0 };
    struct err err;
    enum wish wish;
    bool busy = true;
    int key;

    (void)unused;
    demo_options(demo, false, false, &options);
    assert_int_equal(explorer_open(&options, false, &ex, &err), ERR_OK);
    assert_int_equal(grid_resize(&grid, 30, 100, &err), ERR_OK);
    while (busy)
        assert_int_equal(explorer_tick(ex, 0, 0, &busy, &err), ERR_OK);
    assert_int_equal(explorer_key(ex, 'o', &wish, &err), ERR_OK);
    assert_int_equal(explorer_draw(ex, &grid, &err), ERR_OK);
    assert_true(grid_shows(&grid, "no op that differs among the last"));
    while (key_script_next(&script, &key)) {
        assert_int_equal(explorer_key(ex, key, &wish, &err), ERR_OK);
        assert_int_equal(explorer_draw(ex, &grid, &err), ERR_OK);
        if (key == 'o')
            assert_true(grid_shows(&grid, "Ribbons"));
    }
    assert_true(grid_shows(&grid, "allocs/op 3   last ops 3 4 3 4 3 4"));
    assert_true(grid_shows(&grid, "op 6 was different: 4 allocations, usually"
                                  " 3"));
    explorer_close(ex);
    grid_fini(&grid);
    demo_close(demo);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(view_live__tells_rate_and_live_bytes_as_they_go),
        TEST(view_live__shows_sites_with_what_is_live),
        TEST(view_live__takes_the_rate_of_a_whole_trace_from_it),
        TEST(view_live__freezes_by_space_and_thaws_elsewhere),
        TEST(view_live__survives_every_size_and_a_long_time),
        cmocka_unit_test(view_live__opens_the_op_that_differed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
