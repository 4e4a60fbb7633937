#include "engine/probes.h"

enum { NO = PROBE_NO_ARGUMENT, RESULT = PROBE_IN_RESULT };

/* C++ operator new and delete are not here: those of the C++ libraries call
 * malloc and free, and the frame that called them is found by the site rule.
 * A program's own count as the program's. Where several names share an
 * address (aligned_alloc and memalign in glibc) the first row names it. */
/* clang-format off */
const struct probe probes[] = {
    /* name                kind         size count block */
    { "malloc",            PROBE_ALLOC,   0,   NO, RESULT },
    { "calloc",            PROBE_ALLOC,   1,    0, RESULT },
    { "realloc",           PROBE_REALLOC, 1,   NO, 0 },
    { "reallocarray",      PROBE_REALLOC, 2,    1, 0 },
    { "aligned_alloc",     PROBE_ALLOC,   1,   NO, RESULT },
    { "memalign",          PROBE_ALLOC,   1,   NO, RESULT },
    { "posix_memalign",    PROBE_ALLOC,   2,   NO, 0 },
    { "valloc",            PROBE_ALLOC,   0,   NO, RESULT },
    { "pvalloc",           PROBE_ALLOC,   0,   NO, RESULT },
    { "free",              PROBE_FREE,   NO,   NO, 0 },
    { "cfree",             PROBE_FREE,   NO,   NO, 0 },
    { "longjmp",           PROBE_LONGJMP, NO,  NO, NO },
    { "_longjmp",          PROBE_LONGJMP, NO,  NO, NO },
    { "siglongjmp",        PROBE_LONGJMP, NO,  NO, NO },
    { "__longjmp_chk",     PROBE_LONGJMP, NO,  NO, NO },
    { "__cxa_begin_catch", PROBE_CATCH,   NO,  NO, NO },
    { "_dl_debug_state",   PROBE_LINKER,  NO,  NO, NO },
};
/* clang-format on */

const size_t probe_count = sizeof(probes) / sizeof(probes[0]);

uint64_t probe_size(const struct probe *p, const uint64_t args[6])
{
    uint64_t size = args[p->size_arg];

    if (p->count_arg == PROBE_NO_ARGUMENT)
        return size;
    if (__builtin_mul_overflow(size, args[p->count_arg], &size))
        return UINT64_MAX;
    return size;
}
