/*
 * debug_cfa.h - runs call frame instructions up to an address: DWARF 5
 * standard, section 6.4.2. Private to debug_frames.c.
 *
 * libdwarf finds the instructions and could run them too. It does not here:
 * the library of Debian 12 adds the length of an expression to its position
 * unchecked (a hostile file makes it loop for ever), stores the rule of
 * DW_CFA_val_offset_sf under register 0, and its structures for rules changed
 * with every major version.
 */
#ifndef SYMBOLS_DEBUG_CFA_H
#define SYMBOLS_DEBUG_CFA_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "symbols/debug_frames.h"

struct cfa_code {
    const uint8_t *bytes; /* borrowed */
    size_t size;
};

struct cfa_program {
    struct cfa_code common; /* of the CIE */
    struct cfa_code own;    /* of the FDE */
    uint64_t code_align;
    int64_t data_align;
    uint64_t start, end; /* vaddrs the FDE serves */
};

/* A rule as the instructions say it: an expression is still bytes. */
struct cfa_rule {
    enum unwind_rule_kind kind;
    int reg;
    int64_t offset;
    struct cfa_code code;
};

struct cfa_row {
    uint64_t start, end;
    struct cfa_rule cfa;
    struct cfa_rule regs[UNWIND_REG_MAX];
};

/* The row that serves `vaddr`, which lies in [start, end). ERR_BAD_FORMAT. */
enum err_code debug_cfa_run(const struct cfa_program *p, uint64_t vaddr,
                            struct cfa_row *out, struct err *err) MUST_CHECK;

/* Decodes an expression. ERR_BAD_FORMAT: damaged, more than UNWIND_OPS_MAX
 * operations, or one that unwind_op_kind has no name for. */
enum err_code debug_cfa_decode(const struct cfa_code *code,
                               struct unwind_op out[UNWIND_OPS_MAX],
                               size_t *count, struct err *err) MUST_CHECK;

#endif
