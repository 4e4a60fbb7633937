/*
 * debug_frames.h - how to undo one frame: the unwind rows of one ELF file,
 * from .eh_frame or .debug_frame, read by libdwarf.
 *
 * A row says, for a range of code, where the caller's registers are. DWARF 5
 * standard, section 6.4. Only the registers that compilers save are kept.
 */
#ifndef SYMBOLS_DEBUG_FRAMES_H
#define SYMBOLS_DEBUG_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "symbols/image.h"

enum { UNWIND_OPS_MAX = 24 }; /* operations in one expression */

enum unwind_op_kind {
    UNWIND_OP_PUSH,    /* push operand */
    UNWIND_OP_REG,     /* push register `reg` + operand; 16 is the pc */
    UNWIND_OP_DEREF,   /* pop an address, push the 8 bytes there */
    UNWIND_OP_ADD_IMM, /* add operand to the top */
    UNWIND_OP_ADD,
    UNWIND_OP_SUB,
    UNWIND_OP_AND,
    UNWIND_OP_OR,
    UNWIND_OP_XOR,
    UNWIND_OP_MUL,
    UNWIND_OP_SHL,
    UNWIND_OP_SHR,
    UNWIND_OP_GE,
    UNWIND_OP_GT,
    UNWIND_OP_LE,
    UNWIND_OP_LT,
    UNWIND_OP_EQ,
    UNWIND_OP_NE, /* pop b, pop a, push a OP b; comparisons are signed and
                     push 0 or 1 */
    UNWIND_OP_DUP,
    UNWIND_OP_DROP,
    UNWIND_OP_SWAP,
};

struct unwind_op {
    enum unwind_op_kind kind;
    int reg; /* DWARF number, for UNWIND_OP_REG */
    int64_t operand;
};

enum unwind_rule_kind {
    UNWIND_UNDEFINED,  /* lost; for the return address: this is the outermost
                          frame */
    UNWIND_SAME,       /* not changed by this frame */
    UNWIND_CFA_OFFSET, /* saved at CFA + offset */
    UNWIND_CFA_VALUE,  /* is CFA + offset */
    UNWIND_REG_OFFSET, /* is register reg + offset (for the CFA itself:
                          the usual rule; for others: register copy) */
    UNWIND_EXPR,       /* saved at the address the expression gives; a
                          register's starts with the CFA pushed. For the
                          CFA: is what the expression gives */
    UNWIND_VALUE_EXPR, /* is what the expression gives */
};

struct unwind_rule {
    enum unwind_rule_kind kind;
    int reg; /* DWARF number, for UNWIND_REG_OFFSET */
    int64_t offset;
    const struct unwind_op *ops; /* borrowed from the debug_frames */
    size_t op_count;
};

/* Registers a row has rules for; arch_<cpu>.h maps DWARF numbers to these.
 * On x86-64 (psABI, figure 3.36): 3 rbx, 6 rbp, 7 rsp, 12 to 15, 16 the
 * return address. */
enum { UNWIND_REG_MAX = 17 };

struct unwind_row {
    uint64_t start, end; /* vaddrs this row serves: [start, end) */
    struct unwind_rule cfa;
    struct unwind_rule regs[UNWIND_REG_MAX]; /* by DWARF number */
    bool is_signal_frame; /* augmentation 'S': the caller's pc is exact */
};

struct debug_frames; /* opaque; one per file, not thread-safe */

/* Reads where the frames are, not the frames. A file without any gives an
 * empty set. The image is borrowed until debug_frames_close. ERR_BAD_FORMAT,
 * ERR_IO, ERR_NO_MEMORY. */
enum err_code debug_frames_open(struct image *img, struct debug_frames **out,
                                struct err *err) MUST_CHECK;
void debug_frames_close(struct debug_frames *df); /* accepts NULL */

/* The row for `vaddr`; *out is valid until debug_frames_close, as are the
 * expressions in it. ERR_NOT_FOUND: no frame covers it. ERR_BAD_FORMAT: one
 * does, but makes no sense; treated the same by an unwinder. Rows are cached,
 * so asking again is a hash look-up. */
enum err_code debug_frames_find(struct debug_frames *df, uint64_t vaddr,
                                const struct unwind_row **out,
                                struct err *err) MUST_CHECK;

#endif
