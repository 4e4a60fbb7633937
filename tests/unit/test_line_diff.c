#include "tui/line_diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attrs.h"
#include "support/alloc_fail.h"

static void split(const char *text, struct lines *out)
{
    struct err err;

    assert_int_equal(lines_split(text, strlen(text), out, &err), ERR_OK);
}

/* The rows as text: " a" shared, "-a" gone, "+a" added, one per line. */
static void script(const char *left, const char *right, char out[512])
{
    struct lines a, b;
    struct line_diff d;
    struct err err;
    size_t at = 0;

    split(left, &a);
    split(right, &b);
    assert_int_equal(line_diff(&a, &b, &d, &err), ERR_OK);
    for (size_t i = 0; i < d.count; i++) {
        const struct diff_row *r = &d.rows[i];
        const struct line *l =
            r->left == DIFF_NONE ? &b.lines[r->right] : &a.lines[r->left];

        out[at++] = r->left == DIFF_NONE    ? '+'
                    : r->right == DIFF_NONE ? '-'
                                            : ' ';
        memcpy(out + at, l->text, l->size);
        at += l->size;
        out[at++] = '\n';
    }
    out[at] = '\0';
    line_diff_fini(&d);
    lines_fini(&a);
    lines_fini(&b);
}

/* clang-format off */
static const struct {
    const char *what, *left, *right, *want;
} cases[] = {
    { "nothing",         "", "", "" },
    { "all new",         "", "a\nb\n", "+a\n+b\n" },
    { "all gone",        "a\nb", "", "-a\n-b\n" },
    { "the same",        "a\nb\n", "a\nb", " a\n b\n" },
    { "line ends",       "a\r\nb\r\n", "a\nb\n", " a\n b\n" },
    { "one changed",     "a\nb\nc\n", "a\nx\nc\n", " a\n-b\n+x\n c\n" },
    { "one moved in",    "a\nc\n", "a\nb\nc\n", " a\n+b\n c\n" },
    { "the paper's own", "a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n",
                         "-a\n-b\n c\n+b\n a\n b\n-b\n a\n+c\n" },
};
/* clang-format on */

static void line_diff__finds_the_shortest_script(void **unused)
{
    char out[512];

    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        print_message("  %s\n", cases[i].what);
        script(cases[i].left, cases[i].right, out);
        assert_string_equal(out, cases[i].want);
    }
}

static int lcs(const struct lines *a, const struct lines *b)
{
    int table[40][40] = { { 0 } };

    for (size_t i = 1; i <= a->count; i++)
        for (size_t j = 1; j <= b->count; j++)
            if (a->lines[i - 1].hash == b->lines[j - 1].hash)
                table[i][j] = table[i - 1][j - 1] + 1;
            else
                table[i][j] = table[i - 1][j] > table[i][j - 1]
                                  ? table[i - 1][j]
                                  : table[i][j - 1];
    return table[a->count][b->count];
}

/* Each side comes out whole and in order, with as many shared lines as the
 * longest common subsequence has. */
static void line_diff__agrees_with_the_longest_common_subsequence(void **unused)
{
    (void)unused;
    for (unsigned seed = 1; seed < 3000; seed++) {
        unsigned random = seed;
        char text[2][80];
        struct lines l[2];
        struct line_diff d;
        struct err err;
        uint32_t next[2] = { 0, 0 };
        int shared = 0;

        for (int side = 0; side < 2; side++) {
            size_t count = seed * (side ? 7u : 5u) % 30;

            for (size_t i = 0; i < count; i++) {
                random = random * 1103515245u + 12345u;
                text[side][2 * i] = (char)('a' + (random >> 16) % 4);
                text[side][2 * i + 1] = '\n';
            }
            text[side][2 * count] = '\0';
            split(text[side], &l[side]);
        }
        assert_int_equal(line_diff(&l[0], &l[1], &d, &err), ERR_OK);
        for (size_t i = 0; i < d.count; i++) {
            if (d.rows[i].left != DIFF_NONE)
                assert_int_equal(d.rows[i].left, next[0]++);
            if (d.rows[i].right != DIFF_NONE)
                assert_int_equal(d.rows[i].right, next[1]++);
            shared +=
                d.rows[i].left != DIFF_NONE && d.rows[i].right != DIFF_NONE;
        }
        assert_int_equal(next[0], l[0].count);
        assert_int_equal(next[1], l[1].count);
        assert_int_equal(shared, lcs(&l[0], &l[1]));
        line_diff_fini(&d);
        lines_fini(&l[0]);
        lines_fini(&l[1]);
    }
}

static void line_diff__puts_both_sides_of_a_change_together(void **unused)
{
    struct diff_row rows[8];
    struct lines a, b;
    struct line_diff d;
    struct err err;

    (void)unused;
    split("a\nb\nc\nd\n", &a);
    split("a\nx\ny\nz\nd\ne\n", &b);
    assert_int_equal(line_diff(&a, &b, &d, &err), ERR_OK);
    assert_int_equal(d.gone, 2);
    assert_int_equal(d.added, 4);
    assert_int_equal(line_diff_pair(&d, rows), 6);
    assert_int_equal(rows[1].left, 1);
    assert_int_equal(rows[1].right, 1);
    assert_int_equal(rows[2].left, 2);
    assert_int_equal(rows[2].right, 2);
    assert_int_equal(rows[3].left, DIFF_NONE);
    assert_int_equal(rows[3].right, 3);
    assert_int_equal(rows[4].left, 3);
    assert_int_equal(rows[5].left, DIFF_NONE);
    assert_int_equal(rows[5].right, 5);
    line_diff_fini(&d);
    lines_fini(&a);
    lines_fini(&b);
}

/* Thousands of lines of which none is shared: said, not waited for. */
static void line_diff__gives_up_on_texts_too_different(void **unused)
{
    enum { LINES = 20000 };
    char *text[2];
    struct lines l[2];
    struct line_diff d;
    struct err err;

    (void)unused;
    for (int side = 0; side < 2; side++) {
        text[side] = malloc(2 * LINES + 1);
        assert_non_null(text[side]);
        for (size_t i = 0; i < LINES; i++)
            memcpy(text[side] + 2 * i, side ? "b\n" : "a\n", 3);
        split(text[side], &l[side]);
    }
    assert_int_equal(line_diff(&l[0], &l[1], &d, &err), ERR_OK);
    assert_true(d.is_rough);
    assert_int_equal(d.gone, LINES);
    assert_int_equal(d.added, LINES);
    for (int side = 0; side < 2; side++) {
        lines_fini(&l[side]);
        free(text[side]);
    }
    line_diff_fini(&d);
}

static void line_diff__cuts_a_text_that_is_too_long(void **unused)
{
    size_t size = LINES_MAX + 10;
    char *text = malloc(size);
    struct lines l;
    struct err err;

    (void)unused;
    assert_non_null(text);
    memset(text, '\n', size);
    assert_int_equal(lines_split(text, size, &l, &err), ERR_OK);
    assert_int_equal(l.count, LINES_MAX);
    assert_true(l.is_cut);
    lines_fini(&l);
    free(text);
}

static void line_diff__survives_each_failed_allocation(void **unused)
{
    enum err_code rc = ERR_NO_MEMORY;
    size_t nth = 0;

    (void)unused;
    while (rc == ERR_NO_MEMORY && nth < 100) {
        struct lines a = { 0 };
        struct lines b = { 0 };
        struct line_diff d = { 0 };
        struct err err;

        alloc_fail_at(++nth);
        rc = lines_split("a\nb\nc\n", 6, &a, &err);
        if (rc == ERR_OK)
            rc = lines_split("a\nx\nc\n", 6, &b, &err);
        if (rc == ERR_OK)
            rc = line_diff(&a, &b, &d, &err);
        alloc_fail_at(0);
        assert_true(rc == ERR_OK || rc == ERR_NO_MEMORY);
        assert_true(rc == ERR_OK || d.count == 0);
        line_diff_fini(&d);
        lines_fini(&a);
        lines_fini(&b);
    }
    assert_int_equal(rc, ERR_OK);
    assert_true(nth > 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_diff__finds_the_shortest_script),
        cmocka_unit_test(line_diff__agrees_with_the_longest_common_subsequence),
        cmocka_unit_test(line_diff__puts_both_sides_of_a_change_together),
        cmocka_unit_test(line_diff__gives_up_on_texts_too_different),
        cmocka_unit_test(line_diff__cuts_a_text_that_is_too_long),
        cmocka_unit_test(line_diff__survives_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
