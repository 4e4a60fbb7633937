#include "tui/widgets.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "tui/wrap.h"

enum { DIGIT_GAP = 2 }; /* columns between two digits */

struct area widget_box(struct area a, const char *title, const char *corner)
{
    int right = a.cols - 1;
    int bottom = a.rows - 1;

    for (int col = 1; col < right; col++) {
        area_glyph(a, 0, col, STYLE_DIM, GLYPH_HORIZONTAL);
        area_glyph(a, bottom, col, STYLE_DIM, GLYPH_HORIZONTAL);
    }
    for (int row = 1; row < bottom; row++) {
        area_glyph(a, row, 0, STYLE_DIM, GLYPH_VERTICAL);
        area_glyph(a, row, right, STYLE_DIM, GLYPH_VERTICAL);
    }
    area_glyph(a, 0, 0, STYLE_DIM, GLYPH_TOP_LEFT);
    area_glyph(a, 0, right, STYLE_DIM, GLYPH_TOP_RIGHT);
    area_glyph(a, bottom, 0, STYLE_DIM, GLYPH_BOTTOM_LEFT);
    area_glyph(a, bottom, right, STYLE_DIM, GLYPH_BOTTOM_RIGHT);
    if (title != NULL && a.cols > 6) {
        int end;

        area_char(a, 0, 2, STYLE_DIM, ' ');
        end = area_fit(a, 0, 3, a.cols - 6, STYLE_BOLD, title);
        area_char(a, 0, end, STYLE_DIM, ' ');
    }
    if (corner != NULL && a.cols > 6) {
        int width = (int)text_width(corner);

        area_char(a, bottom, a.cols - width - 4, STYLE_DIM, ' ');
        area_fit(a, bottom, a.cols - width - 3, width, STYLE_ACCENT, corner);
        area_char(a, bottom, a.cols - 3, STYLE_DIM, ' ');
    }
    return area_part(a, 1, 2, -2, -3);
}

void widget_bar(struct area a, int row, int col, int width, double share,
                enum style style)
{
    int steps = a.grid->ascii ? 1 : 8; /* per column */
    int filled;

    if (!(share > 0) || width <= 0)
        return;
    filled = (int)lround((share < 1 ? share : 1) * width * steps);
    if (filled == 0)
        filled = 1;
    for (int i = 0; i < filled / steps; i++)
        area_glyph(a, row, col + i, style, GLYPH_FULL);
    /* U+2588 is the full block; the seven after it are 7/8 to 1/8 of it. */
    if (filled % steps != 0)
        area_char(a, row, col + filled / steps, style,
                  (uint32_t)(0x2590 - filled % steps));
}

/* clang-format off */
static const struct {
    char digit;
    const char *rows[DIGIT_ROWS];
} font[] = {
    { '0', { "#####", "#   #", "#   #", "#   #", "#####" } },
    { '1', { "  ## ", "   # ", "   # ", "   # ", "  ###" } },
    { '2', { "#####", "    #", "#####", "#    ", "#####" } },
    { '3', { "#####", "    #", " ####", "    #", "#####" } },
    { '4', { "#   #", "#   #", "#####", "    #", "    #" } },
    { '5', { "#####", "#    ", "#####", "    #", "#####" } },
    { '6', { "#####", "#    ", "#####", "#   #", "#####" } },
    { '7', { "#####", "    #", "   # ", "  #  ", "  #  " } },
    { '8', { "#####", "#   #", "#####", "#   #", "#####" } },
    { '9', { "#####", "#   #", "#####", "    #", "#####" } },
    { ',', { "   ", "   ", "   ", " # ", "#  " } },
    { '.', { "   ", "   ", "   ", "   ", " # " } },
    { '-', { "     ", "     ", "#####", "     ", "     " } },
    { '?', { "#####", "    #", "  ###", "     ", "  #  " } },
};
/* clang-format on */

static const char *const *digit_rows(char digit)
{
    for (size_t i = 0; i < ARRAY_LEN(font); i++)
        if (font[i].digit == digit)
            return font[i].rows;
    return NULL;
}

int widget_digits_cols(const char *digits, int scale)
{
    int total = 0;

    for (const char *p = digits; *p != '\0'; p++)
        if (digit_rows(*p) != NULL)
            total += (int)strlen(digit_rows(*p)[0]) * scale + DIGIT_GAP;
    return total - (total > 0 ? DIGIT_GAP : 0);
}

static void draw_digit(struct area a, const char *const *rows, int cols,
                       int lines, enum style style)
{
    for (int y = 0; y < DIGIT_ROWS * lines; y++)
        for (int x = 0; rows[y / lines][x / cols] != '\0'; x++)
            if (rows[y / lines][x / cols] != ' ')
                area_glyph(a, y, x, style, GLYPH_FULL);
}

void widget_digits_scaled(struct area a, const char *digits, int cols,
                          int lines, enum style style)
{
    int x = 0;

    for (const char *p = digits; *p != '\0'; p++) {
        const char *const *rows = digit_rows(*p);

        if (rows == NULL)
            continue;
        draw_digit(area_part(a, 0, x, -1, -1), rows, cols, lines, style);
        x += (int)strlen(rows[0]) * cols + DIGIT_GAP;
    }
}

int widget_digits(struct area a, int row, int col, int width,
                  const char *digits, enum style style)
{
    int total = widget_digits_cols(digits, 1);

    if (total <= width)
        widget_digits_scaled(area_part(a, row, col, DIGIT_ROWS, width), digits,
                             1, 1, style);
    return total;
}

/* What the columns not yet dropped take, the rest column at its least. */
static int wanted(const struct column *columns, size_t count)
{
    int cols = 0;

    for (size_t i = 0; i < count; i++)
        if (columns[i].position >= 0)
            cols += columns[i].width + columns[i].least + TABLE_GAP;
    return cols - TABLE_GAP;
}

static struct column *next_to_drop(struct column *columns, size_t count)
{
    struct column *found = NULL;

    for (size_t i = 0; i < count; i++)
        if (columns[i].position >= 0 && columns[i].drop > 0 &&
            (found == NULL || columns[i].drop > found->drop))
            found = &columns[i];
    return found;
}

void table_layout(struct column *columns, size_t count, int cols)
{
    int left;
    int at = 0;

    for (size_t i = 0; i < count; i++)
        columns[i].position = 0;
    while (wanted(columns, count) > cols) {
        struct column *column = next_to_drop(columns, count);

        if (column == NULL)
            break;
        column->position = -1;
        column->shown = 0;
    }
    left = cols - wanted(columns, count);
    for (size_t i = 0; i < count; i++) {
        if (columns[i].position < 0)
            continue;
        columns[i].shown = columns[i].width;
        if (columns[i].least > 0)
            columns[i].shown = columns[i].least + (left > 0 ? left : 0);
        columns[i].position = at;
        at += columns[i].shown + TABLE_GAP;
    }
}

void table_cell(struct area a, int row, const struct column *column,
                enum style style, const char *text)
{
    int col = column->position;
    int spare = column->shown - (int)text_width(text);

    if (col < 0)
        return;
    if (column->is_right && spare > 0)
        col += spare;
    area_fit(a, row, col, column->position + column->shown - col, style, text);
}

void table_rule(struct area a, int row, const struct column *columns,
                size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (int x = 0; columns[i].position >= 0 && x < columns[i].shown; x++)
            area_glyph(a, row, columns[i].position + x, STYLE_DIM,
                       GLYPH_HORIZONTAL);
}

size_t widget_scroll(size_t top, size_t selected, size_t count, int rows)
{
    size_t shown = rows > 0 ? (size_t)rows : 1;

    if (selected < top)
        top = selected;
    if (selected >= top + shown)
        top = selected - shown + 1;
    if (top + shown > count)
        top = count > shown ? count - shown : 0;
    return top;
}

int widget_pages(struct area a, enum style style, const char *text, int page)
{
    int lines = wrap_count(text, a.cols);
    int rows = a.rows > 0 ? a.rows : 1;
    int pages = lines > 0 ? (lines + rows - 1) / rows : 1;

    if (a.rows > 0)
        wrap_draw(a, style, text, page % pages * rows);
    return pages;
}
