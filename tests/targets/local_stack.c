/* A coroutine whose stack is a local array of main: a stack within a frame of
 * another. */
#include <ucontext.h>

#include "expect.h"

enum { OPS = 10, STACK_SIZE = 65536 };

static ucontext_t back, there;
static int line;

static void coroutine(void)
{
    for (;;) {
        void *mine = keep(malloc(50));

        swapcontext(&there, &back);
        free(mine);
    }
}

NOINLINE static void op(void)
{
    line = __LINE__ + 1;
    void *mine = keep(malloc(60));

    swapcontext(&back, &there);
    free(mine);
}

int main(void)
{
    char stack[STACK_SIZE];

    keep(stack);
    expect_begin();
    getcontext(&there);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = sizeof(stack);
    makecontext(&there, coroutine, 0);
    for (int i = 0; i < OPS; i++)
        op();
    expect("ops=%d", OPS);
    expect("allocs_per_op=2");
    expect_site("op", line, "malloc", OPS, 60 * OPS, "T:10");
    expect("ledger ops_inferred=0");
    expect("ledger stacks_cut=0");
    return 0;
}
