#include "tui/grid.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const struct cell blank = { .ch = ' ', .width = 1 };

/* clang-format off */
static const struct {
    uint32_t unicode;
    char ascii;
} glyphs[GLYPH_COUNT] = {
    [GLYPH_HORIZONTAL]   = { 0x2500, '-' },
    [GLYPH_VERTICAL]     = { 0x2502, '|' },
    [GLYPH_TOP_LEFT]     = { 0x250c, '+' },
    [GLYPH_TOP_RIGHT]    = { 0x2510, '+' },
    [GLYPH_BOTTOM_LEFT]  = { 0x2514, '+' },
    [GLYPH_BOTTOM_RIGHT] = { 0x2518, '+' },
    [GLYPH_ELLIPSIS]     = { 0x2026, '.' },
    [GLYPH_FULL]         = { 0x2588, '#' },
};

/* What lessons and texts use beyond ASCII and can be said within it. */
static const struct {
    uint32_t unicode;
    char ascii;
} stand_ins[] = {
    { 0x2018, '\'' }, { 0x2019, '\'' }, { 0x201c, '"' }, { 0x201d, '"' },
    { 0x2013, '-' },  { 0x2014, '-' },  { 0x2026, '.' }, { 0x00d7, 'x' },
    { 0x2212, '-' },  { 0x00b5, 'u' },  { 0x00a0, ' ' },
};
/* clang-format on */

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

enum err_code grid_resize(struct grid *g, int rows, int cols, struct err *err)
{
    struct cell *cells;

    rows = clamp(rows, 1, GRID_MAX);
    cols = clamp(cols, 1, GRID_MAX);
    cells = malloc((size_t)rows * (size_t)cols * sizeof(*cells));
    if (cells == NULL)
        return err_no_memory(err);
    free(g->cells);
    g->cells = cells;
    g->rows = rows;
    g->cols = cols;
    grid_clear(g);
    return ERR_OK;
}

void grid_fini(struct grid *g)
{
    free(g->cells);
    *g = (struct grid){ 0 };
}

void grid_clear(struct grid *g)
{
    for (int i = 0; i < g->rows * g->cols; i++)
        g->cells[i] = blank;
}

struct area grid_area(struct grid *g)
{
    return (struct area){ g, 0, 0, g->rows, g->cols };
}

size_t grid_encode(uint32_t c, char out[4])
{
    static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    if (size == 1) {
        out[0] = (char)c;
        return 1;
    }
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (c & 0x3f));
        c >>= 6;
    }
    out[0] = (char)(lead[size] | c);
    return size;
}

size_t grid_row_text(const struct grid *g, int row, char *out, size_t cap)
{
    const struct cell *cells = g->cells + (ptrdiff_t)row * g->cols;
    int end = g->cols;
    size_t at = 0;

    while (end > 0 && cells[end - 1].ch == ' ')
        end--;
    for (int i = 0; i < end; i++) {
        if (cells[i].width == 0)
            continue;
        if (at + 5 > cap)
            break;
        at += grid_encode(cells[i].ch, out + at);
    }
    out[at] = '\0';
    return at;
}

struct area area_part(struct area a, int row, int col, int rows, int cols)
{
    struct area part = a;

    row = clamp(row, 0, a.rows);
    col = clamp(col, 0, a.cols);
    if (rows < 0)
        rows = a.rows - row + rows + 1;
    if (cols < 0)
        cols = a.cols - col + cols + 1;
    part.row += row;
    part.col += col;
    part.rows = clamp(rows, 0, a.rows - row);
    part.cols = clamp(cols, 0, a.cols - col);
    return part;
}

/* Makes the cell free to be written: the other half of a wide character that
 * lies on it becomes blank, in its own style. */
static void part_wide(struct cell *row, int col, int cols)
{
    if (row[col].width == 0 && col > 0)
        row[col - 1] = (struct cell){ ' ', row[col - 1].style, 1 };
    if (row[col].width == 2 && col + 1 < cols)
        row[col + 1] = (struct cell){ ' ', row[col + 1].style, 1 };
}

static void put(struct area a, int row, int col, enum style style, uint32_t c,
                int width)
{
    struct grid *g = a.grid;
    struct cell *cells;

    if (row < 0 || row >= a.rows || col < 0 || col + width > a.cols)
        return;
    cells = g->cells + (ptrdiff_t)(a.row + row) * g->cols;
    col += a.col;
    part_wide(cells, col, g->cols);
    if (width == 2)
        part_wide(cells, col + 1, g->cols);
    cells[col] = (struct cell){ c, (uint8_t)style, (uint8_t)width };
    if (width == 2)
        cells[col + 1] = (struct cell){ ' ', (uint8_t)style, 0 };
}

/* The character as it will stand in a cell, and its width. */
static int fit_to_print(const struct grid *g, uint32_t *c)
{
    int width = text_char_width(*c);

    if (width >= 0 && (!g->ascii || *c < 0x7f))
        return width;
    if (g->ascii) {
        for (size_t i = 0; i < ARRAY_LEN(stand_ins); i++) {
            if (stand_ins[i].unicode == *c) {
                *c = (uint32_t)stand_ins[i].ascii;
                return 1;
            }
        }
        *c = '?';
        return width == 0 ? 0 : 1;
    }
    *c = 0xfffd;
    return 1;
}

void area_glyph(struct area a, int row, int col, enum style style,
                enum glyph glyph)
{
    put(a, row, col, style,
        a.grid->ascii ? (uint32_t)glyphs[glyph].ascii : glyphs[glyph].unicode,
        1);
}

void area_char(struct area a, int row, int col, enum style style, uint32_t c)
{
    int width = fit_to_print(a.grid, &c);

    if (width > 0)
        put(a, row, col, style, c, width);
}

/* Writes until `limit` columns are full, or the text ends; *rest is what was
 * not written. */
static int write_until(struct area a, int row, int col, int limit,
                       enum style style, const char **rest)
{
    size_t size = strlen(*rest);

    while (size > 0) {
        uint32_t c = 0xfffd;
        size_t used = text_decode(*rest, size, &c);
        int width = fit_to_print(a.grid, &c);

        if (col + width > limit)
            break;
        if (width > 0)
            put(a, row, col, style, c, width);
        col += width;
        used = used == 0 ? 1 : used;
        *rest += used;
        size -= used;
    }
    return col;
}

int area_text(struct area a, int row, int col, enum style style,
              const char *text)
{
    return write_until(a, row, col, a.cols, style, &text);
}

int area_printf(struct area a, int row, int col, enum style style,
                const char *fmt, ...)
{
    char line[1024];
    va_list args;

    va_start(args, fmt);
    vsnprintf(line, sizeof(line), fmt, args);
    va_end(args);
    return area_text(a, row, col, style, line);
}

int area_fit(struct area a, int row, int col, int width, enum style style,
             const char *text)
{
    int limit = clamp(col + width, 0, a.cols);
    const char *rest = text;

    if ((int)text_width(text) <= limit - col)
        return area_text(a, row, col, style, text);
    if (limit <= col)
        return col;
    col = write_until(a, row, col, limit - 1, style, &rest);
    area_glyph(a, row, col, style, GLYPH_ELLIPSIS);
    return col + 1;
}

int area_text_right(struct area a, int row, int margin, enum style style,
                    const char *text)
{
    int col = a.cols - margin - (int)text_width(text);

    col = clamp(col, 0, a.cols);
    area_fit(a, row, col, a.cols - margin - col, style, text);
    return col;
}

void area_clear(struct area a)
{
    for (int row = 0; row < a.rows; row++)
        for (int col = 0; col < a.cols; col++)
            put(a, row, col, STYLE_PLAIN, ' ', 1);
}

void area_restyle(struct area a, int row, enum style style)
{
    struct cell *cells;

    if (row < 0 || row >= a.rows)
        return;
    cells = a.grid->cells + (ptrdiff_t)(a.row + row) * a.grid->cols + a.col;
    for (int col = 0; col < a.cols; col++)
        cells[col].style = (uint8_t)style;
}
