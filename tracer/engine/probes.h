/*
 * probes.h - the functions an engine watches, and what their arguments mean.
 */
#ifndef ENGINE_PROBES_H
#define ENGINE_PROBES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum probe_kind {
    PROBE_ALLOC,     /* hands out a block */
    PROBE_REALLOC,   /* takes one back and hands one out */
    PROBE_FREE,      /* takes one back */
    PROBE_LONGJMP,   /* leaves frames without returning: argument 0 is a
                        jmp_buf */
    PROBE_CATCH,     /* called by the frame that caught an exception: all below
                        it are gone */
    PROBE_SIGMASK,   /* sets the thread's mask: (how, set, old) */
    PROBE_SIGACTION, /* (signal, action with a mask, old) */
    PROBE_LINKER,    /* the dynamic linker has changed the set of modules */
};

enum { PROBE_NO_ARGUMENT = -1, PROBE_IN_RESULT = -1 };

struct probe {
    const char *name; /* of the function, in any module that defines it */
    enum probe_kind kind;
    int8_t size_arg;  /* argument with the size in bytes */
    int8_t count_arg; /* one to multiply it by, or PROBE_NO_ARGUMENT */
    int8_t block_arg; /* FREE, REALLOC: the block taken back; for ALLOC where
                         the result goes (posix_memalign's memptr), or
                         PROBE_IN_RESULT */
    const char *text; /* what people call it; NULL: its name */
};

extern const struct probe probes[];
extern const size_t probe_count;

/* To be watched in a module that has a malloc of its own, libc excepted. */
extern const struct probe probe_operators[];
extern const size_t probe_operator_count;

const char *probe_text(const struct probe *p);

/* What the call asks for, given its arguments; a product that overflows is
 * UINT64_MAX (the call then fails). */
uint64_t probe_size(const struct probe *p, const uint64_t args[6]);

#endif
