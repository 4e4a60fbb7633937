/*
 * rescue_x86_64.S - the SIGTRAP handler of rescue.h.
 *
 * Runs in the traced program after the tracer died: no stack but what the
 * kernel gave, no library, no data but its own table. Called as
 * handler(signo %edi, siginfo %rsi, ucontext %rdx); it may clobber what a
 * function may, because the kernel restores all registers.
 */
#include "engine/rescue.h"

#define SI_CODE 8          /* siginfo_t.si_code */
#define SI_KERNEL 0x80     /* raised by the processor, for int3 */
#define UC_RIP 168         /* ucontext_t.uc_mcontext.gregs[REG_RIP] */
#define SYS_rt_sigaction 13
#define SYS_rt_sigreturn 15
#define SYS_getpid 39
#define SYS_gettid 186
#define SYS_tgkill 234
#define SIGTRAP 5

        .section .rodata
        .global rescue_code, rescue_code_end, rescue_restorer
        .balign 16
rescue_code:
        cmpl    $SI_KERNEL, SI_CODE(%rsi)
        jne     not_ours
        mov     UC_RIP(%rdx), %rdi      /* a slot, when the tracer died after */
        lea     -1(%rdi), %rax          /* it had sent the thread there; else */
                                        /* int3 leaves rip behind itself */
        lea     rescue_code + RESCUE_TABLE_OFFSET(%rip), %rsi
        mov     rescue_code + RESCUE_COUNT_OFFSET(%rip), %rcx
next_entry:
        test    %rcx, %rcx
        jz      not_ours
        cmp     (%rsi), %rax
        je      found
        cmp     8(%rsi), %rdi
        je      on_its_way
        add     $RESCUE_ENTRY_SIZE, %rsi
        dec     %rcx
        jmp     next_entry
found:
        mov     8(%rsi), %rax
        mov     %rax, UC_RIP(%rdx)
on_its_way:
        ret

        /* The default action, then the signal again: the program ends (or is
         * dumped) as if nobody had handled it. It is delivered when we return,
         * at the latest. */
not_ours:
        sub     $40, %rsp               /* a sigaction of zeros: SIG_DFL */
        xor     %eax, %eax
        mov     %rax, (%rsp)
        mov     %rax, 8(%rsp)
        mov     %rax, 16(%rsp)
        mov     %rax, 24(%rsp)
        mov     $SIGTRAP, %edi
        mov     %rsp, %rsi
        xor     %edx, %edx
        mov     $8, %r10d
        mov     $SYS_rt_sigaction, %eax
        syscall
        mov     $SYS_getpid, %eax
        syscall
        mov     %eax, %r8d
        mov     $SYS_gettid, %eax
        syscall
        mov     %r8d, %edi
        mov     %eax, %esi
        mov     $SIGTRAP, %edx
        mov     $SYS_tgkill, %eax
        syscall
        add     $40, %rsp
        ret

rescue_restorer:
        mov     $SYS_rt_sigreturn, %eax
        syscall
rescue_code_end:

        .section .note.GNU-stack, "", @progbits
