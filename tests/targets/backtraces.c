/* Says, with the C library's own unwinder, through which calls it came to each
 * of its allocations: from frames of many shapes, a signal handler and a
 * callback. A line is a return address less one, relative to the program. */
#include <alloca.h>
#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <string.h>

#include "expect.h"

static char *base;

/* The callers of this function's caller: where it is called itself is not
 * where malloc is. */
__attribute__((always_inline)) static inline void make(void)
{
    void *pcs[100];
    int count = backtrace(pcs, 100);
    void *p = keep(malloc(10));

    for (int i = 1; i < count; i++) {
        Dl_info info;

        if (dladdr(pcs[i], &info) != 0 && info.dli_fbase == base)
            printf("%lx\n", (unsigned long)((char *)pcs[i] - base - 1));
    }
    free(p);
}

NOINLINE static void plain(void)
{
    make();
}

NOINLINE static void aligned(size_t n)
{
    _Alignas(256) char big[512];
    char variable[n];

    memset(big, 1, sizeof(big));
    memset(variable, 2, n);
    plain();
    keep(big);
    keep(variable);
}

NOINLINE static void grown(size_t n)
{
    char *p = alloca(n);

    memset(p, 3, n);
    aligned(n);
    keep(p);
}

NOINLINE static void huge(int depth)
{
    char page[1 << 18];

    page[0] = page[sizeof(page) - 1] = 1;
    if (depth > 0)
        huge(depth - 1);
    else
        grown(100);
    keep(page);
}

NOINLINE static int compare(const void *a, const void *b)
{
    make();
    return *(const int *)a - *(const int *)b;
}

static void on_signal(int signo)
{
    (void)signo;
    grown(33);
}

__attribute__((noinline, optimize("O3", "omit-frame-pointer"))) static long
many_registers(long a, long b, long c, long d, long e, long f)
{
    long sum = a * b + c * d + e * f;

    for (long i = 0; i < 3; i++) {
        plain();
        sum += a * i + b * sum + c * e + d * f;
    }
    return sum;
}

int main(void)
{
    int numbers[] = { 3, 1, 2 };
    Dl_info info;
    void *first[1];

    expect_begin();
    backtrace(first, 1); /* loads its library, which allocates */
    if (dladdr((void *)main, &info) == 0)
        return 1;
    base = info.dli_fbase;
    huge(3);
    qsort(numbers, 3, sizeof(int), compare);
    signal(SIGUSR1, on_signal);
    raise(SIGUSR1);
    return many_registers(1, 2, 3, 4, 5, 6) == 0;
}
