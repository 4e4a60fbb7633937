/*
 * demangle.h - C++ names as people write them.
 *
 * By libiberty, because a C program can link it without the C++ runtime and
 * because it hands out its text bit by bit: 250 bytes of mangled name can
 * stand for gigabytes of text, and libstdc++'s __cxa_demangle builds all of
 * it. Built without libiberty, names stay as they are.
 */
#ifndef SYMBOLS_DEMANGLE_H
#define SYMBOLS_DEMANGLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/map.h"

struct demangler {
    struct map by_name; /* address of a name -> its text's, or its own */
    char **texts;       /* owned */
    size_t count, cap;
};

/* The name in C++'s own words; `name` itself when it is not one of C++, or
 * its text would be absurdly long. `name` must stay where it is, and *out is
 * borrowed, until demangler_fini. ERR_NO_MEMORY. */
enum err_code demangler_find(struct demangler *d, const char *name,
                             const char **out, struct err *err) MUST_CHECK;

/* Whether this build can do it. */
bool demangler_is_built_in(void);

void demangler_fini(struct demangler *d);

#endif
