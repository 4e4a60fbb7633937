/* Five thousand call sites, in as many functions: two breakpoints for each. */
#include "expect.h"

/* X(p0000), then p0001 and so on. */
#define TEN(X, p)                                                              \
    X(p##0) X(p##1) X(p##2) X(p##3) X(p##4)                                    \
    X(p##5) X(p##6) X(p##7) X(p##8) X(p##9)
#define HUNDRED(X, p)                                                          \
    TEN(X, p##0) TEN(X, p##1) TEN(X, p##2) TEN(X, p##3) TEN(X, p##4)           \
    TEN(X, p##5) TEN(X, p##6) TEN(X, p##7) TEN(X, p##8) TEN(X, p##9)
#define THOUSAND(X, p)                                                         \
    HUNDRED(X, p##0) HUNDRED(X, p##1) HUNDRED(X, p##2) HUNDRED(X, p##3)        \
    HUNDRED(X, p##4) HUNDRED(X, p##5) HUNDRED(X, p##6) HUNDRED(X, p##7)        \
    HUNDRED(X, p##8) HUNDRED(X, p##9)
#define ALL(X)                                                                 \
    THOUSAND(X, 1) THOUSAND(X, 2) THOUSAND(X, 3) THOUSAND(X, 4) THOUSAND(X, 5)

#define DEFINE(n)                                                              \
    NOINLINE static void make_##n(void)                                        \
    {                                                                          \
        free(keep(malloc(n)));                                                 \
    }
#define CALL(n) make_##n();

ALL(DEFINE)

int main(void)
{
    enum { COUNT = 5000 };

    expect_begin();
    ALL(CALL)
    expect("allocs=%d", COUNT);
    expect("frees=%d", COUNT);
    expect("ledger probes_refused=0");
    expect("ledger stacks_cut=0");
    expect("ledger exit_status=0");
    return 0;
}
