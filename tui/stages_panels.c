#include "tui/stages_panels.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/units.h"
#include "tui/widgets.h"

enum { LESSON_MAX = 16384, DIGITS_COLS = 22 };

double stages_number(const struct stages_state *s, const struct world *w)
{
    double target = stage_allocs(world_stage(w));
    uint64_t passed = w->now_ms - s->count_start_ms;

    if (!w->motion || passed >= COUNT_DOWN_MS)
        return target;
    return s->count_from +
           (target - s->count_from) * (double)passed / COUNT_DOWN_MS;
}

const struct course_question *stages_question(const struct world *w)
{
    const struct course_stage *next;

    if (w->selection.stage + 1 >= w->story->count)
        return NULL;
    next = world_stage(w)[1].lesson;
    return next == NULL || next->question.answer_count == 0 ? NULL
                                                            : &next->question;
}

enum message stages_unit(const struct stage *s)
{
    /* A stage without figures will have them per op, like the others. */
    return s->ops.has_ops || !stage_has_data(s) ? MSG_ALLOCS_OP : MSG_ALLOCS;
}

/* "was 41 (S2)", "now 18 (S3)", "gone 23 -56%", one a row, or all in one. */
static void draw_was_now_gone(const struct world *w, struct area a, int col,
                              bool is_stacked)
{
    const struct stage *now = world_stage(w);
    const struct stage *before = world_stage_before(w);
    enum language lang = w->language;
    char number[UNITS_MAX];
    char change[UNITS_MAX];
    double was;
    double is = stage_allocs(now);
    int row = 0;

    if (before == NULL || !stage_has_data(before) ||
        before->ops.has_ops != now->ops.has_ops)
        return;
    was = stage_allocs(before);
    units_count((uint64_t)was, number);
    col = area_printf(a, row, col, STYLE_PLAIN, "%s %s (S%u)",
                      say(lang, MSG_WAS), number, before->number) +
          2;
    if (is_stacked) {
        col = DIGITS_COLS;
        units_count((uint64_t)is, number);
        area_printf(a, ++row, col, STYLE_PLAIN, "%s %s (S%u)",
                    say(lang, MSG_NOW), number, now->number);
        row++;
    }
    units_count((uint64_t)fabs(was - is), number);
    area_printf(a, row, col, STYLE_BOLD, "%s %s  %s",
                say(lang, is > was ? MSG_MORE_NOW : MSG_GONE), number,
                units_change(was, is, change));
}

void stages_draw_number(const struct stages_state *s, const struct world *w,
                        struct area a)
{
    const struct stage *now = world_stage(w);
    const struct course_question *q =
        now->lesson == NULL ? NULL : &now->lesson->question;
    char number[UNITS_MAX] = "?";
    bool is_big = a.rows >= DIGIT_ROWS && a.cols > DIGITS_COLS + 12;
    int col = 0;

    if (stage_has_data(now))
        units_count((uint64_t)llround(stages_number(s, w)), number);
    /* Too long for digits of cells: then in plain ones. */
    if (is_big)
        is_big = widget_digits(a, 0, 0, DIGITS_COLS - 2, number,
                               STYLE_ACCENT) <= DIGITS_COLS - 2;
    if (!is_big)
        col = area_printf(a, 0, 0, STYLE_ACCENT, "%s %s", number,
                          say(w->language, stages_unit(now))) +
              2;
    else
        col = DIGITS_COLS;
    if (stage_has_data(now))
        draw_was_now_gone(w, a, col, is_big);
    if (is_big) {
        char bytes[UNITS_MAX];

        if (stage_has_data(now))
            area_printf(a, 3, col, STYLE_DIM, "%s %s",
                        units_bytes((uint64_t)stage_bytes(now), bytes),
                        now->ops.has_ops ? "/op" : "");
        if (s->guesses[w->selection.stage] > 0 && q != NULL) {
            char line[256];

            say_to(line, sizeof(line), w->language, MSG_YOUR_GUESS,
                   course_say(&q->answers[s->guesses[w->selection.stage] - 1],
                              w->language));
            area_fit(a, 4, col, a.cols - col, STYLE_PLAIN, line);
        }
    }
}

static void append_part(char *out, enum language lang, enum message heading,
                        const struct course_text *text)
{
    const char *says = course_say(text, lang);

    if (says[0] == '\0')
        return;
    say_append(out, LESSON_MAX, lang, heading);
    say_plain(out, LESSON_MAX, says);
    say_plain(out, LESSON_MAX, "\n");
}

static void append_question(const struct stages_state *s, const struct world *w,
                            char *out)
{
    const struct course_question *q = stages_question(w);
    enum language lang = w->language;
    size_t guess = s->guesses[w->selection.stage + 1];

    say_plain(out, LESSON_MAX, course_say(&q->text, lang));
    for (size_t i = 0; i < q->answer_count; i++) {
        char label[32];

        snprintf(label, sizeof(label), "\n%zu  ", i + 1);
        say_plain(out, LESSON_MAX, label);
        say_plain(out, LESSON_MAX, course_say(&q->answers[i], lang));
    }
    say_plain(out, LESSON_MAX, "\n");
    if (guess == 0) {
        say_append(out, LESSON_MAX, lang, MSG_PREDICT_ANSWER,
                   (int)q->answer_count);
        return;
    }
    if (guess - 1 == q->correct)
        say_append(out, LESSON_MAX, lang, MSG_GUESS_RIGHT,
                   course_say(&q->answers[guess - 1], lang));
    else
        say_append(out, LESSON_MAX, lang, MSG_GUESS_WRONG,
                   course_say(&q->answers[guess - 1], lang),
                   course_say(&q->answers[q->correct], lang));
    say_plain(out, LESSON_MAX, "\n");
    say_plain(out, LESSON_MAX, course_say(&q->feedback, lang));
}

static void stage_label(const struct stage *s, char out[16])
{
    snprintf(out, 16, "S%u", s->number);
}

static void append_lesson(const struct stages_state *s, const struct world *w,
                          char *out)
{
    const struct course_stage *lesson = world_stage(w)->lesson;
    enum language lang = w->language;

    if (lesson == NULL) {
        say_append(out, LESSON_MAX, lang, MSG_NO_LESSON);
        return;
    }
    append_part(out, lang, MSG_BEFORE, &lesson->before);
    append_part(out, lang, MSG_HEAP, &lesson->heap);
    append_part(out, lang, MSG_CHANGE, &lesson->change);
    append_part(out, lang, MSG_RISK, &lesson->risk);
    if (stages_question(w) != NULL && s->guesses[w->selection.stage + 1] == 0) {
        char next[16];

        stage_label(world_stage(w) + 1, next);
        say_append(out, LESSON_MAX, lang, MSG_PREDICT_HINT, next);
    }
}

static void say_progress(const struct stage *s, enum language lang,
                         enum message id, char *out, size_t cap)
{
    char events[UNITS_MAX];
    char ops[UNITS_MAX];

    say_to(out, cap, lang, id, units_count(s->totals.events, events),
           units_count(s->ops.count, ops));
}

/* Text and title of the lesson panel. */
static void lesson_says(const struct stages_state *s, const struct world *w,
                        char *text, char *title, size_t title_cap)
{
    const struct stage *stage = world_stage(w);
    char label[16];

    text[0] = '\0';
    stage_label(stage, label);
    if (s->is_asking && stages_question(w) != NULL) {
        stage_label(stage + 1, label);
        say_to(title, title_cap, w->language, MSG_PREDICT_TITLE, label);
        append_question(s, w, text);
        return;
    }
    say_to(title, title_cap, w->language, MSG_LESSON, label,
           stage->lesson == NULL
               ? stage->name
               : course_say(&stage->lesson->title, w->language));
    if (stage->note[0] != '\0') {
        if (stage->state == FEED_FAILED)
            say_append(text, LESSON_MAX, w->language, MSG_FAILED, stage->note);
        else
            say_plain(text, LESSON_MAX, stage->note);
        say_plain(text, LESSON_MAX, "\n");
    }
    if (stage->state == FEED_RECORDING) {
        char line[160];

        say_progress(stage, w->language, MSG_RECORDING, line, sizeof(line));
        say_plain(text, LESSON_MAX, line);
        say_plain(text, LESSON_MAX, "\n");
    }
    append_lesson(s, w, text);
}

void stages_draw_lesson(const struct stages_state *s, const struct world *w,
                        struct area a, bool is_boxed)
{
    char text[LESSON_MAX];
    char title[256];
    char more[64];
    struct area inside = area_part(a, 1, 0, -1, -1);
    int pages;

    lesson_says(s, w, text, title, sizeof(title));
    if (is_boxed)
        inside = area_part(a, 1, 2, -2, -3);
    if (inside.rows == 0)
        return;
    pages = widget_pages(inside, STYLE_PLAIN, text, s->page);
    say_to(more, sizeof(more), w->language, MSG_MORE, s->page % pages + 1,
           pages);
    if (is_boxed) {
        widget_box(a, title, pages > 1 ? more : NULL);
    } else {
        int end = a.cols;

        if (pages > 1)
            end = area_text_right(a, 0, 0, STYLE_ACCENT, more);
        area_fit(a, 0, 0, end - 2, STYLE_BOLD, title);
    }
}

/* Where the parts of a row of bars stand. */
struct bar_columns {
    int name, name_width;
    int number;      /* its right end */
    int bytes, time; /* right ends; 0: not shown */
    int bar;
};

static struct bar_columns bar_columns(int cols)
{
    struct bar_columns c = { .name = 7 };

    c.name_width = cols >= 90 ? 26 : cols >= 60 ? 20 : 10;
    c.number = c.name + c.name_width + 8;
    c.bar = c.number + 2;
    if (cols >= 76) {
        c.bytes = c.bar + 9;
        c.time = c.bytes + 10;
        c.bar = c.time + 2;
    }
    return c;
}

static void right_at(struct area a, int row, int end, enum style style,
                     const char *text)
{
    area_text(a, row, end - (int)text_width(text), style, text);
}

/* Why there is no bar. */
static void say_state(const struct stage *s, enum language lang, char *out,
                      size_t cap)
{
    out[0] = '\0';
    if (s->state == FEED_FAILED)
        say_to(out, cap, lang, MSG_FAILED, s->note);
    else if (s->state == FEED_WAITING)
        say_to(out, cap, lang, MSG_WAITING);
    else if (s->state == FEED_RECORDING)
        say_progress(s, lang, MSG_RECORDING, out, cap);
    else if (!s->is_whole)
        say_to(out, cap, lang, MSG_READING);
    else
        say_to(out, cap, lang, s->ops.has_ops ? MSG_NO_OPS : MSG_NO_ALLOCS);
}

/* While it is being recorded a bar has the part of its length that the ops
 * so far are of the ops wanted. */
static double bar_share(const struct stage *s, double most)
{
    double share = most > 0 ? stage_allocs(s) / most : 0;

    if (s->state == FEED_RECORDING && s->ops_wanted > 0) {
        double part =
            (double)(s->ops.count + s->ops.warmup) / (double)s->ops_wanted;

        share *= part < 1 ? part : 1;
    }
    return share;
}

/* Number, bytes, time and bar; while it is being recorded, how far it is
 * instead of bytes and time. */
static void draw_figures(const struct stage *s, enum language lang,
                         struct area a, int row, enum style style, double most)
{
    struct bar_columns c = bar_columns(a.cols);
    bool is_growing = s->state == FEED_RECORDING;
    char text[64];

    right_at(a, row, c.number, style,
             units_count((uint64_t)stage_allocs(s), text));
    widget_bar(a, row, c.bar, a.cols - c.bar, bar_share(s, most),
               is_growing ? STYLE_DIM : style);
    if (c.time == 0)
        return;
    if (is_growing) {
        say_progress(s, lang, MSG_PROGRESS, text, sizeof(text));
        right_at(a, row, c.time, STYLE_DIM, text);
        return;
    }
    right_at(a, row, c.bytes, STYLE_DIM,
             units_bytes((uint64_t)stage_bytes(s), text));
    if (s->ns_per_op > 0)
        right_at(a, row, c.time, STYLE_DIM, units_time(s->ns_per_op, text));
}

static void draw_bar_row(const struct stage *s, enum language lang,
                         struct area a, int row, bool is_selected, double most)
{
    struct bar_columns c = bar_columns(a.cols);
    enum style style = is_selected ? STYLE_BOLD : STYLE_PLAIN;
    char state[320];

    area_printf(a, row, 0, style, "%s S%u", is_selected ? ">" : " ", s->number);
    area_fit(a, row, c.name, c.name_width, style, s->name);
    if (stage_has_data(s) && s->state != FEED_FAILED) {
        draw_figures(s, lang, a, row, is_selected ? STYLE_ACCENT : STYLE_PLAIN,
                     most);
        return;
    }
    right_at(a, row, c.number, STYLE_DIM, "?");
    say_state(s, lang, state, sizeof(state));
    area_fit(a, row, c.number + 2, a.cols - c.number - 2,
             s->state == FEED_FAILED ? STYLE_WARN : STYLE_DIM, state);
}

void stages_draw_bars(const struct world *w, struct area a, bool has_heading)
{
    const struct story *story = w->story;
    struct bar_columns c = bar_columns(a.cols);
    double most = 0;
    size_t top;

    for (size_t i = 0; i < story->count; i++)
        if (stage_has_data(&story->stages[i]))
            most = fmax(most, stage_allocs(&story->stages[i]));
    if (has_heading) {
        bool has_ops = stages_unit(world_stage(w)) == MSG_ALLOCS_OP;

        right_at(a, 0, c.number, STYLE_DIM,
                 say(w->language, stages_unit(world_stage(w))));
        right_at(a, 0, c.bytes, STYLE_DIM,
                 say(w->language, has_ops ? MSG_BYTES_OP : MSG_BYTES));
        right_at(a, 0, c.time, STYLE_DIM, say(w->language, MSG_TIME_OP));
        a = area_part(a, 1, 0, -1, -1);
    }
    top = widget_scroll(0, w->selection.stage, story->count, a.rows);
    for (int row = 0; row < a.rows && top + (size_t)row < story->count; row++)
        draw_bar_row(&story->stages[top + (size_t)row], w->language, a, row,
                     top + (size_t)row == w->selection.stage, most);
}

void stages_draw_honest(const struct world *w, struct area a)
{
    const struct stage *s = world_stage(w);
    const struct op_stat *allocs = &s->ops.allocs;
    char label[16];
    char median[UNITS_MAX], min[UNITS_MAX], max[UNITS_MAX], n[UNITS_MAX];
    char line[256];

    if (!stage_has_data(s))
        return;
    stage_label(s, label);
    units_count(allocs->median, median);
    units_count(allocs->min, min);
    units_count(allocs->max, max);
    units_count(s->ops.count, n);
    if (!s->ops.has_ops)
        say_to(line, sizeof(line), w->language, MSG_WHOLE_RUN, label,
               units_count(s->totals.allocs, n));
    else if (s->ops.is_exact)
        say_to(line, sizeof(line), w->language, MSG_EXACT, label, median, min,
               max, n);
    else
        say_to(line, sizeof(line), w->language, MSG_RANGE, label, min, max,
               median, n);
    area_fit(a, 0, 1, a.cols - 2, STYLE_PLAIN, line);
}
