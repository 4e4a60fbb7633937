/*
 * expect.h - how a target program says what a recording of it must report.
 *
 * Each target prints, on stdout, lines that `report` has to agree with:
 *
 *     allocs=3
 *     site copy:41 via=strdup allocs=2 bytes=9 verdicts=U1:2
 *     ledger stacks_cut=0
 *
 * Lines come from the program's own arithmetic and __LINE__, so they cannot
 * drift from the code. Nothing here allocates.
 */
#ifndef TARGETS_EXPECT_H
#define TARGETS_EXPECT_H

#include <stdio.h>
#include <stdlib.h>

static char expect_buffer[1 << 16]; /* else stdio would allocate one */

static inline void expect_begin(void)
{
    setvbuf(stdout, expect_buffer, _IOFBF, sizeof(expect_buffer));
}

#define expect(...) (printf(__VA_ARGS__), putchar('\n'))

/* One site that made `allocs` blocks of `bytes` bytes in all. `verdicts` is
 * e.g. "T:1,U1:2", in the order T U1..U8 O C L. */
static inline void expect_site(const char *function, int line,
                               const char *via, int allocs, int bytes,
                               const char *verdicts)
{
    expect("site %s:%d via=%s allocs=%d bytes=%d verdicts=%s", function, line,
           via, allocs, bytes, verdicts);
}

/* Keeps the compiler from removing an allocation or merging two. */
static inline void *keep(void *p)
{
    __asm__ volatile("" : "+r"(p) : : "memory");
    return p;
}

#ifdef __clang__
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE __attribute__((noinline, noclone))
#endif

#endif
