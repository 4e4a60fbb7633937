/*
 * line_program.h - runs one line number program of .debug_line: DWARF 5
 * standard, section 6.2. Private to debug_rows.c.
 *
 * libdwarf reads the names of files, but not the rows: the library of Debian
 * 12 starts programs of DWARF 5 in file 0 where compilers mean file 1, so
 * that a function from a header would be said to stand in the unit's own
 * file.
 */
#ifndef SYMBOLS_LINE_PROGRAM_H
#define SYMBOLS_LINE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct line_row {
    uint64_t vaddr; /* serves from here to the next row */
    uint32_t file;  /* number in the unit's own table */
    uint32_t line;  /* 0 unknown */
    uint32_t column;
    bool is_end; /* no code from here on */
};

struct line_rows {
    struct line_row *rows; /* owned */
    size_t count, cap;
};

/* Adds the rows of the program at `offset` of the section, in its order. The
 * sequences of functions that the linker threw away are left out. On
 * ERR_BAD_FORMAT those before the damage have been added. ERR_NO_MEMORY. */
enum err_code line_program_run(const uint8_t *section, size_t size,
                               uint64_t offset, struct line_rows *out,
                               struct err *err) MUST_CHECK;

#endif
