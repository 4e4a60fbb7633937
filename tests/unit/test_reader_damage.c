/* The reader against files that are cut or flipped. */
#include "trace/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "support/read_back.h"
#include "trace/format.h"

/* Cuts a good file at each byte. What is left must be a prefix, and must hold
 * all events of the chunks that are whole. */
static void reader__survives_a_cut_at_each_byte(void **unused)
{
    struct bytes file = small_trace();
    struct mem_file m = mem_file_open(file.data, file.size);
    struct outcome whole, cut;
    size_t more = file.size;
    size_t last_count;

    (void)unused;
    outcome_read(m.path, &whole);
    assert_int_equal(whole.rc, ERR_NOT_FOUND);
    assert_true(whole.is_sealed);
    last_count = whole.count;
    while (more-- > 0) {
        mem_file_cut(&m, more);
        outcome_read(m.path, &cut);
        assert_true(cut.count <= last_count);
        assert_true(outcome_is_prefix(&cut, &whole));
        assert_false(cut.is_sealed);
        if (cut.open_rc == ERR_OK)
            assert_int_equal(cut.rc, ERR_NOT_FOUND);
        else
            assert_int_equal(cut.open_rc, ERR_BAD_FORMAT);
        last_count = cut.count;
    }
    assert_int_equal(last_count, 0);
    mem_file_close(&m);
    free(file.data);
}

/* Every chunk that is whole gives its events: what a cut in the middle of one
 * chunk leaves is what a cut at its beginning leaves, and each event chunk
 * adds some. */
static void reader__gives_each_whole_chunk(void **unused)
{
    struct bytes file = small_trace();
    struct mem_file m = mem_file_open(file.data, file.size);
    struct chunk_list chunks;
    size_t counts[CHUNKS_MAX + 1] = { 0 };
    size_t event_chunks = 0;

    (void)unused;
    chunk_list_of(&file, &chunks);
    for (size_t i = chunks.count; i > 0; i--) {
        struct outcome at_border, inside;

        mem_file_cut(&m, chunks.offsets[i]);
        outcome_read(m.path, &at_border);
        counts[i] = at_border.count;
        mem_file_cut(&m, chunks.offsets[i] - 1);
        outcome_read(m.path, &inside);
        if (i == 1) {
            assert_int_equal(inside.open_rc, ERR_BAD_FORMAT);
            break;
        }
        counts[i - 1] = inside.count;
    }
    for (size_t i = 1; i < chunks.count; i++) {
        bool adds = counts[i + 1] > counts[i];

        assert_int_equal(adds, chunks.kinds[i] == CHUNK_EVENTS);
        event_chunks += adds;
    }
    assert_int_equal(event_chunks, 3);
    mem_file_close(&m);
    free(file.data);
}

/* Flips each bit. No event may come out that was not put in. */
static void reader__never_believes_a_flipped_bit(void **unused)
{
    struct bytes file = small_trace();
    struct mem_file m = mem_file_open(file.data, file.size);
    struct outcome whole, flipped;

    (void)unused;
    outcome_read(m.path, &whole);
    for (size_t bit = 0; bit < 8 * file.size; bit++) {
        uint8_t good = file.data[bit / 8];

        mem_file_set(&m, bit / 8, good ^ (uint8_t)(1 << bit % 8));
        outcome_read(m.path, &flipped);
        mem_file_set(&m, bit / 8, good);
        assert_int_equal(flipped.rc, ERR_BAD_FORMAT);
        assert_true(flipped.count <= whole.count);
        assert_true(outcome_is_prefix(&flipped, &whole));
        assert_true(flipped.err.text[0] != '\0');
    }
    mem_file_close(&m);
    free(file.data);
}

static void reader__keeps_tables_behind_damaged_events(void **unused)
{
    struct bytes file = small_trace();
    struct mem_file m = mem_file_open(file.data, file.size);
    struct chunk_list chunks;
    struct outcome whole, damaged;
    size_t events = 0;

    (void)unused;
    chunk_list_of(&file, &chunks);
    outcome_read(m.path, &whole);
    for (size_t i = 1; i < chunks.count; i++) {
        char where[64];
        size_t at = chunks.offsets[i] + CHUNK_HEADER_SIZE;

        mem_file_set(&m, at, file.data[at] ^ 1);
        outcome_read(m.path, &damaged);
        mem_file_set(&m, at, file.data[at]);
        assert_int_equal(damaged.rc, ERR_BAD_FORMAT);
        snprintf(where, sizeof(where), "chunk at byte %zu", chunks.offsets[i]);
        assert_non_null(strstr(damaged.err.text, where));
        if (chunks.kinds[i] != CHUNK_EVENTS)
            continue;
        events++;
        assert_true(damaged.count < whole.count);
        assert_true(damaged.has_ledger && damaged.is_sealed);
        assert_int_equal(damaged.names, whole.names);
        assert_int_equal(damaged.sources, whole.sources);
    }
    assert_int_equal(events, 3);
    mem_file_close(&m);
    free(file.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reader__survives_a_cut_at_each_byte),
        cmocka_unit_test(reader__gives_each_whole_chunk),
        cmocka_unit_test(reader__never_believes_a_flipped_bit),
        cmocka_unit_test(reader__keeps_tables_behind_damaged_events),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
