/*
 * debug_dies.h - walking the entries (DIEs) of one unit and reading what they
 * say. Private to debug_*.c.
 */
#ifndef SYMBOLS_DEBUG_DIES_H
#define SYMBOLS_DEBUG_DIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct Dwarf_Debug_s;
struct Dwarf_Die_s;

enum { DIE_DEPTH_MAX = 256 }; /* what lies deeper is not visited */

/* Called for the unit's own DIE (depth 0) and every one below it that may
 * lead to code: functions, inlined calls, blocks, namespaces, classes. */
typedef enum err_code (*die_visit)(void *ctx, struct Dwarf_Die_s *die,
                                   uint16_t tag, size_t depth, struct err *err);

/* Visits the unit whose DIE lies at `offset`, parents before children.
 * ERR_BAD_FORMAT, ERR_NO_MEMORY, or what `visit` returned. */
enum err_code debug_dies_walk(struct Dwarf_Debug_s *dbg, uint64_t offset,
                              die_visit visit, void *ctx,
                              struct err *err) MUST_CHECK;

/* Attributes that are numbers, texts (borrowed from the file), or references
 * within .debug_info. False when there is none of that sort. */
bool debug_die_number(struct Dwarf_Debug_s *dbg, struct Dwarf_Die_s *die,
                      uint16_t attribute, uint64_t *out);
bool debug_die_text(struct Dwarf_Debug_s *dbg, struct Dwarf_Die_s *die,
                    uint16_t attribute, const char **out);
bool debug_die_reference(struct Dwarf_Debug_s *dbg, struct Dwarf_Die_s *die,
                         uint16_t attribute, uint64_t *out);
uint64_t debug_die_offset(struct Dwarf_Debug_s *dbg, struct Dwarf_Die_s *die);

/* Calls `each` for every address range of the DIE's code: DW_AT_ranges, else
 * low_pc and high_pc. `base` is the unit's low_pc, for DWARF 4. ERR_BAD_FORMAT
 * after those that could be read; ERR_NO_MEMORY; or what `each` returned. */
typedef enum err_code (*range_visit)(void *ctx, uint64_t low, uint64_t high,
                                     struct err *err);
enum err_code debug_die_ranges(struct Dwarf_Debug_s *dbg,
                               struct Dwarf_Die_s *die, uint64_t base,
                               range_visit each, void *ctx,
                               struct err *err) MUST_CHECK;

/* The unit's low_pc, 0 when it has none. */
uint64_t debug_die_low_pc(struct Dwarf_Debug_s *dbg, struct Dwarf_Die_s *die);

#endif
