/*
 * text.h - foreign text made fit to print, and its width in columns.
 *
 * Names and paths come from the traced program and may hold anything:
 * escape sequences, C1 controls, bidirectional overrides, broken UTF-8. Every
 * one that reaches a terminal, a report or a log goes through here first.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes one character of well-formed UTF-8 (RFC 3629) at `p`, `size` bytes
 * being left. Gives its length, 0 when it is not well-formed. */
size_t text_decode(const char *p, size_t size, uint32_t *out);

/* Columns one character takes on a terminal: 0 (combining), 1, or 2 (CJK);
 * -1 for a control or otherwise unprintable character. Does not depend on
 * the locale. */
int text_char_width(uint32_t c);

/* Columns of a NUL-terminated string; what is unprintable counts as 1. */
size_t text_width(const char *s);

/*
 * Copies `in` to `out` (`cap` bytes, NUL-terminated), replacing every
 * character that is not safe to print, and every byte that is not UTF-8, by
 * U+FFFD, or by '?' when `ascii`, which also replaces all beyond ASCII. Cut
 * at a character border when too long. Gives `out`.
 */
char *text_clean(const char *in, char *out, size_t cap, bool ascii);

#endif
