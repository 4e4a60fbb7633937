#include "symbols/debug_cfa.h"

#include <dwarf.h>
#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "symbols/sleb.h"

enum {
    REMEMBER_MAX = 8,      /* compilers nest one deep */
    PROGRAM_MAX = 1 << 20, /* bytes; the longest of libc has 300 */
};

/* What an instruction does once its operands are read. */
enum action {
    ACTION_UNKNOWN,
    ACTION_NOTHING,
    ACTION_ADVANCE,
    ACTION_RULE, /* registers[reg] gets a rule of `kind` */
    ACTION_RESTORE,
    ACTION_REMEMBER,
    ACTION_RESTORE_STATE,
    ACTION_CFA, /* the CFA gets a rule of `kind` */
    ACTION_CFA_REG,
    ACTION_CFA_OFFSET,
};

struct instruction {
    enum action action;
    enum unwind_rule_kind kind;
    /* One letter per operand: r register, u unsigned, U and S unsigned and
     * signed times the data alignment, N minus U, b block, and 1 2 4 8 an
     * advance of so many bytes. */
    const char *operands;
};

/* clang-format off */
static const struct instruction instructions[0x40] = {
    [DW_CFA_nop]                = { ACTION_NOTHING, 0, "" },
    [DW_CFA_advance_loc1]       = { ACTION_ADVANCE, 0, "1" },
    [DW_CFA_advance_loc2]       = { ACTION_ADVANCE, 0, "2" },
    [DW_CFA_advance_loc4]       = { ACTION_ADVANCE, 0, "4" },
    [DW_CFA_MIPS_advance_loc8]  = { ACTION_ADVANCE, 0, "8" },
    [DW_CFA_offset_extended]    = { ACTION_RULE, UNWIND_CFA_OFFSET, "rU" },
    [DW_CFA_offset_extended_sf] = { ACTION_RULE, UNWIND_CFA_OFFSET, "rS" },
    [DW_CFA_GNU_negative_offset_extended]
                                = { ACTION_RULE, UNWIND_CFA_OFFSET, "rN" },
    [DW_CFA_val_offset]         = { ACTION_RULE, UNWIND_CFA_VALUE, "rU" },
    [DW_CFA_val_offset_sf]      = { ACTION_RULE, UNWIND_CFA_VALUE, "rS" },
    [DW_CFA_undefined]          = { ACTION_RULE, UNWIND_UNDEFINED, "r" },
    [DW_CFA_same_value]         = { ACTION_RULE, UNWIND_SAME, "r" },
    [DW_CFA_register]           = { ACTION_RULE, UNWIND_REG_OFFSET, "ru" },
    [DW_CFA_expression]         = { ACTION_RULE, UNWIND_EXPR, "rb" },
    [DW_CFA_val_expression]     = { ACTION_RULE, UNWIND_VALUE_EXPR, "rb" },
    [DW_CFA_restore_extended]   = { ACTION_RESTORE, 0, "r" },
    [DW_CFA_remember_state]     = { ACTION_REMEMBER, 0, "" },
    [DW_CFA_restore_state]      = { ACTION_RESTORE_STATE, 0, "" },
    [DW_CFA_def_cfa]            = { ACTION_CFA, UNWIND_REG_OFFSET, "ru" },
    [DW_CFA_def_cfa_sf]         = { ACTION_CFA, UNWIND_REG_OFFSET, "rS" },
    [DW_CFA_def_cfa_expression] = { ACTION_CFA, UNWIND_EXPR, "b" },
    [DW_CFA_def_cfa_register]   = { ACTION_CFA_REG, 0, "r" },
    [DW_CFA_def_cfa_offset]     = { ACTION_CFA_OFFSET, 0, "u" },
    [DW_CFA_def_cfa_offset_sf]  = { ACTION_CFA_OFFSET, 0, "S" },
    /* Bytes of arguments pushed: matters to a landing pad only. */
    [DW_CFA_GNU_args_size]      = { ACTION_NOTHING, 0, "u" },
    /* DW_CFA_set_loc, never seen on x86-64, has an operand whose width
     * depends on the encoding of the FDE's pointers: left unknown. */
};
/* clang-format on */

struct operands {
    uint64_t reg;
    int64_t value;
    struct cfa_code block;
};

struct rules {
    struct cfa_rule cfa;
    struct cfa_rule regs[UNWIND_REG_MAX];
};

struct machine {
    const struct cfa_program *program;
    uint64_t vaddr;      /* looked for */
    uint64_t start, end; /* of the row being made */
    bool found;          /* the next advance would pass vaddr */
    struct rules now;
    struct rules initial; /* after the CIE: what `restore` restores */
    struct rules remembered[REMEMBER_MAX];
    size_t remembered_count;
};

static bool take_block(struct cursor *c, struct cfa_code *out)
{
    uint64_t size;

    if (!cursor_varint(c, &size) || size > c->size - c->offset)
        return false;
    out->size = (size_t)size;
    return cursor_bytes(c, out->size, &out->bytes);
}

/* Products wrap, as they do in every other reader. */
static int64_t times(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a * (uint64_t)b);
}

static bool take_operand(struct cursor *c, char letter, int64_t data_align,
                         struct operands *o)
{
    uint64_t raw = 0;
    bool good = true;

    switch (letter) {
    case 'r':
        return cursor_varint(c, &o->reg);
    case 'b':
        return take_block(c, &o->block);
    case 'S':
        good = sleb_take(c, &o->value);
        o->value = times(o->value, data_align);
        return good;
    case '1':
    case '2':
    case '4':
    case '8':
        good = cursor_le(c, (size_t)(letter - '0'), &raw);
        break;
    default:
        good = cursor_varint(c, &raw);
        break;
    }
    o->value = (int64_t)raw;
    if (letter == 'U' || letter == 'N')
        o->value = times(o->value, data_align);
    if (letter == 'N')
        o->value = times(o->value, -1);
    return good;
}

/* The three instructions that hold an operand in their own low six bits are
 * read as the longer ones that do the same. */
static bool take_instruction(struct cursor *c, int64_t data_align,
                             const struct instruction **out, struct operands *o)
{
    const char *letters;
    uint64_t byte;
    uint64_t opcode;

    *o = (struct operands){ 0 };
    if (!cursor_le(c, 1, &byte))
        return false;
    opcode = byte & 0xc0;
    if (opcode == 0)
        opcode = byte;
    else if (opcode == DW_CFA_advance_loc)
        opcode = DW_CFA_advance_loc1;
    else if (opcode == DW_CFA_offset)
        opcode = DW_CFA_offset_extended;
    else
        opcode = DW_CFA_restore_extended;
    *out = &instructions[opcode];
    if ((*out)->action == ACTION_UNKNOWN)
        return false;
    letters = (*out)->operands;
    if (byte >= 0x40) {
        o->reg = byte & 0x3f;
        o->value = (int64_t)(byte & 0x3f);
        letters++;
    }
    while (*letters != '\0')
        if (!take_operand(c, *letters++, data_align, o))
            return false;
    return true;
}

static struct cfa_rule rule_of(const struct instruction *in,
                               const struct operands *o)
{
    struct cfa_rule rule = { .kind = in->kind, .code = o->block };

    if (in->action == ACTION_CFA && in->kind == UNWIND_REG_OFFSET) {
        rule.reg = (int)o->reg;
        rule.offset = o->value;
    } else if (in->kind == UNWIND_REG_OFFSET) {
        rule.reg = (int)o->value; /* DW_CFA_register: a copy */
    } else {
        rule.offset = o->value;
    }
    return rule;
}

static void advance(struct machine *m, uint64_t delta)
{
    uint64_t room = m->program->end - m->start;
    uint64_t align = m->program->code_align;

    if (align == 0 || delta > room / align)
        m->end = m->program->end; /* past the function: nothing follows */
    else
        m->end = m->start + delta * align;
    m->found = m->vaddr < m->end;
    if (!m->found)
        m->start = m->end;
}

static bool recall(struct machine *m)
{
    if (m->remembered_count == 0)
        return false;
    m->now = m->remembered[--m->remembered_count];
    return true;
}

static bool remember(struct machine *m)
{
    if (m->remembered_count == REMEMBER_MAX)
        return false;
    m->remembered[m->remembered_count++] = m->now;
    return true;
}

static bool obey(struct machine *m, const struct instruction *in,
                 const struct operands *o)
{
    /* Vector and mask registers have numbers from 17 up; nobody here asks
     * for them. */
    bool kept = o->reg < UNWIND_REG_MAX;

    switch (in->action) {
    case ACTION_ADVANCE:
        advance(m, (uint64_t)o->value);
        return true;
    case ACTION_RULE:
        if (kept)
            m->now.regs[o->reg] = rule_of(in, o);
        return true;
    case ACTION_RESTORE:
        if (kept)
            m->now.regs[o->reg] = m->initial.regs[o->reg];
        return true;
    case ACTION_REMEMBER:
        return remember(m);
    case ACTION_RESTORE_STATE:
        return recall(m);
    case ACTION_CFA:
        m->now.cfa = rule_of(in, o);
        return kept;
    case ACTION_CFA_REG:
        m->now.cfa.reg = (int)o->reg;
        return kept && m->now.cfa.kind == UNWIND_REG_OFFSET;
    case ACTION_CFA_OFFSET:
        m->now.cfa.offset = o->value;
        return m->now.cfa.kind == UNWIND_REG_OFFSET;
    case ACTION_NOTHING:
    case ACTION_UNKNOWN:
        break;
    }
    return in->action == ACTION_NOTHING;
}

static bool run(struct machine *m, const struct cfa_code *code)
{
    struct cursor c = { code->bytes, code->size, 0 };

    if (code->size > PROGRAM_MAX)
        return false;
    while (!m->found && !cursor_at_end(&c)) {
        const struct instruction *in;
        struct operands o;

        if (!take_instruction(&c, m->program->data_align, &in, &o) ||
            !obey(m, in, &o))
            return false;
    }
    return true;
}

/* Before any instruction: psABI x86-64, figure 3.4. Registers that a callee
 * must save are unchanged, the others lost; the stack pointer was the CFA. */
static void set_defaults(struct rules *r)
{
    static const int saved[] = { 3, 6, 12, 13, 14, 15 };

    *r = (struct rules){ .cfa = { .kind = UNWIND_UNDEFINED } };
    for (size_t i = 0; i < ARRAY_LEN(saved); i++)
        r->regs[saved[i]].kind = UNWIND_SAME;
    r->regs[7].kind = UNWIND_CFA_VALUE;
}

enum err_code debug_cfa_run(const struct cfa_program *p, uint64_t vaddr,
                            struct cfa_row *out, struct err *err)
{
    struct machine m = { .program = p, .vaddr = vaddr };

    m.start = p->start;
    m.end = p->end;
    set_defaults(&m.now);
    if (!run(&m, &p->common) || m.found || m.start != p->start)
        return err_set(err, ERR_BAD_FORMAT,
                       "the unwind rules common to 0x%llx make no sense",
                       (unsigned long long)vaddr);
    m.initial = m.now;
    if (!run(&m, &p->own) || m.now.cfa.kind == UNWIND_UNDEFINED)
        return err_set(err, ERR_BAD_FORMAT,
                       "the unwind rules of 0x%llx make no sense",
                       (unsigned long long)vaddr);
    out->start = m.start;
    out->end = m.found ? m.end : p->end;
    out->cfa = m.now.cfa;
    memcpy(out->regs, m.now.regs, sizeof(out->regs));
    return ERR_OK;
}

/* DWARF operations without operands, and what they are called here. */
/* clang-format off */
static const struct {
    uint8_t opcode;
    enum unwind_op_kind kind;
} plain_ops[] = {
    { DW_OP_deref, UNWIND_OP_DEREF }, { DW_OP_plus, UNWIND_OP_ADD },
    { DW_OP_minus, UNWIND_OP_SUB },   { DW_OP_and,  UNWIND_OP_AND },
    { DW_OP_or,    UNWIND_OP_OR },    { DW_OP_xor,  UNWIND_OP_XOR },
    { DW_OP_mul,   UNWIND_OP_MUL },   { DW_OP_shl,  UNWIND_OP_SHL },
    { DW_OP_shr,   UNWIND_OP_SHR },   { DW_OP_ge,   UNWIND_OP_GE },
    { DW_OP_gt,    UNWIND_OP_GT },    { DW_OP_le,   UNWIND_OP_LE },
    { DW_OP_lt,    UNWIND_OP_LT },    { DW_OP_eq,   UNWIND_OP_EQ },
    { DW_OP_ne,    UNWIND_OP_NE },    { DW_OP_dup,  UNWIND_OP_DUP },
    { DW_OP_drop,  UNWIND_OP_DROP },  { DW_OP_swap, UNWIND_OP_SWAP },
};

/* Operations that push a constant: bytes of it, 0 for LEB128. */
static const struct {
    uint8_t opcode;
    uint8_t size;
    bool is_signed;
} constant_ops[] = {
    { DW_OP_const1u, 1, false }, { DW_OP_const1s, 1, true },
    { DW_OP_const2u, 2, false }, { DW_OP_const2s, 2, true },
    { DW_OP_const4u, 4, false }, { DW_OP_const4s, 4, true },
    { DW_OP_const8u, 8, false }, { DW_OP_const8s, 8, true },
    { DW_OP_constu,  0, false }, { DW_OP_consts,  0, true },
};
/* clang-format on */

static bool take_constant(struct cursor *c, size_t size, bool is_signed,
                          int64_t *out)
{
    uint64_t raw = 0;
    uint64_t sign;

    if (size == 0 && is_signed)
        return sleb_take(c, out);
    if (!(size == 0 ? cursor_varint(c, &raw) : cursor_le(c, size, &raw)))
        return false;
    if (is_signed && size < 8) {
        sign = UINT64_C(1) << (8 * size - 1);
        raw = (raw ^ sign) - sign;
    }
    *out = (int64_t)raw;
    return true;
}

static bool take_register(struct cursor *c, uint8_t opcode,
                          struct unwind_op *out)
{
    uint64_t reg = (uint64_t)(opcode - DW_OP_breg0);

    out->kind = UNWIND_OP_REG;
    if (opcode == DW_OP_bregx && !cursor_varint(c, &reg))
        return false;
    out->reg = (int)reg;
    return reg < UNWIND_REG_MAX && sleb_take(c, &out->operand);
}

static bool take_op(struct cursor *c, struct unwind_op *out)
{
    uint64_t byte;
    uint8_t opcode;

    *out = (struct unwind_op){ .kind = UNWIND_OP_PUSH };
    if (!cursor_le(c, 1, &byte))
        return false;
    opcode = (uint8_t)byte;
    if (opcode >= DW_OP_lit0 && opcode <= DW_OP_lit31) {
        out->operand = opcode - DW_OP_lit0;
        return true;
    }
    if ((opcode >= DW_OP_breg0 && opcode <= DW_OP_breg31) ||
        opcode == DW_OP_bregx)
        return take_register(c, opcode, out);
    if (opcode == DW_OP_plus_uconst) {
        out->kind = UNWIND_OP_ADD_IMM;
        return take_constant(c, 0, false, &out->operand);
    }
    for (size_t i = 0; i < ARRAY_LEN(constant_ops); i++)
        if (constant_ops[i].opcode == opcode)
            return take_constant(c, constant_ops[i].size,
                                 constant_ops[i].is_signed, &out->operand);
    for (size_t i = 0; i < ARRAY_LEN(plain_ops); i++) {
        if (plain_ops[i].opcode == opcode) {
            out->kind = plain_ops[i].kind;
            return true;
        }
    }
    return false;
}

enum err_code debug_cfa_decode(const struct cfa_code *code,
                               struct unwind_op out[UNWIND_OPS_MAX],
                               size_t *count, struct err *err)
{
    struct cursor c = { code->bytes, code->size, 0 };

    *count = 0;
    while (!cursor_at_end(&c)) {
        if (*count == UNWIND_OPS_MAX || !take_op(&c, &out[*count]))
            return err_set(err, ERR_BAD_FORMAT,
                           "an unwind expression makes no sense at byte %zu",
                           c.offset);
        (*count)++;
    }
    if (*count == 0)
        return err_set(err, ERR_BAD_FORMAT, "an unwind expression is empty");
    return ERR_OK;
}
