/* Frames left by longjmp: their ops end, their blocks go up, and the next
 * call of the same function is another activation. */
#include <setjmp.h>

#include "expect.h"

enum { OPS = 6 };

static jmp_buf back;
static void *kept;
static int line;

NOINLINE static void thrower(int jump)
{
    line = __LINE__ + 1;
    kept = keep(malloc(80));
    if (jump)
        longjmp(back, 1);
}

NOINLINE static void op(int jump)
{
    thrower(jump);
    free(kept);
    kept = NULL;
}

int main(void)
{
    expect_begin();
    for (volatile int i = 0; i < OPS; i++) {
        if (setjmp(back) == 0)
            op(i % 2);
        free(kept); /* NULL after a normal return */
        kept = NULL;
    }
    expect("ops=%d", OPS);
    expect("allocs_per_op=1");
    /* Every other op is left by longjmp; its block is freed after it. */
    expect_site("thrower", line, "malloc", OPS, 80 * OPS, "O:3,C:3");
    expect("ledger ops_inferred=%d", OPS / 2);
    expect("ledger stacks_cut=0");
    return 0;
}
