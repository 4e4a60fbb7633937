/*
 * Code in the shapes that compilers give it: calls inlined three deep, static
 * functions, loops, a part that is moved away as cold, a frame that realigns
 * the stack, one of unknown size, and tail calls.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shapes.h"

static int calls;

static inline __attribute__((always_inline)) int innermost(int value)
{
    calls++;
    return shapes_clamp(value * 3 + calls);
}

static inline __attribute__((always_inline)) int middle(int value)
{
    int sum = innermost(value);

    for (int i = 0; i < value % 7; i++)
        sum += innermost(i);
    return sum;
}

static inline __attribute__((always_inline)) int outer(int value)
{
    return middle(value) + middle(value + 1);
}

__attribute__((cold, noinline)) static void complain(int value)
{
    fprintf(stderr, "value %d is out of range\n", value);
    exit(3);
}

__attribute__((noinline)) static int with_cold_part(int value)
{
    if (__builtin_expect(value > 1 << 20, 0)) {
        fprintf(stderr, "too large: ");
        complain(value);
    }
    return outer(value);
}

__attribute__((noinline)) static int realigned(int value)
{
    _Alignas(64) char space[64];

    memset(space, value, sizeof(space));
    return space[value & 63] + with_cold_part(value);
}

__attribute__((noinline)) static int sized_at_run_time(int value)
{
    char *space = __builtin_alloca((size_t)(value & 127) + 1);

    memset(space, value, (size_t)(value & 127) + 1);
    return space[0] + realigned(value);
}

__attribute__((noinline)) static int tail(int value)
{
    return sized_at_run_time(value + 1);
}

int main(int argc, char **argv)
{
    int sum = 0;

    (void)argv;
    for (int i = 0; i < 100; i++)
        sum += tail(i + argc) + shapes_far(i, argc);
    printf("%d\n", sum);
    return 0;
}
