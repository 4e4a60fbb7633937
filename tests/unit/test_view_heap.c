#include "tui/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attrs.h"
#include "screens/drive.h"
#include "support/alloc_fail.h"
#include "support/recording.h"
#include "support/temp_file.h"
#include "support/trace_builder.h"
#include "tui/heap_map.h"

static int set_up(void **state)
{
    *state = drive_open();
    return 0;
}

static int tear_down(void **state)
{
    drive_close(*state);
    return 0;
}

static void view_heap__shows_what_is_live_and_what_was_freed(void **state)
{
    struct drive *d = *state;

    drive_press(d, "7 g 7 Enter");
    assert_true(drive_shows(d, "O--"));
    assert_true(drive_shows(d, "t,,,,,,,")); /* 128 bytes: eight cells */
    assert_true(drive_shows(d, "live 1, 48 B"));
    assert_true(drive_shows(d, "1.1: made in json_node_new at event 7"));
    drive_press(d, "-");
    assert_true(drive_shows(d, "1 cell = 32 B"));
    assert_true(drive_shows(d, "O-"));
    assert_false(drive_shows(d, "O--"));
    drive_press(d, "+ + + +");
    assert_true(drive_shows(d, "1 cell = 16 B"));
    drive_press(d, "g 0 Enter");
    assert_true(drive_shows(d, "no block is live here"));
}

static void view_heap__moves_from_block_to_block(void **state)
{
    struct drive *d = *state;

    drive_press(d, "7 g 2 9 Enter Home");
    assert_true(drive_shows(d, "2.1: made in copy_header"));
    drive_press(d, "Right");
    assert_true(drive_shows(d, "2.2: made in copy_header"));
    drive_press(d, "Left Left Left");
    assert_true(drive_shows(d, "2.1: made in copy_header"));
    drive_press(d, "End");
    assert_true(drive_shows(d, "4.1: made in session_new"));
    drive_press(d, "Up");
    assert_false(drive_shows(d, "4.1: made in session_new"));
    drive_press(d, "/ b o x Enter 3"); /* Ribbons follows */
    assert_true(drive_shows(d, "> 5.1"));
}

/* A world of one trace, without an explorer around it. */
struct fixture {
    struct stage stage;
    struct story story;
    struct replay replay;
    struct world world;
    struct heap_map map;
};

static void look(struct fixture *f, const char *path, uint64_t event)
{
    struct err err = { 0 };
    bool busy = false;

    *f = (struct fixture){ .stage.is_whole = true };
    f->stage.path = strdup(path);
    f->story = (struct story){ .stages = &f->stage, .count = 1 };
    replay_init(&f->replay);
    f->world = (struct world){ .story = &f->story,
                               .replay = &f->replay,
                               .view = &view_heap };
    assert_int_equal(replay_poll(&f->replay, &f->world, 0, &busy, &err),
                     ERR_OK);
    f->world.selection.event = event + 1;
    assert_int_equal(replay_sync(&f->replay, &f->world, &err), ERR_OK);
    f->map = (struct heap_map){ .cell_bytes = 16, .cells = 8 };
    assert_int_equal(heap_map_build(&f->map, &f->world, &err), ERR_OK);
}

static void leave(struct fixture *f)
{
    heap_map_fini(&f->map);
    replay_fini(&f->replay);
    free(f->stage.path);
}

static void heap_map__leaves_out_what_is_empty(void **state)
{
    const char *path = temp_path("t.swt");
    struct builder *b = builder_open(path, NULL);
    uint32_t at = builder_stack(b, "main", "work", NULL);
    struct fixture f;

    (void)state;
    builder_alloc(b, 0, at, 0x1000, 40, "malloc", 1);    /* 1 */
    builder_alloc(b, 0, at, 0x1080, 100, "malloc", 1);   /* 2: next line */
    builder_alloc(b, 0, at, 0x10000, 5000, "malloc", 1); /* 3: eight lines */
    builder_alloc(b, 0, at, 0x90000000, 0, "malloc", 1); /* 4 */
    builder_alloc(b, 0, at, UINT64_MAX - 8, UINT64_MAX, "malloc", 1); /* 5 */
    builder_free(b, 0, at, 0x1000);                                   /* 6 */
    builder_realloc(b, 0, at, 0x1080, 0x2000, 200, 1);                /* 7, 8 */
    builder_close(b);
    look(&f, path, 5);
    assert_int_equal(f.map.count, 5);
    assert_int_equal(f.map.line_count, 2 + 8 + 1 + 1);
    assert_int_equal(f.map.lines[0].base, 0x1000);
    assert_int_equal(f.map.lines[0].skipped, 0);
    assert_int_equal(f.map.lines[1].base, 0x1080);
    assert_int_equal(f.map.lines[1].skipped, 0);
    assert_int_equal(f.map.lines[2].skipped, 0x10000 - 0x1100);
    assert_int_equal(heap_map_line(&f.map, &f.map.items[1]), 1);
    assert_int_equal(heap_map_line(&f.map, &f.map.items[3]), 10);
    assert_int_equal(f.map.holes, 2); /* after the first two */
    assert_int_equal(f.map.hole_bytes, 0x80 - 40 + 0x10000 - 0x1080 - 100);
    leave(&f);
    look(&f, path, 8);
    assert_false(f.map.items[0].is_live);
    assert_int_equal(f.map.count, 6); /* two are gone, and shown as such */
    assert_int_equal(replay_now(&f.world)->moved, 1);
    assert_int_equal(replay_now(&f.world)->copied_bytes, 100);
    leave(&f);
}

/* All views that look at a trace, on events that make no sense together. */
static void views__draw_any_trace(void **state)
{
    static const struct view *const all[] = { &view_ribbons, &view_replay,
                                              &view_heap };
    const char *path = temp_path("any.swt");
    const struct plan plan = { .events = 1000, .flush_every = 90 };
    struct recording made;
    struct grid grid = { 0 };
    struct fixture f;
    struct err err = { 0 };

    (void)state;
    recording_make(path, &plan, &made);
    assert_int_equal(grid_resize(&grid, 30, 100, &err), ERR_OK);
    for (uint64_t event = 0; event < plan.events; event += 37) {
        look(&f, path, event);
        for (size_t i = 0; i < ARRAY_LEN(all); i++) {
            void *view = calloc(1, all[i]->state_size);
            char text[512];

            assert_non_null(view);
            f.world.view = all[i];
            f.world.rows = grid.rows;
            f.world.cols = grid.cols;
            assert_int_equal(all[i]->refresh(view, &f.world, &err), ERR_OK);
            all[i]->draw(view, &f.world, grid_area(&grid));
            all[i]->brief(view, &f.world, text, sizeof(text));
            all[i]->teach(view, &f.world, text, sizeof(text));
            for (int cmd = CMD_NONE; cmd < CMD_COUNT; cmd++) {
                all[i]->handle(view, &f.world, (enum command)cmd, 0);
                assert_int_equal(replay_sync(&f.replay, &f.world, &err),
                                 ERR_OK);
                assert_int_equal(all[i]->refresh(view, &f.world, &err), ERR_OK);
            }
            all[i]->draw(view, &f.world, grid_area(&grid));
            if (all[i]->fini != NULL)
                all[i]->fini(view);
            free(view);
        }
        leave(&f);
    }
    grid_fini(&grid);
}

static void view_heap__survives_each_failed_allocation(void **state)
{
    struct drive *d = *state;
    bool happened = true;

    for (size_t nth = 1; happened; nth += 1 + nth / 40) {
        struct err err = { 0 };
        enum err_code rc;

        alloc_fail_at(nth);
        rc = drive_try(d, "7..}l-j", &err);
        happened = alloc_fail_happened();
        alloc_fail_at(0);
        assert_int_equal(rc, happened ? ERR_NO_MEMORY : ERR_OK);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(view_heap__shows_what_is_live_and_what_was_freed),
        TEST(view_heap__moves_from_block_to_block),
        cmocka_unit_test(heap_map__leaves_out_what_is_empty),
        cmocka_unit_test(views__draw_any_trace),
        TEST(view_heap__survives_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
