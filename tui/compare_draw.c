/*
 * compare_draw.c - the Compare view's two tables.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/compare_state.h"
#include "tui/site_text.h"
#include "tui/units.h"
#include "tui/widgets.h"
#include "tui/wrap.h"

enum { COL_LABEL, COL_A, COL_B, COL_CHANGE, COL_SAYS, COL_COUNT };

static void lay_out(struct column columns[COL_COUNT], int cols)
{
    /* clang-format off */
    const struct column all[COL_COUNT] = {
        [COL_LABEL]  = { .width = 17 },
        [COL_A]      = { .width = 15, .is_right = true, .drop = 1 },
        [COL_B]      = { .width = 15, .is_right = true },
        [COL_CHANGE] = { .width = 8,  .is_right = true },
        [COL_SAYS]   = { .least = 12, .drop = 2 },
    };
    /* clang-format on */
    memcpy(columns, all, sizeof(all));
    if (cols < 90)
        columns[COL_A].width = columns[COL_B].width = 12;
    table_layout(columns, COL_COUNT, cols);
}

/* "S2 pointers", or "A: S2 pointers" where there is room. */
static void stage_label(const struct stage *s, const char *which, char *out,
                        size_t cap)
{
    char name[NAME_SHORT];
    const char *slash = strrchr(s->name, '/');

    snprintf(out, cap, "%s: S%u %s", which, s->number,
             name_short(slash == NULL ? s->name : slash + 1, name));
}

static const char *number_text(enum compare_figure figure, double value,
                               char out[UNITS_MAX])
{
    if (figure == COMPARE_PEAK)
        return units_bytes(value > 0 ? (uint64_t)value : 0, out);
    return units_whole(value, out);
}

/* With its sign, also when it is a plus. */
static const char *signed_text(const char *number, double value,
                               char out[UNITS_MAX + 1])
{
    snprintf(out, UNITS_MAX + 1, "%s%s", value > 0 ? "+" : "", number);
    return out;
}

/* "18", or "3-9" when ops differ. */
static void draw_value(struct area a, int row, const struct column *column,
                       enum compare_figure figure,
                       const struct compare_value *v)
{
    char low[UNITS_MAX], high[UNITS_MAX];
    char text[2 * UNITS_MAX + 8];

    if (v->min < v->max)
        snprintf(text, sizeof(text), "%s-%s", number_text(figure, v->min, low),
                 number_text(figure, v->max, high));
    else
        snprintf(text, sizeof(text), "%s", number_text(figure, v->median, low));
    table_cell(a, row, column, STYLE_BOLD, text);
}

static void outcome_text(const struct world *w, const struct compare_value *a,
                         const struct compare_value *b, char *out, size_t cap)
{
    static const enum message says[] = {
        [COMPARE_EXACT] = MSG_COMPARE_EXACT,
        [COMPARE_ONCE] = MSG_COMPARE_ONCE_EACH,
        [COMPARE_APART] = MSG_COMPARE_APART,
        [COMPARE_OVERLAP] = MSG_COMPARE_OVERLAP,
    };
    enum compare_outcome outcome = compare_outcome(a, b);
    char percent[UNITS_MAX];

    out[0] = '\0';
    if (outcome == COMPARE_EXACT && fabs(a->median - b->median) < 0.5) {
        say_to(out, cap, w->language, MSG_COMPARE_UNCHANGED);
        return;
    }
    units_change(a->median, b->median, percent);
    if (percent[0] != '\0' && percent[1] != '0') {
        say_plain(out, cap, percent);
        say_plain(out, cap, "  ");
    }
    say_append(out, cap, w->language, says[outcome]);
}

static void draw_figure(const struct compare_state *s, const struct world *w,
                        struct area a, int row, const struct column *columns,
                        enum compare_figure figure)
{
    bool has_ops = s->traces[0].ops.has_ops;
    const enum message labels[COMPARE_FIGURE_COUNT] = {
        [COMPARE_ALLOCS] = has_ops ? MSG_ALLOCS_OP : MSG_ALLOCS,
        [COMPARE_BYTES] = has_ops ? MSG_BYTES_OP : MSG_BYTES,
        [COMPARE_PEAK] = MSG_COMPARE_PEAK,
    };
    struct compare_value va, vb;
    char text[160];
    char number[UNITS_MAX];
    char plus[UNITS_MAX + 1];
    double change;

    compare_value(&s->traces[0], figure, &va);
    compare_value(&s->traces[1], figure, &vb);
    change = vb.median - va.median;
    table_cell(a, row, &columns[COL_LABEL], STYLE_PLAIN,
               say(w->language, labels[figure]));
    draw_value(a, row, &columns[COL_A], figure, &va);
    draw_value(a, row, &columns[COL_B], figure, &vb);
    table_cell(a, row, &columns[COL_CHANGE], STYLE_ACCENT,
               signed_text(units_whole(change, number), change, plus));
    outcome_text(w, &va, &vb, text, sizeof(text));
    table_cell(a, row, &columns[COL_SAYS], STYLE_PLAIN, text);
}

static void draw_summary(struct area a, int row, const struct column *column,
                         const struct sample_summary *s)
{
    char number[UNITS_MAX];
    char text[UNITS_MAX + 32];

    units_time(s->median, number);
    snprintf(text, sizeof(text), "%s", s->n == 0 ? "-" : number);
    if (s->has_interval && s->median > 0)
        snprintf(text, sizeof(text), "%s +-%.0f%%", number,
                 fmax(s->high - s->median, s->median - s->low) * 100 /
                     s->median);
    table_cell(a, row, column, STYLE_BOLD, text);
}

/* The time of an op, when both are known; its p stands alone, so there is
 * nothing to correct it for. */
static int draw_times(const struct compare_state *s, const struct world *w,
                      struct area a, int row, const struct column *columns)
{
    const struct compare_times *t = &s->timing;
    char change[UNITS_MAX];
    char text[160];

    if (t->a.n == 0 || t->b.n == 0)
        return row;
    table_cell(a, row, &columns[COL_LABEL], STYLE_PLAIN,
               say(w->language, MSG_COMPARE_TIME));
    draw_summary(a, row, &columns[COL_A], &t->a);
    draw_summary(a, row, &columns[COL_B], &t->b);
    units_change(t->a.median, t->b.median, change);
    if (!t->is_tested) {
        snprintf(change, sizeof(change), "-");
        say_to(text, sizeof(text), w->language, MSG_COMPARE_TOO_FEW, t->a.n,
               t->b.n);
    } else {
        if (t->p > 0.05)
            snprintf(change, sizeof(change), "~");
        snprintf(text, sizeof(text), "p=%.3f n=%zu+%zu", t->p, t->a.n, t->b.n);
    }
    table_cell(a, row, &columns[COL_CHANGE],
               t->is_tested ? STYLE_ACCENT : STYLE_DIM, change);
    table_cell(a, row, &columns[COL_SAYS], STYLE_DIM, text);
    return row + 1;
}

/* Gives the rows it took. */
static int draw_figures(const struct compare_state *s, const struct world *w,
                        struct area a)
{
    struct column columns[COL_COUNT];
    char text[NAME_SHORT + 32];
    int row = 2;

    lay_out(columns, a.cols);
    stage_label(compare_stage(w, s->a), "A", text, sizeof(text));
    table_cell(a, 0, &columns[COL_A], STYLE_BOLD, text);
    stage_label(compare_stage(w, s->b), "B", text, sizeof(text));
    table_cell(a, 0, &columns[COL_B], STYLE_BOLD, text);
    table_cell(a, 0, &columns[COL_CHANGE], STYLE_DIM,
               say(w->language, MSG_COMPARE_CHANGE));
    table_rule(a, 1, columns, COL_COUNT);
    for (int i = 0; i < COMPARE_FIGURE_COUNT; i++)
        draw_figure(s, w, a, row++, columns, (enum compare_figure)i);
    row = draw_times(s, w, a, row, columns);
    return row;
}

enum { SITE_LABEL, SITE_A, SITE_B, SITE_CHANGE, SITE_SAYS, SITE_COUNT };

static void draw_site(const struct compare_state *s, const struct world *w,
                      struct area a, int row, const struct column *columns,
                      size_t index)
{
    const struct compare_site *site = &s->sites.rows[index];
    enum style style = site->allocs[1] <= 0 ? STYLE_GONE : STYLE_PLAIN;
    enum message says = MSG_NONE;
    double change =
        index < s->sites.changed ? site->allocs[1] - site->allocs[0] : 0;
    char label[SITE_LABEL_MAX];
    char number[UNITS_MAX];
    char plus[UNITS_MAX + 1];

    if (index >= s->sites.changed)
        says = MSG_COMPARE_SAME;
    else if (site->allocs[1] <= 0)
        says = MSG_COMPARE_GONE;
    else if (site->allocs[0] <= 0)
        says = MSG_COMPARE_NEW;
    site_label_fit(site->site, columns[SITE_LABEL].shown, label);
    table_cell(a, row, &columns[SITE_LABEL], style, label);
    table_cell(a, row, &columns[SITE_A], style,
               units_tenths(site->allocs[0], number));
    table_cell(a, row, &columns[SITE_B], style,
               units_tenths(site->allocs[1], number));
    table_cell(a, row, &columns[SITE_CHANGE], style,
               signed_text(units_tenths(change, number), change, plus));
    table_cell(a, row, &columns[SITE_SAYS], style, say(w->language, says));
    if (index == s->selected) {
        area_text(area_part(a, row, 0, 1, 1), 0, 0, STYLE_PLAIN, ">");
        area_restyle(a, row, STYLE_SELECTED);
    }
}

/* The sum of the changes, and whether it is the headline's. */
static void draw_sum(const struct compare_state *s, const struct world *w,
                     struct area a, int row, const struct column *columns)
{
    struct compare_value va, vb;
    char number[UNITS_MAX];
    char plus[UNITS_MAX + 1];
    char text[160];
    double headline;

    compare_value(&s->traces[0], COMPARE_ALLOCS, &va);
    compare_value(&s->traces[1], COMPARE_ALLOCS, &vb);
    headline = vb.median - va.median;
    table_cell(a, row, &columns[SITE_CHANGE], STYLE_BOLD,
               signed_text(units_tenths(s->sites.sum_allocs, number),
                           s->sites.sum_allocs, plus));
    say_to(text, sizeof(text), w->language,
           w->filters.count > 0 ? MSG_COMPARE_SUM_FILTERED
           : fabs(s->sites.sum_allocs - headline) < 0.05
               ? MSG_COMPARE_SUM
               : MSG_COMPARE_SUM_AVERAGE);
    table_cell(a, row, &columns[SITE_SAYS], STYLE_DIM, text);
    say_to(text, sizeof(text), w->language,
           s->shows_unchanged ? MSG_COMPARE_HIDE : MSG_COMPARE_SHOW,
           s->sites.count - s->sites.changed);
    area_fit(a, row, columns[SITE_LABEL].position, columns[SITE_LABEL].shown,
             STYLE_DIM, text);
}

static void draw_sites(const struct compare_state *s, const struct world *w,
                       struct area a)
{
    /* clang-format off */
    struct column columns[SITE_COUNT] = {
        [SITE_LABEL]  = { .least = 20 },
        [SITE_A]      = { .width = 8, .is_right = true, .drop = 1 },
        [SITE_B]      = { .width = 8, .is_right = true },
        [SITE_CHANGE] = { .width = 8, .is_right = true },
        [SITE_SAYS]   = { .width = 18, .drop = 2 },
    };
    /* clang-format on */
    struct area list = area_part(a, 1, 0, -2, -1);
    size_t top = widget_scroll(0, s->selected, s->rows, list.rows);

    table_layout(columns, SITE_COUNT, a.cols - 2);
    for (int i = 0; i < SITE_COUNT; i++)
        columns[i].position += columns[i].position >= 0 ? 2 : 0;
    table_cell(a, 0, &columns[SITE_LABEL], STYLE_DIM,
               say(w->language, MSG_COMPARE_SITES));
    table_cell(a, 0, &columns[SITE_A], STYLE_DIM, "A");
    table_cell(a, 0, &columns[SITE_B], STYLE_DIM, "B");
    table_cell(a, 0, &columns[SITE_CHANGE], STYLE_DIM,
               say(w->language, MSG_COMPARE_CHANGE));
    for (int row = 0; row < list.rows && top + (size_t)row < s->rows; row++)
        draw_site(s, w, list, row, columns, top + (size_t)row);
    draw_sum(s, w, a,
             s->rows < (size_t)list.rows ? 1 + (int)s->rows : a.rows - 1,
             columns);
}

static void draw_impossible(const struct compare_state *s,
                            const struct world *w, struct area a)
{
    const struct stage *sa = compare_stage(w, s->a);
    const struct stage *sb = compare_stage(w, s->b);
    char one[16], other[16];
    char text[256];

    snprintf(one, sizeof(one), "S%u", sa->number);
    snprintf(other, sizeof(other), "S%u", sb->number);
    if (w->story->count < 2)
        say_to(text, sizeof(text), w->language, MSG_COMPARE_ONE);
    else if (!stage_has_data(sa) || !stage_has_data(sb))
        say_to(text, sizeof(text), w->language, MSG_NOT_COMPARABLE,
               stage_has_data(sa) ? other : one);
    else
        say_to(text, sizeof(text), w->language, MSG_COMPARE_KINDS, one, other);
    wrap_draw(area_part(a, 1, 1, -1, -2), STYLE_PLAIN, text, 0);
}

/* Only what is needed to read the figures above. */
static int draw_legend(const struct compare_state *s, const struct world *w,
                       struct area a, int row)
{
    struct compare_value va, vb;
    bool is_exact;
    bool has_times = s->timing.a.n > 0 && s->timing.b.n > 0;

    compare_value(&s->traces[0], COMPARE_ALLOCS, &va);
    compare_value(&s->traces[1], COMPARE_ALLOCS, &vb);
    is_exact = compare_outcome(&va, &vb) == COMPARE_EXACT;
    area_fit(a, row++, 1, a.cols - 2, STYLE_DIM,
             say(w->language, is_exact ? MSG_COMPARE_LEGEND_EXACT
                                       : MSG_COMPARE_LEGEND_RANGE));
    if (has_times)
        area_fit(a, row++, 1, a.cols - 2, STYLE_DIM,
                 say(w->language, MSG_COMPARE_LEGEND_TIME));
    return row;
}

void compare_draw(const struct compare_state *s, const struct world *w,
                  struct area a)
{
    int row;

    if (!s->is_possible) {
        draw_impossible(s, w, a);
        return;
    }
    row = draw_figures(s, w, area_part(a, 0, 1, -1, -2));
    if (a.rows >= 18)
        row = draw_legend(s, w, a, row + 1);
    draw_sites(s, w, area_part(a, row + (a.rows >= 14 ? 1 : 0), 0, -1, -1));
}
