/* A hundred thousand frames: blocks made at the bottom, more than a walk may
 * see, and blocks made on the way, each walk meeting the one before. */
#include <sys/resource.h>
#include <unistd.h>

#include "expect.h"

enum { DEPTH = 100000, BLOCKS = 100, FEWER = 10000 };

static int lines[2];

NOINLINE static int at_the_bottom(int depth)
{
    if (depth > 0)
        return at_the_bottom(depth - 1) + 1;
    for (int i = 0; i < BLOCKS; i++) {
        lines[0] = __LINE__ + 1;
        free(keep(malloc(10)));
    }
    return 0;
}

NOINLINE static int on_the_way(int depth)
{
    lines[1] = __LINE__ + 1;
    void *mine = keep(malloc(11));
    int below = depth > 1 ? on_the_way(depth - 1) : 0;

    free(mine);
    return below + 1;
}

int main(int argc, char **argv)
{
    struct rlimit room = { 64 << 20, 64 << 20 };

    expect_begin();
    if (argc < 2) { /* the limit counts when a program starts */
        if (setrlimit(RLIMIT_STACK, &room) != 0)
            return 77;
        execl("/proc/self/exe", argv[0], "again", NULL);
        return 1;
    }
    if (at_the_bottom(DEPTH) != DEPTH || on_the_way(FEWER) != FEWER)
        return 2;
    expect_site("at_the_bottom", lines[0], "malloc", BLOCKS, 10 * BLOCKS,
                "T:100");
    expect_site("on_the_way", lines[1], "malloc", FEWER, 11 * FEWER, "T:10000");
    expect("ledger frees_unknown=0");
    return 0;
}
