/* Every function of the allocator family, once: one event for each call the
 * program makes, whatever they call inside. */
#include <malloc.h>
#include <string.h>

#include "expect.h"

int main(void)
{
    void *p[16];
    int line;

    expect_begin();
    line = __LINE__ + 1;
    p[0] = keep(malloc(10));
    p[1] = keep(calloc(3, 7));
    p[2] = keep(realloc(NULL, 30));
    p[3] = keep(reallocarray(NULL, 4, 10));
    p[4] = keep(aligned_alloc(64, 128));
    p[5] = NULL;
    if (posix_memalign(&p[5], 32, 96) != 0)
        return 1;
    p[6] = keep(valloc(50));
    p[7] = keep(pvalloc(60));
    p[8] = keep(strdup("seven77"));
    p[9] = keep(realloc(p[0], 2000));
    p[10] = keep(realloc(p[9], 20));
    if (keep(malloc((size_t)1 << 62)) != NULL)
        return 1;
    if (posix_memalign(&p[11], 3, 96) == 0)
        return 1; /* not a power of two */
    free(NULL);

    expect_site("main", line, "malloc", 1, 10, "T:1");
    expect_site("main", line + 1, "calloc", 1, 21, "T:1");
    expect_site("main", line + 2, "realloc", 1, 30, "T:1");
    expect_site("main", line + 3, "reallocarray", 1, 40, "T:1");
    expect_site("main", line + 4, "aligned_alloc", 1, 128, "T:1");
    expect_site("main", line + 6, "posix_memalign", 1, 96, "T:1");
    expect_site("main", line + 8, "valloc", 1, 50, "T:1");
    expect_site("main", line + 9, "pvalloc", 1, 60, "T:1");
    expect_site("main", line + 10, "strdup", 1, 8, "T:1");
    expect_site("main", line + 11, "realloc", 1, 2000, "T:1");
    expect_site("main", line + 12, "realloc", 1, 20, "T:1");
    expect("allocs=11");
    expect("frees=11");
    expect("bytes=%d", 10 + 21 + 30 + 40 + 128 + 96 + 50 + 60 + 8 + 2020);
    expect("ledger stacks_cut=0");
    expect("ledger frees_unknown=0");
    expect("ledger calls_abandoned=0");
    for (int i = 1; i <= 8; i++)
        free(p[i]);
    free(p[10]);
    return 0;
}
