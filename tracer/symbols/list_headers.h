/*
 * list_headers.h - whether libdwarf may be shown .debug_rnglists and
 * .debug_loclists. The library of Debian 12 frees twice what it read before a
 * damaged header in one of them, and follows the offsets behind a header
 * wherever they lead, so such a file must not get that far.
 */
#ifndef SYMBOLS_LIST_HEADERS_H
#define SYMBOLS_LIST_HEADERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The headers and offsets of every table in the section: DWARF 5 standard,
 * sections 7.28 and 7.29. */
bool list_headers_are_sound(const uint8_t *section, size_t size);

#endif
