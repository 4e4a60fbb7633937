/*
 * source_draw.c - the Source view's rows, and the box about the selected one.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/source_state.h"
#include "tui/units.h"
#include "tui/widgets.h"
#include "tui/wrap.h"

enum {
    TAB_COLS = 4,
    BOX_ROWS = 7,
    BOX_FROM_ROWS = 18, /* the view's rows from which there is a box */
    BYTES_FROM_COLS = 60,
    CODE_MAX = 1024,
};

/* Where one text's columns stand. */
struct columns {
    int allocs, bytes, line, sign, code; /* first column; bytes -1: none */
};

static struct columns columns_of(int cols)
{
    bool has_bytes = cols >= BYTES_FROM_COLS;
    int at = 2;
    struct columns c = { .allocs = at, .bytes = -1 };

    at += has_bytes ? 10 : 7;
    if (has_bytes) {
        c.bytes = at;
        at += 9;
    }
    c.line = at;
    c.sign = at + 6;
    c.code = at + 8;
    return c;
}

/* Columns that one text has. */
static int half_of(const struct source_state *s, int cols)
{
    return s->mode == SOURCE_SIDES ? cols / 2 - 1 : cols;
}

/* A line with its tabs spread, fit for a NUL-terminated string. */
static const char *code_text(const struct line *l, char out[CODE_MAX])
{
    size_t at = 0;

    for (uint32_t i = 0; i < l->size && at + TAB_COLS < CODE_MAX; i++) {
        char c = l->text[i];

        if (c != '\t') {
            out[at++] = c == '\0' ? '?' : c;
            continue;
        }
        do
            out[at++] = ' ';
        while (at % TAB_COLS != 0);
    }
    out[at] = '\0';
    return out;
}

static void right_aligned(struct area a, int row, int col, int width,
                          enum style style, const char *text)
{
    const struct column c = { .is_right = true,
                              .position = col,
                              .shown = width };

    table_cell(a, row, &c, style, text);
}

static void draw_cost(struct area a, int row, const struct columns *c,
                      const struct line_cost *cost, enum style style)
{
    char number[UNITS_MAX];

    if (cost->site == NULL)
        return;
    right_aligned(a, row, c->allocs, c->bytes < 0 ? 6 : 9, style,
                  units_tenths(cost->allocs, number));
    if (c->bytes >= 0)
        right_aligned(a, row, c->bytes, 8, style,
                      units_whole(cost->bytes, number));
}

/* One text's half of a row; `sign` ' ', '-' or '+'. */
static void draw_line(struct area a, int row, const struct columns *c,
                      const struct source_side *side, uint32_t index, char sign)
{
    enum style style = sign == '-' ? STYLE_GONE : STYLE_PLAIN;
    char text[CODE_MAX];
    char number[UNITS_MAX];

    if (index == DIFF_NONE)
        return;
    draw_cost(a, row, c, source_cost(side, index),
              sign == '-' ? STYLE_GONE : STYLE_ACCENT);
    snprintf(number, sizeof(number), "%u", index + 1);
    right_aligned(a, row, c->line, 5, STYLE_DIM, number);
    if (sign != ' ')
        area_char(a, row, c->sign, sign == '-' ? STYLE_GONE : STYLE_ACCENT,
                  (uint32_t)sign);
    area_fit(a, row, c->code, a.cols - c->code, style,
             code_text(&side->text.lines.lines[index], text));
}

static void draw_row(const struct source_state *s, struct area a, int row,
                     size_t index)
{
    const struct diff_row *r = &s->rows[index];
    bool is_shared = r->left != DIFF_NONE && r->right != DIFF_NONE;
    bool is_plain = s->mode == SOURCE_PLAIN;
    struct columns c = columns_of(half_of(s, a.cols));

    if (s->mode == SOURCE_SIDES) {
        int half = a.cols / 2;
        bool is_same = is_shared && s->before.text.lines.lines[r->left].hash ==
                                        s->now.text.lines.lines[r->right].hash;

        draw_line(area_part(a, row, 0, 1, half - 1), 0, &c, &s->before, r->left,
                  is_same ? ' ' : '-');
        area_glyph(a, row, half - 1, STYLE_DIM, GLYPH_VERTICAL);
        draw_line(area_part(a, row, half, 1, -1), 0, &c, &s->now, r->right,
                  is_same ? ' ' : '+');
    } else if (r->right == DIFF_NONE) {
        draw_line(a, row, &c, &s->before, r->left, '-');
    } else {
        draw_line(a, row, &c, &s->now, r->right,
                  is_plain || is_shared ? ' ' : '+');
    }
    if (index == s->row) {
        area_text(a, row, 0, STYLE_PLAIN, ">");
        area_restyle(a, row, STYLE_SELECTED);
    }
}

static void draw_heading(const struct world *w, const struct stage *stage,
                         const struct source_side *side,
                         const struct columns *c, struct area a)
{
    bool has_ops = stage->ops.has_ops;
    char text[NAME_SHORT + 24];
    char name[NAME_SHORT];

    if (c->bytes < 0) {
        right_aligned(a, 0, c->allocs, 6, STYLE_DIM,
                      say(w->language, has_ops ? MSG_COL_A_OP : MSG_ALLOCS));
    } else {
        right_aligned(a, 0, c->allocs, 9, STYLE_DIM,
                      say(w->language, has_ops ? MSG_COL_ALLOCS : MSG_ALLOCS));
        right_aligned(a, 0, c->bytes, 8, STYLE_DIM,
                      say(w->language, has_ops ? MSG_COL_BYTES : MSG_BYTES));
    }
    right_aligned(a, 0, c->line, 5, STYLE_DIM, say(w->language, MSG_COL_LINE));
    snprintf(text, sizeof(text), "S%u %s", stage->number,
             side->text.path == NULL
                 ? ""
                 : name_short(source_base(side->text.path), name));
    area_fit(a, 0, c->code, a.cols - c->code, STYLE_BOLD, text);
}

/* What the diff amounts to, or why there is none. */
static void diff_text(const struct source_state *s, const struct world *w,
                      char *out, size_t cap)
{
    const struct stage *before = world_stage_before(w);
    char now_label[16], label[16];
    char change[UNITS_MAX];

    out[0] = '\0';
    if (before == NULL)
        return;
    snprintf(now_label, sizeof(now_label), "S%u", world_stage(w)->number);
    snprintf(label, sizeof(label), "S%u", before->number);
    if (s->before.text.origin == SOURCE_MISSING)
        say_to(out, cap, w->language, MSG_SOURCE_NO_BEFORE, label);
    else if (!source_has_diff(s))
        say_to(out, cap, w->language, MSG_SOURCE_SAME, label);
    else
        say_to(out, cap, w->language,
               s->diff.is_rough ? MSG_SOURCE_DIFF_ROUGH : MSG_SOURCE_DIFF,
               label, now_label, s->diff.gone, s->diff.added,
               units_tenths(s->now.allocs - s->before.allocs, change));
}

/* Anything the reader must know about where the text is from. */
static void origin_text(const struct source_state *s, const struct world *w,
                        char *out, size_t cap)
{
    const struct source_text *t = &s->now.text;

    out[0] = '\0';
    if (t->origin == SOURCE_DISK)
        say_to(out, cap, w->language,
               t->is_newer ? MSG_SOURCE_NEWER : MSG_SOURCE_DISK);
    if (t->lines.is_cut) {
        say_plain(out, cap, out[0] == '\0' ? "" : "; ");
        say_append(out, cap, w->language, MSG_SOURCE_CUT, t->lines.count);
    }
}

/* How much of the stage is in this file, and the diff. */
static void draw_summary(const struct source_state *s, const struct world *w,
                         struct area a)
{
    const struct stage *stage = world_stage(w);
    double all = stage_has_data(stage) ? stage_allocs(stage) : 0;
    char here[UNITS_MAX], total[UNITS_MAX];
    char text[160];
    char diff[160];
    int col;

    say_to(text, sizeof(text), w->language, MSG_SOURCE_SUM,
           s->now.lines_allocating, units_tenths(s->now.allocs, here),
           units_tenths(all, total),
           say(w->language, stage->ops.has_ops ? MSG_ALLOCS_OP : MSG_ALLOCS));
    origin_text(s, w, diff, sizeof(diff));
    if (diff[0] != '\0') {
        say_plain(text, sizeof(text), "  ");
        say_plain(text, sizeof(text), diff);
    }
    col = area_fit(a, 0, 1, a.cols - 2, STYLE_PLAIN, text);
    diff_text(s, w, diff, sizeof(diff));
    if (diff[0] != '\0' && col + 3 + (int)text_width(diff) <= a.cols)
        area_text_right(area_part(a, 0, col + 2, 1, -1), 0, 1, STYLE_DIM, diff);
}

/* "U1 90% T 10%", or that there is nothing to judge. */
static const char *verdict_in(const struct world *w, const struct stage *s,
                              const struct site *site,
                              char out[VERDICT_TEXT_MAX])
{
    for (size_t i = 0; i < s->site_count; i++)
        if (s->sites[i].key == site->key)
            return verdict_text(&s->sites[i].verdicts, out);
    snprintf(out, VERDICT_TEXT_MAX, "%s", say(w->language, MSG_NONE_LEFT));
    return out;
}

static double key_bytes(const struct stage *s, uint64_t key)
{
    double sum = 0;

    for (size_t i = 0; i < s->site_count; i++)
        if (s->sites[i].key == key)
            sum += stage_site_bytes(s, &s->sites[i]);
    return sum;
}

static void append_site(const struct world *w, const struct site *site,
                        char *out, size_t cap)
{
    const struct stage *now = world_stage(w);
    const struct stage *before = world_stage_before(w);
    const char *allocs =
        say(w->language, now->ops.has_ops ? MSG_ALLOCS_OP : MSG_ALLOCS);
    const char *bytes =
        say(w->language, now->ops.has_ops ? MSG_BYTES_OP : MSG_BYTES);
    char n[4][UNITS_MAX];
    char was[VERDICT_TEXT_MAX], is[VERDICT_TEXT_MAX];

    units_tenths(stage_key_allocs(now, site->key), n[0]);
    units_whole(key_bytes(now, site->key), n[1]);
    verdict_in(w, now, site, is);
    if (before == NULL || !stage_has_data(before) ||
        before->ops.has_ops != now->ops.has_ops) {
        say_append(out, cap, w->language, MSG_SOURCE_SITE, allocs, n[0], bytes,
                   n[1], is);
        return;
    }
    units_tenths(stage_key_allocs(before, site->key), n[2]);
    units_whole(key_bytes(before, site->key), n[3]);
    verdict_in(w, before, site, was);
    say_append(out, cap, w->language, MSG_SOURCE_CHANGE, allocs, n[2], n[0],
               bytes, n[3], n[1], was, is);
}

static void append_lesson(const struct world *w, char *out, size_t cap)
{
    const struct course_stage *lesson = world_stage(w)->lesson;

    if (lesson == NULL)
        return;
    if (course_say(&lesson->change, w->language)[0] != '\0') {
        say_plain(out, cap, "\n");
        say_append(out, cap, w->language, MSG_CHANGE);
        say_plain(out, cap, course_say(&lesson->change, w->language));
    }
    if (course_say(&lesson->risk, w->language)[0] != '\0') {
        say_plain(out, cap, "\n");
        say_append(out, cap, w->language, MSG_RISK);
        say_plain(out, cap, course_say(&lesson->risk, w->language));
    }
}

static void draw_box(const struct source_state *s, const struct world *w,
                     struct area a)
{
    const struct stage *before = world_stage_before(w);
    bool is_gone;
    const struct site *site = source_row_site(s, w, &is_gone);
    char function[NAME_SHORT];
    char text[4096] = "";
    char title[NAME_SHORT + 64];
    char more[64];
    int pages;

    if (site == NULL)
        say_to(text, sizeof(text), w->language, MSG_SOURCE_NO_SITE);
    else
        append_site(w, site, text, sizeof(text));
    append_lesson(w, text, sizeof(text));
    if (before == NULL)
        snprintf(title, sizeof(title), "S%u", world_stage(w)->number);
    else
        snprintf(title, sizeof(title), "S%u -> S%u", before->number,
                 world_stage(w)->number);
    if (site != NULL) {
        say_plain(title, sizeof(title), "  ");
        say_plain(title, sizeof(title), name_short(site->function, function));
    }
    pages =
        widget_pages(area_part(a, 1, 2, -2, -3), STYLE_PLAIN, text, s->page);
    say_to(more, sizeof(more), w->language, MSG_MORE, s->page % pages + 1,
           pages);
    widget_box(a, title, pages > 1 ? more : NULL);
}

/* Why there is no text, and how to get it. */
static void draw_missing(const struct source_state *s, const struct world *w,
                         struct area a)
{
    char text[2048] = "";
    char path[256];

    if (world_stage(w)->site_count == 0) {
        say_to(text, sizeof(text), w->language, MSG_NO_SITES);
    } else if (s->now.text.path == NULL) {
        say_to(text, sizeof(text), w->language, MSG_SOURCE_NAMELESS);
        say_plain(text, sizeof(text), "\n\n");
        say_append(text, sizeof(text), w->language, MSG_SOURCE_NAMELESS_HOW);
    } else {
        say_to(text, sizeof(text), w->language, MSG_SOURCE_MISSING,
               text_clean(s->now.text.path, path, sizeof(path), false));
        say_plain(text, sizeof(text), "\n\n");
        say_append(text, sizeof(text), w->language, MSG_SOURCE_HOW);
        say_plain(text, sizeof(text),
                  "\n\n  stackward record --with-sources ...");
    }
    wrap_draw(area_part(a, 1, 1, -1, -2), STYLE_PLAIN, text, 0);
}

void source_draw(const struct source_state *s, const struct world *w,
                 struct area a)
{
    int box = a.rows >= BOX_FROM_ROWS ? BOX_ROWS : 0;
    struct area list = area_part(a, 1, 0, -2 - box, -1);
    struct columns c = columns_of(half_of(s, a.cols));
    size_t top;

    if (s->row_count == 0) {
        draw_missing(s, w, a);
        return;
    }
    if (s->mode == SOURCE_SIDES) {
        draw_heading(w, world_stage_before(w), &s->before, &c,
                     area_part(a, 0, 0, 1, a.cols / 2 - 1));
        draw_heading(w, world_stage(w), &s->now, &c,
                     area_part(a, 0, a.cols / 2, 1, -1));
    } else {
        draw_heading(w, world_stage(w), &s->now, &c, a);
    }
    top = s->row > (size_t)list.rows / 2 ? s->row - (size_t)list.rows / 2 : 0;
    top = widget_scroll(top, s->row, s->row_count, list.rows);
    for (int row = 0; row < list.rows && top + (size_t)row < s->row_count;
         row++)
        draw_row(s, list, row, top + (size_t)row);
    if (box > 0)
        draw_box(s, w, area_part(a, a.rows - 1 - box, 0, box, -1));
    draw_summary(s, w, area_part(a, a.rows - 1, 0, 1, -1));
}
