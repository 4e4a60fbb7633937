#include "tui/sites_table.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/attrs.h"
#include "base/text.h"
#include "tui/site_text.h"
#include "tui/units.h"
#include "tui/widgets.h"

enum {
    COL_RANK,
    COL_ALLOCS,
    COL_BAR,
    COL_BYTES,
    COL_LIFE,
    COL_FREED,
    COL_VERDICT,
    COL_SITE,
    COL_COUNT
};

/* clang-format off */
static const struct column all_columns[COL_COUNT] = {
    [COL_RANK]    = { .width = 4,  .drop = 1, .is_right = true },
    [COL_ALLOCS]  = { .width = 11, .is_right = true },
    [COL_BAR]     = { .width = 5,  .drop = 3 },
    [COL_BYTES]   = { .width = 10, .drop = 2, .is_right = true },
    [COL_LIFE]    = { .width = 8,  .drop = 5, .is_right = true },
    [COL_FREED]   = { .width = 10, .drop = 4 },
    [COL_VERDICT] = { .width = 9 },
    [COL_SITE]    = { .least = 24 },
};

static const struct {
    size_t column;
    enum message title; /* per op */
    enum message title_run; /* without ops */
    int sort; /* the order it stands for; -1 none */
} headings[] = {
    { COL_ALLOCS,  MSG_COL_ALLOCS,   MSG_ALLOCS,       SORT_ALLOCS },
    { COL_BYTES,   MSG_COL_BYTES,    MSG_BYTES,        SORT_BYTES },
    { COL_LIFE,    MSG_COL_LIFE,     MSG_COL_LIFE,     SORT_LIFE },
    { COL_FREED,   MSG_COL_FREED_IN, MSG_COL_FREED_IN, -1 },
    { COL_VERDICT, MSG_COL_VERDICT,  MSG_COL_VERDICT,  SORT_VERDICT },
    { COL_SITE,    MSG_COL_SITE,     MSG_COL_SITE,     SORT_SITE },
};
/* clang-format on */

static void draw_headings(const struct sites_state *s, const struct world *w,
                          struct area a, const struct column *columns)
{
    bool has_ops = world_stage(w)->ops.has_ops;

    table_cell(a, 0, &columns[COL_RANK], STYLE_DIM, "#");
    for (size_t i = 0; i < ARRAY_LEN(headings); i++) {
        bool is_sorted = headings[i].sort == (int)s->sort;
        char text[64];

        snprintf(text, sizeof(text), "%s%s",
                 say(w->language,
                     has_ops ? headings[i].title : headings[i].title_run),
                 !is_sorted       ? ""
                 : s->is_reversed ? " ^"
                                  : " v");
        table_cell(a, 0, &columns[headings[i].column],
                   is_sorted ? STYLE_BOLD : STYLE_DIM, text);
    }
    table_rule(a, 1, columns, COL_COUNT);
}

/* The life of a block, in events; ">" when some were not freed. */
static const char *life_text(const struct site *site, char out[UNITS_MAX])
{
    if (site->frees == 0)
        return strcpy(out, "-");
    return units_count(site->life_median_events, out);
}

static void draw_site(const struct world *w, const struct site_row *r,
                      size_t rank, struct area a, int row,
                      const struct column *columns, bool is_selected,
                      double most)
{
    enum style style = r->gone != NULL ? STYLE_GONE : STYLE_PLAIN;
    const struct stage *s = world_stage(w) - (r->gone != NULL ? 1 : 0);
    double allocs = r->gone != NULL ? r->gone->allocs_before
                                    : stage_site_allocs(s, r->site);
    double bytes =
        r->gone != NULL ? r->gone->bytes_before : stage_site_bytes(s, r->site);
    int sign = r->gone != NULL ? -1 : 1;
    const char *gone = r->gone == NULL ? "" : say(w->language, MSG_GONE_ROW);
    char label[SITE_LABEL_MAX];
    char text[sizeof(label) + 64];
    char number[UNITS_MAX];

    if (r->gone == NULL)
        table_cell(a, row, &columns[COL_RANK], style,
                   units_count(rank, number));
    table_cell(a, row, &columns[COL_ALLOCS], style,
               units_tenths(sign * allocs, number));
    if (columns[COL_BAR].position >= 0)
        widget_bar(a, row, columns[COL_BAR].position, columns[COL_BAR].shown,
                   most > 0 ? allocs / most : 0,
                   r->gone != NULL ? STYLE_GONE : STYLE_ACCENT);
    table_cell(a, row, &columns[COL_BYTES], style,
               units_whole(sign * bytes, number));
    table_cell(a, row, &columns[COL_LIFE], style, life_text(r->site, number));
    table_cell(a, row, &columns[COL_FREED], style,
               r->site->freed_in[0] == '\0' ? "-" : r->site->freed_in);
    verdict_text(&r->site->verdicts, text);
    table_cell(a, row, &columns[COL_VERDICT],
               r->gone != NULL ? STYLE_GONE : STYLE_BOLD, text);
    site_label_fit(r->site, columns[COL_SITE].shown - (int)text_width(gone),
                   label);
    snprintf(text, sizeof(text), "%s%s", gone, label);
    table_cell(a, row, &columns[COL_SITE], style, text);
    if (is_selected) {
        area_text(a, row, 0, STYLE_PLAIN, ">");
        area_restyle(a, row, STYLE_SELECTED);
    }
}

static void draw_totals(const struct sites_state *s, const struct world *w,
                        struct area a, int row, const struct column *columns)
{
    const struct stage *stage = world_stage(w);
    double allocs = 0;
    double bytes = 0;
    char number[UNITS_MAX];
    char text[160];

    for (size_t i = 0; i < s->present; i++) {
        allocs += stage_site_allocs(stage, s->rows[i].site);
        bytes += stage_site_bytes(stage, s->rows[i].site);
    }
    table_cell(a, row, &columns[COL_ALLOCS], STYLE_BOLD,
               units_tenths(allocs, number));
    table_cell(a, row, &columns[COL_BYTES], STYLE_BOLD,
               units_whole(bytes, number));
    if (s->count > s->present)
        say_to(text, sizeof(text), w->language, MSG_SITES_SUM_GONE, s->present,
               stage->site_count, s->count - s->present);
    else
        say_to(text, sizeof(text), w->language, MSG_SITES_SUM, s->present,
               stage->site_count);
    /* Over the columns that have no sum. */
    row = columns[COL_BYTES].position < 0 ? -1 : row;
    area_fit(a, row,
             columns[COL_BYTES].position + columns[COL_BYTES].shown + TABLE_GAP,
             a.cols, STYLE_DIM, text);
}

/* Instead of a table: why there is nothing in it. */
static void draw_nothing(const struct world *w, struct area a)
{
    const struct stage *s = world_stage(w);
    size_t culprit = filters_culprit(&w->filters, s->sites, s->site_count);
    char text[160];

    if (s->site_count > 0 && culprit < w->filters.count)
        say_to(text, sizeof(text), w->language, MSG_FILTERED_OUT,
               w->filters.chips[culprit]);
    else
        say_to(text, sizeof(text), w->language, MSG_NO_SITES);
    area_fit(a, 3, 2, a.cols - 4, STYLE_WARN, text);
}

void sites_draw_table(const struct sites_state *s, const struct world *w,
                      struct area a)
{
    struct column columns[COL_COUNT];
    struct area list = area_part(a, 2, 0, -1, -1);
    size_t split = SIZE_MAX; /* rows from here on stand below the sum */
    double most = 0;
    size_t top;

    memcpy(columns, all_columns, sizeof(columns));
    table_layout(columns, COL_COUNT, a.cols);
    draw_headings(s, w, a, columns);
    if (s->count == 0)
        draw_nothing(w, a);
    for (size_t i = 0; i < s->present; i++) {
        double allocs = stage_site_allocs(world_stage(w), s->rows[i].site);

        most = allocs > most ? allocs : most;
    }
    for (size_t i = s->present; i < s->count; i++)
        if (s->rows[i].gone->allocs_before > most)
            most = s->rows[i].gone->allocs_before;
    /* The sum stands under what it sums up, while all of it is in sight. */
    if (s->count > 0 && s->count + 2 <= (size_t)a.rows - 2) {
        split = s->present;
        table_rule(list, (int)split, columns, COL_COUNT);
        draw_totals(s, w, list, (int)split + 1, columns);
    } else {
        list = area_part(a, 2, 0, -2, -1);
        draw_totals(s, w, a, a.rows - 1, columns);
    }
    top = widget_scroll(0, s->selected, s->count, list.rows);
    for (int row = 0; row < list.rows && top + (size_t)row < s->count; row++) {
        size_t i = top + (size_t)row;

        draw_site(w, &s->rows[i], i + 1, list, row + (i >= split ? 2 : 0),
                  columns, i == s->selected, most);
    }
}
