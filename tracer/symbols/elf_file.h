/*
 * elf_file.h - an open ELF file as libelf gives it, checked to be one for
 * this kind of machine. Private to image.c and what it is made of.
 *
 * libelf reads (ELF_C_READ) and does not map: a file cut short while we look
 * at it is then a read error, not a SIGBUS.
 */
#ifndef SYMBOLS_ELF_FILE_H
#define SYMBOLS_ELF_FILE_H

#include <gelf.h>
#include <libelf.h>
#include <stdbool.h>

#include "base/err.h"

enum { BUILD_ID_TEXT_MAX = 129 }; /* 64 bytes in hex and a NUL */

struct elf_file {
    int fd;
    Elf *elf;
    GElf_Ehdr ehdr;
};

/* An elf_file that is not open: elf_file_close accepts it. */
struct elf_file elf_file_none(void);

/* ERR_IO; ERR_BAD_FORMAT: not a regular file, not ELF, or for another kind of
 * machine. */
enum err_code elf_file_open(const char *path, struct elf_file *out,
                            struct err *err) MUST_CHECK;
void elf_file_close(struct elf_file *f);

/* The section of this name that has bytes in the file, or NULL. */
Elf_Scn *elf_file_section(const struct elf_file *f, const char *name);

/* Its bytes, decompressed if need be; NULL when there is no such section, or
 * it is damaged. Borrowed until elf_file_close. */
Elf_Data *elf_file_data(const struct elf_file *f, const char *name);

/* Hex, by the PT_NOTEs; "" when there is none. */
void elf_file_build_id(const struct elf_file *f, char out[BUILD_ID_TEXT_MAX]);

/* Whether it holds DWARF, compressed or not. */
bool elf_file_has_dwarf(const struct elf_file *f);

#endif
