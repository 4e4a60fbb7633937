/*
 * wrap.h - breaks text into lines, Chinese as well as English.
 *
 * English breaks at blanks. Chinese breaks between any two characters, but
 * no line begins with closing punctuation and none ends with opening
 * punctuation (the core of kinsoku, JLREQ 3.1.7 and GB/T 15834). A word
 * wider than the line is broken where the line ends.
 */
#ifndef TUI_WRAP_H
#define TUI_WRAP_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/grid.h"

/* Takes the next line of at most `width` columns off *text: *line borrows
 * `size` bytes of it, and *text moves past them and the blanks that follow.
 * A newline ends a line. False at the end of the text. */
bool wrap_next(const char **text, int width, const char **line, size_t *size);

/* How many lines the text takes. */
int wrap_count(const char *text, int width);

/* Draws lines `first` to the area's end; gives how many lines there are in
 * all. */
int wrap_draw(struct area a, enum style style, const char *text, int first);

#endif
