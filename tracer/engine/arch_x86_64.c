/*
 * arch_x86_64.c - System V psABI for x86-64.
 */
#include "engine/arch.h"

const uint8_t arch_trap[ARCH_TRAP_MAX] = { 0xcc }; /* int3 */
const size_t arch_trap_size = 1;
const size_t arch_pc_after_trap = 1;

const uint8_t arch_syscall_gadget[8] = { 0x0f, 0x05, 0xcc }; /* syscall;int3 */
const size_t arch_syscall_gadget_size = 3;

const int arch_dwarf_sp = 7;
const int arch_dwarf_pc = 16;

tracee_addr arch_pc(const struct arch_regs *r)
{
    return r->user.rip;
}

tracee_addr arch_sp(const struct arch_regs *r)
{
    return r->user.rsp;
}

void arch_set_pc(struct arch_regs *r, tracee_addr pc)
{
    r->user.rip = pc;
    /* With orig_rax >= 0 and rax = -ERESTART*, the kernel would subtract the
     * two bytes of the syscall instruction from the new rip. */
    r->user.orig_rax = UINT64_MAX;
}

uint64_t arch_argument(const struct arch_regs *r, unsigned n)
{
    const uint64_t args[6] = { r->user.rdi, r->user.rsi, r->user.rdx,
                               r->user.rcx, r->user.r8,  r->user.r9 };

    return args[n];
}

void arch_set_argument(struct arch_regs *r, unsigned n, uint64_t value)
{
    switch (n) {
    case 0:
        r->user.rdi = value;
        break;
    case 1:
        r->user.rsi = value;
        break;
    case 2:
        r->user.rdx = value;
        break;
    case 3:
        r->user.rcx = value;
        break;
    case 4:
        r->user.r8 = value;
        break;
    case 5:
        r->user.r9 = value;
        break;
    default:
        break;
    }
}

uint64_t arch_result(const struct arch_regs *r)
{
    return r->user.rax;
}

void arch_set_syscall(struct arch_regs *r, tracee_addr pc, long number,
                      const uint64_t args[ARCH_SYSCALL_ARGS])
{
    arch_set_pc(r, pc);
    r->user.rax = (uint64_t)number;
    r->user.rdi = args[0];
    r->user.rsi = args[1];
    r->user.rdx = args[2];
    r->user.r10 = args[3];
    r->user.r8 = args[4];
    r->user.r9 = args[5];
}

/* DWARF numbers: psABI, figure 3.36. */
void arch_unwind_regs(const struct arch_regs *r, uint64_t out[UNWIND_REG_MAX])
{
    out[0] = r->user.rax;
    out[1] = r->user.rdx;
    out[2] = r->user.rcx;
    out[3] = r->user.rbx;
    out[4] = r->user.rsi;
    out[5] = r->user.rdi;
    out[6] = r->user.rbp;
    out[7] = r->user.rsp;
    out[8] = r->user.r8;
    out[9] = r->user.r9;
    out[10] = r->user.r10;
    out[11] = r->user.r11;
    out[12] = r->user.r12;
    out[13] = r->user.r13;
    out[14] = r->user.r14;
    out[15] = r->user.r15;
    out[16] = r->user.rip;
}

/* glibc's sysdeps/unix/sysv/linux/x86_64: the stack pointer is word 6, first
 * xored with the guard at fs:0x30, then rotated left by 17. */
tracee_addr arch_longjmp_sp(const uint64_t jmpbuf[ARCH_JMPBUF_WORDS],
                            uint64_t guard)
{
    uint64_t word = jmpbuf[6];

    return ((word >> 17) | (word << 47)) ^ guard;
}

tracee_addr arch_pointer_guard(const struct arch_regs *r)
{
    return r->user.fs_base + 0x30;
}

bool arch_is_supported(const struct arch_regs *r, size_t size)
{
    enum { USER64_CS = 0x33 }; /* arch/x86/include/asm/segment.h */

    return size == sizeof(r->user) && r->user.cs == USER64_CS;
}
