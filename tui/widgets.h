/*
 * widgets.h - what several views draw: boxes, bars, big digits, tables,
 * paged text. They know areas and styles, nothing of traces.
 */
#ifndef TUI_WIDGETS_H
#define TUI_WIDGETS_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/grid.h"

/* A frame around the area with a title in its top line, and `corner` (NULL:
 * none) in its bottom line, right. Gives the inside. */
struct area widget_box(struct area a, const char *title, const char *corner);

/* A bar of `share` (0 to 1) of `width` columns. What is more than nothing
 * shows at least its thinnest part. */
void widget_bar(struct area a, int row, int col, int width, double share,
                enum style style);

enum { DIGIT_ROWS = 5 };

/* Digits, ',' '.' '-' '?' in cells of 5 rows. Gives the columns it takes;
 * draws nothing when they are more than `width`. */
int widget_digits(struct area a, int row, int col, int width,
                  const char *digits, enum style style);

/* The same at any size: each dot of a digit takes `cols` x `lines` cells. */
int widget_digits_cols(const char *digits, int cols);
void widget_digits_scaled(struct area a, const char *digits, int cols,
                          int lines, enum style style);

/*
 * One column of a table. When the table is too narrow for all, those with
 * the highest `drop` go first; 0 is never dropped. The column with a `least`
 * takes what is left, but no less than that.
 */
struct column {
    int width;     /* columns */
    int least;     /* instead of width: the rest, at least so much */
    int drop;      /* order of dropping */
    bool is_right; /* numbers */
    int position;  /* set by table_layout; -1 dropped */
    int shown;     /* set by table_layout: columns it got */
};

enum { TABLE_GAP = 2 }; /* columns between two */

/* Sets position and shown for a table of `cols` columns. */
void table_layout(struct column *columns, size_t count, int cols);

/* One cell; nothing when its column was dropped. */
void table_cell(struct area a, int row, const struct column *column,
                enum style style, const char *text);

/* A line under the headings. */
void table_rule(struct area a, int row, const struct column *columns,
                size_t count);

/* Keeps `selected` of `count` rows in sight of `rows`: the new first row. */
size_t widget_scroll(size_t top, size_t selected, size_t count, int rows);

/* Page `page` (counted round) of a text wrapped to the area. Gives how many
 * pages there are, at least 1. */
int widget_pages(struct area a, enum style style, const char *text, int page);

#endif
