// Exceptions through several makers, rethrown, out of constructors, within
// noexcept functions: what is freed while they pass is freed in time.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#define NOINLINE __attribute__((noinline, noclone))

static char buffer[1 << 16];
static int holder_line, middle_line;

// Keeps the compiler from removing a pair of new and delete.
template <typename T> static T *keep(T *p)
{
    __asm__ volatile("" : "+r"(p) : : "memory");
    return p;
}

struct holder {
    long *block;

    NOINLINE explicit holder(bool fail)
    {
        holder_line = __LINE__ + 1;
        block = keep(new long);
        if (fail) {
            delete block;
            throw std::runtime_error("failed");
        }
    }

    ~holder()
    {
        delete block;
    }
};

NOINLINE static void inner(bool fail)
{
    holder first(false);
    holder second(fail);
}

NOINLINE static void middle(bool fail)
{
    middle_line = __LINE__ + 1;
    std::unique_ptr<int[]> mine(keep(new int[5]));

    try {
        inner(fail);
    } catch (const std::exception &) {
        throw;
    }
}

extern "C" NOINLINE void op(bool fail)
{
    try {
        middle(fail);
    } catch (const std::runtime_error &) {
    }
}

NOINLINE static void firm() noexcept
{
    op(true);
}

static thread_local std::vector<int> numbers;

NOINLINE static void fill()
{
    numbers.resize(10); // freed when the thread ends
}

int main()
{
    setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
    for (int i = 0; i < 10; i++)
        op(i % 2 == 0);
    firm();
    for (int i = 0; i < 3; i++) {
        std::thread thread(fill);

        thread.join();
    }
    printf("ops=11\n");
    // Six of the seconds fail and are freed by their constructor; all others
    // by their destructors, which inner calls.
    printf("site holder::holder:%d via=operator new allocs=22 bytes=176 "
           "verdicts=T:6,U1:16\n", holder_line);
    printf("site middle:%d via=operator new allocs=11 bytes=220 "
           "verdicts=T:11\n", middle_line);
    printf("ledger frees_unknown=0\n");
    printf("ledger stacks_cut=0\n");
    printf("ledger ops_inferred=0\n");
    return 0;
}
