/* A buffer grown by realloc, moved and in place, shrunk, and freed by
 * realloc to nothing. */
#include "expect.h"

static int line;

NOINLINE static void *grow(void *p, size_t size)
{
    line = __LINE__ + 1;
    return keep(realloc(p, size));
}

NOINLINE static void op(void)
{
    void *p = NULL;

    for (size_t size = 16; size <= 4096; size *= 2)
        p = grow(p, size);
    p = grow(p, 100);
    grow(p, 0);
}

int main(void)
{
    expect_begin();
    op();
    op();
    /* 16 to 4096 is nine steps, then one down; the last call only frees. */
    expect("ops=2");
    expect("allocs_per_op=10");
    expect("frees=20");
    expect("bytes=%d", 2 * (8176 + 100));
    expect_site("grow", line, "realloc", 20, 2 * 8276, "O:20");
    expect("grown grow:%d 16", line);
    expect("ledger frees_unknown=0");
    return 0;
}
