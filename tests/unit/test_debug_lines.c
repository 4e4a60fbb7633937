#include "symbols/debug_lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "support/alloc_fail.h"
#include "symbols/debug_rows.h"
#include "symbols/image.h"
#include "symbols/line_program.h"
#include "symbols/maps.h"
#include "symbols/specimen.h"

static const char self[] = "/proc/self/exe";

/* Where this very instruction stands: inside whatever it is inlined into. */
static inline __attribute__((always_inline)) uintptr_t here(void)
{
    uintptr_t pc;

    __asm__ volatile("lea 0f(%%rip), %0\n0: nop" : "=r"(pc));
    return pc;
}

enum { INNER_LINE = __LINE__ + 3 };
static inline __attribute__((always_inline)) uintptr_t inner(void)
{
    return here();
}

enum { MIDDLE_LINE = __LINE__ + 3 };
static inline __attribute__((always_inline)) uintptr_t middle(void)
{
    return inner();
}

enum { OUTER_LINE = __LINE__ + 3 };
__attribute__((noinline)) static uintptr_t outer(void)
{
    return middle();
}

struct opened {
    struct image *img;
    struct debug_lines *dl;
    uint64_t bias;
};

static uint64_t bias_of(const struct image *img)
{
    struct maps m;
    struct err err = { 0 };
    const struct map_entry *entry;
    uint64_t vaddr, bias;

    assert_int_equal(maps_read(getpid(), &m, &err), ERR_OK);
    entry = maps_find(&m, (tracee_addr)(uintptr_t)outer);
    assert_non_null(entry);
    assert_true(image_vaddr_of_offset(img, entry->file_offset, &vaddr));
    bias = entry->start - vaddr;
    maps_fini(&m);
    return bias;
}

/* False when this program was built without debug information. */
static bool open_self(struct opened *o)
{
    struct err err = { 0 };

    assert_int_equal(image_open(self, &o->img, &err), ERR_OK);
    o->bias = bias_of(o->img);
    if (image_debug_path(o->img) == NULL) {
        image_close(o->img);
        return false;
    }
    assert_int_equal(debug_lines_open(image_debug_path(o->img), &o->dl, &err),
                     ERR_OK);
    return true;
}

static void close_self(struct opened *o)
{
    debug_lines_close(o->dl);
    image_close(o->img);
}

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text);

    return size >= strlen(end) && strcmp(text + size - strlen(end), end) == 0;
}

static void debug_lines__unfolds_inlined_calls(void **unused)
{
    static const struct {
        const char *function;
        uint32_t line; /* 0: not compared */
        bool is_inlined;
    } want[] = {
        { "here", 0, true },
        { "inner", INNER_LINE, true },
        { "middle", MIDDLE_LINE, true },
        { "outer", OUTER_LINE, false },
    };
    struct line_call calls[LINE_CALLS_MAX];
    struct opened o;
    struct err err = { 0 };
    size_t count;

    (void)unused;
    if (!open_self(&o))
        skip();
    for (int round = 0; round < 2; round++) { /* read, then remembered */
        assert_int_equal(
            debug_lines_find(o.dl, outer() - o.bias, calls, &count, &err),
            ERR_OK);
        assert_int_equal(count, ARRAY_LEN(want));
        for (size_t i = 0; i < count; i++) {
            assert_string_equal(calls[i].function, want[i].function);
            assert_true(
                ends_with(calls[i].file, "/tests/unit/test_debug_lines.c"));
            assert_int_equal(calls[i].file[0], '/');
            assert_int_equal(calls[i].is_inlined, want[i].is_inlined);
            if (want[i].line != 0) {
                assert_int_equal(calls[i].line, want[i].line);
                assert_int_equal(calls[i].column, 12);
            }
        }
    }
    close_self(&o);
}

static void debug_lines__knows_where_no_unit_is(void **unused)
{
    struct line_call calls[LINE_CALLS_MAX];
    struct opened o;
    struct err err = { 0 };
    size_t count;

    (void)unused;
    if (!open_self(&o))
        skip();
    assert_int_equal(debug_lines_find(o.dl, 0, calls, &count, &err),
                     ERR_NOT_FOUND);
    assert_int_equal(count, 0);
    assert_int_equal(debug_lines_find(o.dl, UINT64_MAX, calls, &count, &err),
                     ERR_NOT_FOUND);
    close_self(&o);
}

static void debug_lines__tells_what_was_only_inlined(void **unused)
{
    static const struct {
        const char *name;
        bool want;
    } cases[] = {
        { "middle", true },
        { "outer", false },  /* has code */
        { "malloc", false }, /* declared */
        { "no_such", false },
    };
    struct opened o;
    struct err err = { 0 };

    (void)unused;
    if (!open_self(&o))
        skip();
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        bool got = !cases[i].want;

        print_message("  %s\n", cases[i].name);
        assert_int_equal(
            debug_lines_only_inlined(o.dl, cases[i].name, &got, &err), ERR_OK);
        assert_int_equal(got, cases[i].want);
    }
    close_self(&o);
}

static void debug_lines__refuses_files_without_dwarf(void **unused)
{
    struct debug_lines *dl;
    struct err err = { 0 };

    (void)unused;
    assert_int_equal(debug_lines_open("/no/such/file", &dl, &err), ERR_IO);
    assert_null(dl);
    assert_int_not_equal(debug_lines_open("/proc/self/status", &dl, &err),
                         ERR_OK);
    assert_null(dl);
}

/* clang-format off */
/* Header of version 5 without tables: min instruction 1, one operation,
 * default_is_stmt, line_base -5, line_range 14, opcode_base 13 and its
 * operand counts. */
#define LENGTH(n) (n) & 0xff, (n) >> 8, 0, 0
#define HEADER5(n) LENGTH(26 + (n)), 5, 0, 8, 0, LENGTH(18), 1, 1, 1, 0xfb, \
    14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1
#define HEADER4(n) LENGTH(24 + (n)), 4, 0, LENGTH(18), 1, 1, 1, 0xfb, \
    14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1
#define AT(a) 0, 9, 2, (a) & 0xff, (a) >> 8, 0, 0, 0, 0, 0, 0 /* 11 bytes */
#define END 0, 1, 1

static const struct {
    const char *what;
    uint8_t bytes[96];
    size_t size;
    enum err_code want;
    size_t count;
    struct line_row first; /* when there is one */
} tables[] = {
    { "version 5 begins in file 1", { HEADER5(16), AT(0x1000), 1, 1, END },
      46, ERR_OK, 3, { 0x1000, 1, 1, 0, false } },
    { "version 4 too", { HEADER4(15), AT(0x1000), 1, END }, 43, ERR_OK, 2,
      { 0x1000, 1, 1, 0, false } },
    { "registers", { HEADER5(22), AT(0x1000), 4, 7, 5, 9, 3, 11, 1, 1, END },
      52, ERR_OK, 3, { 0x1000, 7, 12, 9, false } },
    { "line goes back", { HEADER5(21), AT(0x1000), 3, 20, 3, 0x76, 2, 4, 1,
      END }, 51, ERR_OK, 2, { 0x1004, 1, 11, 0, false } },
    /* 13 + 14 * 3 + 7: three on, two lines on */
    { "special opcode", { HEADER5(15), AT(0x1000), 62, END }, 45, ERR_OK, 2,
      { 0x1003, 1, 3, 0, false } },
    { "advance by a constant", { HEADER5(16), AT(0x1000), 8, 1, END }, 46,
      ERR_OK, 2, { 0x1011, 1, 1, 0, false } },
    { "fixed advance", { HEADER5(18), AT(0x1000), 9, 0x34, 0x12, 1, END },
      48, ERR_OK, 2, { 0x2234, 1, 1, 0, false } },
    { "thrown away", { HEADER5(16), AT(0), 1, 1, END }, 46, ERR_OK, 0,
      { 0 } },
    { "without an end", { HEADER5(13), AT(0x1000), 1, 1 }, 43, ERR_OK, 0,
      { 0 } },
    { "cut short", { HEADER5(80), AT(0x1000), 1, 1 }, 43, ERR_BAD_FORMAT, 0,
      { 0 } },
    { "cut in an operand", { HEADER5(16), AT(0x1000), 1, END, 4 }, 46,
      ERR_BAD_FORMAT, 2, { 0x1000, 1, 1, 0, false } },
    { "long operation", { HEADER5(13), AT(0x1000), 0, 127 }, 43,
      ERR_BAD_FORMAT, 0, { 0 } },
    { "version 6", { LENGTH(26), 6, 0, 8, 0, LENGTH(18) }, 30, ERR_BAD_FORMAT,
      0, { 0 } },
    { "line range 0", { LENGTH(26), 5, 0, 8, 0, LENGTH(18), 1, 1, 1, 0xfb,
      0, 13 }, 30, ERR_BAD_FORMAT, 0, { 0 } },
    { "opcode base 0", { LENGTH(26), 5, 0, 8, 0, LENGTH(18), 1, 1, 1, 0xfb,
      14, 0 }, 30, ERR_BAD_FORMAT, 0, { 0 } },
    { "header past the end", { LENGTH(26), 5, 0, 8, 0, LENGTH(200), 1, 1, 1,
      0xfb, 14, 13 }, 30, ERR_BAD_FORMAT, 0, { 0 } },
    { "nothing", { 0 }, 0, ERR_BAD_FORMAT, 0, { 0 } },
};
/* clang-format on */

/* The section is exactly as long as it says, for the sanitizer to see. */
static void line_program__runs_tables(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        struct line_rows out = { 0 };
        struct err err = { 0 };
        uint8_t *copy = malloc(tables[i].size + 1);

        print_message("  %s\n", tables[i].what);
        assert_non_null(copy);
        memcpy(copy, tables[i].bytes, tables[i].size);
        assert_int_equal(line_program_run(copy, tables[i].size, 0, &out, &err),
                         tables[i].want);
        assert_int_equal(out.count, tables[i].count);
        if (out.count > 0) {
            assert_true(out.rows[0].vaddr == tables[i].first.vaddr);
            assert_int_equal(out.rows[0].file, tables[i].first.file);
            assert_int_equal(out.rows[0].line, tables[i].first.line);
            assert_int_equal(out.rows[0].column, tables[i].first.column);
            assert_true(out.rows[out.count - 1].is_end);
        }
        free(out.rows);
        free(copy);
    }
}

static void line_program__survives_random_bytes(void **unused)
{
    struct specimen s = { .random = 99 };
    uint8_t bytes[256] = { HEADER5(226) };

    (void)unused;
    for (int round = 0; round < 20000; round++) {
        struct line_rows out = { 0 };
        struct err err = { 0 };
        enum err_code rc;

        for (size_t i = 30; i < sizeof(bytes); i++)
            bytes[i] = (uint8_t)specimen_random(&s, round % 2 == 0 ? 256 : 14);
        rc = line_program_run(bytes, sizeof(bytes), 0, &out, &err);
        assert_true(rc == ERR_OK || rc == ERR_BAD_FORMAT);
        assert_true(out.count == 0 || out.rows[out.count - 1].is_end);
        free(out.rows);
    }
}

/* Opens what may be damaged and asks for addresses all over it. */
static void use(const char *path)
{
    struct line_call calls[LINE_CALLS_MAX];
    struct image *img;
    struct debug_lines *dl = NULL;
    struct err err = { 0 };
    uint64_t start, end;
    size_t count;
    bool only;
    enum err_code rc = image_open(path, &img, &err);

    if (rc == ERR_OK)
        rc = debug_lines_open(image_self_path(img), &dl, &err);
    if (rc == ERR_OK) {
        image_span(img, &start, &end);
        for (uint64_t i = 0; i < 100; i++) {
            rc = debug_lines_find(dl, start + (end - start) / 100 * i, calls,
                                  &count, &err);
            assert_true(rc == ERR_OK || rc == ERR_NOT_FOUND);
            assert_true((rc == ERR_OK) == (count > 0));
        }
        rc = debug_lines_only_inlined(dl, "middle", &only, &err);
        assert_int_equal(rc, ERR_OK);
    }
    debug_lines_close(dl);
    image_close(img);
}

/* Cuts, and damaged section headers: they say where the debug information
 * is. */
static void debug_lines__survives_damage(void **unused)
{
    struct specimen s;

    (void)unused;
    specimen_open(&s, self, 1234);
    use(specimen_whole(&s));
    for (size_t size = s.size / 2; size < s.size; size += s.size / 20)
        use(specimen_cut(&s, size));
    for (int i = 0; i < 60; i++)
        use(specimen_damage(&s, s.size - 2000, s.size,
                            1 + specimen_random(&s, 4)));
    specimen_close(&s);
}

static void debug_lines__survives_each_failed_allocation(void **unused)
{
    struct line_call calls[LINE_CALLS_MAX];
    enum err_code rc = ERR_NO_MEMORY;
    struct err err = { 0 };
    struct opened o;
    size_t nth = 1;
    size_t count;

    (void)unused;
    if (!open_self(&o))
        skip();
    for (; rc == ERR_NO_MEMORY && nth < 1000; nth++) {
        struct debug_lines *dl;

        alloc_fail_at(nth);
        rc = debug_lines_open(image_debug_path(o.img), &dl, &err);
        if (rc == ERR_OK)
            rc = debug_lines_find(dl, outer() - o.bias, calls, &count, &err);
        alloc_fail_at(0);
        debug_lines_close(dl);
    }
    assert_int_equal(rc, ERR_OK);
    assert_true(nth > 10);
    close_self(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(debug_lines__unfolds_inlined_calls),
        cmocka_unit_test(debug_lines__knows_where_no_unit_is),
        cmocka_unit_test(debug_lines__tells_what_was_only_inlined),
        cmocka_unit_test(debug_lines__refuses_files_without_dwarf),
        cmocka_unit_test(line_program__runs_tables),
        cmocka_unit_test(line_program__survives_random_bytes),
        cmocka_unit_test(debug_lines__survives_damage),
        cmocka_unit_test(debug_lines__survives_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
