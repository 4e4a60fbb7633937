/* Two stacks in one mapping, taking turns: a frame on one is still there when
 * the other runs, whichever is the higher. And more stacks than fit a small
 * table. */
#include <ucontext.h>

#include "expect.h"

enum { STACK_SIZE = 65536, TURNS = 10, CROWD = 100 };

static char stacks[2][STACK_SIZE];
static ucontext_t back, turn[CROWD];
static int lines[4];
static void *blocks[2];

NOINLINE static void keep_across(int self)
{
    for (int i = 0; i < TURNS; i++) {
        lines[0] = __LINE__ + 1;
        void *mine = keep(malloc(50));

        swapcontext(&turn[self], &turn[1 - self]);
        free(mine);
    }
}

NOINLINE static void *make_up(void)
{
    lines[1] = __LINE__ + 1;
    return keep(malloc(60));
}

NOINLINE static void keep_up(int self)
{
    for (int i = 0; i < TURNS; i++) {
        blocks[self] = make_up();
        swapcontext(&turn[self], &turn[1 - self]);
        free(blocks[self]);
    }
}

static void run(int self)
{
    keep_across(self);
    keep_up(self);
    swapcontext(&turn[self], &turn[1 - self]); /* the other ends as well */
}

NOINLINE static void one_of_many(int self)
{
    lines[2] = __LINE__ + 1;
    void *mine = keep(malloc(70));

    swapcontext(&turn[self], &back);
    free(mine);
    swapcontext(&turn[self], &back);
}

static void crowd(char *memory)
{
    lines[3] = __LINE__ + 1;
    void *mine = keep(malloc(80));

    for (int i = 0; i < CROWD; i++) {
        getcontext(&turn[i]);
        turn[i].uc_stack.ss_sp = memory + (size_t)i * STACK_SIZE;
        turn[i].uc_stack.ss_size = STACK_SIZE;
        turn[i].uc_link = NULL;
        makecontext(&turn[i], (void (*)(void))one_of_many, 1, i);
        swapcontext(&back, &turn[i]);
    }
    for (int i = 0; i < CROWD; i++)
        swapcontext(&back, &turn[i]);
    free(mine);
}

int main(void)
{
    static char many[CROWD * STACK_SIZE];

    expect_begin();
    for (int i = 0; i < 2; i++) {
        getcontext(&turn[i]);
        turn[i].uc_stack.ss_sp = stacks[i];
        turn[i].uc_stack.ss_size = STACK_SIZE;
        turn[i].uc_link = &back;
        makecontext(&turn[i], (void (*)(void))run, 1, i);
    }
    swapcontext(&back, &turn[0]);
    crowd(many);
    expect_site("keep_across", lines[0], "malloc", 2 * TURNS, 100 * TURNS,
                "T:20");
    expect_site("make_up", lines[1], "malloc", 2 * TURNS, 120 * TURNS, "U1:20");
    expect_site("one_of_many", lines[2], "malloc", CROWD, 70 * CROWD, "T:100");
    expect_site("crowd", lines[3], "malloc", 1, 80, "T:1");
    expect("ledger stacks_cut=0");
    expect("ledger frees_unknown=0");
    return 0;
}
