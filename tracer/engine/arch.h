/*
 * arch.h - what differs between processors: registers, the trap instruction,
 * how a function is entered, how a system call is made.
 *
 * One arch_<cpu>.c implements it. Everything else in the engine is the same
 * for all.
 */
#ifndef ENGINE_ARCH_H
#define ENGINE_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/user.h>

#include "base/err.h"
#include "symbols/debug_frames.h"
#include "trace/event.h"

struct arch_regs {
    struct user_regs_struct user; /* as PTRACE_GETREGSET(NT_PRSTATUS) gives */
};

enum {
    ARCH_TRAP_MAX = 4,  /* bytes a trap instruction may have */
    ARCH_INSN_MAX = 15, /* bytes any instruction may have */
    ARCH_SYSCALL_ARGS = 6,
    ARCH_JMPBUF_WORDS = 8, /* 8-byte words of a jmp_buf that matter */
};

extern const uint8_t arch_trap[ARCH_TRAP_MAX];
extern const size_t arch_trap_size;     /* bytes */
extern const size_t arch_pc_after_trap; /* how far past it the pc stands */

/* `system call; trap`, to be run at any address. */
extern const uint8_t arch_syscall_gadget[8];
extern const size_t arch_syscall_gadget_size;

tracee_addr arch_pc(const struct arch_regs *r);
tracee_addr arch_sp(const struct arch_regs *r);

/* Moves the pc. Also takes the thread out of a system call to be restarted,
 * which would otherwise move it back by the size of the instruction. */
void arch_set_pc(struct arch_regs *r, tracee_addr pc);

/* Integer argument `n` (0-based, below 6) at a function's first instruction,
 * and its integer result right after it returned. */
uint64_t arch_argument(const struct arch_regs *r, unsigned n);
void arch_set_argument(struct arch_regs *r, unsigned n, uint64_t value);
uint64_t arch_result(const struct arch_regs *r);

/* Makes the thread issue a system call when it runs the gadget at `pc`. */
void arch_set_syscall(struct arch_regs *r, tracee_addr pc, long number,
                      const uint64_t args[ARCH_SYSCALL_ARGS]);

/* The registers an unwinder starts with, by DWARF number. Those it cannot
 * know are left zero. */
void arch_unwind_regs(const struct arch_regs *r, uint64_t out[UNWIND_REG_MAX]);
extern const int arch_dwarf_sp; /* DWARF number of the stack pointer */
extern const int arch_dwarf_pc; /* and of the return address column */

/* Where longjmp(3) is about to put the stack pointer: its argument's words
 * are `jmpbuf`, and `guard` is the thread's pointer guard. */
tracee_addr arch_longjmp_sp(const uint64_t jmpbuf[ARCH_JMPBUF_WORDS],
                            uint64_t guard);
/* Address of that guard in the thread. */
tracee_addr arch_pointer_guard(const struct arch_regs *r);

/* Whether a general register set of this size belongs to a program for this
 * machine's 64-bit mode, as far as the engine supports. */
bool arch_is_supported(const struct arch_regs *r, size_t size);

#endif
