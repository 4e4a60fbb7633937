/* Frames of unusual shape: aligned more than the stack is, of variable size,
 * as large as a stack's page table likes, with a cold half, ending in a call
 * that does not return. */
#include <alloca.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include "expect.h"

static int lines[8];
static jmp_buf back;

NOINLINE static void aligned(size_t n)
{
    _Alignas(256) char big[512];
    char vla[n];

    memset(big, 1, sizeof(big));
    memset(vla, 2, n);
    lines[0] = __LINE__ + 1;
    void *p = keep(malloc(20));
    keep(big);
    keep(vla);
    free(p);
}

NOINLINE static void variable(size_t n)
{
    char *p = alloca(n);

    memset(p, 0, n);
    lines[1] = __LINE__ + 1;
    char *q = keep(malloc(21));
    keep(p);
    free(q);
}

NOINLINE static void huge(int depth)
{
    char page[1 << 20];

    page[0] = page[sizeof(page) - 1] = 1;
    keep(page);
    if (depth > 0)
        huge(depth - 1);
    lines[2] = __LINE__ + 1;
    void *p = keep(malloc(22));
    free(p);
    keep(page);
}

__attribute__((cold, noinline)) static void rare(void)
{
    lines[3] = __LINE__ + 1;
    free(keep(malloc(23)));
}

__attribute__((noinline, optimize("O2"))) static void split(int n)
{
    if (__builtin_expect(n > 0, 0)) {
        rare();
        lines[4] = __LINE__ + 1;
        free(keep(malloc(24)));
        rare();
    }
}

__attribute__((noinline, noreturn)) static void give_up(void)
{
    lines[5] = __LINE__ + 1;
    free(keep(malloc(25)));
    longjmp(back, 1);
}

__attribute__((noinline, noreturn)) static void last_call(void)
{
    give_up(); /* nothing follows it: it returns to another function */
}

NOINLINE static void op(int n)
{
    aligned((size_t)n * 3 + 1);
    variable((size_t)n * 5 + 1);
    huge(2);
    split(n);
    if (setjmp(back) == 0)
        last_call();
}

int main(void)
{
    expect_begin();
    for (volatile int i = 1; i <= 4; i++)
        op(i);
    expect("ops=4");
    expect("allocs_per_op=9");
    expect_site("aligned", lines[0], "malloc", 4, 80, "T:4");
    expect_site("variable", lines[1], "malloc", 4, 84, "T:4");
    expect_site("huge", lines[2], "malloc", 12, 264, "T:12");
    expect_site("rare", lines[3], "malloc", 8, 184, "T:8");
    expect_site("split", lines[4], "malloc", 4, 96, "T:4");
    expect_site("give_up", lines[5], "malloc", 4, 100, "T:4");
    expect("ledger stacks_cut=0");
    expect("ledger ops_inferred=0");
    return 0;
}
