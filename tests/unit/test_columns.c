#include "trace/columns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "trace/format.h"

struct row {
    uint64_t wide;
    uint32_t middle;
    uint8_t kind;
    bool flag;
    uint64_t by_kind;
    uint32_t untouched;
};

/* clang-format off */
static const struct column row_columns[] = {
    COLUMN(row, kind,    CODING_PLAIN,      9),
    COLUMN(row, wide,    CODING_DELTA,      UINT64_MAX),
    COLUMN(row, middle,  CODING_PLAIN,      1000),
    COLUMN(row, flag,    CODING_PLAIN,      1),
    COLUMN(row, by_kind, CODING_KIND_DELTA, UINT64_MAX),
};
/* clang-format on */

static const struct column_layout layout = {
    .what = "row",
    .columns = row_columns,
    .column_count = ARRAY_LEN(row_columns),
    .row_size = sizeof(struct row),
    .kind_offset = offsetof(struct row, kind),
};

/* The bytes by hand: kinds 1 2 1, `wide` 100 99 99, and by_kind 5, 500, 6,
 * each a delta to the last row of its kind. */
static void columns__writes_the_known_bytes(void **unused)
{
    static const struct row rows[] = {
        { .kind = 1, .wide = 100, .middle = 7, .flag = true, .by_kind = 5 },
        { .kind = 2, .wide = 99, .middle = 300, .by_kind = 500 },
        { .kind = 1, .wide = 99, .middle = 0, .by_kind = 6 },
    };
    static const uint8_t want[] = {
        3,                   /* rows */
        1,    2,    1,       /* kind */
        0xc8, 0x01, 1,    0, /* wide: +100 -1 0 */
        7,    0xac, 0x02, 0, /* middle */
        1,    0,    0,       /* flag */
        10,   0xe8, 0x07, 2, /* by_kind: +5 +500 +1 */
    };
    struct row back[3];
    struct buf out = { 0 };
    struct cursor in;
    struct err err = { 0 };
    size_t count;

    (void)unused;
    assert_int_equal(columns_encode(&layout, rows, 3, &out, &err), ERR_OK);
    assert_int_equal(out.size, sizeof(want));
    assert_memory_equal(out.data, want, sizeof(want));

    in = (struct cursor){ .data = out.data, .size = out.size };
    assert_int_equal(columns_take_count(&layout, &in, &count, &err), ERR_OK);
    assert_int_equal(count, 3);
    memset(back, 0, sizeof(back));
    back[1].untouched = 77;
    assert_int_equal(columns_decode(&layout, &in, back, 3, &err), ERR_OK);
    assert_true(cursor_at_end(&in));
    assert_int_equal(back[1].untouched, 77);
    back[1].untouched = 0;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(back[i].kind, rows[i].kind);
        assert_int_equal(back[i].wide, rows[i].wide);
        assert_int_equal(back[i].middle, rows[i].middle);
        assert_int_equal(back[i].flag, rows[i].flag);
        assert_int_equal(back[i].by_kind, rows[i].by_kind);
    }
    buf_fini(&out);
}

static void columns__keeps_extreme_values(void **unused)
{
    static const uint64_t values[] = {
        0, UINT64_MAX, 0, INT64_MAX, (uint64_t)INT64_MIN, 1, UINT64_MAX - 1,
    };
    struct row rows[ARRAY_LEN(values)] = { { 0 } };
    struct row back[ARRAY_LEN(values)] = { { 0 } };
    struct buf out = { 0 };
    struct cursor in;
    struct err err = { 0 };
    size_t count;

    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        rows[i].kind = i % 2;
        rows[i].wide = values[i];
        rows[i].by_kind = values[ARRAY_LEN(values) - 1 - i];
    }
    assert_int_equal(
        columns_encode(&layout, rows, ARRAY_LEN(values), &out, &err), ERR_OK);
    in = (struct cursor){ .data = out.data, .size = out.size };
    assert_int_equal(columns_take_count(&layout, &in, &count, &err), ERR_OK);
    assert_int_equal(columns_decode(&layout, &in, back, count, &err), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        assert_true(back[i].wide == rows[i].wide);
        assert_true(back[i].by_kind == rows[i].by_kind);
    }
    buf_fini(&out);
}

/* clang-format off */
static const struct {
    const char *what;
    const char *bytes;
    size_t size;
    const char *text; /* of the error; NULL: good */
} inputs[] = {
    { "no rows",            "\0",                          1, NULL },
    { "one row",            "\1" "\x09\0\0\1\0",           6, NULL },
    { "nothing at all",     "",                            0, "cut short" },
    { "a byte too few",     "\1" "\x09\0\0\1",             5, "too many" },
    { "cut within a value", "\1" "\x09\0\x80\x80\x80",     6, "middle" },
    { "kind too large",     "\1" "\x0a\0\0\1\0",           6, "kind" },
    { "a bool of two",      "\1" "\x09\0\0\2\0",           6, "flag" },
    { "value too large",    "\1" "\x09\0\xe9\x07\1\0",     7, "middle" },
    { "largest value",      "\1" "\x09\0\xe8\x07\1\0",     7, NULL },
};
/* clang-format on */

static void columns__judges_bytes(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(inputs); i++) {
        struct cursor in = { .data = (const uint8_t *)inputs[i].bytes,
                             .size = inputs[i].size };
        struct row rows[4] = { { 0 } };
        struct err err = { 0 };
        size_t count = 0;
        enum err_code rc = columns_take_count(&layout, &in, &count, &err);

        print_message("  %s\n", inputs[i].what);
        if (rc == ERR_OK)
            rc = columns_decode(&layout, &in, rows, count, &err);
        if (inputs[i].text == NULL) {
            assert_int_equal(rc, ERR_OK);
        } else {
            assert_int_equal(rc, ERR_BAD_FORMAT);
            assert_non_null(strstr(err.text, inputs[i].text));
        }
    }
}

static void columns__bounds_the_number_of_rows(void **unused)
{
    static const size_t counts[] = { FORMAT_ROWS_MAX, FORMAT_ROWS_MAX + 1 };
    size_t size = 5 * (FORMAT_ROWS_MAX + 1);
    struct buf out = { 0 };
    struct err err = { 0 };

    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        struct cursor in;
        size_t count;

        buf_clear(&out);
        assert_int_equal(buf_varint(&out, counts[i], &err), ERR_OK);
        assert_int_equal(buf_reserve(&out, size, &err), ERR_OK);
        memset(out.data + out.size, 0, size);
        in = (struct cursor){ .data = out.data, .size = out.size + size };
        assert_int_equal(columns_take_count(&layout, &in, &count, &err),
                         i == 0 ? ERR_OK : ERR_BAD_FORMAT);
    }
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns__writes_the_known_bytes),
        cmocka_unit_test(columns__keeps_extreme_values),
        cmocka_unit_test(columns__judges_bytes),
        cmocka_unit_test(columns__bounds_the_number_of_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
