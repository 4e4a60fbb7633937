/*
 * debug_file.h - finds the separate file that holds an ELF file's DWARF: gdb
 * manual, "Separate Debug Files".
 */
#ifndef SYMBOLS_DEBUG_FILE_H
#define SYMBOLS_DEBUG_FILE_H

#include "base/err.h"
#include "symbols/elf_file.h"

/* `path` is where `f` was opened. *out is the caller's to free, and NULL when
 * there is no such file. ERR_NO_MEMORY. */
enum err_code debug_file_find(const struct elf_file *f, const char *path,
                              char **out, struct err *err) MUST_CHECK;

#endif
