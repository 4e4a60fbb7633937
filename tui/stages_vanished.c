/*
 * stages_vanished.c - the panel that says what the stage before had and this
 * one has no more, and why it could go.
 */
#include <stdio.h>

#include "base/attrs.h"
#include "tui/site_text.h"
#include "tui/stages_panels.h"
#include "tui/units.h"
#include "tui/widgets.h"

enum { COL_ALLOCS, COL_BYTES, COL_SITE, COL_LETTER, COL_WHY, COL_COUNT };

static const enum message could[VERDICT_KIND_COUNT] = {
    [VERDICT_TEMPORARY] = MSG_COULD_T, [VERDICT_UP] = MSG_COULD_U,
    [VERDICT_OPERATION] = MSG_COULD_O, [VERDICT_CROSSES] = MSG_COULD_C,
    [VERDICT_LIVE] = MSG_COULD_L,
};

struct sums {
    double lost, gained;
    size_t rows; /* changes that lost and pass the chips */
};

static bool is_listed(const struct change *c, const struct world *w)
{
    return c->allocs_now < c->allocs_before &&
           filters_pass(&w->filters, w->filters.count, c->site);
}

static struct sums sums_of(const struct world *w)
{
    const struct stage *s = world_stage(w);
    struct sums sums = { 0 };

    for (size_t i = 0; i < s->change_count; i++) {
        const struct change *c = &s->changes[i];

        if (!filters_pass(&w->filters, w->filters.count, c->site))
            continue;
        if (c->allocs_now < c->allocs_before) {
            sums.lost += c->allocs_before - c->allocs_now;
            sums.rows++;
        } else {
            sums.gained += c->allocs_now - c->allocs_before;
        }
    }
    return sums;
}

static void draw_change(const struct change *c, const struct world *w,
                        struct area a, int row, const struct column *columns)
{
    enum style style = c->is_gone ? STYLE_GONE : STYLE_PLAIN;
    char number[UNITS_MAX];
    char left[UNITS_MAX];
    char letters[16];
    char text[256];
    char label[SITE_LABEL_MAX];

    table_cell(a, row, &columns[COL_ALLOCS], style,
               units_tenths(c->allocs_now - c->allocs_before, number));
    table_cell(a, row, &columns[COL_BYTES], style,
               units_whole(c->bytes_now - c->bytes_before, number));
    site_label_fit(c->site, columns[COL_SITE].shown, label);
    table_cell(a, row, &columns[COL_SITE], style, label);
    table_cell(a, row, &columns[COL_LETTER], STYLE_BOLD,
               verdict_main_text(&c->site->verdicts, letters));
    if (c->is_gone)
        say_to(text, sizeof(text), w->language,
               could[verdict_main(&c->site->verdicts)]);
    else
        say_to(text, sizeof(text), w->language, MSG_IS_LESS,
               units_tenths(c->allocs_now, left));
    table_cell(a, row, &columns[COL_WHY], STYLE_PLAIN, text);
}

/* The title; it says so when there is nothing to list. */
static void title_of(const struct world *w, const struct sums *sums, char *out,
                     size_t cap)
{
    const struct stage *now = world_stage(w);
    const struct stage *before = world_stage_before(w);
    char label[16];

    if (before == NULL) {
        say_to(out, cap, w->language, MSG_VANISHED_FIRST);
        return;
    }
    snprintf(label, sizeof(label), "S%u", before->number);
    if (!stage_has_data(before) || !stage_has_data(now) ||
        before->ops.has_ops != now->ops.has_ops)
        say_to(out, cap, w->language, MSG_NOT_COMPARABLE, label);
    else
        say_to(out, cap, w->language,
               sums->rows > 0 ? MSG_VANISHED : MSG_VANISHED_NONE, label);
}

/* Gives the rows it took. */
static int draw_rows(const struct world *w, struct area a, size_t rows)
{
    /* clang-format off */
    struct column columns[COL_COUNT] = {
        [COL_ALLOCS] = { .width = 7,  .is_right = true },
        [COL_BYTES]  = { .width = 7,  .is_right = true, .drop = 3 },
        [COL_SITE]   = { .width = a.cols >= 90 ? 34 : 28 },
        [COL_LETTER] = { .width = 2,  .drop = 2 },
        [COL_WHY]    = { .least = 16, .drop = 4 },
    };
    /* clang-format on */
    const struct stage *s = world_stage(w);
    size_t fitting = a.rows < 0 ? 0 : (size_t)a.rows;
    size_t shown = 0;

    /* The last row tells how many are not shown. */
    if (rows > fitting && fitting > 0)
        fitting--;
    table_layout(columns, COL_COUNT, a.cols);
    for (size_t i = 0; i < s->change_count && shown < fitting; i++)
        if (is_listed(&s->changes[i], w))
            draw_change(&s->changes[i], w, a, (int)shown++, columns);
    if (shown < rows && a.rows > 0) {
        char number[UNITS_MAX];
        char line[128];

        say_to(line, sizeof(line), w->language, MSG_VANISHED_MORE,
               units_count(rows - shown, number));
        area_text(a, (int)shown++, 0, STYLE_DIM, line);
    }
    return (int)shown;
}

void stages_draw_vanished(const struct world *w, struct area a, bool is_boxed)
{
    struct sums sums = sums_of(w);
    char lost[UNITS_MAX], gained[UNITS_MAX], net[UNITS_MAX];
    char title[160];
    char sum[160] = "";

    if (a.rows == 0)
        return;
    title_of(w, &sums, title, sizeof(title));
    if (sums.lost > 0 || sums.gained > 0)
        say_to(sum, sizeof(sum), w->language, MSG_VANISHED_SUM,
               units_tenths(-sums.lost, lost),
               units_tenths(sums.gained, gained),
               units_tenths(sums.gained - sums.lost, net));
    if (is_boxed) {
        struct area inside = widget_box(a, title, NULL);
        int row = draw_rows(w, area_part(inside, 0, 0, -2, -1), sums.rows);

        area_fit(inside, row, 0, inside.cols, STYLE_BOLD, sum);
    } else {
        int col = area_text(a, 0, 1, STYLE_BOLD, title);

        area_fit(a, 0, col + 2, a.cols - col - 2, STYLE_PLAIN, sum);
        draw_rows(w, area_part(a, 1, 0, -1, -1), sums.rows);
    }
}
