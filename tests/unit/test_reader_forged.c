/* The reader against files that were made to deceive it. */
#include "trace/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "support/read_back.h"
#include "support/trace_forge.h"
#include "trace/format.h"

/* clang-format off */
#define NO_MODULE "\xfe\xff\xff\xff\x1f" /* MODULE_NONE as a zigzag delta */
#define HUGE      "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
#define TOO_HUGE  "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"
#define BYTES(s)  s, sizeof(s) - 1

/* One chunk behind a good beginning: string 1 is "a", module 0 is there, so
 * are frame 0 and stack 2. */
static const struct {
    const char *what;
    enum chunk_kind kind;
    const char *raw;
    size_t size;
    const char *text; /* of the error; NULL: the chunk is good */
} forgeries[] = {
    { "good string",        CHUNK_STRINGS, BYTES("\x01" "b"), NULL },
    { "repeated string",    CHUNK_STRINGS, BYTES("\x01" "a"), "repeats" },
    { "empty string again", CHUNK_STRINGS, BYTES("\0"), "repeats" },
    { "string with a NUL",  CHUNK_STRINGS, BYTES("\x03" "b\0c"), "NUL" },
    { "string cut short",   CHUNK_STRINGS, BYTES("\x03" "bc"), "cut short" },
    { "string of 2^64",     CHUNK_STRINGS, BYTES(HUGE "b"), "cut short" },
    { "string of 2^65",     CHUNK_STRINGS, BYTES(TOO_HUGE "b"), "cut short" },

    { "good module",        CHUNK_MODULES, BYTES("\1" "\1\0" "\2\4\2" "\1"),
      NULL },
    { "module without path", CHUNK_MODULES, BYTES("\1" "\2\0" "\2\4\2" "\1"),
      "module 1 refers to nothing" },
    { "module without id",  CHUNK_MODULES, BYTES("\1" "\1\2" "\2\4\2" "\1"),
      "refers to nothing" },
    { "module inside out",  CHUNK_MODULES, BYTES("\1" "\1\0" "\4\2\2" "\1"),
      "refers to nothing" },
    { "module half runtime", CHUNK_MODULES, BYTES("\1" "\1\0" "\2\4\2" "\2"),
      "impossible is_runtime" },
    { "module cut short",   CHUNK_MODULES, BYTES("\1" "\1\0" "\2\4\2"),
      "cut short" },
    { "rows without bytes", CHUNK_MODULES, BYTES("\xff\x7f"), "too many" },
    { "rows without end",   CHUNK_MODULES, BYTES(HUGE "\1\1\1\1\1\1"),
      "too many" },
    { "more than a table",  CHUNK_MODULES, BYTES("\1" "\1\0" "\2\4\2" "\1" "x"),
      "after it" },

    { "good frame",         CHUNK_FRAMES, BYTES("\1" "\2" "\0" "\1"), NULL },
    { "frame of no module", CHUNK_FRAMES, BYTES("\1" "\2" NO_MODULE "\0"),
      NULL },
    { "frame of a wrong module", CHUNK_FRAMES, BYTES("\1" "\2" "\2" "\0"),
      "frame 1 refers to nothing" },
    { "module number too wide", CHUNK_FRAMES,
      BYTES("\1" "\2" "\x80\x80\x80\x80\x20" "\0"), "impossible module" },
    { "module number below 0", CHUNK_FRAMES, BYTES("\1" "\2" "\1" "\0"),
      "impossible module" },
    { "address beyond 64 bits", CHUNK_FRAMES, BYTES("\1" TOO_HUGE "\0" "\0"),
      "cut short in addr" },

    { "good stack",         CHUNK_STACKS, BYTES("\1" "\4" "\0"), NULL },
    { "two stacks, the second on the first", CHUNK_STACKS,
      BYTES("\2" "\4\2" "\0\0"), NULL },
    { "stack on itself",    CHUNK_STACKS, BYTES("\1" "\6" "\0"),
      "stack 3 refers to nothing" },
    { "stack on a later one", CHUNK_STACKS, BYTES("\2" "\x08\1" "\0\0"),
      "stack 3 refers to nothing" },
    { "stack of no frame",  CHUNK_STACKS, BYTES("\1" "\4" "\2"),
      "refers to nothing" },

    { "good names",         CHUNK_NAMES,
      BYTES("\1" "\0" "\2" "\2" "\2\0" "\0\0" "\x14\0" "\5\5" "\1\0"), NULL },
    { "frame unnamed",      CHUNK_NAMES, BYTES("\1" "\0" "\0" "\0"), NULL },
    { "names of no frame",  CHUNK_NAMES,
      BYTES("\1" "\2" "\1" "\1" "\2" "\0" "\0" "\0" "\0"),
      "naming 0 refers to nothing" },
    { "more names than there are", CHUNK_NAMES,
      BYTES("\1" "\0" "\2" "\1" "\2" "\0" "\0" "\0" "\0"),
      "naming 0 refers to nothing" },
    { "name of no function", CHUNK_NAMES,
      BYTES("\1" "\0" "\1" "\1" "\4" "\0" "\0" "\0" "\0"),
      "name 0 refers to nothing" },
    { "name of no file",    CHUNK_NAMES,
      BYTES("\1" "\0" "\1" "\1" "\2" "\4" "\0" "\0" "\0"),
      "name 0 refers to nothing" },
    { "a thousand names at once", CHUNK_NAMES, BYTES("\1" "\0" "\xe8\x07" "\0"),
      "impossible count" },

    { "good source",        CHUNK_SOURCES, BYTES("\1" "\0" "int x;"), NULL },
    { "empty source",       CHUNK_SOURCES, BYTES("\1" "\0"), NULL },
    { "source of no file",  CHUNK_SOURCES, BYTES("\2" "\0" "int x;"),
      "refers to nothing" },
    { "source continuing nothing", CHUNK_SOURCES, BYTES("\1" "\1" "int x;"),
      "continues nothing" },
    { "source without a path", CHUNK_SOURCES, BYTES(""), "cut short" },

    { "good event",         CHUNK_EVENTS,
      BYTES("\0" "\1" "\0" "\0" "\0" "\2" "\2" "\2" "\5" "\2" "\2" "\0"),
      NULL },
    { "event of no kind",   CHUNK_EVENTS,
      BYTES("\0" "\1" "\x63" "\0" "\0" "\2" "\2" "\2" "\5" "\2" "\2" "\0"),
      "impossible kind" },
    { "event of no stack",  CHUNK_EVENTS,
      BYTES("\0" "\1" "\0" "\0" "\0" "\2" "\2" "\2" "\5" "\3" "\2" "\0"),
      "event 0 refers to nothing" },
    { "event of no text",   CHUNK_EVENTS,
      BYTES("\0" "\1" "\0" "\0" "\0" "\2" "\4" "\2" "\5" "\2" "\2" "\0"),
      "event 0 refers to nothing" },
    { "event of a thread from nowhere", CHUNK_EVENTS,
      BYTES("\0" "\1" "\0" "\0" "\2" "\2" "\2" "\2" "\5" "\2" "\2" "\0"),
      "impossible thread" },
    { "event of another seq", CHUNK_EVENTS,
      BYTES("\1" "\1" "\0" "\0" "\0" "\2" "\2" "\2" "\5" "\2" "\2" "\0"),
      "missing before it" },
    { "time running back",  CHUNK_EVENTS,
      BYTES("\0" "\2" "\0\0" "\0\0" "\0\0" "\4\1" "\0\0" "\0\0" "\0\0" "\0\0"
            "\0\0" "\0\0"), "is before the one before it" },
    { "events with a tail", CHUNK_EVENTS,
      BYTES("\0" "\1" "\0" "\0" "\0" "\2" "\2" "\2" "\5" "\2" "\2" "\0" "x"),
      "bytes after" },
    { "events cut short",   CHUNK_EVENTS, BYTES("\0" "\1" "\0"), "too many" },
    { "no events",          CHUNK_EVENTS, BYTES(""), "without a number" },

    { "good ledger",        CHUNK_LEDGER, BYTES("{\"events\":1}"), NULL },
    { "ledger of noise",    CHUNK_LEDGER, BYTES("]["), "not a JSON object" },
    { "ledger with a NUL",  CHUNK_LEDGER, BYTES("{}\0"), "not JSON" },
    { "ledger that is a list", CHUNK_LEDGER, BYTES("[1]"),
      "not a JSON object" },
    { "second header",      CHUNK_HEADER, BYTES("{}"), "not the first" },
    { "good index",         CHUNK_INDEX, BYTES("\0" "\0"), NULL },
    { "index of nothing",   CHUNK_INDEX, BYTES(""), "cut short" },
    { "a kind of the future", (enum chunk_kind)99, BYTES("what?"), NULL },
};
/* clang-format on */

static void forge_beginning(struct forge *f)
{
    forge_init(f);
    forge_chunk(f, CHUNK_STRINGS,
                BYTES("\x01"
                      "a"));
    forge_chunk(f, CHUNK_MODULES, BYTES("\1\1\0\2\4\2\0"));
    forge_chunk(f, CHUNK_FRAMES, BYTES("\1\2\0\0"));
    forge_chunk(f, CHUNK_STACKS, BYTES("\1\0\0"));
}

static void outcome_of(const struct forge *f, struct outcome *o)
{
    struct mem_file m = mem_file_open(f->bytes.data, f->bytes.size);

    outcome_read(m.path, o);
    mem_file_close(&m);
}

static void reader__refuses_forgeries(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(forgeries); i++) {
        const char *text = forgeries[i].text;
        struct forge f;
        struct outcome o;

        print_message("  %s\n", forgeries[i].what);
        forge_beginning(&f);
        forge_chunk(&f, forgeries[i].kind, forgeries[i].raw, forgeries[i].size);
        outcome_of(&f, &o);
        if (text == NULL) {
            assert_int_equal(o.rc, ERR_NOT_FOUND);
        } else {
            assert_int_equal(o.rc, ERR_BAD_FORMAT);
            assert_int_equal(o.count, 0);
            assert_non_null(strstr(o.err.text, text));
        }
        forge_fini(&f);
    }
}

static void reader__wants_the_header_first(void **unused)
{
    static const struct {
        const char *what;
        unsigned kind;
        const char *raw;
        size_t size;
    } firsts[] = {
        { "strings", CHUNK_STRINGS, BYTES("\1a") },
        { "a kind of the future", 99, BYTES("x") },
        { "a header that is no JSON", CHUNK_HEADER, BYTES("{") },
        { "a header that is a number", CHUNK_HEADER, BYTES("1") },
        { "nothing in the header", CHUNK_HEADER, BYTES("") },
        { "a header with a bad argument", CHUNK_HEADER,
          BYTES("{\"argv\":[1]}") },
    };

    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(firsts); i++) {
        struct forge f;
        struct outcome o;

        print_message("  %s\n", firsts[i].what);
        forge_init_bare(&f);
        forge_chunk(&f, firsts[i].kind, firsts[i].raw, firsts[i].size);
        outcome_of(&f, &o);
        assert_int_equal(o.open_rc, ERR_BAD_FORMAT);
        forge_fini(&f);
    }
}

/* A header of nothing but opening brackets must not recurse to the end of
 * the stack. */
static void reader__refuses_deep_json(void **unused)
{
    char *deep = malloc(CHUNK_MAX);
    struct forge f;
    struct outcome o;

    (void)unused;
    assert_non_null(deep);
    memset(deep, '[', CHUNK_MAX);
    memcpy(deep, "{\"a\":", 5);
    forge_init_bare(&f);
    forge_chunk(&f, CHUNK_HEADER, deep, CHUNK_MAX);
    outcome_of(&f, &o);
    assert_int_equal(o.open_rc, ERR_BAD_FORMAT);
    forge_fini(&f);
    free(deep);
}

static void reader__steps_over_unknown_chunks(void **unused)
{
    struct forge f;
    struct outcome o;

    (void)unused;
    forge_init(&f);
    forge_chunk(&f, 77, BYTES("from a later version"));
    forge_stored(&f, 78, BYTES("packed in a later way"), 12345);
    forge_chunk(&f, CHUNK_EVENTS, BYTES("\0\1\0\0\0\2\0\2\5\0\2\0"));
    forge_chunk(&f, 77, BYTES("from a later version"));
    forge_chunk(&f, CHUNK_INDEX, BYTES("\0\0"));
    outcome_of(&f, &o);
    assert_int_equal(o.rc, ERR_NOT_FOUND);
    assert_int_equal(o.count, 1);
    assert_true(o.is_sealed);
    forge_fini(&f);
}

static void reader__notices_a_missing_chunk(void **unused)
{
    struct forge f;
    struct outcome o;

    (void)unused;
    forge_init(&f);
    f.number++;
    forge_chunk(&f, CHUNK_INDEX, BYTES("\0\0"));
    outcome_of(&f, &o);
    assert_int_equal(o.rc, ERR_BAD_FORMAT);
    assert_non_null(strstr(o.err.text, "missing"));
    forge_fini(&f);
}

/* Frames of zstd that are not what the chunk header says. */
static void reader__refuses_frames_of_another_length(void **unused)
{
    struct forge donor, f;
    struct outcome o;
    char *zeros = calloc(CHUNK_MAX, 1);
    const uint8_t *frame;
    size_t size;

    (void)unused;
    assert_non_null(zeros);
    forge_init_bare(&donor);
    size = donor.bytes.size + CHUNK_HEADER_SIZE;
    forge_chunk(&donor, CHUNK_STRINGS, zeros, CHUNK_MAX);
    frame = donor.bytes.data + size;
    size = donor.bytes.size - size;
    assert_true(size < 1000); /* a bomb */

    for (int i = 0; i < 4; i++) {
        forge_init(&f);
        if (i == 0)
            forge_stored(&f, CHUNK_LEDGER, frame, size, 10);
        else if (i == 1)
            forge_stored(&f, CHUNK_LEDGER, frame, size, CHUNK_MAX - 1);
        else if (i == 2) /* cut, but with the right checksum */
            forge_stored(&f, CHUNK_LEDGER, frame, size - 1, CHUNK_MAX);
        else
            forge_stored(&f, CHUNK_LEDGER, BYTES("no frame at all"), 10);
        outcome_of(&f, &o);
        assert_int_equal(o.rc, ERR_BAD_FORMAT);
        assert_non_null(strstr(o.err.text, "wrong length"));
        forge_fini(&f);
    }
    forge_fini(&donor);
    free(zeros);
}

/* A chunk header that claims more than a chunk may hold. */
static void reader__refuses_too_large_chunks(void **unused)
{
    struct forge f;
    struct outcome o;

    (void)unused;
    forge_init(&f);
    forge_stored(&f, 99, BYTES("x"), CHUNK_MAX + 1);
    outcome_of(&f, &o);
    assert_int_equal(o.rc, ERR_BAD_FORMAT);
    assert_non_null(strstr(o.err.text, "too large"));
    forge_fini(&f);
}

/* Eight thousand stacks in a hundred bytes, again and again: a legal file, in
 * a way, but it must not take more memory than its size warrants. */
static void reader__bounds_the_memory_of_tables(void **unused)
{
    enum { ROWS = FORMAT_ROWS_MAX, CHUNKS = 2000 };
    struct buf raw = { 0 };
    struct forge f;
    struct outcome o;
    struct err err = { 0 };

    (void)unused;
    assert_int_equal(buf_varint(&raw, ROWS, &err), ERR_OK);
    for (size_t i = 0; i < 2 * ROWS; i++) /* all on ROOT, all of frame 0 */
        assert_int_equal(buf_varint(&raw, 0, &err), ERR_OK);
    forge_beginning(&f);
    for (int i = 0; i < CHUNKS; i++)
        forge_chunk(&f, CHUNK_STACKS, raw.data, raw.size);
    outcome_of(&f, &o);
    assert_int_equal(o.rc, ERR_BAD_FORMAT);
    assert_non_null(strstr(o.err.text, "tables are too large"));
    assert_true(f.bytes.size < 1 << 20);
    assert_true(o.tables_bytes > 64 << 20);
    assert_true(o.tables_bytes < 512 << 20);
    buf_fini(&raw);
    forge_fini(&f);
}

/* Time goes on from chunk to chunk as well. */
static void reader__compares_time_across_chunks(void **unused)
{
    struct forge f;
    struct outcome o;

    (void)unused;
    forge_init(&f);
    forge_chunk(&f, CHUNK_EVENTS, BYTES("\0\1\7\0\0\x0a\0\0\0\0\0\0"));
    forge_chunk(&f, CHUNK_EVENTS, BYTES("\1\1\7\0\0\x0a\0\0\0\0\0\0"));
    forge_chunk(&f, CHUNK_EVENTS, BYTES("\2\1\7\0\0\x08\0\0\0\0\0\0"));
    outcome_of(&f, &o);
    assert_int_equal(o.rc, ERR_BAD_FORMAT);
    assert_int_equal(o.count, 2);
    assert_non_null(strstr(o.err.text, "event 2 is before"));
    forge_fini(&f);
}

/* The index is the end, whatever was left behind it. */
static void reader__stops_at_the_index(void **unused)
{
    struct forge f;
    struct outcome o;

    (void)unused;
    forge_init(&f);
    forge_chunk(&f, CHUNK_INDEX, BYTES("\1\0")); /* one more follows */
    forge_chunk(&f, CHUNK_INDEX, BYTES("\0\0"));
    forge_chunk(&f, CHUNK_EVENTS, BYTES("no events at all"));
    outcome_of(&f, &o);
    assert_int_equal(o.rc, ERR_NOT_FOUND);
    assert_true(o.is_sealed);
    forge_fini(&f);
}

static void reader__bounds_the_length_of_strings(void **unused)
{
    enum { LONGEST = 1 << 16 };

    (void)unused;
    for (size_t size = LONGEST; size <= LONGEST + 1; size++) {
        struct buf raw = { 0 };
        struct err err = { 0 };
        struct forge f;
        struct outcome o;

        assert_int_equal(buf_varint(&raw, size, &err), ERR_OK);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(buf_le(&raw, 'x', 1, &err), ERR_OK);
        forge_init(&f);
        forge_chunk(&f, CHUNK_STRINGS, raw.data, raw.size);
        outcome_of(&f, &o);
        assert_int_equal(o.rc,
                         size == LONGEST ? ERR_NOT_FOUND : ERR_BAD_FORMAT);
        forge_fini(&f);
        buf_fini(&raw);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reader__refuses_forgeries),
        cmocka_unit_test(reader__wants_the_header_first),
        cmocka_unit_test(reader__refuses_deep_json),
        cmocka_unit_test(reader__steps_over_unknown_chunks),
        cmocka_unit_test(reader__notices_a_missing_chunk),
        cmocka_unit_test(reader__refuses_frames_of_another_length),
        cmocka_unit_test(reader__refuses_too_large_chunks),
        cmocka_unit_test(reader__bounds_the_memory_of_tables),
        cmocka_unit_test(reader__compares_time_across_chunks),
        cmocka_unit_test(reader__stops_at_the_index),
        cmocka_unit_test(reader__bounds_the_length_of_strings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
