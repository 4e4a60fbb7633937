#include "trace/chunk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static uint64_t step(uint64_t *state) /* xorshift64*, Vigna 2016 */
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

/* clang-format off */
static const struct {
    const char *what;
    size_t size;
    bool is_noise;
} payloads[] = {
    { "nothing",              0,           false },
    { "one byte",             1,           false },
    { "a full chunk of zeros", CHUNK_MAX,   false },
    { "a full chunk of noise", CHUNK_MAX,   true  },
    { "noise",                12345,       true  },
};
/* clang-format on */

/* One packer and one unpacker for all: nothing carries over. */
static void chunk__comes_back(void **unused)
{
    struct chunk_packer p;
    struct chunk_unpacker u;
    struct buf raw = { 0 };
    struct err err = { 0 };
    uint64_t state = 1;

    (void)unused;
    assert_int_equal(chunk_packer_init(&p, &err), ERR_OK);
    assert_int_equal(chunk_unpacker_init(&u, &err), ERR_OK);
    assert_int_equal(buf_reserve(&raw, CHUNK_MAX, &err), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(payloads); i++) {
        struct chunk_header h;
        const uint8_t *stored;

        print_message("  %s\n", payloads[i].what);
        raw.size = payloads[i].size;
        for (size_t j = 0; j < raw.size; j++)
            raw.data[j] = payloads[i].is_noise ? (uint8_t)step(&state) : 0;
        assert_int_equal(chunk_pack(&p, CHUNK_EVENTS, i, &raw, &err), ERR_OK);
        assert_int_equal(format_take_chunk_header(p.bytes.data, &h, &err),
                         ERR_OK);
        assert_int_equal(h.kind, CHUNK_EVENTS);
        assert_int_equal(h.number, i);
        assert_int_equal(h.raw_size, payloads[i].size);
        assert_int_equal(p.bytes.size, CHUNK_HEADER_SIZE + h.stored_size);

        stored = p.bytes.data + CHUNK_HEADER_SIZE;
        assert_int_equal(chunk_check(&h, stored, &err), ERR_OK);
        assert_int_equal(chunk_unpack(&u, &h, stored, &err), ERR_OK);
        assert_int_equal(u.raw.size, raw.size);
        assert_memory_equal(u.raw.data, raw.data, raw.size);
    }
    buf_fini(&raw);
    chunk_packer_fini(&p);
    chunk_unpacker_fini(&u);
    chunk_packer_fini(&p); /* empty: nothing happens */
    chunk_unpacker_fini(&u);
}

static void chunk__is_checked_before_it_is_unpacked(void **unused)
{
    struct chunk_packer p;
    struct chunk_header h;
    struct buf raw = { 0 };
    struct err err = { 0 };
    uint8_t *stored;

    (void)unused;
    assert_int_equal(chunk_packer_init(&p, &err), ERR_OK);
    assert_int_equal(buf_bytes(&raw, "some payload", 12, &err), ERR_OK);
    assert_int_equal(chunk_pack(&p, CHUNK_LEDGER, 0, &raw, &err), ERR_OK);
    assert_int_equal(format_take_chunk_header(p.bytes.data, &h, &err), ERR_OK);
    stored = p.bytes.data + CHUNK_HEADER_SIZE;
    for (size_t bit = 0; bit < 8 * h.stored_size; bit++) {
        stored[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(chunk_check(&h, stored, &err), ERR_BAD_FORMAT);
        stored[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_int_equal(chunk_check(&h, stored, &err), ERR_OK);
    buf_fini(&raw);
    chunk_packer_fini(&p);
}

/* What gets past the checksum must still not hurt: each bit of the frame
 * flipped, and each cut of it, unpacks to something or is refused. */
static void chunk__survives_damaged_frames(void **unused)
{
    struct chunk_packer p;
    struct chunk_unpacker u;
    struct chunk_header h;
    struct buf raw = { 0 };
    struct err err = { 0 };
    uint8_t *stored;
    size_t refused = 0;

    (void)unused;
    assert_int_equal(chunk_packer_init(&p, &err), ERR_OK);
    assert_int_equal(chunk_unpacker_init(&u, &err), ERR_OK);
    for (size_t i = 0; i < 3000; i++)
        assert_int_equal(buf_varint(&raw, i * i % 1000, &err), ERR_OK);
    assert_int_equal(chunk_pack(&p, CHUNK_LEDGER, 0, &raw, &err), ERR_OK);
    assert_int_equal(format_take_chunk_header(p.bytes.data, &h, &err), ERR_OK);
    stored = p.bytes.data + CHUNK_HEADER_SIZE;
    for (size_t bit = 0; bit < 8 * h.stored_size; bit++) {
        enum err_code rc;

        stored[bit / 8] ^= (uint8_t)(1 << bit % 8);
        rc = chunk_unpack(&u, &h, stored, &err);
        stored[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_true(rc == ERR_OK || rc == ERR_BAD_FORMAT);
        if (rc == ERR_OK)
            assert_int_equal(u.raw.size, h.raw_size);
        refused += rc != ERR_OK;
    }
    assert_true(refused > 0);
    while (h.stored_size-- > 0)
        assert_int_equal(chunk_unpack(&u, &h, stored, &err), ERR_BAD_FORMAT);
    buf_fini(&raw);
    chunk_packer_fini(&p);
    chunk_unpacker_fini(&u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunk__comes_back),
        cmocka_unit_test(chunk__is_checked_before_it_is_unpacked),
        cmocka_unit_test(chunk__survives_damaged_frames),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
