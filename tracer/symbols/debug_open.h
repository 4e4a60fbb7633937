/*
 * debug_open.h - opening a file with libdwarf, and its errors as ours.
 * Private to debug_*.c, which alone include libdwarf.h; its types are opaque
 * structs here.
 */
#ifndef SYMBOLS_DEBUG_OPEN_H
#define SYMBOLS_DEBUG_OPEN_H

#include "base/err.h"

struct Dwarf_Debug_s;
struct Dwarf_Error_s;

/* ERR_NOT_FOUND: no DWARF in it. ERR_IO, ERR_BAD_FORMAT, ERR_NO_MEMORY. */
enum err_code debug_open(const char *path, struct Dwarf_Debug_s **out,
                         struct err *err) MUST_CHECK;
void debug_close(struct Dwarf_Debug_s *dbg); /* accepts NULL */

/* Frees libdwarf's error `e` (may be NULL) and records it as ours. Returns
 * ERR_BAD_FORMAT or ERR_NO_MEMORY. */
enum err_code debug_error(struct Dwarf_Debug_s *dbg, struct Dwarf_Error_s *e,
                          const char *what, struct err *err);

/* Frees libdwarf's error where it does not matter. */
void debug_ignore(struct Dwarf_Debug_s *dbg, struct Dwarf_Error_s *e);

#endif
