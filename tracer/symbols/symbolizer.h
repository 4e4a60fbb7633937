/*
 * symbolizer.h - the one door: modules and addresses in, frames, unwind rows
 * and functions by name out. Everything is cached per file and per address.
 *
 * It knows files and numbers, not processes: what is mapped where is told to
 * it, so that a live recording and a test use it alike.
 */
#ifndef SYMBOLS_SYMBOLIZER_H
#define SYMBOLS_SYMBOLIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "symbols/debug_frames.h"
#include "symbols/debug_lines.h"
#include "symbols/image.h"
#include "symbols/maps.h"

struct symbolizer; /* opaque; not thread-safe */

struct symbol_module {
    struct image *image; /* borrowed from the symbolizer */
    const char *path;    /* as mapped; borrowed */
    tracee_addr start, end, bias;
    bool is_runtime; /* libc, ld.so, libstdc++, libgcc_s, libm, libpthread,
                        libasan and the like, by soname: never a site */
    uint32_t number; /* 0-based, in order of appearance; never reused */
};

enum err_code symbolizer_new(struct symbolizer **out,
                             struct err *err) MUST_CHECK;
void symbolizer_free(struct symbolizer *s); /* accepts NULL */

/*
 * Makes the set of modules what `m` says, opening files that are new (by
 * path, and by /proc/PID/map_files where the path was deleted or replaced;
 * pid 0: paths only). Modules that are gone stop being found, but keep their
 * numbers. A file that cannot be opened is passed over, and its addresses
 * have no module; nor have those of the vdso, which has no file. `*changed`
 * (may be NULL): whether anything came or went.
 */
enum err_code symbolizer_update(struct symbolizer *s, const struct maps *m,
                                pid_t pid, bool *changed,
                                struct err *err) MUST_CHECK;

/* The module mapped at `addr` now, or NULL. Valid until the next update;
 * `number` is for ever. */
const struct symbol_module *symbolizer_module_at(const struct symbolizer *s,
                                                 tracee_addr addr);

/* Modules known, gone ones included, and one of them by number. */
size_t symbolizer_module_count(const struct symbolizer *s);
const struct symbol_module *symbolizer_module(const struct symbolizer *s,
                                              uint32_t number);
/* Whether it is still mapped. */
bool symbolizer_module_is_mapped(const struct symbolizer *s, uint32_t number);

/* The unwind row for `addr` (row addresses are vaddrs: add module bias).
 * ERR_NOT_FOUND when there is no module or no row. */
enum err_code symbolizer_row(struct symbolizer *s, tracee_addr addr,
                             const struct unwind_row **out,
                             struct err *err) MUST_CHECK;

/*
 * Names `vaddr` of module `number` (mapped or gone). Without DWARF: one call,
 * by ELF symbol, with file "" and line 0; without that too, ERR_NOT_FOUND.
 * Strings are borrowed until symbolizer_free. C++ names come demangled, and
 * functions of the runtime by their symbols: strdup, not __GI___strdup.
 */
enum err_code symbolizer_name(struct symbolizer *s, uint32_t number,
                              uint64_t vaddr,
                              struct line_call calls[LINE_CALLS_MAX],
                              size_t *count, struct err *err) MUST_CHECK;

enum { SUGGESTIONS_MAX = 3 };

/* Up to three function names of the main module (number 0) nearest to
 * `name`, by edit distance, nearest first; none that is not similar at all.
 * Borrowed until symbolizer_free. Gives how many. */
size_t symbolizer_suggest(struct symbolizer *s, const char *name,
                          const char *out[SUGGESTIONS_MAX]);

#endif
