#include "tui/replay_panels.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/block_text.h"
#include "tui/units.h"
#include "tui/widgets.h"

enum { CURVE_LABEL = 10, NAMES_MAX = 6 };

void replay_place(const struct world *w, char *out, size_t cap)
{
    const struct window *win = &w->replay->window;
    char first[UNITS_MAX], last[UNITS_MAX], all[UNITS_MAX];

    if (win->op != 0)
        say_to(out, cap, w->language, MSG_OP_OF, units_count(win->op, first),
               units_count(timeline_ops(w->replay->timeline), all));
    else
        say_to(out, cap, w->language, MSG_WHOLE);
    say_plain(out, cap, "   ");
    say_append(out, cap, w->language, MSG_EVENT_OF,
               units_count(replay_relative(w, replay_event(w)), first),
               units_count(win->op_last - win->op_first, all));
    if (replay_event(w) > win->op_last) {
        say_plain(out, cap, " ");
        say_append(out, cap, w->language, MSG_AFTER_OP);
    }
    if (win->first != win->op_first || win->last != win->op_last) {
        say_plain(out, cap, "   ");
        say_append(out, cap, w->language, MSG_PART_OF,
                   units_count(replay_relative(w, win->first), first),
                   units_count(replay_relative(w, win->last), last));
    }
    if (w->replay->note[0] != '\0') {
        say_plain(out, cap, "   ");
        say_plain(out, cap, w->replay->note);
    }
}

/* The name of the block at that address which the event makes or ends. */
static void name_of(const struct world *w, const struct event *ev,
                    char out[BLOCK_NAME_MAX])
{
    const struct window *win = &w->replay->window;

    out[0] = '\0';
    for (size_t i = 0; i < win->block_count; i++)
        if (win->blocks[i].seq == ev->seq ||
            (win->blocks[i].freed_seq == ev->seq &&
             win->blocks[i].addr == ev->addr))
            block_name(w, i, out);
}

/* The function whose activation it is; "" not known. */
static void name_of_activation(const struct world *w, const struct event *ev,
                               char out[NAME_SHORT])
{
    const struct window *win = &w->replay->window;

    out[0] = '\0';
    for (size_t i = 0; i < win->span_count; i++)
        if (win->spans[i].activation == ev->activation &&
            win->spans[i].first <= ev->seq)
            block_function(w, win->rows[win->spans[i].row].node, out);
}

void replay_event_text(const struct world *w, const struct event *ev, char *out,
                       size_t cap)
{
    const struct tables *t = timeline_tables(w->replay->timeline);
    char function[NAME_SHORT] = "";
    char text[NAME_SHORT];
    char name[BLOCK_NAME_MAX];
    char size[UNITS_MAX];

    out[0] = '\0';
    switch (ev->kind) {
    case EV_ALLOC:
        name_of(w, ev, name);
        block_maker(w, ev->stack, ev->text, function);
        snprintf(out, cap, "%s %s%s%s %s",
                 name_short(tables_string(t, ev->text), text),
                 units_bytes(ev->size_bytes, size), name[0] == '\0' ? "" : " ",
                 name, function);
        break;
    case EV_FREE:
        name_of(w, ev, name);
        if (name[0] == '\0') /* made before the op, or by another thread */
            snprintf(name, sizeof(name), "0x%" PRIx64, ev->addr);
        snprintf(out, cap, "%s %s %s",
                 name_short(tables_string(t, ev->text), text), name,
                 block_function(w, ev->stack, function));
        break;
    case EV_RETURN:
        name_of_activation(w, ev, function);
        say_to(out, cap, w->language,
               function[0] == '\0' ? MSG_EV_RETURN_OF : MSG_EV_RETURN,
               function);
        break;
    case EV_OP_BEGIN:
    case EV_OP_END:
        say_to(out, cap, w->language,
               ev->kind == EV_OP_BEGIN ? MSG_EV_OP_BEGIN : MSG_EV_OP_END);
        break;
    case EV_MARK:
        snprintf(out, cap, "%s", name_short(tables_string(t, ev->text), text));
        break;
    default:
        say_to(out, cap, w->language,
               ev->kind == EV_THREAD_BEGIN ? MSG_EV_THREAD_BEGIN
                                           : MSG_EV_THREAD_END);
        break;
    }
    if (ev->thread != w->replay->window.thread)
        snprintf(out + strlen(out), cap - strlen(out), " t%" PRIu32,
                 ev->thread);
}

/* Where the op lies in the trace: dots, and a mark. */
static void draw_strip(const struct world *w, struct area a, int row)
{
    uint64_t events = timeline_events(w->replay->timeline);
    int cols = a.cols - CURVE_LABEL - 3;
    int here =
        (int)(replay_event(w) * (uint64_t)(cols > 0 ? cols : 0) / events);

    area_fit(a, row, 2, CURVE_LABEL - 3, STYLE_DIM,
             say(w->language, MSG_TRACE));
    for (int i = 0; i < cols; i++)
        area_char(a, row, CURVE_LABEL + i, STYLE_DIM, i % 5 == 0 ? ':' : '.');
    if (cols > 0)
        area_char(a, row, CURVE_LABEL + here, STYLE_ACCENT, '^');
}

/* The most bytes live in the events of a column. */
static uint64_t peak_of(const struct world *w, int col, int cols)
{
    const struct replay *r = w->replay;
    uint64_t count = r->window.event_count;
    uint64_t first = (uint64_t)col * count / (uint64_t)cols;
    uint64_t last = (uint64_t)(col + 1) * count / (uint64_t)cols;
    uint64_t peak = 0;

    for (uint64_t i = first; i < count && (i < last || i == first); i++)
        if (r->states[i].live_bytes > peak)
            peak = r->states[i].live_bytes;
    return peak;
}

static void draw_live(const struct world *w, struct area a, int row, int rows)
{
    const struct window *win = &w->replay->window;
    int cols = a.cols - CURVE_LABEL - 3;
    uint64_t seq = replay_event(w);
    uint64_t most = 0;
    uint64_t least = UINT64_MAX;
    char number[UNITS_MAX];
    int here;

    /* From the least to the most of the op: what was there before it would
     * drown what it does. */
    for (size_t i = 0; i < win->event_count; i++) {
        uint64_t live = w->replay->states[i].live_bytes;

        most = live > most ? live : most;
        least = live < least ? live : least;
    }
    area_text_right(area_part(a, row, 0, 1, CURVE_LABEL - 1), 0, 0, STYLE_DIM,
                    units_bytes(most, number));
    if (rows > 1)
        area_text_right(area_part(a, row + rows - 1, 0, 1, CURVE_LABEL - 1), 0,
                        0, STYLE_DIM, units_bytes(least, number));
    if (cols <= 0)
        return;
    seq = seq > win->last ? win->last : seq < win->first ? win->first : seq;
    here = (int)((seq - win->first) * (uint64_t)cols / win->event_count);
    for (int col = 0; col < cols; col++) {
        double share = most == least ? 0
                                     : (double)(peak_of(w, col, cols) - least) /
                                           (double)(most - least);
        int height = 1 + (int)(share * (rows - 1) + 0.5);

        for (int i = 0; i < height; i++)
            area_glyph(a, row + rows - 1 - i, CURVE_LABEL + col,
                       col == here ? STYLE_SELECTED : STYLE_ACCENT, GLYPH_FULL);
    }
    area_char(a, row + rows, CURVE_LABEL + here, STYLE_BOLD, '^');
}

void replay_draw_curve(const struct world *w, struct area a)
{
    if (a.rows < 3)
        return;
    draw_strip(w, a, 0);
    draw_live(w, a, 1, a.rows - 2);
}

void replay_draw_events(const struct world *w, struct area a)
{
    uint64_t here = replay_event(w);
    uint64_t all = timeline_events(w->replay->timeline);
    struct area in = widget_box(a, say(w->language, MSG_EVENTS), NULL);
    uint64_t above = (uint64_t)(in.rows > 0 ? in.rows / 2 : 0);
    uint64_t top = here > above ? here - above : 0;

    for (int row = 0; row < in.rows && top + (uint64_t)row < all; row++) {
        uint64_t seq = top + (uint64_t)row;
        bool is_before = seq < w->replay->window.op_first;
        char number[UNITS_MAX];
        char text[256];
        struct event ev;
        struct err err;

        if (timeline_event(w->replay->timeline, seq, &ev, &err) != ERR_OK)
            return;
        units_count(is_before ? w->replay->window.op_first - seq
                              : replay_relative(w, seq),
                    number);
        area_printf(in, row, 0, STYLE_DIM, "%c%s%5s", seq == here ? '>' : ' ',
                    is_before ? "-" : " ", number);
        replay_event_text(w, &ev, text, sizeof(text));
        area_fit(in, row, 8, in.cols - 8,
                 ev.thread == w->replay->window.thread ? STYLE_PLAIN
                                                       : STYLE_DIM,
                 text);
        if (seq == here)
            area_restyle(in, row, STYLE_SELECTED);
    }
}

static bool is_live(const struct window_block *b, uint64_t seq)
{
    return b->seq <= seq && b->freed_seq > seq;
}

/* "made 1.1 1.2 ..": the live blocks of one activation. Gives how many. */
static size_t live_names(const struct world *w, uint32_t span, char *out,
                         size_t cap)
{
    const struct window *win = &w->replay->window;
    size_t count = 0;

    out[0] = '\0';
    for (size_t i = 0; i < win->block_count; i++) {
        char name[BLOCK_NAME_MAX];

        if (win->blocks[i].span != span + 1 ||
            !is_live(&win->blocks[i], replay_event(w)))
            continue;
        if (count++ < NAMES_MAX) {
            say_plain(out, cap, " ");
            say_plain(out, cap, block_name(w, i, name));
        }
    }
    if (count > NAMES_MAX)
        say_plain(out, cap, " ..");
    return count;
}

/* One activation and its blocks; nothing for one that is over and left
 * none. Gives the rows it took. */
static int draw_activation(const struct world *w, struct area in, int row,
                           uint32_t span)
{
    const struct window_span *s = &w->replay->window.spans[span];
    const struct window_row *r = &w->replay->window.rows[s->row];
    uint64_t seq = replay_event(w);
    bool is_over = s->last <= seq && s->end != END_OPEN;
    int indent = (int)(r->depth < 8 ? r->depth : 8);
    char names[128];
    char name[NAME_SHORT];
    char number[UNITS_MAX];
    char text[256];
    size_t count = live_names(w, span, names, sizeof(names));

    if (s->first > seq || (is_over && count == 0))
        return 0;
    block_function(w, r->node, name);
    if (is_over)
        say_to(text, sizeof(text), w->language, MSG_RETURNED_AT, name,
               units_count(replay_relative(w, s->last), number));
    else
        snprintf(text, sizeof(text), "%s()", name);
    area_fit(in, row, indent, in.cols - indent,
             is_over ? STYLE_DIM : STYLE_BOLD, text);
    if (count == 0)
        return 1;
    say_to(text, sizeof(text), w->language,
           is_over ? MSG_LEFT_BEHIND : MSG_MADE, names);
    area_fit(in, row + 1, indent + 2, in.cols - indent - 2, STYLE_PLAIN, text);
    return 2;
}

void replay_draw_stack(const struct world *w, struct area a)
{
    const struct window *win = &w->replay->window;
    struct area in = widget_box(a, say(w->language, MSG_STACK), NULL);
    int row = 0;
    int rows = 0;

    /* What comes last is nearest to now: the beginning gives way. */
    for (uint32_t i = 0; i < win->span_count; i++)
        rows += draw_activation(w, area_part(in, 0, 0, 0, -1), 0, i);
    for (uint32_t i = 0; i < win->span_count; i++)
        row += draw_activation(w, in,
                               row - (rows > in.rows ? rows - in.rows : 0), i);
    if (rows > in.rows && in.rows > 0)
        area_glyph(in, 0, in.cols - 1, STYLE_DIM, GLYPH_ELLIPSIS);
}

void replay_draw_heap(const struct world *w, struct area a)
{
    const struct window *win = &w->replay->window;
    const struct moment *m = timeline_moment(w->replay->timeline);
    uint64_t seq = replay_event(w);
    char count[UNITS_MAX], bytes[UNITS_MAX];
    char text[256];
    struct area in;
    size_t shown = 0; /* or cut off */
    int row = 0;

    say_to(text, sizeof(text), w->language, MSG_HEAP_LIVE,
           units_count(moment_live_blocks(m), count),
           units_bytes(moment_live_bytes(m), bytes));
    in = widget_box(a, text, NULL);
    for (size_t i = win->block_count; i-- > 0;) {
        const struct window_block *b = &win->blocks[i];
        char name[BLOCK_NAME_MAX];
        char letter[16];

        if (!is_live(b, seq))
            continue;
        say_to(text, sizeof(text), w->language, MSG_HEAP_ROW,
               units_count(replay_relative(w, b->seq), count));
        shown++;
        if (row == in.rows)
            continue;
        area_printf(in, row, 0,
                    b->seq + 1 == w->selection.block ? STYLE_SELECTED
                                                     : STYLE_PLAIN,
                    "%-6s %8s %-3s %s", block_name(w, i, name),
                    units_bytes(b->size_bytes, bytes),
                    block_letter(&b->verdict, letter), text);
        row++;
    }
    if (moment_live_blocks(m) <= shown)
        return;
    say_to(text, sizeof(text), w->language, MSG_HEAP_BEFORE,
           units_count(moment_live_blocks(m) - shown, count));
    if (row == in.rows && row > 0)
        area_clear(area_part(in, --row, 0, 1, -1));
    area_fit(in, row, 0, in.cols, STYLE_DIM, text);
}
