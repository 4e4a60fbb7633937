#include "trace/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <xxhash.h>
#include <cmocka.h>

/* The bytes themselves: whoever changes one breaks every trace there is. The
 * checksums are XXH3-64 of the bytes before them. */
/* clang-format off */
static const uint8_t golden_superblock[SUPERBLOCK_SIZE] = {
    0x89, 'S', 'W', 'T', '\r', '\n', 0x1a, '\n', 1, 0, 0, 0,
    0xb1, 0xcc, 0x2c, 0xbd
};

static const uint8_t golden_chunk[CHUNK_HEADER_SIZE] = {
    'S',  'W',  'C',  'K',  7,    0,    0,    0,    /* magic, kind, flags */
    0x08, 0x07, 0x06, 0x05, 0x04, 0x03, 0x02, 0x01, /* number */
    0x30, 0x20, 0x01, 0x00, 0x11, 0x22, 0x00, 0x00, /* raw, stored size */
    0xf8, 0xf7, 0xf6, 0xf5, 0xf4, 0xf3, 0xf2, 0xf1, /* payload checksum */
    0x52, 0x14, 0xa6, 0x76, 0x69, 0x21, 0x4d, 0x6e, /* header checksum */
};
/* clang-format on */

static const struct chunk_header golden_header = {
    .kind = CHUNK_EVENTS,
    .number = UINT64_C(0x0102030405060708),
    .raw_size = 0x12030,
    .stored_size = 0x2211,
    .payload_checksum = UINT64_C(0xf1f2f3f4f5f6f7f8),
};

static void format__writes_the_known_bytes(void **unused)
{
    uint8_t superblock[SUPERBLOCK_SIZE];
    uint8_t chunk[CHUNK_HEADER_SIZE];

    (void)unused;
    format_put_superblock(superblock);
    assert_memory_equal(superblock, golden_superblock, sizeof(superblock));
    format_put_chunk_header(&golden_header, chunk);
    assert_memory_equal(chunk, golden_chunk, sizeof(chunk));
}

static void format__reads_the_known_bytes(void **unused)
{
    struct chunk_header h;
    struct err err = { 0 };

    (void)unused;
    assert_int_equal(format_check_superblock(golden_superblock, &err), ERR_OK);
    assert_int_equal(format_take_chunk_header(golden_chunk, &h, &err), ERR_OK);
    assert_int_equal(h.kind, golden_header.kind);
    assert_true(h.number == golden_header.number);
    assert_int_equal(h.raw_size, golden_header.raw_size);
    assert_int_equal(h.stored_size, golden_header.stored_size);
    assert_true(h.payload_checksum == golden_header.payload_checksum);
}

static void format__notices_each_flipped_bit(void **unused)
{
    uint8_t bytes[CHUNK_HEADER_SIZE];
    struct chunk_header h;
    struct err err = { 0 };

    (void)unused;
    for (size_t bit = 0; bit < 8 * SUPERBLOCK_SIZE; bit++) {
        memcpy(bytes, golden_superblock, SUPERBLOCK_SIZE);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(format_check_superblock(bytes, &err), ERR_BAD_FORMAT);
    }
    for (size_t bit = 0; bit < 8 * CHUNK_HEADER_SIZE; bit++) {
        memcpy(bytes, golden_chunk, CHUNK_HEADER_SIZE);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(format_take_chunk_header(bytes, &h, &err),
                         ERR_BAD_FORMAT);
    }
}

/* Sums a changed superblock again: only its version is at issue. */
static enum err_code check_version(uint8_t major, uint8_t minor,
                                   struct err *err)
{
    uint8_t bytes[SUPERBLOCK_SIZE];
    uint32_t sum;

    memcpy(bytes, golden_superblock, sizeof(bytes));
    bytes[8] = major;
    bytes[10] = minor;
    sum = (uint32_t)XXH3_64bits(bytes, 12);
    for (int i = 0; i < 4; i++)
        bytes[12 + i] = (uint8_t)(sum >> (8 * i));
    return format_check_superblock(bytes, err);
}

static void format__refuses_only_later_majors(void **unused)
{
    struct err err = { 0 };

    (void)unused;
    assert_int_equal(check_version(FORMAT_MAJOR, 99, &err), ERR_OK);
    assert_int_equal(check_version(FORMAT_MAJOR + 1, 4, &err), ERR_TOO_NEW);
    assert_non_null(strstr(err.text, "2.4"));
    assert_non_null(strstr(err.text, "1.x"));
}

static void format__bounds_lengths(void **unused)
{
    static const struct {
        const char *what;
        uint32_t raw, stored;
        enum err_code want;
    } cases[] = {
        { "empty", 0, 0, ERR_OK },
        { "largest", CHUNK_MAX, CHUNK_STORED_MAX, ERR_OK },
        { "too much raw", CHUNK_MAX + 1, 1, ERR_BAD_FORMAT },
        { "too much stored", 1, CHUNK_STORED_MAX + 1, ERR_BAD_FORMAT },
        { "all ones", UINT32_MAX, UINT32_MAX, ERR_BAD_FORMAT },
    };

    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct chunk_header h = { .raw_size = cases[i].raw,
                                  .stored_size = cases[i].stored };
        uint8_t bytes[CHUNK_HEADER_SIZE];
        struct err err = { 0 };

        print_message("  %s\n", cases[i].what);
        format_put_chunk_header(&h, bytes);
        assert_int_equal(format_take_chunk_header(bytes, &h, &err),
                         cases[i].want);
    }
}

/* Flags are for changes that an old reader must not overlook. */
static void format__refuses_unknown_flags(void **unused)
{
    uint8_t bytes[CHUNK_HEADER_SIZE];
    struct chunk_header h;
    struct err err = { 0 };
    uint64_t sum;

    (void)unused;
    memcpy(bytes, golden_chunk, sizeof(bytes));
    bytes[6] = 1;
    sum = XXH3_64bits(bytes, 32);
    for (int i = 0; i < 8; i++)
        bytes[32 + i] = (uint8_t)(sum >> (8 * i));
    assert_int_equal(format_take_chunk_header(bytes, &h, &err), ERR_BAD_FORMAT);
    assert_non_null(strstr(err.text, "unknown flags"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(format__writes_the_known_bytes),
        cmocka_unit_test(format__reads_the_known_bytes),
        cmocka_unit_test(format__notices_each_flipped_bit),
        cmocka_unit_test(format__refuses_only_later_majors),
        cmocka_unit_test(format__bounds_lengths),
        cmocka_unit_test(format__refuses_unknown_flags),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
