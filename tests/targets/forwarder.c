/* An allocator to be preloaded: forwards to the C library's, and puts a header
 * of FORWARDER_HEADER bytes before each block. */
#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>

enum { HEADER = FORWARDER_HEADER };

static void *(*next_malloc)(size_t);
static void *(*next_calloc)(size_t, size_t);
static void *(*next_realloc)(void *, size_t);
static void (*next_free)(void *);

static void find_next(void)
{
    *(void **)&next_malloc = dlsym(RTLD_NEXT, "malloc");
    *(void **)&next_calloc = dlsym(RTLD_NEXT, "calloc");
    *(void **)&next_realloc = dlsym(RTLD_NEXT, "realloc");
    *(void **)&next_free = dlsym(RTLD_NEXT, "free");
}

static void *behind_header(char *block)
{
    return block == NULL ? NULL : block + HEADER;
}

static char *before(void *p)
{
    return p == NULL ? NULL : (char *)p - HEADER;
}

void *malloc(size_t size)
{
    if (next_malloc == NULL)
        find_next();
    return behind_header(next_malloc(size + HEADER));
}

void *calloc(size_t count, size_t size)
{
    if (next_calloc == NULL)
        find_next();
    return behind_header(next_calloc(1, count * size + HEADER));
}

void *realloc(void *p, size_t size)
{
    if (next_realloc == NULL)
        find_next();
    return behind_header(next_realloc(before(p), size + HEADER));
}

void free(void *p)
{
    if (next_free == NULL)
        find_next();
    next_free(before(p));
}
