/* Allocators reached by jumps: the maker's own frame is gone before malloc
 * begins, so its caller asked. And a function that never returns normally,
 * called last in another. */
#include "expect.h"

static int line;

/* A tail call, built with -O2: no frame of its own while malloc runs. */
NOINLINE static void *jump_to_malloc(size_t size)
{
    return malloc(size);
}

NOINLINE static void ask(void)
{
    line = __LINE__ + 1;
    void *p = keep(jump_to_malloc(44));

    free(p);
}

NOINLINE static void op(void)
{
    ask();
}

int main(void)
{
    expect_begin();
    op();
    op();
    expect("ops=2");
    expect_site("ask", line, "malloc", 2, 88, "T:2");
    expect("ledger stacks_cut=0");
    return 0;
}
