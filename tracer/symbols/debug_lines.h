/*
 * debug_lines.h - an address to functions, files, lines and inlined calls,
 * from one ELF file's DWARF (4 and 5), read by libdwarf.
 *
 * Compilation units are read when first needed: asking for ten addresses of
 * a large program costs the units that hold them, not the program.
 */
#ifndef SYMBOLS_DEBUG_LINES_H
#define SYMBOLS_DEBUG_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { LINE_CALLS_MAX = 64 }; /* inlined calls kept at one address */

struct line_call {
    const char *function; /* linkage name where there is one; "" unknown.
                             Borrowed until debug_lines_close, as is file */
    const char *file;     /* absolute where the unit's directory is known */
    uint32_t line;        /* 1-based; 0 unknown */
    uint32_t column;      /* 1-based; 0 unknown */
    bool is_inlined;
};

struct debug_lines; /* opaque; not thread-safe */

/* `path` is what image_debug_path gave. ERR_IO, ERR_BAD_FORMAT, ERR_NO_MEMORY;
 * ERR_NOT_FOUND: no DWARF in it. */
enum err_code debug_lines_open(const char *path, struct debug_lines **out,
                               struct err *err) MUST_CHECK;
void debug_lines_close(struct debug_lines *dl); /* accepts NULL */

/*
 * The calls that stand at `vaddr`: the innermost inlined one first, the real
 * function last (is_inlined false). calls[i].line is where calls[i] stands;
 * for i > 0 that is the place of the call to calls[i - 1]. *count is at
 * least 1 on success. ERR_NOT_FOUND: no unit covers it.
 */
enum err_code debug_lines_find(struct debug_lines *dl, uint64_t vaddr,
                               struct line_call calls[LINE_CALLS_MAX],
                               size_t *count, struct err *err) MUST_CHECK;

/* Whether some unit has a function of this name that was inlined everywhere:
 * an abstract instance without code of its own. Reads every unit. */
enum err_code debug_lines_only_inlined(struct debug_lines *dl, const char *name,
                                       bool *out, struct err *err) MUST_CHECK;

#endif
