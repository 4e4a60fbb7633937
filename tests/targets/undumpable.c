/* The program makes itself undumpable, so that others of its user can no
 * longer open its memory. (Root still can: nothing changes then.) */
#include <sys/prctl.h>

#include "expect.h"

enum { ROUNDS = 10 };

static int line;

NOINLINE static void make(void)
{
    line = __LINE__ + 1;
    free(keep(malloc(20)));
}

int main(void)
{
    expect_begin();
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return 1;
    for (int i = 0; i < ROUNDS; i++)
        make();
    expect_site("make", line, "malloc", ROUNDS, 20 * ROUNDS, "T:10");
    expect("ledger stacks_cut=0");
    return 0;
}
