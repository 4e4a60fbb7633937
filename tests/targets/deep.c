/* A wrapper that recurses two thousand deep, allocating on the way down and
 * freeing on the way up; and the same call from one frame above. */
#include "expect.h"

enum { DEPTH = 2000 };

static int line;

NOINLINE static int down(int depth)
{
    line = __LINE__ + 1;
    char *mine = keep(malloc(10));
    int below = depth > 1 ? down(depth - 1) : 0;

    free(mine);
    return below + 1;
}

NOINLINE static int op(int depth)
{
    return down(depth);
}

int main(void)
{
    expect_begin();
    if (op(DEPTH) != DEPTH || op(10) != 10)
        return 1;
    expect("ops=2");
    expect_site("down", line, "malloc", DEPTH + 10, 10 * (DEPTH + 10),
                "T:2010");
    expect("ledger stacks_cut=0");
    return 0;
}
