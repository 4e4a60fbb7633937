#include "tui/widgets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "tui/wrap.h"

static struct grid g;

static int new_grid(void **unused)
{
    struct err err;

    (void)unused;
    g = (struct grid){ 0 };
    return grid_resize(&g, 8, 24, &err) == ERR_OK ? 0 : -1;
}

static int free_grid(void **unused)
{
    (void)unused;
    grid_fini(&g);
    return 0;
}

static const char *row_text(int row)
{
    static char text[128];

    grid_row_text(&g, row, text, sizeof(text));
    return text;
}

static void widgets__bars_have_eighths_of_a_column(void **unused)
{
    static const struct {
        double share;
        const char *utf8, *ascii;
    } cases[] = {
        { 0, "", "" },
        { 0.0001, "▏", "#" },
        { 0.5, "██", "##" },
        { 0.53125, "██▏", "##" },
        { 0.96875, "███▉", "####" },
        { 1, "████", "####" },
        { 7, "████", "####" },
        { -1, "", "" },
    };

    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        grid_clear(&g);
        g.ascii = false;
        widget_bar(grid_area(&g), 0, 0, 4, cases[i].share, STYLE_PLAIN);
        assert_string_equal(row_text(0), cases[i].utf8);
        grid_clear(&g);
        g.ascii = true;
        widget_bar(grid_area(&g), 0, 0, 4, cases[i].share, STYLE_PLAIN);
        assert_string_equal(row_text(0), cases[i].ascii);
    }
}

static void widgets__digits_are_drawn_when_they_fit(void **unused)
{
    (void)unused;
    g.ascii = true;
    assert_int_equal(widget_digits(grid_area(&g), 0, 0, 12, "18", STYLE_PLAIN),
                     12);
    assert_string_equal(row_text(0), "  ##   #####");
    assert_string_equal(row_text(2), "   #   #####");
    grid_clear(&g);
    assert_int_equal(widget_digits(grid_area(&g), 0, 0, 11, "18", STYLE_PLAIN),
                     12);
    assert_string_equal(row_text(0), "");
}

static void widgets__boxes_hold_title_and_corner(void **unused)
{
    struct area inside;

    (void)unused;
    g.ascii = true;
    inside = widget_box(area_part(grid_area(&g), 0, 0, 3, 24), "title", "1/2");
    assert_string_equal(row_text(0), "+- title --------------+");
    assert_string_equal(row_text(1), "|                      |");
    assert_string_equal(row_text(2), "+---------------- 1/2 -+");
    assert_int_equal(inside.rows, 1);
    assert_int_equal(inside.cols, 20);
    /* Of no size at all: nothing, and no crash. */
    widget_box(area_part(grid_area(&g), 0, 0, 0, 0), "t", "c");
    widget_box(area_part(grid_area(&g), 0, 0, 1, 1), "t", "c");
}

static void widgets__tables_drop_columns_in_order(void **unused)
{
    struct column columns[] = {
        { .width = 4, .drop = 1 },
        { .width = 6, .is_right = true },
        { .width = 5, .drop = 2 },
        { .least = 10 },
    };

    (void)unused;
    table_layout(columns, 4, 40);
    assert_int_equal(columns[3].position, 21);
    assert_int_equal(columns[3].shown, 19);
    table_layout(columns, 4, 30);
    assert_int_equal(columns[2].position, -1);
    assert_int_equal(columns[3].position, 14);
    assert_int_equal(columns[3].shown, 16);
    table_layout(columns, 4, 3); /* what may not be dropped stays */
    assert_int_equal(columns[0].position, -1);
    assert_int_equal(columns[1].position, 0);
    table_cell(grid_area(&g), 0, &columns[1], STYLE_PLAIN, "42");
    table_cell(grid_area(&g), 0, &columns[0], STYLE_PLAIN, "dropped");
    table_cell(grid_area(&g), 0, &columns[3], STYLE_PLAIN, "a longer name");
    assert_string_equal(row_text(0), "    42  a longer …");
}

static void widgets__scrolling_keeps_the_selected_row_in_sight(void **unused)
{
    (void)unused;
    for (size_t count = 0; count < 30; count++) {
        for (size_t selected = 0; selected < (count > 0 ? count : 1);
             selected++) {
            for (int rows = 1; rows < 12; rows++) {
                size_t top = widget_scroll(count, selected, count, rows);

                assert_true(top <= selected);
                assert_true(selected < top + (size_t)rows);
                assert_true(top + (size_t)rows <= count || top == 0);
            }
        }
    }
}

/* clang-format off */
static const struct {
    const char *what, *text;
    int width;
    const char *lines; /* joined by '/' */
} wraps[] = {
    { "nothing",              "",                    10, "" },
    { "at blanks",            "the quick brown fox", 10, "the quick/brown fox" },
    { "exactly full",         "abcde fghij",          5, "abcde/fghij" },
    { "several blanks",       "ab    cd",             4, "ab/cd" },
    { "a long word",          "abcdefgh ij",          5, "abcde/fgh/ij" },
    { "newlines",             "a\n\nb\n",             9, "a//b" },
    { "newline when full",    "abcde\nf",             5, "abcde/f" },
    { "Chinese",              "一二三四五",           6, "一二三/四五" },
    { "odd width",            "一二三四五",           5, "一二/三四/五" },
    { "no closing at start",  "一二三。四",           6, "一二/三。四" },
    { "no opening at end",    "一二（三）",           6, "一二/（三）" },
    { "a word in Chinese",    "用 malloc 分配",       9, "用 malloc/分配" },
    { "narrower than one",    "一二",                 1, "一/二" },
};
/* clang-format on */

static void widgets__text_wraps_in_both_scripts(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(wraps); i++) {
        const char *text = wraps[i].text;
        const char *line;
        char joined[256] = "";
        size_t size;
        int count = 0;

        while (wrap_next(&text, wraps[i].width, &line, &size)) {
            if (count++ > 0)
                strcat(joined, "/");
            strncat(joined, line, size);
        }
        print_message("  %s\n", wraps[i].what);
        assert_string_equal(joined, wraps[i].lines);
        assert_int_equal(wrap_count(wraps[i].text, wraps[i].width), count);
    }
}

static void widgets__pages_show_every_line_once(void **unused)
{
    struct area a = area_part(grid_area(&g), 0, 0, 2, 10);
    const char *text = "one\ntwo\nthree\nfour\nfive";

    (void)unused;
    assert_int_equal(widget_pages(a, STYLE_PLAIN, text, 0), 3);
    assert_string_equal(row_text(1), "two");
    grid_clear(&g);
    widget_pages(a, STYLE_PLAIN, text, 2);
    assert_string_equal(row_text(0), "five");
    grid_clear(&g);
    widget_pages(a, STYLE_PLAIN, text, 3); /* round to the first */
    assert_string_equal(row_text(0), "one");
    assert_int_equal(widget_pages(a, STYLE_PLAIN, "", 0), 1);
    assert_int_equal(
        widget_pages(area_part(a, 0, 0, 0, 10), STYLE_PLAIN, text, 0), 5);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, new_grid, free_grid)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(widgets__bars_have_eighths_of_a_column),
        TEST(widgets__digits_are_drawn_when_they_fit),
        TEST(widgets__boxes_hold_title_and_corner),
        TEST(widgets__tables_drop_columns_in_order),
        TEST(widgets__scrolling_keeps_the_selected_row_in_sight),
        TEST(widgets__text_wraps_in_both_scripts),
        TEST(widgets__pages_show_every_line_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
