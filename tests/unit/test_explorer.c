#include "tui/explorer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "screens/demo.h"
#include "support/alloc_fail.h"
#include "tui/filters.h"
#include "tui/key.h"
#include "tui/keymap.h"

enum { FUZZ_KEYS = 20000 };

struct fixture {
    struct demo *demo;
    struct app_options options;
    struct explorer *ex;
    struct grid grid;
};

static struct fixture *open_demo(void)
{
    struct fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    f->demo = demo_open();
    demo_options(f->demo, false, true, &f->options);
    return f;
}

static enum err_code start(struct fixture *f, struct err *err)
{
    enum err_code rc = explorer_open(&f->options, false, &f->ex, err);
    bool busy = true;

    while (rc == ERR_OK && busy)
        rc = explorer_tick(f->ex, 0, 0, &busy, err);
    return rc;
}

static void finish(struct fixture *f)
{
    explorer_close(f->ex);
    grid_fini(&f->grid);
    demo_close(f->demo);
    free(f);
}

static void show(struct fixture *f, int rows, int cols)
{
    struct err err;

    if (f->grid.rows != rows || f->grid.cols != cols)
        assert_int_equal(grid_resize(&f->grid, rows, cols, &err), ERR_OK);
    assert_int_equal(explorer_draw(f->ex, &f->grid, &err), ERR_OK);
}

static enum wish press(struct fixture *f, const char *script)
{
    enum wish wish = WISH_NONE;
    struct err err;
    int key;

    while (key_script_next(&script, &key)) {
        assert_true(key != K_NONE);
        assert_int_equal(explorer_key(f->ex, key, &wish, &err), ERR_OK);
    }
    return wish;
}

static const char *row_text(struct fixture *f, int row)
{
    static char text[4096];

    grid_row_text(&f->grid, row, text, sizeof(text));
    return text;
}

/* xorshift64 (Marsaglia 2003): the same keys on every machine. */
static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Mostly keys that mean something. */
static int random_key(uint64_t *seed)
{
    uint64_t r = next_random(seed);

    if (r % 4 == 0)
        return (int)(next_random(seed) % 128);
    if (r % 64 == 1)
        return (int)(next_random(seed) % 0x110020);
    return bindings[next_random(seed) % binding_count].key;
}

static void explorer__survives_any_keys_at_any_size(void **unused)
{
    struct fixture *f = open_demo();
    uint64_t seed = 20260718;
    int rows = 24;
    int cols = 80;
    struct err err;

    (void)unused;
    assert_int_equal(start(f, &err), ERR_OK);
    for (int i = 0; i < FUZZ_KEYS; i++) {
        enum wish wish;
        bool busy;

        if (next_random(&seed) % 16 == 0) {
            rows = 1 + (int)(next_random(&seed) % 100);
            cols = 1 + (int)(next_random(&seed) % 300);
        }
        assert_int_equal(explorer_tick(f->ex, (uint64_t)i * 10, 0, &busy, &err),
                         ERR_OK);
        assert_int_equal(explorer_key(f->ex, random_key(&seed), &wish, &err),
                         ERR_OK);
        if (i % 8 == 0)
            show(f, rows, cols);
    }
    /* Wherever it ended up, it still quits. */
    press(f, "Esc Esc");
    assert_int_equal(press(f, "q"), WISH_QUIT);
    finish(f);
}

/* What is on the screen depends on state and size alone, not on what was
 * there before. */
static void explorer__a_resized_screen_equals_a_fresh_one(void **unused)
{
    struct fixture *f = open_demo();
    struct fixture *fresh = open_demo();
    uint64_t seed = 7;
    struct err err;

    (void)unused;
    assert_int_equal(start(f, &err), ERR_OK);
    assert_int_equal(start(fresh, &err), ERR_OK);
    press(f, "] Enter j L");
    press(fresh, "] Enter j L");
    for (int i = 0; i < 500; i++)
        show(f, 1 + (int)(next_random(&seed) % 100),
             1 + (int)(next_random(&seed) % 300));
    show(f, 24, 80);
    show(fresh, 24, 80);
    assert_memory_equal(f->grid.cells, fresh->grid.cells,
                        24 * 80 * sizeof(struct cell));
    finish(f);
    finish(fresh);
}

static void explorer__every_row_fits_and_is_printable(void **unused)
{
    static const char *const scripts[] = { "",  "p", "p 1", "]",  "Enter",
                                           "i", "?", "L",   "End" };
    struct fixture *f = open_demo();
    struct err err;

    (void)unused;
    assert_int_equal(start(f, &err), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(scripts); i++) {
        press(f, scripts[i]);
        for (int cols = 1; cols < 120; cols += 7) {
            show(f, 24, cols);
            for (int row = 0; row < 24; row++) {
                char clean[4096];
                const char *text = row_text(f, row);

                assert_true((int)text_width(text) <= cols);
                assert_string_equal(
                    text, text_clean(text, clean, sizeof(clean), false));
            }
        }
    }
    finish(f);
}

static void explorer__ctrl_c_cancels_before_it_quits(void **unused)
{
    struct fixture *f = open_demo();
    struct err err;

    (void)unused;
    assert_int_equal(start(f, &err), ERR_OK);
    assert_int_equal(press(f, "/ x C-c"), WISH_NONE); /* the prompt */
    assert_int_equal(press(f, "p C-c"), WISH_NONE);   /* the question */
    assert_int_equal(press(f, "? C-c"), WISH_NONE);   /* the help */
    assert_int_equal(press(f, "C-c j C-c"), WISH_NONE);
    assert_int_equal(press(f, "C-c"), WISH_QUIT);
    finish(f);
}

static void explorer__undoes_and_redoes_what_was_done(void **unused)
{
    struct fixture *f = open_demo();
    struct err err;
    char before[4096];

    (void)unused;
    assert_int_equal(start(f, &err), ERR_OK);
    press(f, "] Enter j j f T Enter");
    show(f, 24, 80);
    strcpy(before, row_text(f, 0));
    assert_non_null(strstr(row_text(f, 1), "filter: [T]"));
    press(f, "z");
    show(f, 24, 80);
    assert_non_null(strstr(row_text(f, 1), "filter: none"));
    press(f, "z z z");
    show(f, 24, 80);
    assert_non_null(strstr(row_text(f, 0), "Stages  "));
    assert_non_null(strstr(row_text(f, 0), "S0 of"));
    press(f, "z Z Z Z Z Z");
    show(f, 24, 80);
    assert_non_null(strstr(row_text(f, 1), "filter: [T]"));
    assert_string_equal(row_text(f, 0), before);
    assert_non_null(strstr(row_text(f, 22), "nothing to redo"));
    finish(f);
}

static void explorer__chips_survive_views_and_stages(void **unused)
{
    struct fixture *f = open_demo();
    struct err err;

    (void)unused;
    assert_int_equal(start(f, &err), ERR_OK);
    press(f, "2 f j s o n Enter ] ] 1 ? Esc 2 [");
    show(f, 24, 80);
    assert_non_null(strstr(row_text(f, 1), "[json]"));
    press(f, "f O Enter Backspace");
    show(f, 24, 80);
    assert_null(strstr(row_text(f, 1), "[O]"));
    press(f, "F");
    show(f, 24, 80);
    assert_non_null(strstr(row_text(f, 1), "none"));
    for (int i = 0; i < FILTERS_MAX; i++) {
        char script[16];

        snprintf(script, sizeof(script), "f %c Enter", 'a' + i);
        press(f, script);
    }
    press(f, "f z Enter");
    show(f, 24, 80);
    assert_non_null(strstr(row_text(f, 22), "no room for another filter"));
    finish(f);
}

static void explorer__draws_only_when_something_changed(void **unused)
{
    struct fixture *f = open_demo();
    enum wish wish;
    struct err err;
    bool busy;

    (void)unused;
    f->options.no_motion = true;
    assert_int_equal(start(f, &err), ERR_OK);
    assert_true(explorer_is_stale(f->ex));
    show(f, 24, 80);
    for (uint64_t t = 0; t < 5000; t += 50) {
        assert_int_equal(explorer_tick(f->ex, t, 0, &busy, &err), ERR_OK);
        assert_false(busy);
        assert_int_equal(explorer_key(f->ex, K_NONE, &wish, &err), ERR_OK);
        assert_false(explorer_is_stale(f->ex));
    }
    press(f, "]");
    assert_true(explorer_is_stale(f->ex));
    finish(f);
}

static void explorer__moves_for_a_moment_only(void **unused)
{
    struct fixture *f = open_demo();
    struct err err;
    bool busy;

    (void)unused;
    assert_int_equal(start(f, &err), ERR_OK);
    assert_int_equal(explorer_tick(f->ex, 100000, 0, &busy, &err), ERR_OK);
    press(f, "]");
    assert_true(explorer_is_moving(f->ex));
    show(f, 24, 80);
    assert_int_equal(explorer_tick(f->ex, 100401, 0, &busy, &err), ERR_OK);
    assert_false(explorer_is_moving(f->ex));
    assert_true(explorer_is_stale(f->ex)); /* the last frame */
    show(f, 24, 80);
    assert_false(explorer_is_stale(f->ex));
    finish(f);
}

static void explorer__survives_each_failed_allocation(void **unused)
{
    enum err_code rc = ERR_NO_MEMORY;
    bool happened = true;

    (void)unused;
    for (size_t nth = 1; happened && nth < 20000; nth += 1 + nth / 40) {
        struct fixture *f = open_demo();
        enum wish wish;
        struct err err = { 0 };

        alloc_fail_at(nth);
        rc = start(f, &err);
        if (rc == ERR_OK)
            rc = grid_resize(&f->grid, 24, 80, &err);
        if (rc == ERR_OK)
            rc = explorer_draw(f->ex, &f->grid, &err);
        if (rc == ERR_OK)
            rc = explorer_key(f->ex, '2', &wish, &err);
        if (rc == ERR_OK)
            rc = explorer_key(f->ex, '?', &wish, &err);
        if (rc == ERR_OK)
            rc = explorer_draw(f->ex, &f->grid, &err);
        happened = alloc_fail_happened();
        alloc_fail_at(0);
        assert_int_equal(rc, happened ? ERR_NO_MEMORY : ERR_OK);
        finish(f);
    }
    assert_false(happened);
}

static void app__refuses_keys_that_are_none(void **unused)
{
    struct fixture *f = open_demo();
    struct err err = { 0 };

    (void)unused;
    f->options.script = "j Entre";
    f->options.dump = stdout;
    f->options.rows = 24;
    f->options.cols = 80;
    assert_int_equal(app_run(&f->options, &err), ERR_USAGE);
    assert_non_null(strstr(err.text, "Entre"));
    finish(f);
}

static void app__needs_a_terminal_and_says_what_else_there_is(void **unused)
{
    struct fixture *f = open_demo();
    struct err err = { 0 };

    (void)unused;
    setenv("TERM", "dumb", 1);
    assert_int_equal(app_run(&f->options, &err), ERR_IO);
    assert_non_null(strstr(err.text, "stackward stages"));
    finish(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(explorer__survives_any_keys_at_any_size),
        cmocka_unit_test(explorer__a_resized_screen_equals_a_fresh_one),
        cmocka_unit_test(explorer__every_row_fits_and_is_printable),
        cmocka_unit_test(explorer__ctrl_c_cancels_before_it_quits),
        cmocka_unit_test(explorer__undoes_and_redoes_what_was_done),
        cmocka_unit_test(explorer__chips_survive_views_and_stages),
        cmocka_unit_test(explorer__draws_only_when_something_changed),
        cmocka_unit_test(explorer__moves_for_a_moment_only),
        cmocka_unit_test(explorer__survives_each_failed_allocation),
        cmocka_unit_test(app__refuses_keys_that_are_none),
        cmocka_unit_test(app__needs_a_terminal_and_says_what_else_there_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
