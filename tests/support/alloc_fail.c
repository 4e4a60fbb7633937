#include "support/alloc_fail.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The names that ld --wrap gives the originals, ld(1). */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);
char *__wrap_strdup(const char *s);

static size_t countdown;
static bool happened;

void alloc_fail_at(size_t nth)
{
    countdown = nth;
    happened = false;
}

bool alloc_fail_happened(void)
{
    return happened;
}

static bool must_fail(void)
{
    if (countdown == 0 || --countdown > 0)
        return false;
    happened = true;
    errno = ENOMEM;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return must_fail() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return must_fail() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return must_fail() ? NULL : __real_realloc(p, size);
}

char *__wrap_strdup(const char *s)
{
    size_t size = strlen(s) + 1;
    char *copy = __wrap_malloc(size);

    return copy == NULL ? NULL : memcpy(copy, s, size);
}
