// operator new, exceptions through makers, destructors, containers.
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

static char buffer[1 << 16];
static int new_line, array_line, throw_line;

// Keeps the compiler from removing a pair of new and delete.
template <typename T> static T *keep(T *p)
{
    __asm__ volatile("" : "+r"(p) : : "memory");
    return p;
}

struct box {
    long a, b;
};

#define NOINLINE __attribute__((noinline, noclone))

NOINLINE static void make_and_throw(bool fail)
{
    new_line = __LINE__ + 1;
    box *one = keep(new box);

    if (fail) {
        delete one;
        throw_line = __LINE__ + 1;
        throw 42;
    }
    delete one;
}

NOINLINE static int *make_array()
{
    array_line = __LINE__ + 1;
    return keep(new int[10]);
}

extern "C" NOINLINE void op(bool fail)
{
    try {
        make_and_throw(fail);
    } catch (int) {
    }
    delete[] make_array();
}

int main()
{
    setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
    for (int i = 0; i < 4; i++)
        op(i % 2 == 1);
    printf("ops=4\n");
    printf("site make_and_throw:%d via=operator new allocs=4 bytes=64 "
           "verdicts=T:4\n", new_line);
    printf("site make_and_throw:%d via=__cxa_allocate_exception allocs=2 "
           "bytes=264 verdicts=O:2\n", throw_line);
    printf("site make_array:%d via=operator new allocs=4 bytes=160 "
           "verdicts=O:4\n", array_line);
    printf("ledger stacks_cut=0\n");
    printf("ledger ops_inferred=0\n");
    return 0;
}
