/*
 * view_live.c - what is being recorded: the last ops, live bytes over time,
 * events a second, the sites so far, and the op that was not like the others.
 *
 *   RECORDING   42 ops   events
 *   allocs/op 18   last ops 18 18 19
 *   live bytes ######
 *   sites
 *   op 17 was different
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/units.h"
#include "tui/view.h"
#include "tui/widgets.h"

enum {
    SAMPLES_MAX = 200,
    SAMPLE_MS = 250, /* between two */
    RATE_SAMPLES = 8,
    CURVE_ROWS = 3,
};

struct sample {
    uint64_t at_ms;
    uint64_t live_bytes;
    uint64_t events;
};

struct live_state {
    struct sample samples[SAMPLES_MAX]; /* a ring */
    size_t count;                       /* ever put into it */
    size_t stage;                       /* what they are of */
};

static const struct sample *sample_at(const struct live_state *s, size_t i)
{
    return &s->samples[i % SAMPLES_MAX];
}

/* Only what grows is sampled: of a whole trace the clock says nothing. */
static enum err_code live_refresh(void *state, const struct world *w,
                                  struct err *err)
{
    struct live_state *s = state;
    const struct stage *stage = world_stage(w);

    (void)err;
    if (s->stage != w->selection.stage)
        *s = (struct live_state){ .stage = w->selection.stage };
    if (stage->state != FEED_RECORDING || w->is_frozen ||
        (s->count > 0 &&
         w->now_ms < sample_at(s, s->count - 1)->at_ms + SAMPLE_MS))
        return ERR_OK;
    s->samples[s->count++ % SAMPLES_MAX] =
        (struct sample){ w->now_ms, stage->totals.live_bytes,
                         stage->totals.events };
    return ERR_OK;
}

/* Events a second over the last samples while it is recorded, over the whole
 * recording once it is known; negative when neither is. */
static double event_rate(const struct live_state *s, const struct stage *stage)
{
    const struct sample *last;
    const struct sample *first;
    size_t back;

    if (stage->state != FEED_RECORDING)
        return stage->has_ledger && stage->ledger.traced_ns > 0
                   ? (double)stage->totals.events * 1e9 /
                         (double)stage->ledger.traced_ns
                   : -1;
    if (s->count < 2)
        return -1;
    back = s->count - 1 < RATE_SAMPLES ? s->count - 1 : RATE_SAMPLES;
    last = sample_at(s, s->count - 1);
    first = sample_at(s, s->count - 1 - back);
    return (double)(last->events - first->events) * 1000 /
           (double)(last->at_ms - first->at_ms);
}

static void draw_head(const struct live_state *s, const struct world *w,
                      struct area a)
{
    const struct stage *stage = world_stage(w);
    bool is_growing = stage->state == FEED_RECORDING;
    double rate = event_rate(s, stage);
    char text[320];
    char number[UNITS_MAX];
    int col;

    col = area_text(a, 0, 1, is_growing ? STYLE_ACCENT : STYLE_BOLD,
                    say(w->language, w->is_frozen ? MSG_LIVE_FROZEN
                                     : is_growing ? MSG_LIVE_RECORDING
                                                  : MSG_LIVE_ENDED));
    say_to(text, sizeof(text), w->language, MSG_LIVE_EVENTS,
           units_count(stage->totals.events, number));
    col = area_text(a, 0, col + 3, STYLE_PLAIN, text);
    if (rate >= 0) {
        say_to(text, sizeof(text), w->language, MSG_LIVE_RATE,
               units_whole(rate, number));
        col = area_text(a, 0, col + 3, STYLE_PLAIN, text);
    }
    area_fit(a, 0, col + 3, a.cols - col - 4, STYLE_DIM,
             stage->note[0] != '\0' ? stage->note : stage->name);
}

/* "allocs/op 18   last ops 18 18 18 19 18": as many as there is room for. */
static void draw_ops(const struct world *w, struct area a)
{
    const struct stage *stage = world_stage(w);
    struct recent_op ops[PROFILE_RECENT_MAX];
    size_t count =
        stage->profile == NULL ? 0 : profile_recent(stage->profile, ops);
    char number[UNITS_MAX];
    size_t first;
    int col;

    if (!stage->ops.has_ops) {
        area_fit(a, 0, 1, a.cols - 2, STYLE_DIM,
                 say(w->language, MSG_LIVE_NO_OPS));
        return;
    }
    col = area_printf(
        a, 0, 1, STYLE_BOLD, "%s %s", say(w->language, MSG_ALLOCS_OP),
        stage_has_data(stage) ? units_count(stage->ops.allocs.median, number)
                              : "?");
    col = area_text(a, 0, col + 3, STYLE_DIM, say(w->language, MSG_LIVE_OPS));
    first = count;
    for (int room = a.cols - col - 2; first > 0; first--) {
        room -= (int)strlen(units_count(ops[first - 1].allocs, number)) + 1;
        if (room < 0)
            break;
    }
    for (size_t i = first; i < count; i++) {
        bool is_odd = ops[i].allocs != stage->ops.allocs.median;

        col = area_printf(a, 0, col + 1, is_odd ? STYLE_WARN : STYLE_PLAIN,
                          "%s", units_count(ops[i].allocs, number));
    }
}

/* One column a sample, in eighths of a row; U+2581 to U+2588. */
static void draw_column(struct area a, int col, double share)
{
    int steps = a.grid->ascii ? 1 : 8;
    int filled = (int)(share * a.rows * steps + 0.5);

    for (int row = a.rows - 1; row >= 0 && filled > 0; row--) {
        if (filled >= steps)
            area_glyph(a, row, col, STYLE_ACCENT, GLYPH_FULL);
        else
            area_char(a, row, col, STYLE_ACCENT, (uint32_t)(0x2580 + filled));
        filled -= steps;
    }
}

static void draw_curve(const struct live_state *s, const struct world *w,
                       struct area a)
{
    const struct totals *t = &world_stage(w)->totals;
    struct area curve = area_part(a, 0, 22, -1, -2);
    char number[UNITS_MAX];
    char text[96];
    size_t held = s->count < SAMPLES_MAX ? s->count : SAMPLES_MAX;
    size_t shown = held < (size_t)curve.cols ? held : (size_t)curve.cols;
    uint64_t most = 1;

    area_printf(a, 0, 1, STYLE_BOLD, "%s %s", say(w->language, MSG_LIVE_LIVE),
                units_bytes(t->live_bytes, number));
    say_to(text, sizeof(text), w->language, MSG_LIVE_PEAK,
           units_bytes(t->peak_live_bytes, number));
    area_text(a, 1, 1, STYLE_DIM, text);
    for (size_t i = s->count - shown; i < s->count; i++)
        if (sample_at(s, i)->live_bytes > most)
            most = sample_at(s, i)->live_bytes;
    for (size_t i = 0; i < shown; i++)
        draw_column(curve, (int)i,
                    (double)sample_at(s, s->count - shown + i)->live_bytes /
                        (double)most);
}

enum {
    COL_ALLOCS,
    COL_BAR,
    COL_BYTES,
    COL_LIVE,
    COL_VERDICT,
    COL_SITE,
    COL_COUNT
};

static void draw_site(const struct world *w, const struct site *site,
                      const struct column columns[COL_COUNT], struct area a,
                      int row)
{
    const struct stage *stage = world_stage(w);
    char text[2 * NAME_SHORT + 8];
    char place[NAME_SHORT];
    char letters[VERDICT_TEXT_MAX];
    double allocs = stage_site_allocs(stage, site);
    const struct column *bar = &columns[COL_BAR];

    table_cell(a, row, &columns[COL_ALLOCS], STYLE_PLAIN,
               units_tenths(allocs, text));
    if (bar->position >= 0)
        widget_bar(a, row, bar->position, bar->shown,
                   allocs / stage_site_allocs(stage, &stage->sites[0]),
                   STYLE_ACCENT);
    table_cell(a, row, &columns[COL_BYTES], STYLE_PLAIN,
               units_whole(stage_site_bytes(stage, site), text));
    table_cell(a, row, &columns[COL_LIVE], STYLE_PLAIN,
               units_count(site->allocs - site->frees, text));
    table_cell(a, row, &columns[COL_VERDICT], STYLE_PLAIN,
               verdict_text(&site->verdicts, letters));
    name_short(site->function, text);
    snprintf(text + strlen(text), sizeof(text) - strlen(text), "  %s",
             site_place(site, place));
    table_cell(a, row, &columns[COL_SITE], STYLE_PLAIN, text);
}

static void draw_sites(const struct world *w, struct area a)
{
    const struct stage *stage = world_stage(w);
    bool has_ops = stage->ops.has_ops;
    /* clang-format off */
    struct column columns[COL_COUNT] = {
        [COL_ALLOCS]  = { .width = 9, .is_right = true },
        [COL_BAR]     = { .width = 6, .drop = 4 },
        [COL_BYTES]   = { .width = 9, .drop = 2, .is_right = true },
        [COL_LIVE]    = { .width = 8, .drop = 3, .is_right = true },
        [COL_VERDICT] = { .width = 9 },
        [COL_SITE]    = { .least = 16 },
    };
    const enum message heads[COL_COUNT] = {
        [COL_ALLOCS] = has_ops ? MSG_ALLOCS_OP : MSG_ALLOCS,
        [COL_BAR] = MSG_NONE,
        [COL_BYTES] = has_ops ? MSG_BYTES_OP : MSG_BYTES,
        [COL_LIVE] = MSG_LIVE_COL, [COL_VERDICT] = MSG_COL_VERDICT,
        [COL_SITE] = MSG_COL_SITE,
    };
    /* clang-format on */

    table_layout(columns, COL_COUNT, a.cols);
    for (int i = 0; i < COL_COUNT; i++)
        table_cell(a, 0, &columns[i], STYLE_DIM, say(w->language, heads[i]));
    table_rule(a, 1, columns, COL_COUNT);
    for (int row = 2; row < a.rows && (size_t)row - 2 < stage->site_count;
         row++)
        draw_site(w, &stage->sites[row - 2], columns, a, row);
}

/* The last op that made more or fewer allocations than the median; false
 * when none of the last did. */
static bool odd_op(const struct stage *stage, struct recent_op *out)
{
    struct recent_op ops[PROFILE_RECENT_MAX];
    size_t count =
        stage->profile == NULL ? 0 : profile_recent(stage->profile, ops);

    while (count > 0 && ops[count - 1].allocs == stage->ops.allocs.median)
        count--;
    if (count == 0)
        return false;
    *out = ops[count - 1];
    return true;
}

static void say_odd(const struct world *w, char *out, size_t cap)
{
    const struct stage *stage = world_stage(w);
    struct recent_op op;
    char number[UNITS_MAX], allocs[UNITS_MAX], median[UNITS_MAX];

    out[0] = '\0';
    units_count(stage->ops.allocs.median, median);
    if (odd_op(stage, &op))
        say_to(out, cap, w->language, MSG_LIVE_ODD,
               units_count(op.number, number), units_count(op.allocs, allocs),
               median);
    else if (stage->ops.count > 0)
        say_to(out, cap, w->language, MSG_LIVE_NO_ODD, median);
}

static void live_draw(const void *state, const struct world *w, struct area a)
{
    const struct live_state *s = state;
    char text[256];

    draw_head(s, w, area_part(a, 0, 0, 1, -1));
    draw_ops(w, area_part(a, 1, 0, 1, -1));
    draw_curve(s, w, area_part(a, 2, 0, CURVE_ROWS, -1));
    draw_sites(w, area_part(a, 3 + CURVE_ROWS, 1, -3, -2));
    say_odd(w, text, sizeof(text));
    area_fit(a, a.rows - 1, 1, a.cols - 2, STYLE_BOLD, text);
}

static void live_brief(const void *state, const struct world *w, char *out,
                       size_t cap)
{
    const struct stage *stage = world_stage(w);
    char events[UNITS_MAX];
    char bytes[UNITS_MAX];

    (void)state;
    snprintf(
        out, cap, "%s  %s %s", units_bytes(stage->totals.live_bytes, bytes),
        units_count(stage->totals.events, events),
        say(w->language, stage->state == FEED_RECORDING ? MSG_LIVE_RECORDING
                                                        : MSG_LIVE_ENDED));
}

static void live_teach(const void *state, const struct world *w, char *out,
                       size_t cap)
{
    (void)state;
    say_to(out, cap, w->language,
           world_stage(w)->state == FEED_RECORDING ? MSG_LIVE_TEACH
                                                   : MSG_LIVE_TEACH_ENDED);
}

static bool live_handle(void *state, struct world *w, enum command cmd, int key)
{
    struct recent_op op;

    (void)state;
    (void)key;
    switch (cmd) {
    case CMD_FREEZE:
        w->is_frozen = !w->is_frozen;
        return true;
    case CMD_ODD_OP:
        if (!odd_op(world_stage(w), &op)) {
            w->said = MSG_LIVE_NONE_ODD;
            return true;
        }
        w->selection.op = op.number;
        w->selection.event = w->selection.block = 0;
        w->go = CMD_GO_RIBBONS;
        return true;
    default:
        return false;
    }
}

const struct view view_live = {
    .name = "live",
    .title = MSG_LIVE,
    .opened_by = CMD_GO_LIVE,
    .scope = SCOPE_LIVE,
    .state_size = sizeof(struct live_state),
    .deeper = &view_sites,
    .back = &view_stages,
    .refresh = live_refresh,
    .draw = live_draw,
    .brief = live_brief,
    .teach = live_teach,
    .handle = live_handle,
};
