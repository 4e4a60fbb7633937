/* Code without call frame information: stacks through it are cut, and counted,
 * and nothing false is said of them. */
#include "expect.h"

enum { ROUNDS = 5 };

void bare_call(void (*fn)(void));
__asm__(".text\n"
        "bare_call:\n"
        "  push %rbx\n"
        "  sub $40, %rsp\n"
        "  call *%rdi\n"
        "  add $40, %rsp\n"
        "  pop %rbx\n"
        "  ret\n");

static int line;

NOINLINE static void make(void)
{
    line = __LINE__ + 1;
    free(keep(malloc(40)));
}

int main(void)
{
    expect_begin();
    for (int i = 0; i < ROUNDS; i++)
        bare_call(make);
    expect("allocs=%d", ROUNDS);
    expect("frees=%d", ROUNDS);
    expect("plugin make %d %d", ROUNDS, 40 * ROUNDS);
    expect("ledger stacks_cut=%d", 2 * ROUNDS);
    return 0;
}
