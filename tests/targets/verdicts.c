/* One block for each verdict, per op, and the ways a frame can look like
 * another: recursion, loops, the same call site again. */
#include <string.h>

#include "expect.h"

static void *crossing;
static int lines[8];

NOINLINE static void temporary(void)
{
    lines[0] = __LINE__ + 1;
    void *p = keep(malloc(16));

    free(p);
}

NOINLINE static void *make_one(void)
{
    lines[1] = __LINE__ + 1;
    return keep(malloc(24));
}

NOINLINE static void *make_two(void)
{
    void *p = make_one();

    return keep(p);
}

NOINLINE static void user(void)
{
    void *two = make_two();
    void *one = make_one();

    free(one);
    free(two);
}

NOINLINE static void *make_for_op(void)
{
    lines[2] = __LINE__ + 1;
    return keep(malloc(32));
}

NOINLINE static void make_crossing(void)
{
    lines[3] = __LINE__ + 1;
    crossing = keep(malloc(40));
}

NOINLINE static void leak(void)
{
    lines[4] = __LINE__ + 1;
    keep(malloc(48));
}

/* The same function at the same place on the stack, again and again: each
 * time another activation. */
NOINLINE static void *again(void *previous)
{
    free(previous);
    lines[5] = __LINE__ + 1;
    return keep(malloc(56));
}

NOINLINE static void repeat(void)
{
    void *p = NULL;

    for (int i = 0; i < 5; i++)
        p = again(p);
    free(p);
}

/* Frees at depth 3 what depth 0 made. */
NOINLINE static void recurse(int depth, void *from_above)
{
    lines[6] = __LINE__ + 1;
    void *mine = keep(malloc(64));

    if (depth < 3)
        recurse(depth + 1, mine);
    else
        free(mine);
    if (from_above != NULL)
        free(from_above);
}

NOINLINE static void op(void)
{
    void *p;

    temporary();
    user();
    p = make_for_op();
    make_crossing();
    leak();
    repeat();
    recurse(0, NULL);
    free(p);
}

int main(void)
{
    enum { OPS = 4 };

    expect_begin();
    for (int i = 0; i < OPS; i++) {
        op();
        free(crossing);
    }
    expect("ops=%d", OPS);
    expect("allocs_per_op=%d", 1 + 2 + 1 + 1 + 1 + 5 + 4);
    expect("allocs_min=15");
    expect("allocs_max=15");
    expect_site("temporary", lines[0], "malloc", OPS, 16 * OPS, "T:4");
    expect_site("make_one", lines[1], "malloc", 2 * OPS, 48 * OPS, "U1:4,U2:4");
    expect_site("make_for_op", lines[2], "malloc", OPS, 32 * OPS, "O:4");
    expect_site("make_crossing", lines[3], "malloc", OPS, 40 * OPS, "C:4");
    expect_site("leak", lines[4], "malloc", OPS, 48 * OPS, "L:4");
    expect_site("again", lines[5], "malloc", 5 * OPS, 5 * 56 * OPS, "U1:20");
    /* Depth 3 frees its own; 0 to 2 free, at the end of the next depth, what
     * the depth above made: its maker is still there. */
    expect_site("recurse", lines[6], "malloc", 4 * OPS, 4 * 64 * OPS, "T:16");
    expect("ledger stacks_cut=0");
    expect("ledger ops_inferred=0");
    return 0;
}
