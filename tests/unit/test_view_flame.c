#include "tui/flame_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attrs.h"
#include "support/alloc_fail.h"
#include "support/temp_file.h"
#include "support/trace_builder.h"

enum { OPS = 3 };

struct fixture {
    char paths[2][256];
    const char *op; /* the op's function in the traces; NULL: whole runs */
    struct feed feed;
    struct story story;
    struct world world;
    struct flame_state state;
    struct grid grid;
};

static void poll(void *ctx, size_t stage, struct feed_stage *out)
{
    struct fixture *f = ctx;

    *out = (struct feed_stage){ .state = FEED_READY,
                                .path = f->paths[stage],
                                .note = "" };
}

/*
 * Per op, in the first stage (bytes in brackets):
 *
 *   op 8 (1038)
 *     parse 5 (1005)         copy 2 (32)      ? 1 (1)
 *       copy 4 (4)  big 1      @strdup 1
 *
 * and one that could not be unwound: main cannot be seen. The second stage
 * has only parse > copy, once.
 */
static void build(struct fixture *f, size_t stage)
{
    struct builder *b = builder_open(f->paths[stage], f->op);
    uint32_t op = builder_stack(b, "main:9", "op", NULL);
    const struct {
        uint32_t stack;
        uint64_t count, bytes;
    } made[] = {
        { builder_stack(b, "main:9", "op:5", "parse:7", "copy:1", NULL), 4, 1 },
        { builder_stack(b, "main:9", "op:5", "big<parse:8", NULL), 1, 1001 },
        { builder_stack(b, "main:9", "op:6", "copy:2", NULL), 1, 16 },
        { builder_stack(b, "main:9", "op:6", "copy:2", "@strdup", NULL), 1,
          16 },
        { builder_stack(b, "main:9", "op:6", "?lost", NULL), 1, 1 },
        { builder_stack(b, "...", "deep:3", NULL), 1, 3 },
    };
    tracee_addr addr = 0x1000;

    for (uint64_t i = 1; i <= OPS; i++) {
        builder_op_begin(b, 0, op, i);
        for (size_t k = 0; k < (stage == 0 ? ARRAY_LEN(made) : 1); k++)
            for (uint64_t n = 0; n < (stage == 0 ? made[k].count : 1); n++)
                builder_alloc(b, 0, made[k].stack, addr += 0x1000,
                              made[k].bytes, "malloc", 0);
        builder_op_end(b, 0, i);
    }
    builder_close(b);
}

static void refresh(struct fixture *f)
{
    struct err err;

    assert_int_equal(view_flame.refresh(&f->state, &f->world, &err), ERR_OK);
}

static void open_story(struct fixture *f)
{
    struct err err;
    bool busy = true;

    for (size_t i = 0; i < 2; i++)
        build(f, i);
    f->feed = (struct feed){ .ctx = f, .stage_count = 2, .poll = poll };
    assert_int_equal(story_init(&f->story, &f->feed, NULL, NULL, &err), ERR_OK);
    while (busy)
        assert_int_equal(story_poll(&f->story, 0, &busy, &err), ERR_OK);
    f->world = (struct world){ .story = &f->story,
                               .view = &view_flame,
                               .under = &view_flame,
                               .rows = 20,
                               .cols = 92 };
    assert_int_equal(grid_resize(&f->grid, 20, 92, &err), ERR_OK);
}

static int set_up(void **out)
{
    struct fixture *f = calloc(1, sizeof(*f));

    if (f == NULL)
        return -1;
    for (size_t i = 0; i < 2; i++)
        snprintf(f->paths[i], sizeof(f->paths[i]), "%s", temp_path("s.swt"));
    f->op = "op";
    *out = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    view_flame.fini(&f->state);
    story_fini(&f->story);
    grid_fini(&f->grid);
    free(f);
    return 0;
}

static bool shows(struct fixture *f, const char *text)
{
    char row[2048];

    grid_clear(&f->grid);
    refresh(f);
    view_flame.draw(&f->state, &f->world, grid_area(&f->grid));
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
    assert_true(view_flame.handle(&f->state, &f->world, cmd, 0));
    refresh(f);
}

static const char *name_of(struct fixture *f, uint32_t node)
{
    static char unnamed[256];

    return flame_name(world_stage(&f->world),
                      &flame_tree_of(&f->state, &f->world)->nodes[node],
                      unnamed, sizeof(unnamed));
}

static const char *selected(struct fixture *f)
{
    refresh(f);
    return name_of(f, f->state.selected);
}

/* Each node is what its children are and what it made itself; all is what
 * the sites say. */
static void check_sums(struct fixture *f)
{
    const struct stage *s = world_stage(&f->world);
    const struct flame_tree *t = flame_tree_of(&f->state, &f->world);
    uint64_t allocs = 0;
    uint64_t bytes = 0;

    for (size_t i = 0; i < s->site_count; i++) {
        allocs += s->sites[i].allocs;
        bytes += s->sites[i].bytes;
    }
    assert_int_equal(t->nodes[FLAME_ROOT].allocs, allocs);
    assert_int_equal(t->nodes[FLAME_ROOT].bytes, bytes);
    for (uint32_t i = 0; i < t->count; i++) {
        uint64_t own = 0;
        uint64_t under = 0;

        for (size_t k = 0; k < t->leaf_count; k++)
            if (t->leaves[k] == i)
                own += s->stacks[k].allocs;
        for (uint32_t c = t->nodes[i].child; c != FLAME_NONE;
             c = t->nodes[c].next) {
            assert_true(flame_is_under(t, c, i));
            assert_false(flame_is_under(t, i, c));
            under += t->nodes[c].allocs;
        }
        assert_int_equal(t->nodes[i].allocs, own + under);
    }
}

static void view_flame__adds_up_to_the_sites(void **state)
{
    struct fixture *f = *state;

    open_story(f);
    for (int inverted = 0; inverted < 2; inverted++) {
        for (size_t stage = 0; stage < 2; stage++) {
            f->world.selection.stage = stage;
            refresh(f);
            check_sums(f);
        }
        press(f, CMD_INVERT);
    }
}

static void view_flame__begins_at_the_op(void **state)
{
    struct fixture *f = *state;

    open_story(f);
    assert_true(shows(f, "[all 9"));
    assert_true(shows(f, "[op 8"));
    assert_true(shows(f, "[parse 5"));
    assert_true(shows(f, "[(not un")); /* what the cut stack is under */
    assert_false(shows(f, "main"));
    f->world.selection.stage = 1; /* nothing but the op: it is the top */
    assert_true(shows(f, "[op 1"));
    assert_false(shows(f, "[all"));
}

static void view_flame__begins_at_the_outermost_frame_of_a_run(void **state)
{
    struct fixture *f = *state;

    f->op = NULL;
    open_story(f);
    assert_true(shows(f, "[main 24"));
    check_sums(f);
}

static void view_flame__moves_along_what_is_drawn(void **state)
{
    struct fixture *f = *state;

    open_story(f);
    assert_string_equal(selected(f), "");
    press(f, CMD_DOWN);
    assert_string_equal(selected(f), "op");
    press(f, CMD_DOWN);
    assert_string_equal(selected(f), "parse");
    assert_true(f->world.selection.has_site);
    press(f, CMD_RIGHT);
    assert_string_equal(selected(f), "copy");
    press(f, CMD_LEFT);
    press(f, CMD_DOWN);
    assert_string_equal(selected(f), "copy");
    press(f, CMD_RIGHT);
    assert_string_equal(selected(f), "big");
    press(f, CMD_UP);
    assert_string_equal(selected(f), "parse");
    assert_true(shows(f, "op > parse"));
    assert_true(shows(f, "5.0 allocs/op, 56% of all   1,005 bytes/op"));
    assert_true(shows(f, "S0 5.0  S1 1.0"));
}

static void view_flame__zooms_in_and_out(void **state)
{
    struct fixture *f = *state;

    open_story(f);
    assert_true(filters_add(&f->world.filters, "c"));
    press(f, CMD_DOWN);
    press(f, CMD_DOWN);
    press(f, CMD_ZOOM_IN);
    assert_string_equal(name_of(f, f->state.zoom), "parse");
    assert_false(shows(f, "[op"));
    press(f, CMD_UP);
    assert_string_equal(selected(f), "parse");
    press(f, CMD_ZOOM_OUT);
    assert_string_equal(name_of(f, f->state.zoom), "op");
    press(f, CMD_ZOOM_IN);
    press(f, CMD_ZOOM_ALL);
    assert_int_equal(f->state.zoom,
                     flame_top(flame_tree_of(&f->state, &f->world)));
    assert_int_equal(f->world.filters.count, 1);
    press(f, CMD_ZOOM_OUT);
    assert_int_equal(f->world.filters.count, 0);
}

static void view_flame__counts_what_is_too_narrow(void **state)
{
    struct fixture *f = *state;

    open_story(f);
    press(f, CMD_UNIT); /* 1 of 1,041 bytes is less than a column */
    assert_true(shows(f, "[all 1,041"));
    assert_true(shows(f, "4 frames narrower than one column"));
    press(f, CMD_UNIT);
    assert_true(shows(f, "0 frames narrower than one column"));
    f->world.rows = f->grid.rows = 11;
    assert_true(shows(f, "0 frames narrower than one column"));
    press(f, CMD_ZOOM_ALL);
    f->grid.rows = 8;
    assert_true(shows(f, "[parse"));
}

static void view_flame__keeps_the_way_of_calls_in_other_stages(void **state)
{
    struct fixture *f = *state;

    open_story(f);
    press(f, CMD_DOWN);
    press(f, CMD_DOWN);
    f->world.selection.stage = 1;
    assert_string_equal(selected(f), "parse");
    f->world.selection.stage = 0;
    press(f, CMD_DOWN);
    press(f, CMD_RIGHT);
    assert_string_equal(selected(f), "big");
    f->world.selection.stage = 1; /* big is not there: its caller is */
    assert_string_equal(selected(f), "parse");
}

static void view_flame__goes_to_the_site_chosen_elsewhere(void **state)
{
    struct fixture *f = *state;
    const struct stage *s;

    open_story(f);
    refresh(f);
    s = world_stage(&f->world);
    for (size_t i = 0; i < s->site_count; i++)
        if (strcmp(s->sites[i].function, "big") == 0)
            selection_set_site(&f->world.selection, &s->sites[i]);
    assert_string_equal(selected(f), "big");
    press(f, CMD_INVERT);
    assert_string_equal(selected(f), "big");
    assert_int_equal(
        flame_tree_of(&f->state, &f->world)->nodes[f->state.selected].depth, 1);
}

static void view_flame__shows_what_passes_the_filters(void **state)
{
    struct fixture *f = *state;

    open_story(f);
    assert_true(filters_add(&f->world.filters, "strdup"));
    assert_true(shows(f, "[op 1"));
    assert_false(shows(f, "parse"));
    assert_true(filters_add(&f->world.filters, "zebra"));
    assert_true(shows(f, "no site passes the filter zebra"));
    assert_false(view_flame.handle(&f->state, &f->world, CMD_DOWN, 0));
    assert_false(view_flame.find(&f->state, &f->world, 1));
}

static void view_flame__lists_a_tree_where_it_is_narrow(void **state)
{
    struct fixture *f = *state;

    open_story(f);
    f->world.cols = 60;
    assert_true(shows(f, "      8.0  89%   op"));
    assert_true(shows(f, "      5.0  56%     parse"));
    press(f, CMD_DOWN);
    press(f, CMD_DOWN);
    assert_string_equal(selected(f), "parse");
    press(f, CMD_RIGHT);
    assert_string_equal(selected(f), "copy");
    press(f, CMD_LEFT);
    assert_string_equal(selected(f), "parse");
    press(f, CMD_LAYOUT);
    assert_true(shows(f, "[parse"));
}

static void view_flame__finds_round_the_end(void **state)
{
    struct fixture *f = *state;

    open_story(f);
    refresh(f);
    strcpy(f->world.search, "COPY");
    assert_true(view_flame.find(&f->state, &f->world, 1));
    assert_true(shows(f, "op > parse > copy"));
    assert_true(view_flame.find(&f->state, &f->world, 1));
    assert_true(shows(f, "op > copy"));
    assert_true(view_flame.find(&f->state, &f->world, 1));
    assert_true(shows(f, "op > parse > copy"));
    strcpy(f->world.search, "zebra");
    assert_false(view_flame.find(&f->state, &f->world, -1));
}

static void view_flame__survives_every_size(void **state)
{
    struct fixture *f = *state;
    struct err err;

    open_story(f);
    for (int rows = 1; rows < 40; rows += 2) {
        for (int cols = 1; cols < 130; cols += 3) {
            assert_int_equal(grid_resize(&f->grid, rows, cols, &err), ERR_OK);
            f->world.rows = rows;
            f->world.cols = cols;
            f->world.selection.stage = (size_t)cols % 2;
            press(f, cols % 3 == 0 ? CMD_DOWN : CMD_RIGHT);
            shows(f, "");
        }
    }
}

/* One call within another, thousands of times, each with a block of its own:
 * time and memory stay bounded, and what is left out is said. */
static void view_flame__is_bounded_on_deep_stacks(void **state)
{
    enum { DEPTH = 4000 };
    struct fixture *f = *state;
    struct err err;
    bool busy = true;

    for (int i = 0; i < 2; i++) {
        struct builder *b = builder_open(f->paths[i], NULL);
        struct tables *t = writer_tables(builder_writer(b));
        uint32_t stack = STACK_ROOT;
        uint32_t frame;

        for (uint32_t k = 0; k < DEPTH; k++) {
            assert_int_equal(
                tables_frame(t, 0x1000 + k, MODULE_NONE, 0, &frame, &err),
                ERR_OK);
            assert_int_equal(tables_stack(t, stack, frame, &stack, &err),
                             ERR_OK);
            builder_alloc(b, 0, stack, 0x100000 + 64 * k, 8, "malloc", 0);
        }
        builder_close(b);
    }
    f->feed = (struct feed){ .ctx = f, .stage_count = 2, .poll = poll };
    assert_int_equal(story_init(&f->story, &f->feed, NULL, NULL, &err), ERR_OK);
    while (busy)
        assert_int_equal(story_poll(&f->story, 0, &busy, &err), ERR_OK);
    f->world = (struct world){ .story = &f->story,
                               .view = &view_flame,
                               .under = &view_flame,
                               .rows = 20,
                               .cols = 92 };
    assert_int_equal(grid_resize(&f->grid, 20, 92, &err), ERR_OK);
    assert_true(shows(f, "[0x1000 4,000"));
    assert_true(shows(f, "levels further down"));
    press(f, CMD_INVERT);
    assert_true(shows(f, "too many frames"));
    assert_true(flame_tree_of(&f->state, &f->world)->count <= FLAME_NODES_MAX);
}

static void view_flame__survives_each_failed_allocation(void **state)
{
    struct fixture *f = *state;
    enum err_code rc = ERR_NO_MEMORY;
    struct err err;
    size_t nth = 0;

    open_story(f);
    while (rc == ERR_NO_MEMORY && nth < 200) {
        alloc_fail_at(++nth);
        rc = view_flame.refresh(&f->state, &f->world, &err);
        alloc_fail_at(0);
    }
    assert_int_equal(rc, ERR_OK);
    assert_true(nth > 10);
    check_sums(f);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(view_flame__adds_up_to_the_sites),
        TEST(view_flame__begins_at_the_op),
        TEST(view_flame__begins_at_the_outermost_frame_of_a_run),
        TEST(view_flame__moves_along_what_is_drawn),
        TEST(view_flame__zooms_in_and_out),
        TEST(view_flame__counts_what_is_too_narrow),
        TEST(view_flame__keeps_the_way_of_calls_in_other_stages),
        TEST(view_flame__goes_to_the_site_chosen_elsewhere),
        TEST(view_flame__shows_what_passes_the_filters),
        TEST(view_flame__lists_a_tree_where_it_is_narrow),
        TEST(view_flame__finds_round_the_end),
        TEST(view_flame__survives_every_size),
        TEST(view_flame__is_bounded_on_deep_stacks),
        TEST(view_flame__survives_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
