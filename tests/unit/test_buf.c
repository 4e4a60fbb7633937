#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "support/alloc_fail.h"

/* clang-format off */
static const struct {
    uint64_t value;
    const char *bytes; /* DWARF 5 standard, figure C.1 and around the edges */
    size_t size;
} varints[] = {
    { 0,           "\x00",         1 },
    { 2,           "\x02",         1 },
    { 127,         "\x7f",         1 },
    { 128,         "\x80\x01",     2 },
    { 129,         "\x81\x01",     2 },
    { 12857,       "\xb9\x64",     2 },
    { 16383,       "\xff\x7f",     2 },
    { 16384,       "\x80\x80\x01", 3 },
    { UINT32_MAX,  "\xff\xff\xff\xff\x0f", 5 },
    { INT64_MAX,   "\xff\xff\xff\xff\xff\xff\xff\xff\x7f",     9 },
    { UINT64_MAX,  "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10 },
};

static const struct {
    int64_t value;
    uint64_t coded;
} zigzags[] = {
    { 0, 0 }, { -1, 1 }, { 1, 2 }, { -2, 3 }, { 2, 4 }, { 63, 126 },
    { -64, 127 }, { INT64_MAX, UINT64_MAX - 1 }, { INT64_MIN, UINT64_MAX },
};

static const struct {
    const char *what;
    const char *bytes;
    size_t size;
} bad_varints[] = {
    { "nothing",            "",         0 },
    { "cut",                "\x80",     1 },
    { "cut later",          "\xff\xff\xff", 3 },
    { "65 bits",            "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10 },
    { "70 bits",            "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 10 },
    { "without end",        "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 11 },
};
/* clang-format on */

static struct cursor cursor_on(const void *bytes, size_t size)
{
    return (struct cursor){ .data = bytes, .size = size };
}

static void buf__writes_varints_as_the_standard_says(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(varints); i++) {
        struct buf b = { 0 };
        struct cursor c;
        struct err err = { 0 };
        uint64_t back;

        assert_int_equal(buf_varint(&b, varints[i].value, &err), ERR_OK);
        assert_int_equal(b.size, varints[i].size);
        assert_memory_equal(b.data, varints[i].bytes, b.size);
        c = cursor_on(b.data, b.size);
        assert_true(cursor_varint(&c, &back));
        assert_true(back == varints[i].value);
        assert_true(cursor_at_end(&c));
        buf_fini(&b);
    }
}

static void buf__keeps_small_negatives_small(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(zigzags); i++) {
        struct buf b = { 0 };
        struct cursor c;
        struct err err = { 0 };
        uint64_t coded;
        int64_t back;

        assert_int_equal(buf_zigzag(&b, zigzags[i].value, &err), ERR_OK);
        c = cursor_on(b.data, b.size);
        assert_true(cursor_varint(&c, &coded));
        assert_true(coded == zigzags[i].coded);
        c.offset = 0;
        assert_true(cursor_zigzag(&c, &back));
        assert_true(back == zigzags[i].value);
        buf_fini(&b);
    }
}

static void cursor__takes_nothing_from_a_bad_varint(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(bad_varints); i++) {
        struct cursor c = cursor_on(bad_varints[i].bytes, bad_varints[i].size);
        uint64_t value = 77;
        int64_t number = 77;

        print_message("  %s\n", bad_varints[i].what);
        assert_false(cursor_varint(&c, &value));
        assert_false(cursor_zigzag(&c, &number));
        assert_int_equal(c.offset, 0);
        assert_true(value == 77 && number == 77);
    }
}

static void buf__writes_little_endian(void **unused)
{
    static const uint8_t want[] = { 0xef, 0xbe, 0xad, 0xde, 1, 2, 0, 9 };
    struct buf b = { 0 };
    struct cursor c;
    struct err err = { 0 };
    uint64_t value;

    (void)unused;
    assert_int_equal(buf_le(&b, 0xdeadbeef, 4, &err), ERR_OK);
    assert_int_equal(buf_le(&b, 0x990201, 2, &err), ERR_OK);
    assert_int_equal(buf_le(&b, 0x0900, 2, &err), ERR_OK);
    assert_int_equal(b.size, sizeof(want));
    assert_memory_equal(b.data, want, sizeof(want));
    c = cursor_on(b.data, b.size);
    assert_true(cursor_le(&c, 4, &value));
    assert_true(value == 0xdeadbeef);
    assert_false(cursor_le(&c, 8, &value)); /* only four are left */
    assert_int_equal(c.offset, 4);
    assert_true(cursor_le(&c, 4, &value));
    assert_true(value == 0x09000201);
    assert_true(cursor_at_end(&c));
    buf_fini(&b);
}

static void cursor__stops_at_the_end(void **unused)
{
    struct cursor c = cursor_on("abcdef", 6);
    const uint8_t *p = NULL;

    (void)unused;
    assert_true(cursor_bytes(&c, 4, &p));
    assert_memory_equal(p, "abcd", 4);
    assert_false(cursor_bytes(&c, 3, &p));
    assert_false(cursor_bytes(&c, SIZE_MAX, &p)); /* must not wrap */
    assert_int_equal(c.offset, 4);
    assert_true(cursor_bytes(&c, 2, &p));
    assert_memory_equal(p, "ef", 2);
    assert_true(cursor_bytes(&c, 0, &p));
    assert_false(cursor_bytes(&c, 1, &p));
}

static void buf__grows_and_clears(void **unused)
{
    struct buf b = { 0 };
    struct err err = { 0 };
    size_t cap;

    (void)unused;
    assert_int_equal(buf_bytes(&b, NULL, 0, &err), ERR_OK);
    for (size_t i = 0; i < 10000; i++)
        assert_int_equal(buf_bytes(&b, "0123456789", 10, &err), ERR_OK);
    assert_int_equal(b.size, 100000);
    assert_memory_equal(b.data + 99990, "0123456789", 10);
    cap = b.cap;
    buf_clear(&b);
    assert_int_equal(b.size, 0);
    assert_int_equal(b.cap, cap);
    buf_fini(&b);
    assert_null(b.data);
    buf_fini(&b);
}

static void buf__stays_as_it_was_when_memory_is_short(void **unused)
{
    struct buf b = { 0 };
    struct err err = { 0 };

    (void)unused;
    assert_int_equal(buf_bytes(&b, "abc", 3, &err), ERR_OK);
    alloc_fail_at(1);
    assert_int_equal(buf_reserve(&b, 1000, &err), ERR_NO_MEMORY);
    alloc_fail_at(0);
    assert_int_equal(buf_reserve(&b, SIZE_MAX, &err), ERR_NO_MEMORY);
    assert_int_equal(buf_reserve(&b, SIZE_MAX - 3, &err), ERR_NO_MEMORY);
    assert_int_equal(b.size, 3);
    assert_memory_equal(b.data, "abc", 3);
    buf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buf__writes_varints_as_the_standard_says),
        cmocka_unit_test(buf__keeps_small_negatives_small),
        cmocka_unit_test(cursor__takes_nothing_from_a_bad_varint),
        cmocka_unit_test(buf__writes_little_endian),
        cmocka_unit_test(cursor__stops_at_the_end),
        cmocka_unit_test(buf__grows_and_clears),
        cmocka_unit_test(buf__stays_as_it_was_when_memory_is_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
