/*
 * sleb.h - signed LEB128, DWARF 5 standard, section 7.6. The unsigned kind is
 * a varint of base/buf.h, whose signed one is another (zigzag).
 */
#ifndef SYMBOLS_SLEB_H
#define SYMBOLS_SLEB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* False when too few bytes are left, or more than ten in use. */
bool sleb_take(struct cursor *c, int64_t *out);

#endif
