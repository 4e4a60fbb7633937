#include "symbols/line_program.h"

#include <dwarf.h>

#include "base/buf.h"
#include "base/vec.h"
#include "symbols/sleb.h"

struct header {
    uint64_t min_instruction;
    int line_base;
    uint64_t line_range;
    uint64_t opcode_base;
    const uint8_t *operand_counts; /* of the opcodes from 1 up */
};

struct state {
    const struct header *header;
    struct line_rows *out;
    size_t sequence; /* where the one being read begins in out */
    uint64_t vaddr, file, line, column;
};

/* 32-bit DWARF has a length of four bytes, 64-bit DWARF of eight behind an
 * escape, section 7.4. Cuts `c` to that length. */
static bool take_length(struct cursor *c, size_t *width)
{
    uint64_t length;

    *width = 4;
    if (!cursor_le(c, 4, &length))
        return false;
    if (length == 0xffffffff) {
        *width = 8;
        if (!cursor_le(c, 8, &length))
            return false;
    }
    if (length > c->size - c->offset)
        return false;
    c->size = c->offset + (size_t)length;
    return true;
}

/* Up to the tables of folders and files, which are passed over. */
static bool take_header(struct cursor *c, struct header *h)
{
    uint64_t version, length, byte;
    size_t width, program;

    if (!take_length(c, &width) || !cursor_le(c, 2, &version) || version < 2 ||
        version > 5)
        return false;
    if (version == 5 && !cursor_le(c, 2, &byte)) /* sizes of addresses */
        return false;
    if (!cursor_le(c, width, &length) || length > c->size - c->offset)
        return false;
    program = c->offset + (size_t)length;
    if (!cursor_le(c, 1, &h->min_instruction))
        return false;
    /* Operations per instruction: more than one on VLIW machines only. */
    if (version >= 4 && (!cursor_le(c, 1, &byte) || byte != 1))
        return false;
    if (!cursor_le(c, 1, &byte) || !cursor_le(c, 1, &byte))
        return false;
    h->line_base = byte < 128 ? (int)byte : (int)byte - 256;
    if (!cursor_le(c, 1, &h->line_range) || h->line_range == 0 ||
        !cursor_le(c, 1, &h->opcode_base) || h->opcode_base == 0 ||
        !cursor_bytes(c, h->opcode_base - 1, &h->operand_counts) ||
        c->offset > program)
        return false;
    c->offset = program;
    return true;
}

static void restart(struct state *s)
{
    s->vaddr = 0;
    s->file = 1;
    s->line = 1;
    s->column = 0;
    s->sequence = s->out->count;
}

static uint32_t to_u32(uint64_t value)
{
    return value > UINT32_MAX ? 0 : (uint32_t)value;
}

static enum err_code add_row(struct state *s, bool is_end, struct err *err)
{
    struct line_rows *out = s->out;
    enum err_code rc =
        vec_grow(&out->rows, out->count, &out->cap, sizeof(*out->rows), err);

    if (rc == ERR_OK)
        out->rows[out->count++] = (struct line_row){
            .vaddr = s->vaddr,
            .file = to_u32(s->file),
            .line = to_u32(s->line),
            .column = to_u32(s->column),
            .is_end = is_end,
        };
    return rc;
}

/* A sequence that begins at 0 belongs to a function that was thrown away. */
static enum err_code end_sequence(struct state *s, struct err *err)
{
    enum err_code rc = add_row(s, true, err);

    if (rc != ERR_OK)
        return rc;
    if (s->out->rows[s->sequence].vaddr == 0)
        s->out->count = s->sequence;
    restart(s);
    return ERR_OK;
}

static void advance(struct state *s, uint64_t instructions)
{
    s->vaddr += instructions * s->header->min_instruction;
}

static enum err_code special(struct state *s, uint64_t opcode, struct err *err)
{
    uint64_t adjusted = opcode - s->header->opcode_base;

    advance(s, adjusted / s->header->line_range);
    s->line +=
        (uint64_t)s->header->line_base + adjusted % s->header->line_range;
    return add_row(s, false, err);
}

static enum err_code damaged(size_t offset, struct err *err)
{
    return err_set(err, ERR_BAD_FORMAT,
                   "a line number program is damaged at byte %zu", offset);
}

static enum err_code extended(struct state *s, struct cursor *c,
                              struct err *err)
{
    size_t start = c->offset;
    const uint8_t *bytes;
    struct cursor inside;
    uint64_t size, opcode;

    if (!cursor_varint(c, &size) || size == 0 || size > c->size - c->offset ||
        !cursor_bytes(c, (size_t)size, &bytes))
        return damaged(start, err);
    inside = (struct cursor){ bytes, (size_t)size, 0 };
    cursor_le(&inside, 1, &opcode);
    if (opcode == DW_LNE_end_sequence)
        return end_sequence(s, err);
    if (opcode == DW_LNE_set_address && !cursor_le(&inside, 8, &s->vaddr))
        return damaged(start, err);
    return ERR_OK; /* others name files, or discriminators */
}

/* Operands of an opcode that means nothing to us. */
static bool skip(const struct state *s, struct cursor *c, uint64_t opcode)
{
    uint64_t ignored;

    for (uint8_t i = 0; i < s->header->operand_counts[opcode - 1]; i++)
        if (!cursor_varint(c, &ignored))
            return false;
    return true;
}

/* Opcodes that only set a register. False: damaged. */
static bool set_register(struct state *s, struct cursor *c, uint64_t opcode)
{
    uint64_t value = 0;
    int64_t delta = 0;

    switch (opcode) {
    case DW_LNS_advance_pc:
        if (!cursor_varint(c, &value))
            return false;
        advance(s, value);
        return true;
    case DW_LNS_advance_line:
        if (!sleb_take(c, &delta))
            return false;
        s->line += (uint64_t)delta;
        return true;
    case DW_LNS_set_file:
        return cursor_varint(c, &s->file);
    case DW_LNS_set_column:
        return cursor_varint(c, &s->column);
    case DW_LNS_const_add_pc:
        advance(s, (255 - s->header->opcode_base) / s->header->line_range);
        return true;
    case DW_LNS_fixed_advance_pc:
        if (!cursor_le(c, 2, &value))
            return false;
        s->vaddr += value;
        return true;
    default:
        return skip(s, c, opcode);
    }
}

static enum err_code step(struct state *s, struct cursor *c, struct err *err)
{
    size_t start = c->offset;
    uint64_t opcode = 0;

    cursor_le(c, 1, &opcode);
    if (opcode == 0)
        return extended(s, c, err);
    if (opcode >= s->header->opcode_base)
        return special(s, opcode, err);
    if (opcode == DW_LNS_copy)
        return add_row(s, false, err);
    return set_register(s, c, opcode) ? ERR_OK : damaged(start, err);
}

enum err_code line_program_run(const uint8_t *section, size_t size,
                               uint64_t offset, struct line_rows *out,
                               struct err *err)
{
    struct cursor c = { section, size, (size_t)offset };
    struct header header;
    struct state s = { .header = &header, .out = out };
    enum err_code rc = ERR_OK;

    if (offset >= size || !take_header(&c, &header))
        return err_set(err, ERR_BAD_FORMAT,
                       "the line number program at %llu makes no sense",
                       (unsigned long long)offset);
    restart(&s);
    while (rc == ERR_OK && !cursor_at_end(&c))
        rc = step(&s, &c, err);
    out->count = s.sequence; /* what no end closes has no length */
    return rc;
}
