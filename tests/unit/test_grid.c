#include "tui/grid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/alloc_fail.h"

/* A grid of one size, blank, for each test. */
static struct grid g;

static int new_grid(void **unused)
{
    struct err err;

    (void)unused;
    g = (struct grid){ 0 };
    return grid_resize(&g, 3, 8, &err) == ERR_OK ? 0 : -1;
}

static int free_grid(void **unused)
{
    (void)unused;
    grid_fini(&g);
    return 0;
}

static const char *row_text(int row)
{
    static char text[64];

    grid_row_text(&g, row, text, sizeof(text));
    return text;
}

static void grid__wide_characters_take_two_cells(void **unused)
{
    struct area a = grid_area(&g);

    (void)unused;
    assert_int_equal(area_text(a, 0, 1, STYLE_PLAIN, "a中b"), 5);
    assert_string_equal(row_text(0), " a中b");
    assert_int_equal(g.cells[2].width, 2);
    assert_int_equal(g.cells[3].width, 0);
    assert_int_equal(g.cells[4].ch, 'b');
}

static void grid__half_a_wide_character_is_blanked(void **unused)
{
    struct area a = grid_area(&g);

    (void)unused;
    area_text(a, 0, 0, STYLE_PLAIN, "中文");
    area_char(a, 0, 1, STYLE_PLAIN, 'x'); /* the right half of the first */
    area_char(a, 0, 2, STYLE_PLAIN, 'y'); /* the left half of the second */
    assert_string_equal(row_text(0), " xy");
    assert_int_equal(g.cells[3].width, 1);
    area_text(a, 1, 0, STYLE_PLAIN, "中文");
    area_text(a, 1, 1, STYLE_PLAIN, "国"); /* over two halves at once */
    assert_string_equal(row_text(1), " 国");
    assert_int_equal(g.cells[8 + 3].width, 1);
}

static void grid__wide_character_at_the_edge_is_left_out(void **unused)
{
    (void)unused;
    area_text(grid_area(&g), 0, 7, STYLE_PLAIN, "中");
    assert_string_equal(row_text(0), "");
    area_text(area_part(grid_area(&g), 0, 0, 1, 3), 0, 2, STYLE_PLAIN, "中");
    assert_string_equal(row_text(0), "");
}

static void grid__nothing_is_drawn_outside_an_area(void **unused)
{
    struct area part = area_part(grid_area(&g), 1, 2, 1, 3);

    (void)unused;
    for (int row = -2; row < 4; row++)
        area_text(part, row, -3, STYLE_PLAIN, "abcdefghijklmn");
    area_char(part, 0, 99, STYLE_PLAIN, 'x');
    area_restyle(part, 7, STYLE_BOLD);
    assert_string_equal(row_text(0), "");
    assert_string_equal(row_text(1), "  def");
    assert_string_equal(row_text(2), "");
    part = area_part(part, 0, 1, -1, -1);
    assert_int_equal(part.cols, 2);
    part = area_part(part, 5, 5, 9, 9);
    assert_int_equal(part.rows * part.cols, 0);
}

static void grid__foreign_bytes_never_reach_a_cell(void **unused)
{
    struct area a = grid_area(&g);

    (void)unused;
    area_text(a, 0, 0, STYLE_PLAIN, "a\x1b[\xff\xe2\x80\xae");
    assert_string_equal(row_text(0), "a\xef\xbf\xbd[\xef\xbf\xbd\xef\xbf\xbd");
    area_text(a, 1, 0, STYLE_PLAIN, "e\xcc\x81x"); /* combining: dropped */
    assert_string_equal(row_text(1), "ex");
    g.ascii = true;
    area_text(a, 2, 0, STYLE_PLAIN, "a\x1b中\xe2\x80\x99 \xe2\x80\xa6");
    assert_string_equal(row_text(2), "a?"
                                     "?' .");
}

static void grid__ascii_replaces_glyphs(void **unused)
{
    struct area a = grid_area(&g);

    (void)unused;
    g.ascii = true;
    for (int i = 0; i < GLYPH_COUNT; i++)
        area_glyph(a, 0, i, STYLE_PLAIN, (enum glyph)i);
    assert_string_equal(row_text(0), "-|++++.#");
}

static void grid__cuts_with_an_ellipsis(void **unused)
{
    struct area a = grid_area(&g);

    (void)unused;
    assert_int_equal(area_fit(a, 0, 0, 5, STYLE_PLAIN, "abcde"), 5);
    assert_string_equal(row_text(0), "abcde");
    assert_int_equal(area_fit(a, 1, 0, 5, STYLE_PLAIN, "abcdef"), 5);
    assert_string_equal(row_text(1), "abcd…");
    /* The ellipsis takes the place of a wide character that does not fit. */
    assert_int_equal(area_fit(a, 2, 0, 4, STYLE_PLAIN, "中文字"), 3);
    assert_string_equal(row_text(2), "中…");
    assert_int_equal(area_fit(a, 2, 5, 0, STYLE_PLAIN, "x"), 5);
}

static void grid__encodes_what_it_decoded(void **unused)
{
    static const struct {
        uint32_t c;
        const char *bytes;
    } cases[] = {
        { 'a', "a" }, { 0xe9, "é" }, { 0x4e2d, "中" }, { 0x1f600, "😀" }
    };

    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char out[4];
        size_t size = grid_encode(cases[i].c, out);

        assert_int_equal(size, strlen(cases[i].bytes));
        assert_memory_equal(out, cases[i].bytes, size);
    }
}

static void grid__bounds_its_size(void **unused)
{
    struct err err;

    (void)unused;
    assert_int_equal(grid_resize(&g, 0, -5, &err), ERR_OK);
    assert_int_equal(g.rows * g.cols, 1);
    assert_int_equal(grid_resize(&g, 1 << 30, 1 << 30, &err), ERR_OK);
    assert_int_equal(g.rows, GRID_MAX);
    alloc_fail_at(1);
    assert_int_equal(grid_resize(&g, 2, 2, &err), ERR_NO_MEMORY);
    alloc_fail_at(0);
    assert_int_equal(g.cols, GRID_MAX);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, new_grid, free_grid)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(grid__wide_characters_take_two_cells),
        TEST(grid__half_a_wide_character_is_blanked),
        TEST(grid__wide_character_at_the_edge_is_left_out),
        TEST(grid__nothing_is_drawn_outside_an_area),
        TEST(grid__foreign_bytes_never_reach_a_cell),
        TEST(grid__ascii_replaces_glyphs),
        TEST(grid__cuts_with_an_ellipsis),
        TEST(grid__encodes_what_it_decoded),
        TEST(grid__bounds_its_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
