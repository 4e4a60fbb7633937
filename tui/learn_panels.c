#include "tui/learn_panels.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/units.h"
#include "tui/widgets.h"
#include "tui/wrap.h"

enum {
    TEXT_MAX = 32768,
    WIDE_COLS = 100,
    WIDE_ROWS = 20,
    BOX_ROWS = 15,
    STEP_COLS = 11,
};

const struct coach_desk *learn_desk(const struct learn_state *s,
                                    const struct world *w)
{
    return w->coach->look(w->coach->ctx, s->exercise);
}

/* Of a long path its end says more. */
static void draw_path(const char *path, struct area a)
{
    while ((int)text_width(path) > a.cols && strchr(path + 1, '/') != NULL)
        path = strchr(path + 1, '/');
    area_fit(a, 0, 0, a.cols, STYLE_DIM, path);
}

/* "exercise 2 of 3   [#####-----]  passed 1   watching /.../boxes.c" */
static void draw_progress(const struct learn_state *s, const struct world *w,
                          struct area a)
{
    size_t passed = 0;
    char line[128];
    int col;

    for (size_t i = 0; i < w->coach->count; i++)
        passed += w->coach->look(w->coach->ctx, i)->has_passed ? 1 : 0;
    say_to(line, sizeof(line), w->language, MSG_LEARN_AT,
           w->story->stages[learn_desk(s, w)->stage].number, s->exercise + 1,
           w->coach->count, passed);
    col = area_fit(a, 0, 1, a.cols - 2, STYLE_BOLD, line) + 2;
    if (a.cols - col < 20)
        return;
    area_char(a, 0, col, STYLE_DIM, '[');
    widget_bar(a, 0, col + 1, 10, (double)passed / (double)w->coach->count,
               STYLE_ACCENT);
    area_char(a, 0, col + 11, STYLE_DIM, ']');
    draw_path(learn_desk(s, w)->path, area_part(a, 0, col + 14, 1, -2));
}

static void draw_figure(const struct world *w, struct area a, int row,
                        enum message label, bool is_known, uint64_t value,
                        uint64_t most)
{
    char number[UNITS_MAX] = "?";
    enum style style = label == MSG_LEARN_YOURS ? STYLE_ACCENT : STYLE_PLAIN;

    if (is_known)
        units_count(value, number);
    area_text(a, row, 0, style, say(w->language, label));
    area_text(a, row, 14 - (int)text_width(number), style, number);
    if (is_known && most > 0)
        widget_bar(a, row, 16, a.cols - 16, (double)value / (double)most,
                   style);
}

/* As shipped, as it is now, as it shall be. */
static void draw_figures(const struct coach_desk *d, const struct world *w,
                         struct area a)
{
    uint64_t most = d->exercise->start;

    if (d->last.has_figures && d->last.allocs_max > most)
        most = d->last.allocs_max;
    draw_figure(w, a, 0, MSG_LEARN_START, true, d->exercise->start, most);
    draw_figure(w, a, 1, MSG_LEARN_YOURS, d->last.has_figures,
                d->last.allocs_max, most);
    draw_figure(w, a, 2, MSG_LEARN_GOAL, true, d->exercise->goal, most);
}

static const char *guess_text(const struct learn_state *s,
                              const struct coach_desk *d,
                              enum language language)
{
    size_t guess = s->guesses[s->exercise];

    return guess == 0 ? ""
                      : course_say(&d->exercise->question.answers[guess - 1],
                                   language);
}

/* Where one is on the way: predict, edit, re-trace, explain. */
static void draw_way(const struct learn_state *s, const struct coach_desk *d,
                     const struct world *w, struct area a)
{
    bool has_guessed = s->guesses[s->exercise] > 0;
    bool is_saved = d->runs > 0 || d->is_running;
    char line[300];

    if (has_guessed)
        say_to(line, sizeof(line), w->language, MSG_LEARN_PREDICTED,
               guess_text(s, d, w->language));
    else
        say_to(line, sizeof(line), w->language,
               d->exercise->question.answer_count > 0 ? MSG_LEARN_PREDICT
                                                      : MSG_NO_QUESTION);
    area_fit(a, 0, 0, a.cols, has_guessed ? STYLE_DIM : STYLE_PLAIN, line);
    area_fit(a, 1, 0, a.cols, is_saved ? STYLE_DIM : STYLE_PLAIN,
             say(w->language, MSG_LEARN_EDIT));
    area_fit(a, 2, 0, a.cols, d->has_passed ? STYLE_DIM : STYLE_PLAIN,
             say(w->language, MSG_LEARN_RETRACE));
    area_fit(a, 3, 0, a.cols, d->has_passed ? STYLE_BOLD : STYLE_DIM,
             say(w->language,
                 d->has_passed ? MSG_LEARN_EXPLAIN : MSG_LEARN_EXPLAIN_LATER));
}

/* One row a step; what failed wraps as far as there is room. Gives the rows
 * used. */
static int draw_steps(const struct coach_desk *d, const struct world *w,
                      struct area a)
{
    /* clang-format off */
    static const enum message names[COACH_STEP_COUNT] = {
        [COACH_BUILD] = MSG_LEARN_BUILD,   [COACH_OUTPUT] = MSG_LEARN_OUTPUT,
        [COACH_RECORD] = MSG_LEARN_RECORD, [COACH_LEAKS] = MSG_LEARN_LEAKS,
        [COACH_ALLOCS] = MSG_ALLOCS_OP,
    };
    /* clang-format on */
    int row = 0;

    for (int i = 0; i < COACH_STEP_COUNT; i++) {
        bool has_failed = d->last.steps[i] == COACH_FAILED;
        enum style style = has_failed                     ? STYLE_WARN
                           : d->last.steps[i] == COACH_OK ? STYLE_PLAIN
                                                          : STYLE_DIM;
        int rows = a.rows - row - (COACH_STEP_COUNT - 1 - i);
        struct area text = area_part(a, row, STEP_COLS, rows, -1);
        char line[3 * COACH_TEXT_MAX];
        int lines;

        area_text(a, row, 0, style, say(w->language, names[i]));
        coach_say(&d->last, (enum coach_step)i, w->language, line,
                  sizeof(line));
        lines = wrap_draw(text, style, line, 0);
        row += lines < 1 ? 1 : lines > text.rows ? text.rows : lines;
    }
    return row;
}

/* What is left to do, or that nothing is. */
static void draw_rest(const struct coach_desk *d, const struct world *w,
                      struct area a)
{
    const struct coach_result *r = &d->last;
    char line[256];
    char number[UNITS_MAX];

    if (coach_is_passed(r)) {
        area_fit(a, 0, 0, a.cols, STYLE_ACCENT,
                 say(w->language, MSG_LEARN_PASSED));
        return;
    }
    if (r->site_count == 0)
        return;
    say_to(line, sizeof(line), w->language, MSG_LEARN_STILL, r->sites_in_all);
    area_fit(a, 0, 0, a.cols, STYLE_BOLD, line);
    for (size_t i = 0; i < r->site_count; i++) {
        const struct coach_site *site = &r->sites[i];

        units_tenths(site->allocs_per_op, number);
        area_printf(a, (int)i + 1, 6 - (int)text_width(number), STYLE_PLAIN,
                    "%s  %-3s %s  %s", number, site->verdict, site->function,
                    site->place);
    }
}

static void append_question(const struct learn_state *s,
                            const struct coach_desk *d, enum language lang,
                            char *out)
{
    const struct course_question *q = &d->exercise->question;
    size_t guess = s->guesses[s->exercise];

    say_plain(out, TEXT_MAX, course_say(&q->text, lang));
    for (size_t i = 0; i < q->answer_count; i++) {
        char label[32];

        snprintf(label, sizeof(label), "\n%zu  ", i + 1);
        say_plain(out, TEXT_MAX, label);
        say_plain(out, TEXT_MAX, course_say(&q->answers[i], lang));
    }
    say_plain(out, TEXT_MAX, "\n");
    if (guess == 0) {
        say_append(out, TEXT_MAX, lang, MSG_PREDICT_ANSWER,
                   (int)q->answer_count);
        return;
    }
    if (guess - 1 == q->correct)
        say_append(out, TEXT_MAX, lang, MSG_GUESS_RIGHT,
                   course_say(&q->answers[guess - 1], lang));
    else
        say_append(out, TEXT_MAX, lang, MSG_GUESS_WRONG,
                   course_say(&q->answers[guess - 1], lang),
                   course_say(&q->answers[q->correct], lang));
    say_plain(out, TEXT_MAX, "\n");
    say_plain(out, TEXT_MAX, course_say(&q->feedback, lang));
}

static void append_hints(const struct learn_state *s,
                         const struct coach_desk *d, enum language lang,
                         char *out)
{
    const struct course_exercise *e = d->exercise;
    size_t shown = s->hints[s->exercise];

    if (d->has_passed) {
        say_plain(out, TEXT_MAX, course_say(&e->explain, lang));
        say_plain(out, TEXT_MAX, "\n");
        say_append(out, TEXT_MAX, lang, MSG_LEARN_SEE_SOLUTION);
        say_plain(out, TEXT_MAX, "\n");
    }
    if (shown == 0 && !d->has_passed)
        say_append(out, TEXT_MAX, lang, MSG_LEARN_NO_HINT, e->hint_count);
    for (size_t i = shown; i > 0; i--) {
        say_append(out, TEXT_MAX, lang, MSG_LEARN_HINT, i, e->hint_count);
        say_plain(out, TEXT_MAX, course_say(&e->hints[i - 1], lang));
        say_plain(out, TEXT_MAX, "\n");
    }
}

/* The newest hint comes first, so that it is seen without paging. */
static enum message text_says(const struct learn_state *s,
                              const struct coach_desk *d, const struct world *w,
                              char *out)
{
    const char *solution = NULL;

    out[0] = '\0';
    if (s->is_asking) {
        append_question(s, d, w->language, out);
        return MSG_LEARN_QUESTION;
    }
    if (s->is_solution)
        solution = w->coach->solution(w->coach->ctx, s->exercise);
    if (solution != NULL) {
        say_plain(out, TEXT_MAX, solution);
        return MSG_LEARN_SOLUTION;
    }
    append_hints(s, d, w->language, out);
    return d->has_passed ? MSG_LEARN_WHY_GONE : MSG_LEARN_HINTS;
}

static void draw_text(const struct learn_state *s, const struct coach_desk *d,
                      const struct world *w, struct area a, bool is_boxed)
{
    char text[TEXT_MAX];
    char more[64];
    enum message title = text_says(s, d, w, text);
    struct area inside =
        is_boxed ? area_part(a, 1, 2, -2, -3) : area_part(a, 1, 1, -1, -2);
    int pages;

    if (inside.rows <= 0)
        return;
    pages = widget_pages(inside, STYLE_PLAIN, text, s->page);
    say_to(more, sizeof(more), w->language, MSG_MORE, s->page % pages + 1,
           pages);
    if (is_boxed) {
        widget_box(a, say(w->language, title), pages > 1 ? more : NULL);
        return;
    }
    area_fit(a, 0, 1, a.cols - 2, STYLE_BOLD, say(w->language, title));
    if (pages > 1)
        area_text_right(a, 0, 1, STYLE_ACCENT, more);
}

static void draw_wide(const struct learn_state *s, const struct coach_desk *d,
                      const struct world *w, struct area a)
{
    int left = a.cols / 2;
    struct area box = area_part(a, 1, 0, BOX_ROWS, left);
    int used;

    if (s->is_solution) {
        draw_text(s, d, w, area_part(a, 1, 0, -1, -1), true);
        return;
    }
    box = widget_box(box, course_say(&d->exercise->title, w->language), NULL);
    used = wrap_draw(area_part(box, 0, 0, 5, -1), STYLE_PLAIN,
                     course_say(&d->exercise->task, w->language), 0);
    used = used > 5 ? 5 : used;
    draw_figures(d, w, area_part(box, used + 1, 0, 3, -1));
    draw_way(s, d, w, area_part(box, used + 5, 0, 4, -1));
    box = widget_box(area_part(a, 1, left, BOX_ROWS, -1),
                     say(w->language, MSG_LEARN_LAST_RUN), NULL);
    used = draw_steps(d, w, area_part(box, 0, 0, 8, -1));
    draw_rest(d, w, area_part(box, used, 0, -1, -1));
    draw_text(s, d, w, area_part(a, 1 + BOX_ROWS, 0, -1, -1), true);
}

static void draw_narrow(const struct learn_state *s, const struct coach_desk *d,
                        const struct world *w, struct area a)
{
    bool is_roomy = a.rows >= 18;
    int task_rows =
        wrap_count(course_say(&d->exercise->task, w->language), a.cols - 2);
    int most = is_roomy ? 4 : 2;
    int row = 1;

    if (s->is_asking || s->is_solution) {
        draw_text(s, d, w, area_part(a, 1, 0, -1, -1), false);
        return;
    }
    task_rows = task_rows > most ? most : task_rows;
    wrap_draw(area_part(a, row, 1, task_rows, -2), STYLE_PLAIN,
              course_say(&d->exercise->task, w->language), 0);
    row += task_rows;
    if (is_roomy) {
        draw_figures(d, w, area_part(a, row, 1, 3, -2));
        row += 3;
    }
    row += draw_steps(d, w, area_part(a, row, 1, is_roomy ? 7 : 6, -2));
    if (is_roomy && (d->last.site_count > 0 || coach_is_passed(&d->last))) {
        int rest = coach_is_passed(&d->last) ? 1 : 2;

        draw_rest(d, w, area_part(a, row, 1, rest, -2));
        row += rest;
    }
    draw_text(s, d, w, area_part(a, row, 0, -1, -1), false);
}

/* *
 *   from 100 columns on            below
 *   exercise 2 of 3 [###--]        exercise 2 of 3 [###--]
 *   +- task -----++- last run -+   task
 *   | start ####  || build  ok |   start yours goal
 *   | yours ##    || output ok |   build ... allocs/op
 *   +-------------++-----------+   hints
 *   +- hints, question, ------+
 *   +- or solution -----------+
 */
void learn_draw_exercise(const struct learn_state *s, const struct world *w,
                         struct area a)
{
    draw_progress(s, w, a);
    if (a.cols >= WIDE_COLS && a.rows >= WIDE_ROWS)
        draw_wide(s, learn_desk(s, w), w, a);
    else
        draw_narrow(s, learn_desk(s, w), w, a);
}
