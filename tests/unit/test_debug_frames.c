#include "symbols/debug_frames.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "support/alloc_fail.h"
#include "symbols/debug_cfa.h"
#include "symbols/maps.h"
#include "symbols/specimen.h"

enum { RBX = 3, RBP = 6, RSP = 7, R12 = 12, RA = 16 };

static const char self[] = "/proc/self/exe";
static const char libc_path[] = "/lib/x86_64-linux-gnu/libc.so.6";

/* clang-format off */
#define COMMON 0x0c, RSP, 8, 0x90, 1 /* def_cfa rsp+8; ra at cfa-8 */

static const struct {
    const char *what;
    uint8_t code[24];
    size_t size;
    uint64_t vaddr; /* of [0x1000, 0x1100) */
    enum err_code want;
    uint64_t start, end;
    struct { enum unwind_rule_kind kind; int reg; int64_t offset; } cfa, rbx;
} programs[] = {
    { "nothing", { 0 }, 0, 0x1000, ERR_OK, 0x1000, 0x1100,
      { UNWIND_REG_OFFSET, RSP, 8 }, { UNWIND_SAME, 0, 0 } },
    { "before a push", { 0x41, 0x0e, 16, 0x83, 2 }, 5, 0x1000, ERR_OK,
      0x1000, 0x1001, { UNWIND_REG_OFFSET, RSP, 8 }, { UNWIND_SAME, 0, 0 } },
    { "after it", { 0x41, 0x0e, 16, 0x83, 2 }, 5, 0x1001, ERR_OK,
      0x1001, 0x1100, { UNWIND_REG_OFFSET, RSP, 16 },
      { UNWIND_CFA_OFFSET, 0, -16 } },
    { "restored", { 0x83, 2, 0x41, 0xc3 }, 4, 0x1001, ERR_OK,
      0x1001, 0x1100, { UNWIND_REG_OFFSET, RSP, 8 }, { UNWIND_SAME, 0, 0 } },
    { "by frame pointer", { 0x0d, RBP, 0x0e, 16 }, 4, 0x1050, ERR_OK,
      0x1000, 0x1100, { UNWIND_REG_OFFSET, RBP, 16 }, { UNWIND_SAME, 0, 0 } },
    { "remembered", { 0x0a, 0x0e, 32, 0x42, 0x0b }, 5, 0x1001, ERR_OK,
      0x1000, 0x1002, { UNWIND_REG_OFFSET, RSP, 32 },
      { UNWIND_SAME, 0, 0 } },
    { "and recalled", { 0x0a, 0x0e, 32, 0x42, 0x0b }, 5, 0x1002, ERR_OK,
      0x1002, 0x1100, { UNWIND_REG_OFFSET, RSP, 8 }, { UNWIND_SAME, 0, 0 } },
    { "signed offset of a value", { 0x15, RBX, 0x7e }, 3, 0x1000, ERR_OK,
      0x1000, 0x1100, { UNWIND_REG_OFFSET, RSP, 8 },
      { UNWIND_CFA_VALUE, 0, 16 } },
    { "copied from another", { 0x09, RBX, R12 }, 3, 0x1000, ERR_OK,
      0x1000, 0x1100, { UNWIND_REG_OFFSET, RSP, 8 },
      { UNWIND_REG_OFFSET, R12, 0 } },
    { "lost", { 0x07, RBX }, 2, 0x1000, ERR_OK, 0x1000, 0x1100,
      { UNWIND_REG_OFFSET, RSP, 8 }, { UNWIND_UNDEFINED, 0, 0 } },
    { "vector register", { 0x05, 60, 2 }, 3, 0x1000, ERR_OK, 0x1000, 0x1100,
      { UNWIND_REG_OFFSET, RSP, 8 }, { UNWIND_SAME, 0, 0 } },
    { "arguments pushed", { 0x2e, 16 }, 2, 0x1000, ERR_OK, 0x1000, 0x1100,
      { UNWIND_REG_OFFSET, RSP, 8 }, { UNWIND_SAME, 0, 0 } },
    { "advance past the end", { 0x04, 0xff, 0xff, 0xff, 0xff }, 5, 0x10ff,
      ERR_OK, 0x1000, 0x1100, { UNWIND_REG_OFFSET, RSP, 8 },
      { UNWIND_SAME, 0, 0 } },
    { "advance that would wrap", { 0x1d, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff }, 9, 0x1000, ERR_OK, 0x1000, 0x1100,
      { UNWIND_REG_OFFSET, RSP, 8 }, { UNWIND_SAME, 0, 0 } },
    { "damage behind the row", { 0x41, 0x3f }, 2, 0x1000, ERR_OK, 0x1000,
      0x1001, { UNWIND_REG_OFFSET, RSP, 8 }, { UNWIND_SAME, 0, 0 } },
#define BAD ERR_BAD_FORMAT, 0, 0, { 0, 0, 0 }, { 0, 0, 0 }
    { "unknown", { 0x3f }, 1, 0x1000, BAD },
    { "cut in an operand", { 0x0c, RSP }, 2, 0x1000, BAD },
    { "recall of nothing", { 0x0b }, 1, 0x1000, BAD },
    { "remembers without end", { 10, 10, 10, 10, 10, 10, 10, 10, 10, 10 },
      10, 0x1000, BAD },
    { "number without end", { 0x0e, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
      0x80, 0x80, 0x80, 0x80, 1 }, 13, 0x1000, BAD },
    { "CFA from a vector register", { 0x0c, 60, 8 }, 3, 0x1000, BAD },
    { "expression past the end", { 0x0f, 9, 0x77, 8 }, 4, 0x1000, BAD },
    { "expression that would lead back", { 0x0f, 0xf5, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 1 }, 11, 0x1000, BAD },
    { "offset of an expression", { 0x0f, 2, 0x77, 8, 0x0e, 8 }, 6, 0x1000,
      BAD },
};
/* clang-format on */

static void debug_frames__runs_programs(void **unused)
{
    static const uint8_t common[] = { COMMON };

    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
        const struct cfa_program p = {
            .common = { common, sizeof(common) },
            .own = { programs[i].code, programs[i].size },
            .code_align = 1,
            .data_align = -8,
            .start = 0x1000,
            .end = 0x1100,
        };
        struct cfa_row row;
        struct err err = { 0 };

        print_message("  %s\n", programs[i].what);
        assert_int_equal(debug_cfa_run(&p, programs[i].vaddr, &row, &err),
                         programs[i].want);
        if (programs[i].want != ERR_OK)
            continue;
        assert_true(row.start == programs[i].start);
        assert_true(row.end == programs[i].end);
        assert_int_equal(row.cfa.kind, programs[i].cfa.kind);
        assert_int_equal(row.cfa.reg, programs[i].cfa.reg);
        assert_true(row.cfa.offset == programs[i].cfa.offset);
        assert_int_equal(row.regs[RBX].kind, programs[i].rbx.kind);
        assert_int_equal(row.regs[RBX].reg, programs[i].rbx.reg);
        assert_true(row.regs[RBX].offset == programs[i].rbx.offset);
        assert_int_equal(row.regs[RA].kind, UNWIND_CFA_OFFSET);
        assert_true(row.regs[RA].offset == -8);
    }
}

/* clang-format off */
static const struct {
    const char *what;
    uint8_t code[40];
    size_t size;
    enum err_code want;
    size_t count;
    struct { enum unwind_op_kind kind; int reg; int64_t operand; } last;
} expressions[] = {
    { "rsp+160, read", { 0x77, 0xa0, 0x01, 0x06 }, 4, ERR_OK, 2,
      { UNWIND_OP_DEREF, 0, 0 } },
    { "rbp-8", { 0x76, 0x78 }, 2, ERR_OK, 1, { UNWIND_OP_REG, RBP, -8 } },
    { "any register", { 0x92, 12, 4 }, 3, ERR_OK, 1,
      { UNWIND_OP_REG, R12, 4 } },
    { "literal", { 0x4f }, 1, ERR_OK, 1, { UNWIND_OP_PUSH, 0, 31 } },
    { "signed byte", { 0x09, 0xff }, 2, ERR_OK, 1, { UNWIND_OP_PUSH, 0, -1 } },
    { "unsigned byte", { 0x08, 0xff }, 2, ERR_OK, 1,
      { UNWIND_OP_PUSH, 0, 255 } },
    { "signed two", { 0x0b, 0, 0x80 }, 3, ERR_OK, 1,
      { UNWIND_OP_PUSH, 0, -32768 } },
    { "signed eight", { 0x0f, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff }, 9, ERR_OK, 1, { UNWIND_OP_PUSH, 0, -2 } },
    { "signed LEB", { 0x11, 0x7f }, 2, ERR_OK, 1, { UNWIND_OP_PUSH, 0, -1 } },
    { "plus constant", { 0x77, 0, 0x23, 0x80, 0x01 }, 5, ERR_OK, 2,
      { UNWIND_OP_ADD_IMM, 0, 128 } },
    { "empty", { 0 }, 0, ERR_BAD_FORMAT, 0, { 0, 0, 0 } },
    { "cut", { 0x0c, 1, 2 }, 3, ERR_BAD_FORMAT, 0, { 0, 0, 0 } },
    { "vector register", { 0x92, 60, 4 }, 3, ERR_BAD_FORMAT, 0,
      { 0, 0, 0 } },
    { "a jump", { 0x2f, 0xfd, 0xff }, 3, ERR_BAD_FORMAT, 0, { 0, 0, 0 } },
    { "too many", { 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30,
      0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30,
      0x30, 0x30, 0x30, 0x30 }, 25, ERR_BAD_FORMAT, 0, { 0, 0, 0 } },
};
/* clang-format on */

static void debug_frames__decodes_expressions(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(expressions); i++) {
        const struct cfa_code code = { expressions[i].code,
                                       expressions[i].size };
        struct unwind_op ops[UNWIND_OPS_MAX];
        struct err err = { 0 };
        size_t count;

        print_message("  %s\n", expressions[i].what);
        assert_int_equal(debug_cfa_decode(&code, ops, &count, &err),
                         expressions[i].want);
        if (expressions[i].want != ERR_OK)
            continue;
        assert_int_equal(count, expressions[i].count);
        assert_int_equal(ops[count - 1].kind, expressions[i].last.kind);
        assert_int_equal(ops[count - 1].reg, expressions[i].last.reg);
        assert_true(ops[count - 1].operand == expressions[i].last.operand);
    }
}

struct opened {
    struct image *img;
    struct debug_frames *df;
};

static struct opened open_or_fail(const char *path)
{
    struct opened o;
    struct err err = { 0 };

    if (image_open(path, &o.img, &err) != ERR_OK ||
        debug_frames_open(o.img, &o.df, &err) != ERR_OK)
        fail_msg("%s", err.text);
    return o;
}

static void close_both(struct opened *o)
{
    debug_frames_close(o->df);
    image_close(o->img);
}

static void keep_symbol(void *ctx, const struct image_symbol *s)
{
    *(struct image_symbol *)ctx = *s;
}

static struct image_symbol symbol_named(struct image *img, const char *name)
{
    struct image_symbol s = { 0 };
    struct err err = { 0 };

    assert_int_equal(image_find_functions(img, name, keep_symbol, &s, &err),
                     ERR_OK);
    return s;
}

static void debug_frames__caches_rows(void **unused)
{
    struct opened o = open_or_fail(self);
    struct image_symbol main_symbol = symbol_named(o.img, "main");
    const struct unwind_row *first, *again, *neighbour;
    struct err err = { 0 };

    (void)unused;
    assert_int_equal(debug_frames_find(o.df, main_symbol.vaddr, &first, &err),
                     ERR_OK);
    assert_true(first->start == main_symbol.vaddr);
    assert_int_equal(first->cfa.kind, UNWIND_REG_OFFSET);
    assert_int_equal(first->cfa.reg, RSP);
    assert_true(first->cfa.offset == 8);
    assert_false(first->is_signal_frame);
    assert_int_equal(debug_frames_find(o.df, main_symbol.vaddr, &again, &err),
                     ERR_OK);
    assert_ptr_equal(first, again);
    /* Another address of the same row: the same row. */
    assert_int_equal(debug_frames_find(o.df, first->end - 1, &neighbour, &err),
                     ERR_OK);
    assert_ptr_equal(first, neighbour);
    assert_int_equal(debug_frames_find(o.df, first->end, &neighbour, &err),
                     ERR_OK);
    assert_ptr_not_equal(first, neighbour);
    assert_true(neighbour->start == first->end);
    close_both(&o);
}

static void debug_frames__knows_gaps(void **unused)
{
    struct opened o = open_or_fail(self);
    const struct unwind_row *row;
    struct err err = { 0 };
    uint64_t start, end;

    (void)unused;
    image_span(o.img, &start, &end);
    assert_int_equal(debug_frames_find(o.df, 0, &row, &err), ERR_NOT_FOUND);
    assert_null(row);
    assert_int_equal(debug_frames_find(o.df, end, &row, &err), ERR_NOT_FOUND);
    assert_int_equal(debug_frames_find(o.df, UINT64_MAX, &row, &err),
                     ERR_NOT_FOUND);
    close_both(&o);
}

/* The first function of a program has no caller: its start code says so. */
static void debug_frames__ends_at_the_start_code(void **unused)
{
    struct opened o = open_or_fail(self);
    const struct unwind_row *row;
    struct err err = { 0 };

    (void)unused;
    assert_int_equal(
        debug_frames_find(o.df, image_entry(o.img) + 4, &row, &err), ERR_OK);
    assert_int_equal(row->regs[RA].kind, UNWIND_UNDEFINED);
    close_both(&o);
}

static void debug_frames__reads_signal_frames(void **unused)
{
    const struct unwind_row *row;
    struct err err = { 0 };
    struct opened o;
    struct image_symbol handler;
    bool found = false;

    (void)unused;
    if (access(libc_path, R_OK) != 0)
        skip();
    o = open_or_fail(libc_path);
    handler = symbol_named(o.img, "__restore_rt"); /* debug file only */
    if (handler.vaddr != 0) {
        found = true;
        assert_int_equal(debug_frames_find(o.df, handler.vaddr, &row, &err),
                         ERR_OK);
        assert_true(row->is_signal_frame);
        assert_int_equal(row->cfa.kind, UNWIND_EXPR);
        assert_int_equal(row->cfa.ops[row->cfa.op_count - 1].kind,
                         UNWIND_OP_DEREF);
        for (int reg = 0; reg < UNWIND_REG_MAX; reg++)
            assert_int_equal(row->regs[reg].kind, UNWIND_EXPR);
        /* The address of the saved pc: rsp + 168, <bits/sigcontext.h>. */
        assert_int_equal(row->regs[RA].op_count, 1);
        assert_int_equal(row->regs[RA].ops[0].kind, UNWIND_OP_REG);
        assert_int_equal(row->regs[RA].ops[0].reg, RSP);
        assert_true(row->regs[RA].ops[0].operand == 168);
    }
    close_both(&o);
    if (!found)
        skip();
}

/* The last row of the first function of .eh_frame: linkers describe the whole
 * PLT by one expression, rsp + 8 + ((rip & 15) >= 11) << 3. */
static void debug_frames__reads_the_plt(void **unused)
{
    static const enum unwind_op_kind want[] = {
        UNWIND_OP_REG,  UNWIND_OP_REG,  UNWIND_OP_PUSH,
        UNWIND_OP_AND,  UNWIND_OP_PUSH, UNWIND_OP_GE,
        UNWIND_OP_PUSH, UNWIND_OP_SHL,  UNWIND_OP_ADD,
    };
    const struct unwind_row *row = NULL;
    struct err err = { 0 };
    struct opened o = open_or_fail(self);
    uint64_t start, end;

    (void)unused;
    image_span(o.img, &start, &end);
    for (uint64_t at = start; at < end; at += 8)
        if (debug_frames_find(o.df, at, &row, &err) == ERR_OK &&
            row->cfa.kind == UNWIND_EXPR)
            break;
    if (row == NULL || row->cfa.kind != UNWIND_EXPR) {
        close_both(&o);
        skip(); /* linked without a lazy PLT */
    }
    assert_int_equal(row->cfa.op_count, ARRAY_LEN(want));
    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        assert_int_equal(row->cfa.ops[i].kind, want[i]);
    assert_int_equal(row->cfa.ops[0].reg, RSP);
    assert_int_equal(row->cfa.ops[1].reg, RA);
    close_both(&o);
}

static void debug_frames__gives_an_empty_set_without_frames(void **unused)
{
    static const char vaddr_only[] = "/proc/self/fd/1000";
    struct specimen s;
    struct opened o;
    const struct unwind_row *row;
    struct err err = { 0 };

    (void)unused;
    specimen_open(&s, self, 1);
    /* Without section headers there is no .eh_frame to be found. */
    assert_int_equal(pwrite(s.fd, "\0\0\0\0\0\0\0\0", 8, 40), 8);
    assert_int_equal(pwrite(s.fd, "\0\0\0\0", 4, 60), 4);
    assert_string_equal(specimen_cut(&s, s.size), vaddr_only);
    o = open_or_fail(vaddr_only);
    assert_int_equal(debug_frames_find(o.df, 0x1000, &row, &err),
                     ERR_NOT_FOUND);
    close_both(&o);
    specimen_close(&s);
}

/* Asks for addresses all over the file. */
static void use(const char *path)
{
    struct image *img;
    struct debug_frames *df = NULL;
    const struct unwind_row *row;
    struct err err = { 0 };
    uint64_t start, end;
    enum err_code rc = image_open(path, &img, &err);

    if (rc == ERR_OK)
        rc = debug_frames_open(img, &df, &err);
    assert_true(rc == ERR_OK || rc == ERR_BAD_FORMAT || rc == ERR_IO);
    if (rc == ERR_OK) {
        image_span(img, &start, &end);
        for (int i = 0; i < 500; i++) {
            uint64_t at = start + (end - start) / 500 * (uint64_t)i;

            rc = debug_frames_find(df, at, &row, &err);
            assert_true(rc == ERR_OK || rc == ERR_BAD_FORMAT ||
                        rc == ERR_NOT_FOUND);
            assert_true((rc == ERR_OK) == (row != NULL));
            if (rc == ERR_OK)
                assert_true(at >= row->start && at < row->end);
        }
    }
    debug_frames_close(df);
    image_close(img);
}

/* Where .eh_frame begins, roughly: at the first CIE that says "zR". */
static size_t find_cie(struct specimen *s)
{
    static uint8_t bytes[1 << 16];
    uint8_t want[] = { 0x01, 0x7a, 0x52, 0x00, 0x01, 0x78 };

    for (size_t at = 0; at < s->size; at += sizeof(bytes) - sizeof(want)) {
        ssize_t got = pread(s->fd, bytes, sizeof(bytes), (off_t)at);
        uint8_t *hit =
            got <= 0 ? NULL : memmem(bytes, (size_t)got, want, sizeof(want));

        if (hit != NULL)
            return at + (size_t)(hit - bytes);
    }
    return 0;
}

static void debug_frames__survives_damage(void **unused)
{
    struct specimen s;
    size_t cie;

    (void)unused;
    specimen_open(&s, self, 4711);
    cie = find_cie(&s);
    assert_true(cie > 0);
    for (int i = 0; i < 200; i++)
        use(specimen_damage(&s, cie - 8, cie + 1500,
                            1 + specimen_random(&s, 12)));
    for (int i = 0; i < 50; i++)
        use(specimen_damage(&s, s.size - 3000, s.size,
                            1 + specimen_random(&s, 8)));
    specimen_close(&s);
}

static void debug_frames__survives_each_failed_allocation(void **unused)
{
    enum err_code rc;
    size_t nth = 0;
    struct err err = { 0 };
    struct image *img;
    bool failed;

    (void)unused;
    assert_int_equal(image_open(self, &img, &err), ERR_OK);
    do {
        struct debug_frames *df;
        const struct unwind_row *row;

        alloc_fail_at(++nth);
        rc = debug_frames_open(img, &df, &err);
        if (rc == ERR_OK)
            rc = debug_frames_find(df, image_entry(img) + 4, &row, &err);
        failed = alloc_fail_happened();
        alloc_fail_at(0);
        debug_frames_close(df);
        /* The debug file is one that may be missing: done without. */
        assert_true(rc == ERR_OK || (failed && rc == ERR_NO_MEMORY));
    } while (failed && nth < 100);
    assert_int_equal(rc, ERR_OK);
    assert_true(nth > 4);
    image_close(img);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(debug_frames__runs_programs),
        cmocka_unit_test(debug_frames__decodes_expressions),
        cmocka_unit_test(debug_frames__caches_rows),
        cmocka_unit_test(debug_frames__knows_gaps),
        cmocka_unit_test(debug_frames__ends_at_the_start_code),
        cmocka_unit_test(debug_frames__reads_signal_frames),
        cmocka_unit_test(debug_frames__reads_the_plt),
        cmocka_unit_test(debug_frames__gives_an_empty_set_without_frames),
        cmocka_unit_test(debug_frames__survives_damage),
        cmocka_unit_test(debug_frames__survives_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
