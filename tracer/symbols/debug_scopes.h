/*
 * debug_scopes.h - one unit's functions and the calls inlined into them, by
 * address. Private to debug_lines.c.
 *
 *   function f  [100,180)                       scope 0
 *     inlined g [110,150)  called at f.c:7      scope 1, parent 0
 *       inlined h [120,130)  called at g.h:3    scope 2, parent 1
 *
 * Address 125 is in scope 2: h, called by g, called by f.
 */
#ifndef SYMBOLS_DEBUG_SCOPES_H
#define SYMBOLS_DEBUG_SCOPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "symbols/intervals.h"

struct Dwarf_Debug_s;

#define SCOPE_NONE UINT32_MAX /* no enum: its constants are ints */

struct scope {
    uint64_t die;    /* offset; names the function */
    uint32_t parent; /* the scope it is inlined into; NONE: a real function */
    uint32_t call_file, call_line, call_column; /* of an inlined call */
};

struct scope_range {
    uint64_t low, high;
    uint32_t scope;
    uint32_t depth; /* scopes above it */
};

/* A real function and the ranges of all that is inlined into it. */
struct scope_function {
    uint32_t scope;
    uint32_t first_range, range_count;
};

struct debug_scopes {
    struct scope *scopes; /* parents before children */
    size_t scope_count, scope_cap;
    struct scope_range *ranges; /* of one function side by side */
    size_t range_count, range_cap;
    struct scope_function *functions;
    size_t function_count, function_cap;
    struct intervals by_addr; /* to functions */
};

/* Reads the unit whose DIE lies at `offset`. What was read before damage is
 * kept and ERR_BAD_FORMAT returned. ERR_NO_MEMORY leaves it empty. */
enum err_code debug_scopes_read(struct debug_scopes *s,
                                struct Dwarf_Debug_s *dbg, uint64_t offset,
                                struct err *err) MUST_CHECK;

/* The innermost scope at `vaddr`, or SCOPE_NONE. */
uint32_t debug_scopes_at(const struct debug_scopes *s, uint64_t vaddr);

void debug_scopes_fini(struct debug_scopes *s);

#endif
