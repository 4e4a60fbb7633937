/*
 * flame_draw.c - the Flame view's icicle or tree, and what is said about the
 * selected frame.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/flame_state.h"
#include "tui/site_text.h"
#include "tui/units.h"
#include "tui/widgets.h"

enum {
    PANEL_ROWS = 5,
    PANEL_FROM_ROWS = 11,
    LABEL_COLS = 11,
    PATH_BYTES = 1024
};

static const char *node_name(const struct world *w, const struct stage *s,
                             const struct flame_node *n, char out[NAME_SHORT])
{
    char unnamed[256];

    if (n->kind == FLAME_ALL)
        return say(w->language, MSG_FLAME_ALL);
    if (n->kind == FLAME_CUT)
        return say(w->language, MSG_FLAME_CUT);
    return name_short(flame_name(s, n, unnamed, sizeof(unnamed)), out);
}

/* "6", "6.5", "1,152": no more than a frame has room for. */
static const char *short_number(const struct flame_state *s,
                                const struct stage *stage, uint64_t value,
                                char out[UNITS_MAX])
{
    double number = flame_per_op(stage, value);
    size_t size;

    if (s->by_bytes)
        return units_whole(number, out);
    size = strlen(units_tenths(number, out));
    if (size > 2 && strcmp(out + size - 2, ".0") == 0)
        out[size - 2] = '\0';
    return out;
}

static void draw_box(const struct flame_state *s, const struct world *w,
                     struct area a, int row, uint32_t node,
                     struct flame_span span)
{
    const struct stage *stage = world_stage(w);
    const struct flame_node *n = &flame_tree_of(s, w)->nodes[node];
    struct area box = area_part(a, row, span.col, 1, span.cols);
    enum style style = node == s->selected ? STYLE_SELECTED : STYLE_PLAIN;
    char name[NAME_SHORT];
    char number[UNITS_MAX];
    char text[NAME_SHORT + UNITS_MAX + 64];

    if (box.cols == 0)
        return;
    if (span.cols == 1) {
        area_text(box, 0, 0, style, "|");
        return;
    }
    snprintf(text, sizeof(text), "%s %s", node_name(w, stage, n, name),
             short_number(s, stage, flame_value(n, s->by_bytes), number));
    if (span.cols > 3)
        area_fit(box, 0, 1, span.cols - 2, style, text);
    area_text(box, 0, 0, style, "[");
    area_text(box, 0, span.cols - 1, style, "]");
    if (node == s->selected)
        area_restyle(box, 0, STYLE_SELECTED);
}

/* What an icicle cannot show. */
struct unseen {
    size_t narrow;  /* frames */
    uint32_t below; /* levels under the last row */
};

static struct unseen draw_icicle(const struct flame_state *s,
                                 const struct world *w, struct area a)
{
    const struct flame_tree *t = flame_tree_of(s, w);
    const struct flame_node *zoom = &t->nodes[s->zoom];
    uint32_t rows = a.rows > 0 ? (uint32_t)a.rows : 1;
    uint32_t selected = t->nodes[s->selected].depth - zoom->depth;
    uint32_t top = selected >= rows ? selected - rows + 1 : 0;
    struct unseen unseen = { 0, 0 };

    for (uint32_t i = 0; i < zoom->size; i++) {
        uint32_t node = t->order[zoom->place + i];
        uint32_t level = t->nodes[node].depth - zoom->depth;
        struct flame_span span = flame_span_of(s, t, node, a.cols);

        if (span.cols < 1)
            unseen.narrow++;
        else if (level >= top + rows && level - top - rows + 1 > unseen.below)
            unseen.below = level - top - rows + 1;
        else if (level >= top && level < top + rows)
            draw_box(s, w, a, (int)(level - top), node, span);
    }
    return unseen;
}

static void draw_tree_row(const struct flame_state *s, const struct world *w,
                          struct area a, int row, uint32_t node)
{
    const struct stage *stage = world_stage(w);
    const struct flame_tree *t = flame_tree_of(s, w);
    const struct flame_node *n = &t->nodes[node];
    uint64_t value = flame_value(n, s->by_bytes);
    uint64_t all = flame_value(&t->nodes[FLAME_ROOT], s->by_bytes);
    uint32_t level = n->depth - t->nodes[s->zoom].depth;
    int indent = level < 20 ? 2 * (int)level : 40;
    int col = 16 + indent < a.cols - 8 ? 16 + indent : a.cols - 8;
    const struct column number = { .is_right = true,
                                   .position = 1,
                                   .shown = 9 };
    char text[UNITS_MAX];
    char name[NAME_SHORT];

    table_cell(a, row, &number, STYLE_PLAIN,
               s->by_bytes ? units_whole(flame_per_op(stage, value), text)
                           : units_tenths(flame_per_op(stage, value), text));
    if (all > 0)
        area_printf(a, row, 10, STYLE_DIM, "%4.0f%%",
                    (double)value * 100 / (double)all);
    col = col > 16 ? col : 16;
    area_fit(a, row, col, a.cols - col, STYLE_PLAIN,
             node_name(w, stage, n, name));
    if (node == s->selected) {
        area_text(a, row, 0, STYLE_PLAIN, ">");
        area_restyle(a, row, STYLE_SELECTED);
    }
}

static void draw_tree(const struct flame_state *s, const struct world *w,
                      struct area a)
{
    const struct flame_tree *t = flame_tree_of(s, w);
    const struct flame_node *zoom = &t->nodes[s->zoom];
    size_t at = t->nodes[s->selected].place - zoom->place;
    size_t top = at > (size_t)a.rows / 2 ? at - (size_t)a.rows / 2 : 0;

    top = widget_scroll(top, at, zoom->size, a.rows);
    for (int row = 0; row < a.rows && top + (size_t)row < zoom->size; row++)
        draw_tree_row(s, w, a, row, t->order[zoom->place + top + (size_t)row]);
}

/* "handle > parse > copy", its end if there is no room for all. */
static void path_text(const struct flame_state *s, const struct world *w,
                      int width, char out[PATH_BYTES])
{
    const struct flame_tree *t = flame_tree_of(s, w);
    char whole[PATH_BYTES];
    size_t at = PATH_BYTES - 1;

    whole[at] = '\0';
    for (uint32_t node = s->selected; node != FLAME_NONE;
         node = t->nodes[node].parent) {
        const char *separator = whole[at] == '\0' ? "" : " > ";
        char name[NAME_SHORT];
        const char *text;
        size_t size;

        if (node == FLAME_ROOT && s->selected != FLAME_ROOT)
            break;
        text = node_name(w, world_stage(w), &t->nodes[node], name);
        size = strlen(text) + strlen(separator);
        if (size + 8 > at ||
            (whole[at] != '\0' &&
             (int)(text_width(whole + at) + text_width(text)) + 9 > width)) {
            memcpy(whole + (at -= 6), "... > ", 6);
            break;
        }
        at -= size;
        memcpy(whole + at, text, strlen(text));
        memcpy(whole + at + strlen(text), separator, strlen(separator));
    }
    snprintf(out, PATH_BYTES, "%s", whole + at);
}

static void add_counts(struct verdict_counts *sum,
                       const struct verdict_counts *v)
{
    for (int i = 0; i < VERDICT_KIND_COUNT; i++)
        sum->by_kind[i] += v->by_kind[i];
    for (int i = 0; i <= PROFILE_UP_MAX; i++)
        sum->by_up[i] += v->by_up[i];
    sum->grown += v->grown;
    sum->boxes += v->boxes;
    sum->at_most += v->at_most;
}

/* What the selected frame costs, and what became of its blocks. */
static void this_text(const struct flame_state *s, const struct world *w,
                      char *out, size_t cap)
{
    const struct stage *stage = world_stage(w);
    const struct flame_tree *t = flame_tree_of(s, w);
    const struct flame_node *n = &t->nodes[s->selected];
    const struct flame_node *all = &t->nodes[FLAME_ROOT];
    bool has_ops = stage->ops.has_ops;
    struct verdict_counts sum = { 0 };
    char letters[VERDICT_TEXT_MAX];
    char figures[2][UNITS_MAX + 24], number[UNITS_MAX], share[16];
    double part = (double)flame_value(n, s->by_bytes);
    double whole = (double)flame_value(all, s->by_bytes);

    for (size_t i = 0; i < t->leaf_count; i++)
        if (t->leaves[i] != FLAME_NONE &&
            flame_is_under(t, t->leaves[i], s->selected))
            add_counts(&sum, &stage->stacks[i].verdicts);
    snprintf(share, sizeof(share), "%.0f%%",
             whole > 0 ? part * 100 / whole : 0);
    snprintf(figures[0], sizeof(figures[0]), "%s %s",
             units_tenths(flame_per_op(stage, n->allocs), number),
             say(w->language, has_ops ? MSG_ALLOCS_OP : MSG_ALLOCS));
    snprintf(figures[1], sizeof(figures[1]), "%s %s",
             units_whole(flame_per_op(stage, n->bytes), number),
             say(w->language, has_ops ? MSG_BYTES_OP : MSG_BYTES));
    /* The share is of what the widths stand for. */
    say_to(out, cap, w->language, MSG_FLAME_THIS, figures[s->by_bytes], share,
           figures[!s->by_bytes], verdict_text(&sum, letters));
}

/* The same way of calls, in each stage. */
static void stages_text(const struct flame_state *s, const struct world *w,
                        char *out, size_t cap)
{
    uint64_t hash = flame_tree_of(s, w)->nodes[s->selected].hash;

    out[0] = '\0';
    for (size_t i = 0; i < s->count; i++) {
        const struct stage *stage = &w->story->stages[i];
        const struct flame_tree *t = &s->stages[i].tree;
        uint32_t node = flame_find(t, hash);
        double value = 0;
        char number[UNITS_MAX];
        char entry[UNITS_MAX + 24];

        if (!stage_has_data(stage))
            continue;
        if (node != FLAME_NONE)
            value =
                flame_per_op(stage, flame_value(&t->nodes[node], s->by_bytes));
        snprintf(entry, sizeof(entry), "%sS%u %s", out[0] == '\0' ? "" : "  ",
                 stage->number,
                 s->by_bytes ? units_whole(value, number)
                             : units_tenths(value, number));
        say_plain(out, cap, entry);
    }
}

static void hidden_text(const struct flame_state *s, const struct world *w,
                        const struct unseen *unseen, char *out, size_t cap)
{
    out[0] = '\0';
    if (flame_tree_of(s, w)->is_cut) {
        say_append(out, cap, w->language, MSG_FLAME_TOO_MANY);
        say_plain(out, cap, "; ");
    }
    if (flame_is_tree(s, w))
        say_append(out, cap, w->language, MSG_FLAME_NONE_HIDDEN);
    else
        say_append(out, cap, w->language, MSG_FLAME_NARROW, unseen->narrow);
    if (unseen->below > 0) {
        say_plain(out, cap, "; ");
        say_append(out, cap, w->language, MSG_FLAME_BELOW, unseen->below);
    }
}

static void draw_panel(const struct flame_state *s, const struct world *w,
                       struct area a, const struct unseen *unseen)
{
    static const enum message labels[] = { MSG_FLAME_SELECTED, MSG_FLAME_HERE,
                                           MSG_FLAME_STAGES, MSG_FLAME_HIDDEN };
    char text[4][PATH_BYTES];

    for (int col = 0; col < a.cols; col++)
        area_glyph(a, 0, col, STYLE_DIM, GLYPH_HORIZONTAL);
    path_text(s, w, a.cols - LABEL_COLS - 1, text[0]);
    this_text(s, w, text[1], PATH_BYTES);
    stages_text(s, w, text[2], PATH_BYTES);
    hidden_text(s, w, unseen, text[3], PATH_BYTES);
    for (int i = 0; i < 4; i++) {
        area_text(a, i + 1, 1, STYLE_DIM, say(w->language, labels[i]));
        area_fit(a, i + 1, LABEL_COLS, a.cols - LABEL_COLS - 1,
                 i == 0 ? STYLE_BOLD : STYLE_PLAIN, text[i]);
    }
}

static void draw_heading(const struct flame_state *s, const struct world *w,
                         struct area a)
{
    bool has_ops = world_stage(w)->ops.has_ops;
    enum message unit = s->by_bytes ? (has_ops ? MSG_BYTES_OP : MSG_BYTES)
                                    : (has_ops ? MSG_ALLOCS_OP : MSG_ALLOCS);
    char text[160];

    say_to(text, sizeof(text), w->language,
           flame_is_tree(s, w) ? MSG_FLAME_TREE : MSG_FLAME_WIDTH,
           say(w->language, unit),
           say(w->language,
               s->is_inverted ? MSG_FLAME_INVERTED : MSG_FLAME_UPRIGHT));
    area_fit(a, 0, 1, a.cols - 2, STYLE_DIM, text);
}

void flame_draw(const struct flame_state *s, const struct world *w,
                struct area a)
{
    int panel = a.rows >= PANEL_FROM_ROWS ? PANEL_ROWS : 0;
    struct area frames = area_part(a, 1, 0, -1 - panel, -1);
    struct unseen unseen = { 0, 0 };

    if (!flame_has_frames(s, w)) {
        const struct stage *stage = world_stage(w);
        size_t culprit =
            filters_culprit(&w->filters, stage->sites, stage->site_count);
        char text[160];

        if (stage->site_count > 0 && culprit < w->filters.count)
            say_to(text, sizeof(text), w->language, MSG_FILTERED_OUT,
                   w->filters.chips[culprit]);
        else
            say_to(text, sizeof(text), w->language, MSG_NO_SITES);
        area_fit(a, 1, 1, a.cols - 2, STYLE_PLAIN, text);
        return;
    }
    draw_heading(s, w, a);
    if (flame_is_tree(s, w))
        draw_tree(s, w, frames);
    else
        unseen = draw_icicle(s, w, area_part(frames, 0, 1, -1, -2));
    if (panel > 0)
        draw_panel(s, w, area_part(a, a.rows - panel, 0, panel, -1), &unseen);
}
