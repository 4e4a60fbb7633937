/*
 * displaced_x86_64.c - slots for x86-64, decoded and re-encoded by Zydis.
 */
#include "engine/displaced.h"

#include <Zydis/Zydis.h>
#include <stdbool.h>
#include <string.h>

struct original {
    ZydisDecodedInstruction insn;
    ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
    const uint8_t *bytes;
    tracee_addr addr;
};

static void put(struct displaced *d, const void *bytes, size_t size)
{
    memcpy(d->code + d->size, bytes, size);
    d->size += size;
}

static void put_byte(struct displaced *d, uint8_t byte)
{
    put(d, &byte, 1);
}

static void put_u32(struct displaced *d, uint32_t value)
{
    put(d, &value, sizeof(value));
}

enum { JUMP_SIZE = 14 };

/* jmp *0(%rip), with the target behind it: reaches everything, touches no
 * register and no flag. */
static void put_jump(struct displaced *d, tracee_addr target)
{
    static const uint8_t jmp_indirect[] = { 0xff, 0x25, 0, 0, 0, 0 };

    put(d, jmp_indirect, sizeof(jmp_indirect));
    put(d, &target, sizeof(target));
}

/* Pushes a 64-bit value in two halves: push sign-extends its 32 bits, so the
 * upper half is stored over it. Neither touches flags. */
static void put_push(struct displaced *d, uint64_t value)
{
    static const uint8_t mov_rsp4[] = { 0xc7, 0x44, 0x24, 0x04 };

    put_byte(d, 0x68); /* push imm32 */
    put_u32(d, (uint32_t)value);
    put(d, mov_rsp4, sizeof(mov_rsp4)); /* movl imm32, 4(%rsp) */
    put_u32(d, (uint32_t)(value >> 32));
}

static tracee_addr next_addr(const struct original *o)
{
    return o->addr + o->insn.length;
}

static tracee_addr branch_target(const struct original *o)
{
    return next_addr(o) + (uint64_t)o->insn.raw.imm[0].value.s;
}

/* jcc, loop and jrcxz: the same condition over a jump to the next
 * instruction. Short forms keep their prefixes (67 selects ecx). */
static void put_conditional(struct displaced *d, const struct original *o)
{
    uint8_t opcode = o->insn.opcode;
    bool is_counted = opcode >= 0xe0 && opcode <= 0xe3;

    if (is_counted) {
        put(d, o->bytes, o->insn.raw.imm[0].offset);
        put_byte(d, JUMP_SIZE);
    } else {
        put_byte(d, 0x0f);
        put_byte(d, (uint8_t)(0x80 | (opcode & 0x0f)));
        put_u32(d, JUMP_SIZE);
    }
    put_jump(d, next_addr(o));
    put_jump(d, branch_target(o));
}

/* call through a register or memory: the return address is pushed first, so
 * an operand that counts from the stack pointer moves by one word. */
static enum err_code put_call_indirect(struct displaced *d,
                                       const struct original *o,
                                       tracee_addr slot, struct err *err)
{
    ZydisEncoderRequest request;
    ZydisEncoderOperand *target = &request.operands[0];
    uint8_t code[ZYDIS_MAX_INSTRUCTION_LENGTH];
    ZyanUSize size = sizeof(code);
    ZyanStatus status = ZydisEncoderDecodedInstructionToEncoderRequest(
        &o->insn, o->operands, o->insn.operand_count_visible, &request);

    if (!ZYAN_SUCCESS(status))
        return err_set(err, ERR_BAD_FORMAT, "indirect call not understood");
    if ((target->type == ZYDIS_OPERAND_TYPE_REGISTER &&
         target->reg.value == ZYDIS_REGISTER_RSP) ||
        (target->type == ZYDIS_OPERAND_TYPE_MEMORY &&
         target->mem.index == ZYDIS_REGISTER_RSP))
        return err_set(err, ERR_BAD_FORMAT, "call to the stack pointer");

    request.mnemonic = ZYDIS_MNEMONIC_JMP;
    request.branch_type = ZYDIS_BRANCH_TYPE_NONE;
    request.branch_width = ZYDIS_BRANCH_WIDTH_NONE;
    if (target->type == ZYDIS_OPERAND_TYPE_MEMORY) {
        if (target->mem.base == ZYDIS_REGISTER_RSP)
            target->mem.displacement += 8;
        if (target->mem.base == ZYDIS_REGISTER_RIP)
            target->mem.displacement += (int64_t)next_addr(o);
    }
    put_push(d, next_addr(o));
    status = ZydisEncoderEncodeInstructionAbsolute(&request, code, &size,
                                                   slot + d->size);
    if (!ZYAN_SUCCESS(status))
        return err_set(err, ERR_BAD_FORMAT, "indirect call out of reach");
    put(d, code, size);
    return ERR_OK;
}

/* The instruction as it is, its displacement from the pc corrected. */
static enum err_code put_relocated(struct displaced *d,
                                   const struct original *o, tracee_addr slot,
                                   struct err *err)
{
    size_t start = d->size;

    put(d, o->bytes, o->insn.length);
    for (size_t i = 0; i < o->insn.operand_count; i++) {
        const ZydisDecodedOperand *operand = &o->operands[i];
        int64_t moved;
        int32_t displacement;

        if (operand->type != ZYDIS_OPERAND_TYPE_MEMORY ||
            operand->mem.base != ZYDIS_REGISTER_RIP)
            continue;
        moved = o->insn.raw.disp.value + (int64_t)(o->addr - slot);
        if (moved != (int32_t)moved || o->insn.raw.disp.size != 32)
            return err_set(err, ERR_BAD_FORMAT, "operand out of reach");
        displacement = (int32_t)moved;
        memcpy(d->code + start + o->insn.raw.disp.offset, &displacement,
               sizeof(displacement));
    }
    return ERR_OK;
}

static bool is_relative_branch(const struct original *o)
{
    return (o->insn.attributes & ZYDIS_ATTRIB_IS_RELATIVE) != 0 &&
           o->operands[0].type == ZYDIS_OPERAND_TYPE_IMMEDIATE;
}

static enum err_code make(struct displaced *d, const struct original *o,
                          tracee_addr slot, struct err *err)
{
    enum err_code rc;

    switch (o->insn.meta.category) {
    case ZYDIS_CATEGORY_COND_BR:
        if (o->insn.opcode == 0xc7) /* xbegin: its abort target is relative */
            return err_set(err, ERR_BAD_FORMAT, "transaction begin");
        put_conditional(d, o);
        return ERR_OK;
    case ZYDIS_CATEGORY_UNCOND_BR:
        if (is_relative_branch(o)) {
            put_jump(d, branch_target(o));
            return ERR_OK;
        }
        return put_relocated(d, o, slot, err);
    case ZYDIS_CATEGORY_CALL:
        if (o->insn.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR)
            return err_set(err, ERR_BAD_FORMAT, "far call");
        if (!is_relative_branch(o))
            return put_call_indirect(d, o, slot, err);
        put_push(d, next_addr(o));
        put_jump(d, branch_target(o));
        return ERR_OK;
    case ZYDIS_CATEGORY_RET:
        return put_relocated(d, o, slot, err);
    case ZYDIS_CATEGORY_INTERRUPT:
        return err_set(err, ERR_BAD_FORMAT, "an interrupt instruction");
    default:
        rc = put_relocated(d, o, slot, err);
        if (rc == ERR_OK)
            put_jump(d, next_addr(o));
        return rc;
    }
}

enum err_code displaced_make(const uint8_t *bytes, size_t size,
                             tracee_addr addr, tracee_addr slot,
                             struct displaced *out, struct err *err)
{
    struct original o = { .bytes = bytes, .addr = addr };
    ZydisDecoder decoder;

    out->size = 0;
    if (!ZYAN_SUCCESS(ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64,
                                       ZYDIS_STACK_WIDTH_64)) ||
        !ZYAN_SUCCESS(
            ZydisDecoderDecodeFull(&decoder, bytes, size, &o.insn, o.operands)))
        return err_set(err, ERR_BAD_FORMAT, "no instruction at 0x%llx",
                       (unsigned long long)addr);
    out->insn_size = o.insn.length;
    return make(out, &o, slot, err);
}
