/*
 * debug_rows.h - one unit's line table: an address to file, line and column.
 * Private to debug_lines.c.
 */
#ifndef SYMBOLS_DEBUG_ROWS_H
#define SYMBOLS_DEBUG_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map.h"
#include "symbols/line_program.h"

struct Dwarf_Debug_s;
struct Dwarf_Line_Context_s;

struct debug_rows {
    struct line_rows table;             /* sorted by vaddr, one at each */
    struct Dwarf_Debug_s *dbg;          /* borrowed */
    struct Dwarf_Line_Context_s *files; /* the table's header; NULL none */
    char **paths;                       /* those asked for; each owned */
    size_t path_count, path_cap;
    struct map path_by_file; /* file -> index in paths */
};

/* The bytes of .debug_line. */
struct line_section {
    const uint8_t *bytes; /* borrowed */
    size_t size;
};

/* Reads the table of the unit whose DIE lies at `offset`. A unit without one
 * gives none. ERR_BAD_FORMAT keeps what came before the damage. ERR_NO_MEMORY
 * leaves it empty. */
enum err_code debug_rows_read(struct debug_rows *r, struct Dwarf_Debug_s *dbg,
                              const struct line_section *lines, uint64_t offset,
                              struct err *err) MUST_CHECK;

/* The row that serves `vaddr`, or NULL. */
const struct line_row *debug_rows_at(const struct debug_rows *r,
                                     uint64_t vaddr);

/* Path of a file of the table, absolute where the unit's directory is known,
 * without "." and ".."; "" when there is no such file. Borrowed until
 * debug_rows_fini. ERR_NO_MEMORY. */
enum err_code debug_rows_file(struct debug_rows *r, uint32_t file,
                              const char **out, struct err *err) MUST_CHECK;

/* Before the Dwarf_Debug is closed. */
void debug_rows_fini(struct debug_rows *r);

#endif
