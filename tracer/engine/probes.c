#include "engine/probes.h"

enum { NO = PROBE_NO_ARGUMENT, RESULT = PROBE_IN_RESULT };

/* The C++ libraries' operator new and delete call malloc and free, and the
 * frame that called them is found by the site rule; a program's own count as
 * the program's. Only allocators that replace both (jemalloc, tcmalloc,
 * mimalloc) serve them without malloc: see probe_operators. Where several names
 * share an address (aligned_alloc and memalign in glibc) the first row names
 * it. */
/* clang-format off */
const struct probe probes[] = {
    /* name                kind         size count block text */
    { "malloc",            PROBE_ALLOC,   0,   NO, RESULT, NULL },
    { "calloc",            PROBE_ALLOC,   1,    0, RESULT, NULL },
    { "realloc",           PROBE_REALLOC, 1,   NO, 0, NULL },
    { "reallocarray",      PROBE_REALLOC, 2,    1, 0, NULL },
    { "aligned_alloc",     PROBE_ALLOC,   1,   NO, RESULT, NULL },
    { "memalign",          PROBE_ALLOC,   1,   NO, RESULT, NULL },
    { "posix_memalign",    PROBE_ALLOC,   2,   NO, 0, NULL },
    { "valloc",            PROBE_ALLOC,   0,   NO, RESULT, NULL },
    { "pvalloc",           PROBE_ALLOC,   0,   NO, RESULT, NULL },
    { "free",              PROBE_FREE,   NO,   NO, 0, NULL },
    { "cfree",             PROBE_FREE,   NO,   NO, 0, NULL },
    { "longjmp",           PROBE_LONGJMP, NO,  NO, NO, NULL },
    { "_longjmp",          PROBE_LONGJMP, NO,  NO, NO, NULL },
    { "siglongjmp",        PROBE_LONGJMP, NO,  NO, NO, NULL },
    { "__longjmp_chk",     PROBE_LONGJMP, NO,  NO, NO, NULL },
    { "__cxa_begin_catch", PROBE_CATCH,   NO,  NO, NO, NULL },
    { "sigprocmask",       PROBE_SIGMASK, NO,  NO, NO, NULL },
    { "pthread_sigmask",   PROBE_SIGMASK, NO,  NO, NO, NULL },
    { "sigaction",         PROBE_SIGACTION, NO, NO, NO, NULL },
    { "_dl_debug_state",   PROBE_LINKER,  NO,  NO, NO, NULL },
};

/* Itanium C++ ABI, "Mangling": nw new, na new[], dl delete, da delete[]. */
#define NEW   "operator new"
#define NEWS  "operator new[]"
#define DEL   "operator delete"
#define DELS  "operator delete[]"
const struct probe probe_operators[] = {
    /* name                                  kind    size count block text */
    { "_Znwm",                              PROBE_ALLOC, 0, NO, RESULT, NEW },
    { "_Znam",                              PROBE_ALLOC, 0, NO, RESULT, NEWS },
    { "_ZnwmRKSt9nothrow_t",                PROBE_ALLOC, 0, NO, RESULT, NEW },
    { "_ZnamRKSt9nothrow_t",                PROBE_ALLOC, 0, NO, RESULT, NEWS },
    { "_ZnwmSt11align_val_t",               PROBE_ALLOC, 0, NO, RESULT, NEW },
    { "_ZnamSt11align_val_t",               PROBE_ALLOC, 0, NO, RESULT, NEWS },
    { "_ZnwmSt11align_val_tRKSt9nothrow_t", PROBE_ALLOC, 0, NO, RESULT, NEW },
    { "_ZnamSt11align_val_tRKSt9nothrow_t", PROBE_ALLOC, 0, NO, RESULT, NEWS },
    { "_ZdlPv",                             PROBE_FREE, NO, NO, 0, DEL },
    { "_ZdaPv",                             PROBE_FREE, NO, NO, 0, DELS },
    { "_ZdlPvm",                            PROBE_FREE, NO, NO, 0, DEL },
    { "_ZdaPvm",                            PROBE_FREE, NO, NO, 0, DELS },
    { "_ZdlPvRKSt9nothrow_t",               PROBE_FREE, NO, NO, 0, DEL },
    { "_ZdaPvRKSt9nothrow_t",               PROBE_FREE, NO, NO, 0, DELS },
    { "_ZdlPvSt11align_val_t",              PROBE_FREE, NO, NO, 0, DEL },
    { "_ZdaPvSt11align_val_t",              PROBE_FREE, NO, NO, 0, DELS },
    { "_ZdlPvmSt11align_val_t",             PROBE_FREE, NO, NO, 0, DEL },
    { "_ZdaPvmSt11align_val_t",             PROBE_FREE, NO, NO, 0, DELS },
};
/* clang-format on */

const size_t probe_count = sizeof(probes) / sizeof(probes[0]);
const size_t probe_operator_count =
    sizeof(probe_operators) / sizeof(probe_operators[0]);

const char *probe_text(const struct probe *p)
{
    return p->text != NULL ? p->text : p->name;
}

uint64_t probe_size(const struct probe *p, const uint64_t args[6])
{
    uint64_t size = args[p->size_arg];

    if (p->count_arg == PROBE_NO_ARGUMENT)
        return size;
    if (__builtin_mul_overflow(size, args[p->count_arg], &size))
        return UINT64_MAX;
    return size;
}
