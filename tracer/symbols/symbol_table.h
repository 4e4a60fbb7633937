/*
 * symbol_table.h - the functions of one or two ELF files, sorted by address.
 *
 * Private to image.c, which fills one from the file and from its separate
 * debug file. Memory taken is bounded by the sizes of the files.
 */
#ifndef SYMBOLS_SYMBOL_TABLE_H
#define SYMBOLS_SYMBOL_TABLE_H

#include <libelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct symbol {
    const char *name; /* borrowed from the table; never "" */
    uint64_t vaddr;
    uint64_t size_bytes; /* 0 unknown */
    uint8_t rank;        /* of names at one address the lowest is shown */
    bool is_ifunc;
};

enum {
    SYMBOL_STRINGS_MAX = 4
}; /* string sections: .symtab's and .dynsym's,
      of two files */

struct symbol_table {
    struct symbol *symbols;
    size_t count, cap;
    uint64_t *reach; /* reach[i]: the largest end among symbols 0 to i */
    char *strings[SYMBOL_STRINGS_MAX];
    size_t string_count;
};

/* Adds the defined functions of `elf`: of its first .symtab and its first
 * .dynsym. What makes no sense in the file is passed over. ERR_NO_MEMORY. */
enum err_code symbol_table_add(struct symbol_table *t, Elf *elf,
                               struct err *err) MUST_CHECK;

/* Sorts and drops doubles; nothing may be added after. ERR_NO_MEMORY. */
enum err_code symbol_table_sort(struct symbol_table *t,
                                struct err *err) MUST_CHECK;

/* The best symbol whose bytes hold `vaddr`, or NULL. */
const struct symbol *symbol_table_at(const struct symbol_table *t,
                                     uint64_t vaddr);

void symbol_table_fini(struct symbol_table *t);

#endif
