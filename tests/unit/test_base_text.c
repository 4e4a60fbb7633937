#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "base/attrs.h"

#define BAD "\xef\xbf\xbd" /* U+FFFD */

/* clang-format off */
static const struct {
    const char *what;
    const char *in;
    const char *clean; /* in UTF-8 */
    const char *ascii;
    size_t width;      /* of `in` */
} texts[] = {
    { "empty",            "",              "",               "",      0 },
    { "plain",            "main.c:42",     "main.c:42",      "main.c:42", 9 },
    { "ends of ASCII",    " ~",            " ~",             " ~",    2 },
    { "two columns each", "\xe5\x88\x86\xe9\x85\x8d", /* CJK */
      "\xe5\x88\x86\xe9\x85\x8d", "??", 4 },
    { "accent of its own", "e\xcc\x81",    "e\xcc\x81",      "e?",    1 },
    { "precomposed",      "\xc3\xa9",      "\xc3\xa9",       "?",     1 },
    { "colour",           "\x1b[31mred",   BAD "[31mred",    "?[31mred", 8 },
    { "bell, tab, line end", "a\a\t\n",    "a" BAD BAD BAD,  "a???",  4 },
    { "DEL",              "a\x7f" "b",     "a" BAD "b",      "a?b",   3 },
    { "C1 control (CSI)", "a\xc2\x9b" "31m", "a" BAD "31m",  "a?31m", 5 },
    { "lone byte 0x9b",   "a\x9b" "31m",   "a" BAD "31m",    "a?31m", 5 },
    { "right to left override", "a\xe2\x80\xae" "b", "a" BAD "b", "a?b", 3 },
    { "isolate",          "a\xe2\x81\xa6" "b", "a" BAD "b",  "a?b",   3 },
    { "zero width space", "a\xe2\x80\x8b" "b", "a" BAD "b",  "a?b",   3 },
    { "line separator",   "a\xe2\x80\xa8" "b", "a" BAD "b",  "a?b",   3 },
    { "byte order mark",  "\xef\xbb\xbf" "a", BAD "a",       "?a",    2 },
    { "private use",      "\xee\x80\x80",  BAD,              "?",     1 },
    { "cut character",    "a\xe5\x88",     "a" BAD BAD,      "a??",   3 },
    { "overlong slash",   "\xc0\xaf",      BAD BAD,          "??",    2 },
    { "surrogate",        "\xed\xa0\x80",  BAD BAD BAD,      "???",   3 },
    { "beyond Unicode",   "\xf4\x90\x80\x80", BAD BAD BAD BAD, "????", 4 },
    { "stray continuation", "\x80" "a",    BAD "a",          "?a",    2 },
};
/* clang-format on */

static void text__comes_out_clean(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        char out[64];

        print_message("  %s\n", texts[i].what);
        assert_ptr_equal(text_clean(texts[i].in, out, sizeof(out), false), out);
        assert_string_equal(out, texts[i].clean);
        text_clean(texts[i].in, out, sizeof(out), true);
        assert_string_equal(out, texts[i].ascii);
        assert_int_equal(text_width(texts[i].in), texts[i].width);
    }
}

/* What is clean stays as it is, and nothing that is clean can do harm. */
static void text__is_clean_for_every_byte_pair(void **unused)
{
    (void)unused;
    for (unsigned a = 1; a < 256; a++)
        for (unsigned b = 1; b < 256; b++) {
            char in[] = { (char)a, (char)b, '\0' };
            char out[16], again[16];

            text_clean(in, out, sizeof(out), false);
            text_clean(out, again, sizeof(again), false);
            assert_string_equal(out, again);
            for (const char *p = out; *p != '\0'; p++)
                assert_true((unsigned char)*p >= ' ' && *p != 0x7f);
            text_clean(in, out, sizeof(out), true);
            for (const char *p = out; *p != '\0'; p++)
                assert_true(*p >= ' ' && *p <= '~');
        }
}

/* "a", a character of three bytes, "b": with `cap` bytes, never a part. */
static void text__is_cut_at_a_character(void **unused)
{
    static const char *const wants[] = {
        NULL,
        "",
        "a",
        "a",
        "a",
        "a\xe5\x88\x86",
        "a\xe5\x88\x86"
        "b",
    };

    (void)unused;
    for (size_t cap = 1; cap < ARRAY_LEN(wants); cap++) {
        char out[16];

        memset(out, 'z', sizeof(out));
        text_clean("a\xe5\x88\x86"
                   "b",
                   out, cap, false);
        assert_string_equal(out, wants[cap]);
        assert_int_equal(out[cap], 'z'); /* nothing beyond */
    }
}

static void text__decodes_well_formed_characters_only(void **unused)
{
    uint32_t c = 0;

    (void)unused;
    assert_int_equal(text_decode("A", 1, &c), 1);
    assert_int_equal(c, 'A');
    assert_int_equal(text_decode("\xc3\xa9", 2, &c), 2);
    assert_int_equal(c, 0xe9);
    assert_int_equal(text_decode("\xf0\x9f\x98\x80", 4, &c), 4);
    assert_int_equal(c, 0x1f600);
    assert_int_equal(text_decode("\xf0\x9f\x98\x80", 3, &c), 0);
    assert_int_equal(text_decode("\x80", 1, &c), 0);
    assert_int_equal(text_decode("", 0, &c), 0);
}

/* clang-format off */
static const struct {
    const char *what;
    uint32_t c;
    int width;
} widths[] = {
    { "letter",          'A',       1 },
    { "NUL",             0,        -1 },
    { "escape",          0x1b,     -1 },
    { "combining acute", 0x301,     0 },
    { "CJK",             0x5206,    2 },
    { "fullwidth",       0xff21,    2 },
    { "box drawing",     0x2500,    1 },
    { "block",           0x2588,    1 },
    { "soft hyphen",     0xad,     -1 },
    { "override",        0x202e,   -1 },
    { "unassigned",      0x378,    -1 },
    { "surrogate",       0xd800,   -1 },
    { "beyond Unicode",  0x110000, -1 },
    { "far beyond",      UINT32_MAX, -1 },
};
/* clang-format on */

static void text__knows_the_width_of_characters(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
        print_message("  %s\n", widths[i].what);
        assert_int_equal(text_char_width(widths[i].c), widths[i].width);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text__comes_out_clean),
        cmocka_unit_test(text__is_clean_for_every_byte_pair),
        cmocka_unit_test(text__is_cut_at_a_character),
        cmocka_unit_test(text__decodes_well_formed_characters_only),
        cmocka_unit_test(text__knows_the_width_of_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
