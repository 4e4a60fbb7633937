/*
 * image.h - one ELF file: its identity, its functions, its separate debug
 * file. By libelf; DWARF is read elsewhere (debug_*.h).
 *
 * Addresses here are the file's own virtual addresses (vaddr). A process's
 * address is vaddr + bias, the bias being the same for the whole file.
 */
#ifndef SYMBOLS_IMAGE_H
#define SYMBOLS_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct image; /* opaque; not thread-safe */

struct image_symbol {
    const char *name; /* borrowed from the image */
    uint64_t vaddr;
    uint64_t size_bytes; /* 0 unknown */
    bool is_ifunc;       /* vaddr is the resolver, gabi "STT_GNU_IFUNC" */
};

/*
 * Opens an ELF file. `path` may be /proc/PID/map_files/... or a path below
 * /proc/PID/root. ERR_IO; ERR_BAD_FORMAT: not an ELF file, damaged, or not
 * for a 64-bit machine of the kind we run on (the text says which).
 */
enum err_code image_open(const char *path, struct image **out,
                         struct err *err) MUST_CHECK;
void image_close(struct image *img); /* accepts NULL */

const char *image_path(const struct image *img);
const char *image_build_id(const struct image *img); /* hex; "" none */
const char *image_soname(const struct image *img);   /* "" none */
bool image_is_static(const struct image *img); /* has no PT_INTERP, no soname
                                                  and is not a library */
uint64_t image_entry(const struct image *img); /* e_entry, a vaddr */

/* Where `file_offset` of the file lies in its virtual address space, by the
 * program headers. False when no PT_LOAD holds it. The process's bias of a
 * mapping is map_entry.start - that. Segments are mapped by whole pages, so
 * that two may hold the same offset: the executable one counts, and so must
 * an executable mapping be asked about. */
bool image_vaddr_of_offset(const struct image *img, uint64_t file_offset,
                           uint64_t *vaddr);

/* The vaddrs the PT_LOADs span, in whole pages: [*start, *end). */
void image_span(const struct image *img, uint64_t *start, uint64_t *end);

/*
 * Calls `each` for every defined function named `name` (static ones too),
 * from .symtab, .dynsym and the separate debug file's .symtab; each distinct
 * vaddr once. Symbol versions ("malloc@@GLIBC_2.2.5") do not matter.
 */
enum err_code image_find_functions(struct image *img, const char *name,
                                   void (*each)(void *ctx,
                                                const struct image_symbol *s),
                                   void *ctx, struct err *err) MUST_CHECK;

/* Calls `each` for every defined function that has a name. */
enum err_code image_each_function(struct image *img,
                                  void (*each)(void *ctx,
                                               const struct image_symbol *s),
                                  void *ctx, struct err *err) MUST_CHECK;

/* The function whose bytes hold `vaddr`; ERR_NOT_FOUND. Where several names
 * share an address, a local one loses; then the one with fewer leading
 * underscores wins (glibc's strdup is weak, its __strdup global); then a
 * global one over a weak one. */
enum err_code image_function_at(struct image *img, uint64_t vaddr,
                                struct image_symbol *out,
                                struct err *err) MUST_CHECK;

/* A path by which this very file can be opened again while the image is
 * open, even when it was deleted or its process is gone: /proc/self/fd/N. */
const char *image_self_path(const struct image *img);

/*
 * Path of the file that holds this image's DWARF: its own (as
 * image_self_path) when it has .debug_info, else one found by build id or
 * .gnu_debuglink (CRC checked) beside it or below /usr/lib/debug, gdb manual,
 * "Separate Debug Files". NULL when there is none. Borrowed until
 * image_close.
 */
const char *image_debug_path(struct image *img);

#endif
