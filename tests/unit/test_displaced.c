/*
 * Each instruction runs twice in a child: in place, single-stepped by the
 * processor, and from its slot. Registers, flags and memory must come out the
 * same, from many random states.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attrs.h"
#include "engine/displaced.h"
#include "engine/ptrace_calls.h"

enum {
    CODE = 0x10000000, /* where the instruction stands */
    DATA = 0x10010000, /* within reach of it: operands and the stack */
    SLOT = 0x50000000, /* 1 GiB away */
    SIZE = 0x4000,     /* of each */
    ROUNDS = 200,
};

/* clang-format off */
static const struct {
    const char *what;
    const char *bytes;
    size_t size;
} insns[] = {
#define INSN(what, bytes) { what, bytes, sizeof(bytes) - 1 }
    INSN("endbr64",               "\xf3\x0f\x1e\xfa"),
    INSN("push rbp",              "\x55"),
    INSN("push r12",              "\x41\x54"),
    INSN("pop rbx",               "\x5b"),
    INSN("sub rsp, 24",           "\x48\x83\xec\x18"),
    INSN("add rsp, 8",            "\x48\x83\xc4\x08"),
    INSN("mov rbp, rsp",          "\x48\x89\xe5"),
    INSN("mov [rbp-8], rax",      "\x48\x89\x45\xf8"),
    INSN("mov rax, [rbp-8]",      "\x48\x8b\x45\xf8"),
    INSN("test rax, rax",         "\x48\x85\xc0"),
    INSN("cmp rdi, rsi",          "\x48\x39\xf7"),
    INSN("xor eax, eax",          "\x31\xc0"),
    INSN("lea rax, [rip+0xfff0]", "\x48\x8d\x05\xf0\xff\x00\x00"),
    INSN("mov rax, [rip+0xfff0]", "\x48\x8b\x05\xf0\xff\x00\x00"),
    INSN("mov [rip+0xfff0], rdx", "\x48\x89\x15\xf0\xff\x00\x00"),
    INSN("cmpb [rip+0xfff9], 0",  "\x80\x3d\xf9\xff\x00\x00\x00"),
    INSN("movl [rip+0xfff6], 7",  "\xc7\x05\xf6\xff\x00\x00\x07\x00\x00\x00"),
    INSN("movdqa xmm0, [rip+]",   "\x66\x0f\x6f\x05\xf8\xff\x00\x00"),
    INSN("leave",                 "\xc9"),
    INSN("ret",                   "\xc3"),
    INSN("ret 16",                "\xc2\x10\x00"),
    INSN("jmp short",             "\xeb\x10"),
    INSN("jmp short back",        "\xeb\xf0"),
    INSN("jmp near",              "\xe9\x00\x01\x00\x00"),
    INSN("je short",              "\x74\x10"),
    INSN("jne near",              "\x0f\x85\x00\x02\x00\x00"),
    INSN("jg near",               "\x0f\x8f\x00\x02\x00\x00"),
    INSN("jb short",              "\x72\xf0"),
    INSN("js short",              "\x78\x10"),
    INSN("jp near",               "\x0f\x8a\x00\x02\x00\x00"),
    INSN("jrcxz",                 "\xe3\x10"),
    INSN("jecxz",                 "\x67\xe3\x10"),
    INSN("loop",                  "\xe2\x10"),
    INSN("loopne",                "\xe0\x10"),
    INSN("call near",             "\xe8\x00\x01\x00\x00"),
    INSN("call near back",        "\xe8\xf0\xff\xff\xff"),
    INSN("call rax",              "\xff\xd0"),
    INSN("call r11",              "\x41\xff\xd3"),
    INSN("call [rip+0xfffa]",     "\xff\x15\xfa\xff\x00\x00"),
    INSN("call [rsp+8]",          "\xff\x54\x24\x08"),
    INSN("call [rbp-8]",          "\xff\x55\xf8"),
    INSN("jmp rax",               "\xff\xe0"),
    INSN("jmp [rip+0xfffa]",      "\xff\x25\xfa\xff\x00\x00"),
    INSN("bnd ret",               "\xf2\xc3"),
    INSN("nop word",              "\x66\x0f\x1f\x44\x00\x00"),
#undef INSN
};

static const struct {
    const char *what;
    const char *bytes;
    size_t size;
} refused[] = {
    { "nothing",       "",                 0 },
    { "cut short",     "\x48\x8d",         2 },
    { "invalid",       "\x06",             1 },
    { "int3",          "\xcc",             1 },
    { "int 0x80",      "\xcd\x80",         2 },
    { "xbegin",        "\xc7\xf8\0\0\0\0", 6 },
    { "call rsp",      "\xff\xd4",         2 },
    { "call far",      "\xff\x1d\0\0\0\0", 6 },
};
/* clang-format on */

static pid_t child;

static void *map_at(uintptr_t where)
{
    void *p = mmap((void *)where, SIZE, PROT_READ | PROT_WRITE | PROT_EXEC,
                   MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

    assert_ptr_equal(p, (void *)where);
    return p;
}

static int setup(void **unused)
{
    int status;
    struct err err;

    (void)unused;
    map_at(CODE);
    map_at(DATA);
    map_at(SLOT);
    child = fork();
    if (child == 0) {
        for (;;)
            pause();
    }
    assert_int_equal(ptrace_seize(child, true, &err), ERR_OK);
    ptrace_interrupt(child);
    assert_int_equal(waitpid(child, &status, __WALL), child);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    kill(child, SIGKILL);
    waitpid(child, NULL, __WALL);
    return 0;
}

/* Registers that may be read as code or data addresses all point there. */
static void random_state(struct arch_regs *regs)
{
    unsigned long long *gpr[] = {
        &regs->user.rax, &regs->user.rbx, &regs->user.rcx, &regs->user.rdx,
        &regs->user.rsi, &regs->user.rdi, &regs->user.rbp, &regs->user.r8,
        &regs->user.r9,  &regs->user.r10, &regs->user.r11, &regs->user.r12,
    };
    uint64_t *words = (uint64_t *)DATA;

    for (size_t i = 0; i < SIZE / 8; i++)
        words[i] = CODE + 0x800 + (uint64_t)(rand() % 0x100);
    for (size_t i = 0; i < ARRAY_LEN(gpr); i++)
        *gpr[i] = DATA + 0x1000 + (uint64_t)(rand() % 0x80) * 8;
    if (rand() % 3 == 0)
        regs->user.rcx = (unsigned long long)(rand() % 2);
    regs->user.rax = CODE + 0x900 + (uint64_t)(rand() % 0x100);
    regs->user.r11 = regs->user.rax;
    regs->user.rsp = DATA + 0x2000;
    /* carry, parity, adjust, zero, sign, overflow */
    regs->user.eflags = 0x202 | ((unsigned)rand() & 0x8d5);
    regs->user.orig_rax = UINT64_MAX;
}

/* Runs from `pc`: one step, or on until a trap. */
static void run_from(uint64_t pc, bool one_step, const struct arch_regs *from,
                     struct arch_regs *to)
{
    struct arch_regs regs = *from;
    struct err err;
    int status;

    regs.user.rip = pc;
    assert_int_equal(ptrace_set_regs(child, &regs, &err), ERR_OK);
    assert_int_equal(
        ptrace(one_step ? PTRACE_SINGLESTEP : PTRACE_CONT, child, NULL, NULL),
        0);
    assert_int_equal(waitpid(child, &status, __WALL), child);
    assert_true(WIFSTOPPED(status));
    assert_int_equal(WSTOPSIG(status), SIGTRAP);
    assert_int_equal(ptrace_get_regs(child, to, NULL, &err), ERR_OK);
    if (!one_step)
        to->user.rip -= 1; /* int3 leaves it behind itself */
}

static void check_once(size_t i)
{
    static uint8_t before[SIZE], stepped[SIZE];
    struct arch_regs start, in_place, in_slot;
    struct displaced d;
    struct err err;

    assert_int_equal(ptrace_get_regs(child, &start, NULL, &err), ERR_OK);
    random_state(&start);
    memset((void *)CODE, 0xcc, SIZE);
    memset((void *)SLOT, 0xcc, SIZE);
    memcpy((void *)(CODE + 0x400), insns[i].bytes, insns[i].size);
    assert_int_equal(displaced_make((const uint8_t *)insns[i].bytes,
                                    insns[i].size, CODE + 0x400, SLOT, &d,
                                    &err),
                     ERR_OK);
    assert_int_equal(d.insn_size, insns[i].size);
    assert_true(d.size <= DISPLACED_SLOT_SIZE);
    memcpy((void *)SLOT, d.code, d.size);
    memcpy(before, (void *)DATA, SIZE);

    run_from(CODE + 0x400, true, &start, &in_place);
    memcpy(stepped, (void *)DATA, SIZE);
    memcpy((void *)DATA, before, SIZE);
    run_from(SLOT, false, &start, &in_slot);

    assert_memory_equal(stepped, (void *)DATA, SIZE);
    in_place.user.eflags &= ~UINT64_C(0x100); /* the step's own flag */
    in_slot.user.eflags &= ~UINT64_C(0x100);
    assert_memory_equal(&in_place.user, &in_slot.user, sizeof(in_place.user));
}

static void displaced__has_the_same_effect_elsewhere(void **unused)
{
    (void)unused;
    srand(1);
    for (size_t i = 0; i < ARRAY_LEN(insns); i++) {
        print_message("  %s\n", insns[i].what);
        for (int round = 0; round < ROUNDS; round++)
            check_once(i);
    }
}

static void displaced__refuses_what_cannot_move(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct displaced d;
        struct err err = { 0 };

        print_message("  %s\n", refused[i].what);
        assert_int_equal(displaced_make((const uint8_t *)refused[i].bytes,
                                        refused[i].size, CODE, SLOT, &d, &err),
                         ERR_BAD_FORMAT);
        assert_true(err.text[0] != '\0');
    }
}

/* Whatever the bytes are, the slot is never longer than its place. */
static void displaced__fits_its_slot(void **unused)
{
    (void)unused;
    srand(2);
    for (int round = 0; round < 200000; round++) {
        uint8_t bytes[15];
        struct displaced d;
        struct err err;

        for (size_t i = 0; i < sizeof(bytes); i++)
            bytes[i] = (uint8_t)rand();
        if (displaced_make(bytes, sizeof(bytes), CODE, SLOT, &d, &err) ==
            ERR_OK) {
            assert_true(d.size <= DISPLACED_SLOT_SIZE);
            assert_true(d.insn_size <= sizeof(bytes));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(displaced__has_the_same_effect_elsewhere),
        cmocka_unit_test(displaced__refuses_what_cannot_move),
        cmocka_unit_test(displaced__fits_its_slot),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
