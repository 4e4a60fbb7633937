#include "tui/heap_draw.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/block_text.h"
#include "tui/replay_panels.h"
#include "tui/units.h"
#include "tui/widgets.h"
#include "tui/wrap.h"

enum { BOX_ROWS = 6 };

struct window_block heap_block(const struct world *w,
                               const struct heap_item *item)
{
    const struct window_block *b =
        window_block_of(&w->replay->window, item->seq);
    const struct timeline_made made = { item->number, item->op, item->stack };
    struct window_block out = { .seq = item->seq,
                                .size_bytes = item->size_bytes,
                                .stack = item->stack,
                                .text = item->text,
                                .thread = item->thread };

    if (b != NULL)
        return *b;
    out.has_owner =
        timeline_judge(w->replay->timeline, &made, &out.verdict, &out.owner);
    return out;
}

static void draw_item(const struct heap_state *s, const struct world *w,
                      struct area a, int row, tracee_addr base,
                      const struct heap_item *b, bool is_cursor)
{
    uint64_t bytes = heap_map_line_bytes(&s->map);
    struct window_block block = heap_block(w, b);
    char letter = verdict_letter(block.verdict.kind);
    uint64_t from = b->addr > base ? b->addr - base : 0;
    uint64_t skipped = b->addr > base ? 0 : base - b->addr;
    uint64_t size = b->size_bytes == 0 ? 1 : b->size_bytes;
    uint64_t left = size > skipped ? size - skipped : 0;
    uint64_t last = left > bytes - from ? bytes - 1 : from + left - 1;

    if (from >= bytes || left == 0)
        return;
    for (uint64_t cell = from / s->map.cell_bytes;
         cell <= last / s->map.cell_bytes; cell++) {
        bool is_head = skipped == 0 && cell == from / s->map.cell_bytes;
        uint32_t c =
            (uint32_t)(b->is_live ? letter : tolower((unsigned char)letter));

        if (!is_head)
            c = b->is_live ? '-' : ',';
        area_char(a, row, HEAP_LABEL_COLS + (int)cell,
                  is_cursor    ? STYLE_SELECTED
                  : b->is_live ? STYLE_BOLD
                               : STYLE_GONE,
                  c);
    }
}

static void draw_line(const struct heap_state *s, const struct world *w,
                      struct area a, int row, const struct heap_line *line,
                      size_t *item)
{
    uint64_t bytes = heap_map_line_bytes(&s->map);
    tracee_addr last = line->base + (bytes - 1);
    size_t first = *item;

    area_printf(a, row, 1, STYLE_DIM, "0x%012" PRIx64, line->base);
    for (int cell = 0; cell < s->map.cells; cell++)
        area_char(a, row, HEAP_LABEL_COLS + cell, STYLE_DIM, '.');
    /* What was freed lies below what is live. */
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = first; i < s->map.count && s->map.items[i].addr <= last;
             i++)
            if (s->map.items[i].is_live == (pass == 1) && i != s->at)
                draw_item(s, w, a, row, line->base, &s->map.items[i], false);
    if (s->at < s->map.count && s->map.items[s->at].addr <= last)
        draw_item(s, w, a, row, line->base, &s->map.items[s->at], true);
}

/* The first item that may reach into the line: those before it are at most a
 * few lines long, or are cut. */
static size_t first_item(const struct heap_state *s,
                         const struct heap_line *line)
{
    uint64_t reach = heap_map_line_bytes(&s->map) * HEAP_LINES_PER_BLOCK;
    tracee_addr from = line->base > reach ? line->base - reach : 0;
    size_t low = 0;
    size_t high = s->map.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (s->map.items[middle].addr < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The rows that lines `first` to before `last` take: what is left out before
 * a line is said in a row of its own. */
static int rows_between(const struct heap_state *s, size_t first, size_t last)
{
    int rows = 0;

    for (size_t i = first; i < last && rows < GRID_MAX; i++)
        rows += s->map.lines[i + 1].skipped > 0 ? 2 : 1;
    return rows;
}

static void draw_map(const struct heap_state *s, const struct world *w,
                     struct area a)
{
    size_t at =
        s->map.count == 0 ? 0 : heap_map_line(&s->map, &s->map.items[s->at]);
    size_t top = at > (size_t)a.rows / 2 ? at - (size_t)a.rows / 2 : 0;
    int row = 0;

    if (top + (size_t)a.rows > s->map.line_count)
        top = s->map.line_count > (size_t)a.rows
                  ? s->map.line_count - (size_t)a.rows
                  : 0;
    /* Rows of what is left out may push the cursor's line off the end. */
    while (top < at && rows_between(s, top, at) >= a.rows)
        top++;

    for (size_t i = top; i < s->map.line_count && row < a.rows; i++) {
        const struct heap_line *line = &s->map.lines[i];
        size_t item = first_item(s, line);
        char bytes[UNITS_MAX];
        char text[128];

        if (line->skipped > 0 && i > top) {
            say_to(text, sizeof(text), w->language, MSG_HEAP_SKIPPED,
                   units_bytes(line->skipped, bytes));
            area_fit(a, row++, HEAP_LABEL_COLS, a.cols - HEAP_LABEL_COLS,
                     STYLE_DIM, text);
        }
        draw_line(s, w, a, row++, line, &item);
    }
}

/* How far the next live block on a side is; false when there is none. */
static bool neighbour(const struct heap_state *s, int step, uint64_t *gap,
                      const struct heap_item **out)
{
    const struct heap_item *here = &s->map.items[s->at];
    size_t i = s->at;

    for (;;) {
        const struct heap_item *low, *high;

        if ((step < 0 && i == 0) || (step > 0 && i + 1 == s->map.count))
            return false;
        i += step > 0 ? 1 : (size_t)-1;
        *out = &s->map.items[i];
        low = step > 0 ? here : *out;
        high = step > 0 ? *out : here;
        if (!(*out)->is_live || (*out)->addr == here->addr)
            continue;
        *gap = high->addr - low->addr > low->size_bytes
                   ? high->addr - low->addr - low->size_bytes
                   : 0;
        return true;
    }
}

static void say_neighbours(const struct heap_state *s, const struct world *w,
                           char *out, size_t cap)
{
    static const enum message sides[] = { MSG_HEAP_LEFT, MSG_HEAP_RIGHT };

    for (int i = 0; i < 2; i++) {
        const struct heap_item *other;
        char name[NAME_SHORT];
        char bytes[UNITS_MAX];
        uint64_t gap;

        if (!neighbour(s, i == 0 ? -1 : 1, &gap, &other))
            continue;
        say_append(out, cap, w->language, sides[i],
                   block_maker(w, other->stack, other->text, name),
                   units_bytes(gap, bytes));
    }
}

static void say_block(const struct heap_state *s, const struct world *w,
                      char *out, size_t cap)
{
    const struct heap_item *item = &s->map.items[s->at];
    const struct window *win = &w->replay->window;
    const struct window_block *b = window_block_of(win, item->seq);
    char maker[NAME_SHORT];
    char number[UNITS_MAX];

    if (b != NULL)
        block_story(w, (size_t)(b - win->blocks), out, cap);
    else
        say_to(out, cap, w->language, MSG_HEAP_OLDER,
               block_maker(w, item->stack, item->text, maker),
               units_count(replay_event(w) - item->seq, number));
    say_plain(out, cap, "\n");
    say_neighbours(s, w, out, cap);
}

static void draw_box(const struct heap_state *s, const struct world *w,
                     struct area a)
{
    const struct heap_item *item = &s->map.items[s->at];
    struct window_block b = heap_block(w, item);
    char letter[16];
    char bytes[UNITS_MAX];
    char title[128];
    char text[1024];

    snprintf(title, sizeof(title), "0x%" PRIx64 "  %s  %s", item->addr,
             units_bytes(item->size_bytes, bytes),
             block_letter(&b.verdict, letter));
    say_block(s, w, text, sizeof(text));
    wrap_draw(widget_box(a, title, NULL), STYLE_PLAIN, text, 0);
}

static void draw_sums(const struct heap_state *s, const struct world *w,
                      struct area a, int row)
{
    const struct moment *m = timeline_moment(w->replay->timeline);
    const struct replay_state *now = replay_now(w);
    char live[UNITS_MAX], bytes[UNITS_MAX], holes[UNITS_MAX],
        hole_bytes[UNITS_MAX], moved[UNITS_MAX], copied[UNITS_MAX];
    char text[256];

    say_to(text, sizeof(text), w->language, MSG_HEAP_SUMS,
           units_count(moment_live_blocks(m), live),
           units_bytes(moment_live_bytes(m), bytes),
           units_count(s->map.holes, holes),
           units_bytes(s->map.hole_bytes, hole_bytes),
           units_count(now->moved, moved),
           units_bytes(now->copied_bytes, copied));
    area_fit(a, row, 1, a.cols - 2, STYLE_PLAIN, text);
}

void heap_draw(const struct heap_state *s, const struct world *w, struct area a)
{
    int box = a.rows >= 14 ? BOX_ROWS : a.rows >= 9 ? 4 : 0;
    char text[256];
    char bytes[UNITS_MAX];

    replay_draw_waiting(w, a);
    if (!replay_is_ready(w->replay))
        return;
    replay_place(w, text, sizeof(text));
    area_fit(a, 0, 2, a.cols - 3, STYLE_ACCENT, text);
    if (s->map.count == 0) {
        area_fit(a, 2, 2, a.cols - 3, STYLE_WARN,
                 say(w->language, MSG_HEAP_EMPTY));
        return;
    }
    draw_map(s, w, area_part(a, 1, 0, -4 - box, -1));
    say_to(text, sizeof(text), w->language, MSG_HEAP_LEGEND,
           units_bytes(s->map.cell_bytes, bytes));
    area_fit(a, a.rows - 2 - box, 1, a.cols - 2, STYLE_DIM, text);
    draw_sums(s, w, a, a.rows - 1 - box);
    if (box > 0)
        draw_box(s, w, area_part(a, a.rows - box, 0, box, -1));
}
