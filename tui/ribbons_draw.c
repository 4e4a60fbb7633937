/*
 *   label    0         10        20        30        verdict
 *   handle   [=====================================]
 *    parse     [=====]     [=======.....            dotted: inferred
 *   ...
 * > 1.1        o---|#######################x         U1 +23
 *   1.2              o-x                             T 2
 *
 *   legend, and the life of the selected block in a sentence
 */
#include "tui/ribbons_draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/frames.h"
#include "base/text.h"
#include "tui/block_text.h"
#include "tui/replay_panels.h"
#include "tui/units.h"
#include "tui/widgets.h"
#include "tui/wrap.h"

enum {
    WIDE_COLS = 100,
    LABEL_WIDE = 30,
    LABEL_NARROW = 10,
    VERDICT_WIDE = 18,
    VERDICT_NARROW = 5,
    STORY_ROWS = 2,
};

/* Where events are drawn. */
struct axis {
    uint64_t first, last; /* events, both shown */
    int col, cols;
};

void ribbons_range(const struct ribbons_state *s, const struct world *w,
                   uint64_t *first, uint64_t *last)
{
    const struct window *win = &w->replay->window;
    uint64_t length = win->last - win->first + 1;
    uint64_t shown = length >> s->zoom;
    uint64_t center = replay_event(w);

    if (shown < 8)
        shown = length < 8 ? length : 8;
    *first = center > win->first + shown / 2 ? center - shown / 2 : win->first;
    if (*first > win->last + 1 - shown)
        *first = win->last + 1 - shown;
    *last = *first + shown - 1;
}

/* The column in which an event lies, or one beyond the axis. */
static int column_of(const struct axis *x, uint64_t seq)
{
    uint64_t count = x->last - x->first + 1;

    if (seq < x->first)
        return x->col - 1;
    if (seq > x->last)
        return x->col + x->cols;
    return x->col + (int)((seq - x->first) * (uint64_t)x->cols / count);
}

/* The last column before the next event's. */
static int column_end(const struct axis *x, uint64_t seq)
{
    int next = column_of(x, seq + 1);
    int here = column_of(x, seq);

    return next > here ? next - 1 : here;
}

static void put(struct area a, int row, const struct axis *x, int col,
                enum style style, uint32_t c)
{
    if (col >= x->col && col < x->col + x->cols)
        area_char(a, row, col, style, c);
}

static void put_glyph(struct area a, int row, const struct axis *x, int col,
                      enum style style, enum glyph glyph)
{
    if (col >= x->col && col < x->col + x->cols)
        area_glyph(a, row, col, style, glyph);
}

/* Event numbers over the axis, and where the replay stands. */
static void draw_axis(const struct world *w, struct area a, int row,
                      const struct axis *x)
{
    uint64_t count = x->last - x->first + 1;
    uint64_t step = 1;
    int here = column_of(x, replay_event(w));
    char text[UNITS_MAX];

    /* 1, 2, 5, 10, ...: the least that leaves room for the numbers. */
    for (int i = 0; (uint64_t)x->cols * step / count < 9; i++)
        step = step / (i % 3 == 1 ? 2 : 1) * (i % 3 == 1 ? 5 : 2);
    area_fit(a, row, 2, x->col - 3, STYLE_DIM, say(w->language, MSG_EVENT));
    for (uint64_t seq = x->first; seq <= x->last; seq++) {
        uint64_t number = replay_relative(w, seq);
        int col = column_of(x, seq);

        if (number % step != 0)
            continue;
        units_count(number, text);
        if (col + (int)text_width(text) <= a.cols)
            area_text(a, row, col, STYLE_DIM, text);
        put_glyph(a, row + 1, x, col, STYLE_DIM, GLYPH_VERTICAL);
    }
    put(a, row + 1, x, here, STYLE_ACCENT, 'v');
}

static void draw_span(struct area a, int row, const struct axis *x,
                      const struct window_span *s)
{
    int first = column_of(x, s->first);
    int shown = column_end(x, s->shown);
    int last = column_of(x, s->last);

    if (s->last < x->first || s->first > x->last)
        return;
    if (s->end != END_INFERRED)
        shown = last;
    for (int col = first; col <= last; col++)
        put(a, row, x, col, STYLE_PLAIN, col <= shown ? '=' : '.');
    put(a, row, x, first, STYLE_PLAIN, '[');
    if (s->end == END_SEEN && last > first)
        put(a, row, x, last, STYLE_PLAIN, ']');
    if (s->end == END_OPEN)
        put(a, row, x, x->col + x->cols - 1, STYLE_PLAIN, '>');
}

/* The rows of the selected block's callers, so that those are never left out:
 * 1 for each that is. */
static void mark_chain(const struct ribbons_state *s, const struct world *w,
                       unsigned char chain[WINDOW_ROWS_MAX])
{
    const struct window *win = &w->replay->window;
    uint32_t span = 0;

    memset(chain, 0, WINDOW_ROWS_MAX);
    if (s->count > 0)
        span = win->blocks[s->rows[s->selected]].span;
    for (; span != 0; span = win->spans[span - 1].parent)
        chain[win->spans[span - 1].row] = 1;
}

static size_t child_of(const struct window *win, size_t row, size_t from)
{
    while (from < win->row_count && win->rows[from].parent != row + 1)
        from++;
    return from;
}

/* The rows as a tree, callers before callees: their order, and how many. */
static size_t tree_order(const struct window *win, size_t *out)
{
    size_t path[WINDOW_ROWS_MAX + 1];
    size_t depth = 0;
    size_t count = 0;
    size_t at = 0;

    while (at < win->row_count && win->rows[at].parent != 0)
        at++;
    while (at < win->row_count && count < WINDOW_ROWS_MAX) {
        size_t next = child_of(win, at, 0);

        out[count++] = at;
        path[depth++] = at;
        while (next == win->row_count && depth > 0) {
            size_t done = path[--depth];

            if (depth > 0) {
                next = child_of(win, path[depth - 1], done + 1);
                continue;
            }
            /* Another outermost one: of a whole run's other entries. */
            for (next = done + 1;
                 next < win->row_count && win->rows[next].parent != 0;)
                next++;
            break;
        }
        at = next;
    }
    return count;
}

static void draw_frame(const struct world *w, struct area a, int row,
                       const struct axis *x, size_t index, bool is_chain)
{
    const struct window *win = &w->replay->window;
    int indent = 2 + (int)win->rows[index].depth;
    char name[NAME_SHORT];
    enum style style = is_chain ? STYLE_BOLD : STYLE_DIM;

    if (indent > x->col - 7)
        indent = x->col - 7 > 2 ? x->col - 7 : 2;
    block_function(w, win->rows[index].node, name);
    area_fit(a, row, indent, x->col - indent - 1, style, name);
    for (size_t i = 0; i < win->span_count; i++)
        if (win->spans[i].row == index)
            draw_span(a, row, x, &win->spans[i]);
}

/* As many rows of frames as fit, the selected block's callers first. Gives
 * the rows drawn. */
static int draw_frames(const struct ribbons_state *s, const struct world *w,
                       struct area a, const struct axis *x)
{
    const struct window *win = &w->replay->window;
    size_t order[WINDOW_ROWS_MAX];
    unsigned char shown[WINDOW_ROWS_MAX];
    unsigned char chain[WINDOW_ROWS_MAX];
    size_t count = tree_order(win, order);
    int left = a.rows;
    int row = 0;

    mark_chain(s, w, chain);
    memset(shown, 0, sizeof(shown));
    for (size_t i = count; i-- > 0 && left > 0;)
        if (chain[order[i]]) {
            shown[order[i]] = 1;
            left--;
        }
    for (size_t i = 0; i < count && left > 0; i++)
        if (!shown[order[i]]) {
            shown[order[i]] = 1;
            left--;
        }
    for (size_t i = 0; i < count; i++)
        if (shown[order[i]])
            draw_frame(w, a, row++, x, order[i], chain[order[i]] != 0);
    return row;
}

static void draw_bar(const struct world *w, struct area a, int row,
                     const struct axis *x, const struct window_block *b)
{
    const struct window *win = &w->replay->window;
    uint64_t end = b->freed_seq < win->last ? b->freed_seq : win->last;
    int first = column_of(x, b->seq);
    int last = column_of(x, end);
    int gone = window_outlives(b) ? column_of(x, b->maker_gone) : last + 1;

    if (end < x->first || b->seq > x->last)
        return;
    if (b->freed_seq > win->last)
        last = x->col + x->cols - 1;
    for (int col = first; col <= last; col++)
        put_glyph(a, row, x, col, col < gone ? STYLE_PLAIN : STYLE_ACCENT,
                  col < gone ? GLYPH_HORIZONTAL : GLYPH_FULL);
    if (window_outlives(b) && gone > first && gone < last)
        put(a, row, x, gone, STYLE_BOLD, '|');
    put(a, row, x, first, STYLE_BOLD, 'o');
    if (b->freed_seq > win->last)
        put(a, row, x, x->col + x->cols - 1, STYLE_BOLD, '>');
    else if (last > first)
        put(a, row, x, last, STYLE_BOLD, 'x');
}

static void draw_block(const struct ribbons_state *s, const struct world *w,
                       struct area a, int row, const struct axis *x, size_t at)
{
    size_t index = s->rows[at];
    const struct window_block *b = &w->replay->window.blocks[index];
    bool is_wide = x->col > LABEL_NARROW;
    char name[BLOCK_NAME_MAX];
    char text[256];
    char size[UNITS_MAX];
    char maker[NAME_SHORT];
    int right = x->col + x->cols + 1;

    block_name(w, index, name);
    if (is_wide)
        snprintf(text, sizeof(text), "%-6s %9s %s", name,
                 units_bytes(b->size_bytes, size),
                 block_maker(w, b->stack, b->text, maker));
    else
        snprintf(text, sizeof(text), "%s", name);
    area_fit(a, row, 2, x->col - 3, STYLE_PLAIN, text);
    draw_bar(w, a, row, x, b);
    if (is_wide)
        block_verdict(w, b, text);
    else
        block_letter(&b->verdict, text);
    area_fit(a, row, right, a.cols - right, STYLE_BOLD, text);
    if (at == s->selected) {
        area_text(a, row, 0, STYLE_PLAIN, ">");
        area_restyle(area_part(a, row, 0, 1, x->col - 1), 0, STYLE_SELECTED);
        area_restyle(area_part(a, row, right, 1, -1), 0, STYLE_SELECTED);
    }
}

static void draw_legend(const struct world *w, struct area a, int row)
{
    bool ascii = a.grid->ascii;
    char text[256];

    say_to(text, sizeof(text), w->language, MSG_RIB_LEGEND,
           ascii ? "-" : "\xe2\x94\x80", ascii ? "#" : "\xe2\x96\x88");
    area_fit(a, row, 2, a.cols - 3, STYLE_DIM, text);
}

void ribbons_draw(const struct ribbons_state *s, const struct world *w,
                  struct area a)
{
    bool is_wide = a.cols >= WIDE_COLS;
    int label = is_wide ? LABEL_WIDE : LABEL_NARROW;
    int verdict = is_wide ? VERDICT_WIDE : VERDICT_NARROW;
    struct axis x = { .col = label, .cols = a.cols - label - verdict - 1 };
    int legend = a.rows >= 16 ? 1 : 0;
    int frames = (a.rows - 3 - STORY_ROWS - legend) * 2 / 5;
    struct area list;
    char text[512];
    size_t top;
    int row = 3;

    if (!replay_is_ready(w->replay) || x.cols < 4)
        return;
    ribbons_range(s, w, &x.first, &x.last);
    replay_place(w, text, sizeof(text));
    area_fit(a, 0, 2, a.cols - 3, STYLE_ACCENT, text);
    draw_axis(w, a, 1, &x);
    row += draw_frames(s, w, area_part(a, 3, 0, frames, -1), &x);
    list = area_part(a, row, 0, -1 - STORY_ROWS - legend, -1);
    if (s->count == 0) {
        area_fit(list, 1, 2, list.cols - 3, STYLE_WARN,
                 say(w->language, w->replay->window.block_count == 0
                                      ? MSG_RIB_NO_BLOCKS
                                      : MSG_RIB_FILTERED));
        return;
    }
    top = widget_scroll(s->selected > (size_t)list.rows / 2
                            ? s->selected - (size_t)list.rows / 2
                            : 0,
                        s->selected, s->count, list.rows);
    for (int i = 0; i < list.rows && top + (size_t)i < s->count; i++)
        draw_block(s, w, list, i, &x, top + (size_t)i);
    if (legend > 0)
        draw_legend(w, a, a.rows - STORY_ROWS - 1);
    block_story(w, s->rows[s->selected], text, sizeof(text));
    wrap_draw(area_part(a, a.rows - STORY_ROWS, 2, STORY_ROWS, -2), STYLE_PLAIN,
              text, 0);
}
