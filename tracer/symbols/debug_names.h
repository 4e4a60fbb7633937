/*
 * debug_names.h - the function names that DIEs give, directly or through the
 * instance they were made from. Private to debug_lines.c.
 */
#ifndef SYMBOLS_DEBUG_NAMES_H
#define SYMBOLS_DEBUG_NAMES_H

#include "base/err.h"
#include "base/map.h"

struct Dwarf_Debug_s;

struct debug_names {
    struct map by_die; /* offset of a DIE -> its name, a const char * */
};

/* The linkage name, else the plain name, of the DIE at `offset` or of the one
 * it refers to; "" when there is none. Borrowed from the file, until the
 * Dwarf_Debug is closed. ERR_NO_MEMORY. */
enum err_code debug_names_at(struct debug_names *n, struct Dwarf_Debug_s *dbg,
                             uint64_t offset, const char **out,
                             struct err *err) MUST_CHECK;

void debug_names_fini(struct debug_names *n);

#endif
