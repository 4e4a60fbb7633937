#include "tui/source_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attrs.h"
#include "support/alloc_fail.h"
#include "support/temp_file.h"
#include "support/trace_builder.h"

/* Line 2 asks for memory in both stages, line 4 only in the first. */
static const char *const texts[] = {
    "int twice(void)\n    both = malloc(8);\n\n\tonce = strdup(\"a\");\n"
    "int op(void)\n    call_lib();\n",
    "int twice(void)\n    both = malloc(8);\n\n    /* borrowed */\n"
    "int op(void)\n",
};

struct fixture {
    char paths[2][256];
    const char *text_path; /* of the sources in the traces */
    bool has_sources;
    struct feed feed;
    struct story story;
    struct world world;
    struct source_state state;
    struct grid grid;
};

static void poll(void *ctx, size_t stage, struct feed_stage *out)
{
    struct fixture *f = ctx;

    *out = (struct feed_stage){ .state = FEED_READY,
                                .path = f->paths[stage],
                                .note = "" };
}

/* A frame of a file of the caller's choice. */
static uint32_t stack_in(struct builder *b, const char *file, uint32_t line)
{
    struct tables *t = writer_tables(builder_writer(b));
    uint32_t stack = builder_stack(b, "main:9", "op:6", "twice:2", NULL);
    struct trace_name name = { .line = line };
    struct err err;
    uint32_t frame = 0;
    uint32_t out = 0;

    if (line == 0)
        return stack;
    assert_int_equal(
        strtab_intern(&t->strings, "twice", 5, &name.function, &err), ERR_OK);
    assert_int_equal(
        strtab_intern(&t->strings, file, strlen(file), &name.file, &err),
        ERR_OK);
    assert_int_equal(
        tables_frame(t, 0x900000 + line, MODULE_NONE, 0, &frame, &err), ERR_OK);
    assert_int_equal(tables_name(t, frame, &name, 1, &err), ERR_OK);
    assert_int_equal(
        tables_stack(t, t->stacks[stack].parent, frame, &out, &err), ERR_OK);
    return out;
}

static void build(struct fixture *f, size_t stage)
{
    struct builder *b = builder_open(f->paths[stage], "op");
    uint32_t op = builder_stack(b, "main:9", "op:6", NULL);
    uint32_t two = stack_in(b, f->text_path, 2);
    uint32_t four = stack_in(b, f->text_path, 4);

    for (uint64_t i = 1; i <= 4; i++) {
        builder_op_begin(b, 0, op, i);
        builder_alloc(b, 0, two, 0x1000 * i, 8, "malloc", 100 + i);
        for (uint64_t n = 0; stage == 0 && n < 3; n++)
            builder_alloc(b, 0, four, 0x1000 * i + 64 * (n + 1), 20, "strdup",
                          200 + 10 * i + n);
        builder_op_end(b, 0, i);
    }
    if (f->has_sources)
        builder_source(b, f->text_path, texts[stage]);
    builder_close(b);
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
                               .view = &view_source,
                               .under = &view_source,
                               .rows = 26,
                               .cols = 100 };
    assert_int_equal(grid_resize(&f->grid, 26, 100, &err), ERR_OK);
}

static int set_up(void **out)
{
    struct fixture *f = calloc(1, sizeof(*f));

    if (f == NULL)
        return -1;
    for (size_t i = 0; i < 2; i++)
        snprintf(f->paths[i], sizeof(f->paths[i]), "%s", temp_path("s.swt"));
    f->text_path = "/src/there/is/no/such.c";
    f->has_sources = true;
    *out = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    view_source.fini(&f->state);
    story_fini(&f->story);
    grid_fini(&f->grid);
    free(f);
    return 0;
}

static void refresh(struct fixture *f)
{
    struct err err;

    assert_int_equal(view_source.refresh(&f->state, &f->world, &err), ERR_OK);
}

static bool shows(struct fixture *f, const char *text)
{
    char row[2048];

    grid_clear(&f->grid);
    refresh(f);
    view_source.draw(&f->state, &f->world, grid_area(&f->grid));
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
    assert_true(view_source.handle(&f->state, &f->world, cmd, 0));
    refresh(f);
}

/* The selected line, 1-based; of the stage before when negative. */
static int line(struct fixture *f)
{
    const struct diff_row *r;

    refresh(f);
    r = &f->state.rows[f->state.row];
    return r->right != DIFF_NONE ? (int)r->right + 1 : -(int)r->left - 1;
}

static void view_source__shows_what_each_line_costs(void **state)
{
    struct fixture *f = *state;

    open_story(f);
    assert_true(
        shows(f, "       3.0       60     4       once = strdup(\"a\");"));
    assert_true(shows(f, "       1.0        8     2       both = malloc(8);"));
    assert_true(shows(f, "4.0 of 4.0 allocs/op, on 2 lines"));
    assert_true(shows(f, "allocs/op 3.0   bytes/op 60   verdict L"));
    assert_int_equal(line(f), 4); /* the biggest site's */
}

static void view_source__numbers_are_those_of_the_sites(void **state)
{
    struct fixture *f = *state;
    const struct stage *s;

    open_story(f);
    refresh(f);
    s = &f->story.stages[0];
    assert_int_equal(s->site_count, 2);
    for (size_t i = 0; i < s->site_count; i++) {
        const struct line_cost *cost =
            source_cost(&f->state.now, s->sites[i].line - 1);

        assert_true(cost->site == &s->sites[i]);
        assert_true(cost->allocs == s->sites[i].allocs_per_op);
        assert_true(cost->bytes == s->sites[i].bytes_per_op);
    }
    assert_null(source_cost(&f->state.now, DIFF_NONE)->site);
}

static void view_source__goes_from_spot_to_spot(void **state)
{
    struct fixture *f = *state;

    open_story(f);
    press(f, CMD_NEXT_SPOT);
    assert_int_equal(line(f), 2);
    assert_int_equal(f->world.selection.site_line, 2);
    press(f, CMD_NEXT_SPOT);
    assert_int_equal(line(f), 4);
    press(f, CMD_PREV_SPOT);
    assert_int_equal(line(f), 2);
    press(f, CMD_HOTTEST);
    assert_int_equal(line(f), 4);
    press(f, CMD_HOME);
    assert_int_equal(line(f), 1);
    assert_int_equal(f->world.selection.site_line, 4);
    assert_true(shows(f, "This line asks for no memory"));
}

static void view_source__follows_a_site_that_vanished(void **state)
{
    struct fixture *f = *state;

    open_story(f);
    press(f, CMD_HOTTEST);
    f->world.selection.stage = 1;
    refresh(f);
    assert_int_equal(f->state.mode, SOURCE_SIDES);
    assert_int_equal(f->state.rows[f->state.row].left, 3);
    assert_true(shows(f, "allocs/op 3.0 -> 0.0   bytes/op 60 -> 0   verdict L "
                         "-> no allocation"));
    assert_true(shows(f, "S0 -> S1: lines -2 +1, allocs -3.0"));
    press(f, CMD_LAYOUT);
    assert_int_equal(f->state.mode, SOURCE_UNIFIED);
    assert_int_equal(line(f), 4);
    assert_true(shows(f, "4 -     once = strdup"));
    assert_true(shows(f, "4 +     /* borrowed */"));
    press(f, CMD_DIFF);
    assert_int_equal(f->state.mode, SOURCE_PLAIN);
    assert_int_equal(line(f), 4);
    assert_false(shows(f, "strdup"));
    press(f, CMD_DIFF);
    f->world.cols = 99;
    press(f, CMD_LAYOUT);
    refresh(f);
    assert_int_equal(f->state.mode, SOURCE_UNIFIED);
    press(f, CMD_LAYOUT);
    assert_int_equal(f->world.said, MSG_SOURCE_TOO_NARROW);
}

static void view_source__counts_what_passes_the_filters(void **state)
{
    struct fixture *f = *state;

    open_story(f);
    assert_true(filters_add(&f->world.filters, "strdup"));
    assert_true(shows(f, "3.0 of 4.0 allocs/op, on 1 lines"));
    assert_true(filters_add(&f->world.filters, "T"));
    press(f, CMD_NEXT_SPOT);
    assert_int_equal(f->world.said, MSG_SOURCE_NO_SPOT);
}

static void view_source__says_how_to_get_a_missing_text(void **state)
{
    struct fixture *f = *state;

    f->has_sources = false;
    open_story(f);
    assert_true(shows(f, "/src/there/is/no/such.c is not in this trace"));
    assert_true(shows(f, "record --with-sources"));
    press(f, CMD_DOWN);
    press(f, CMD_NEXT_SPOT);
    press(f, CMD_DIFF);
    assert_int_equal(f->world.said, MSG_SOURCE_NO_DIFF);
}

static void view_source__reads_a_regular_file_from_disk(void **state)
{
    struct fixture *f = *state;
    char path[256];

    snprintf(path, sizeof(path), "%s", temp_file(texts[0], strlen(texts[0])));
    f->text_path = path;
    f->has_sources = false;
    open_story(f);
    assert_true(shows(f, "once = strdup"));
    assert_true(shows(f, "read from disk"));
    assert_int_equal(f->state.now.text.origin, SOURCE_DISK);
}

/* A trace may name anything; nothing but a regular file is opened, and an
 * open of this one would wait for a writer for ever. */
static void view_source__leaves_other_files_alone(void **state)
{
    struct fixture *f = *state;
    char path[256];

    snprintf(path, sizeof(path), "%s", temp_path("pipe"));
    assert_int_equal(mkfifo(path, 0600), 0);
    f->text_path = path;
    f->has_sources = false;
    open_story(f);
    refresh(f);
    assert_int_equal(f->state.now.text.origin, SOURCE_MISSING);
    unlink(path);
}

static void view_source__finds_text_round_the_end(void **state)
{
    struct fixture *f = *state;

    open_story(f);
    refresh(f);
    strcpy(f->world.search, "INT");
    assert_true(view_source.find(&f->state, &f->world, 1));
    assert_int_equal(line(f), 5);
    assert_true(view_source.find(&f->state, &f->world, 1));
    assert_int_equal(line(f), 1);
    strcpy(f->world.search, "zebra");
    assert_false(view_source.find(&f->state, &f->world, -1));
}

static void view_source__survives_every_size(void **state)
{
    struct fixture *f = *state;
    struct err err;

    open_story(f);
    for (int rows = 1; rows < 40; rows += 2) {
        for (int cols = 1; cols < 140; cols += 3) {
            assert_int_equal(grid_resize(&f->grid, rows, cols, &err), ERR_OK);
            f->world.rows = rows;
            f->world.cols = cols;
            f->world.selection.stage = (size_t)cols % 2;
            shows(f, "");
        }
    }
}

static void view_source__survives_each_failed_allocation(void **state)
{
    struct fixture *f = *state;
    enum err_code rc = ERR_NO_MEMORY;
    struct err err;
    size_t nth = 0;

    open_story(f);
    f->world.selection.stage = 1;
    while (rc == ERR_NO_MEMORY && nth < 200) {
        alloc_fail_at(++nth);
        rc = view_source.refresh(&f->state, &f->world, &err);
        alloc_fail_at(0);
        view_source.draw(&f->state, &f->world, grid_area(&f->grid));
    }
    assert_int_equal(rc, ERR_OK);
    assert_true(nth > 5);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(view_source__shows_what_each_line_costs),
        TEST(view_source__numbers_are_those_of_the_sites),
        TEST(view_source__goes_from_spot_to_spot),
        TEST(view_source__follows_a_site_that_vanished),
        TEST(view_source__counts_what_passes_the_filters),
        TEST(view_source__says_how_to_get_a_missing_text),
        TEST(view_source__reads_a_regular_file_from_disk),
        TEST(view_source__leaves_other_files_alone),
        TEST(view_source__finds_text_round_the_end),
        TEST(view_source__survives_every_size),
        TEST(view_source__survives_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
