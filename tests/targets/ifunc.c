/* A function chosen by a resolver when the program starts. */
#include "expect.h"

enum { OPS = 3 };

static int line;

NOINLINE static void op_chosen(void)
{
    line = __LINE__ + 1;
    free(keep(malloc(20)));
}

static void (*choose(void))(void)
{
    return op_chosen;
}

void op(void) __attribute__((ifunc("choose")));

int main(void)
{
    expect_begin();
    for (int i = 0; i < OPS; i++)
        op();
    expect("ops=%d", OPS);
    expect_site("op_chosen", line, "malloc", OPS, 20 * OPS, "T:3");
    return 0;
}
