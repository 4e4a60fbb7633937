/*
 * grid.h - styled character cells: the only thing views draw on.
 *
 * A grid is a screenful; an area is a rectangle of it, and everything drawn
 * is clipped to its area, so no view can write outside its place. Text is
 * made fit to print here, cell by cell, so that no name from a traced program
 * reaches a terminal raw, whoever draws it.
 *
 * A wide character (CJK) takes two cells; the right one has width 0. Writing
 * over one half blanks the other; a wide character that would stick out on
 * the right is left out. Combining characters are dropped.
 */
#ifndef TUI_GRID_H
#define TUI_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum style {
    STYLE_PLAIN,
    STYLE_DIM,
    STYLE_BOLD,
    STYLE_SELECTED,
    STYLE_ACCENT, /* the number this is all about; bars */
    STYLE_WARN,
    STYLE_GONE, /* was here in the stage before */
    STYLE_COUNT
};

/* Characters that have an ASCII stand-in. */
enum glyph {
    GLYPH_HORIZONTAL,
    GLYPH_VERTICAL,
    GLYPH_TOP_LEFT,
    GLYPH_TOP_RIGHT,
    GLYPH_BOTTOM_LEFT,
    GLYPH_BOTTOM_RIGHT,
    GLYPH_ELLIPSIS,
    GLYPH_FULL, /* a full block */
    GLYPH_COUNT
};

enum { GRID_MAX = 1000 }; /* rows, columns; beyond it nothing is drawn */

struct cell {
    uint32_t ch;   /* Unicode; ' ' when blank */
    uint8_t style; /* enum style */
    uint8_t width; /* 1, 2, or 0: the right half of the cell before it */
};

struct grid {
    struct cell *cells; /* rows * cols; owned */
    int rows, cols;     /* at least 1 once resized */
    bool ascii;         /* nothing beyond ASCII */
};

struct area {
    struct grid *grid;
    int row, col;   /* of its top left cell in the grid */
    int rows, cols; /* perhaps 0 */
};

/* Another size, all blank. ERR_NO_MEMORY leaves it as it was. */
enum err_code grid_resize(struct grid *g, int rows, int cols,
                          struct err *err) MUST_CHECK;
void grid_fini(struct grid *g); /* leaves it empty */
void grid_clear(struct grid *g);
struct area grid_area(struct grid *g);

/* One row as UTF-8, blanks at its end left out. Gives the bytes written,
 * without the NUL; `cap` of 4 * cols + 1 always suffices. */
size_t grid_row_text(const struct grid *g, int row, char *out, size_t cap);

/* One character as UTF-8 (RFC 3629): 1 to 4 bytes, no NUL. */
size_t grid_encode(uint32_t c, char out[4]);

/* A rectangle within `a`, cut to it. Negative rows or cols: up to its end,
 * short of so many less one (-1 is all of it). */
struct area area_part(struct area a, int row, int col, int rows, int cols);

void area_glyph(struct area a, int row, int col, enum style style,
                enum glyph glyph);
void area_char(struct area a, int row, int col, enum style style, uint32_t c);

/* Text from `col` on, clipped. Gives the column after it. */
int area_text(struct area a, int row, int col, enum style style,
              const char *text);
int area_printf(struct area a, int row, int col, enum style style,
                const char *fmt, ...) PRINTF_LIKE(5, 6);

/* Text in `width` columns; what does not fit ends in an ellipsis. Gives the
 * column after it. */
int area_fit(struct area a, int row, int col, int width, enum style style,
             const char *text);

/* The same, with its end at the area's right edge less `margin`. Gives the
 * column it begins at. */
int area_text_right(struct area a, int row, int margin, enum style style,
                    const char *text);

/* Blanks the area. */
void area_clear(struct area a);

/* Gives a whole row this style. */
void area_restyle(struct area a, int row, enum style style);

#endif
