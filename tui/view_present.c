/*
 * view_present.c - for the back of a room: the number before, the number now
 * in big digits, and the question between them. A clicker steps through it.
 *
 *   stage i       ask -> answers -> result
 *   stage i + 1   ask -> answers -> result        without a question: result
 *
 * What lies ahead of the step shows as "?", whatever other views have shown.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/key.h"
#include "tui/units.h"
#include "tui/view.h"
#include "tui/widgets.h"
#include "tui/wrap.h"

enum beat { BEAT_ASK, BEAT_ANSWERS, BEAT_RESULT };

struct present_state {
    size_t stage; /* the one shown last */
    enum beat beat;
    bool was_shown;
    bool is_blank;
    int key; /* pressed last; K_NONE none yet */
};

enum {
    FULL_COLS = 60,
    FULL_ROWS = 16, /* below these: lines of text */
    ARROW_COLS = 16,
    SCALE_MAX = 8,
};

static const struct course_question *question(const struct world *w,
                                              size_t stage)
{
    const struct course_stage *lesson = w->story->stages[stage].lesson;

    return lesson == NULL || lesson->question.answer_count == 0
               ? NULL
               : &lesson->question;
}

static bool is_revealed(const struct present_state *s, const struct world *w,
                        size_t stage)
{
    return stage < w->selection.stage ||
           (stage == w->selection.stage && s->beat == BEAT_RESULT);
}

static enum err_code present_refresh(void *state, const struct world *w,
                                     struct err *err)
{
    struct present_state *s = state;
    size_t stage = w->selection.stage;
    bool starts = !s->was_shown && stage == 0 && question(w, 0) != NULL;

    (void)err;
    if (!s->was_shown || s->stage != stage)
        s->beat = starts ? BEAT_ASK : BEAT_RESULT;
    s->was_shown = true;
    s->stage = stage;
    return ERR_OK;
}

static void step_forward(struct present_state *s, struct world *w)
{
    if (s->beat != BEAT_RESULT) {
        s->beat = (enum beat)(s->beat + 1);
        return;
    }
    if (w->selection.stage + 1 == w->story->count) {
        w->said = MSG_LAST_STAGE;
        return;
    }
    s->stage = ++w->selection.stage;
    s->beat = question(w, s->stage) == NULL ? BEAT_RESULT : BEAT_ASK;
}

static void step_back(struct present_state *s, struct world *w)
{
    if (s->beat != BEAT_ASK && question(w, w->selection.stage) != NULL) {
        s->beat = (enum beat)(s->beat - 1);
        return;
    }
    if (w->selection.stage == 0) {
        w->said = MSG_FIRST_STAGE;
        return;
    }
    s->stage = --w->selection.stage;
    s->beat = BEAT_RESULT;
}

/* What the big digits say of a stage. */
static const char *number_of(const struct present_state *s,
                             const struct world *w, size_t stage,
                             char out[UNITS_MAX])
{
    const struct stage *shown = &w->story->stages[stage];

    if (!is_revealed(s, w, stage) || !stage_has_data(shown))
        return strcpy(out, "?");
    return units_count((uint64_t)stage_allocs(shown), out);
}

/* Where the two numbers stand: the one before at the left, the one now at
 * the right, an arrow between. */
struct layout {
    int cols, lines; /* cells that one dot of a digit takes */
    int left, right; /* columns of the numbers */
    int left_cols, right_cols;
    int rows; /* of the digits; 0: too long for them */
};

static struct layout lay_out(const char *before, const char *now, struct area a)
{
    struct layout l = { .cols = 0 };
    int arrow = before[0] == '\0' ? 0 : ARROW_COLS;

    for (int cols = SCALE_MAX; cols > 0 && l.cols == 0; cols--)
        if (widget_digits_cols(before, cols) + widget_digits_cols(now, cols) +
                arrow <=
            a.cols - 4)
            l.cols = cols;
    if (l.cols == 0)
        return l;
    /* A cell is about twice as high as wide. */
    l.lines = (l.cols + 1) / 2;
    while (l.lines > 1 && l.lines * DIGIT_ROWS > a.rows / 3)
        l.lines--;
    if (l.cols > 2 * l.lines)
        l.cols = 2 * l.lines;
    l.rows = l.lines * DIGIT_ROWS;
    l.left_cols = widget_digits_cols(before, l.cols);
    l.right_cols = widget_digits_cols(now, l.cols);
    l.left = (a.cols - l.left_cols - l.right_cols - arrow) / 2;
    l.right = l.left + l.left_cols + arrow;
    return l;
}

/* "S3", and when its ops differ how far: "S3 (3-4)". */
static void draw_label(const struct present_state *s, const struct world *w,
                       size_t stage, struct area a, int middle)
{
    const struct stage *shown = &w->story->stages[stage];
    char min[UNITS_MAX];
    char max[UNITS_MAX];
    char text[2 * UNITS_MAX + 16];

    snprintf(text, sizeof(text), "S%u", shown->number);
    if (is_revealed(s, w, stage) && stage_has_data(shown) &&
        shown->ops.has_ops && !shown->ops.is_exact)
        snprintf(text, sizeof(text), "S%u (%s-%s)", shown->number,
                 units_count(shown->ops.allocs.min, min),
                 units_count(shown->ops.allocs.max, max));
    area_text(a, 0, middle - (int)text_width(text) / 2, STYLE_BOLD, text);
}

/* "gone 60  -77%", under the arrow. */
static void draw_change(const struct present_state *s, const struct world *w,
                        struct area a, int middle)
{
    const struct stage *now = world_stage(w);
    const struct stage *before = world_stage_before(w);
    char number[UNITS_MAX];
    char change[UNITS_MAX];
    char text[128];
    double gone;

    if (before == NULL || !is_revealed(s, w, w->selection.stage) ||
        !stage_has_data(now) || !stage_has_data(before) ||
        before->ops.has_ops != now->ops.has_ops)
        return;
    gone = stage_allocs(before) - stage_allocs(now);
    snprintf(text, sizeof(text), "%s %s  %s",
             say(w->language, gone < 0 ? MSG_MORE_NOW : MSG_GONE),
             units_count((uint64_t)fabs(gone), number),
             units_change(stage_allocs(before), stage_allocs(now), change));
    area_text(a, 0, middle - (int)text_width(text) / 2, STYLE_ACCENT, text);
}

/* Digits, what they count, and their labels. Gives the rows they take. */
static int draw_numbers(const struct present_state *s, const struct world *w,
                        struct area a)
{
    const size_t at = w->selection.stage;
    char before[UNITS_MAX] = "";
    char now[UNITS_MAX];
    bool has_ops =
        world_stage(w)->ops.has_ops || !stage_has_data(world_stage(w));
    const char *unit =
        say(w->language, has_ops ? MSG_PRESENT_UNIT : MSG_PRESENT_UNIT_RUN);
    struct layout l;

    if (at > 0)
        number_of(s, w, at - 1, before);
    number_of(s, w, at, now);
    l = lay_out(before, now, a);
    if (l.rows == 0) {
        area_printf(a, 0, 2, STYLE_BOLD, "%s %s %s %s", before,
                    at > 0 ? "->" : "", now, unit);
        return 1;
    }
    widget_digits_scaled(area_part(a, 0, l.left, l.rows, l.left_cols), before,
                         l.cols, l.lines, STYLE_PLAIN);
    widget_digits_scaled(area_part(a, 0, l.right, l.rows, l.right_cols), now,
                         l.cols, l.lines, STYLE_ACCENT);
    for (int i = 4; at > 0 && i < ARROW_COLS - 5; i++)
        area_glyph(a, l.rows / 2, l.left + l.left_cols + i, STYLE_BOLD,
                   GLYPH_HORIZONTAL);
    if (at > 0) {
        area_char(a, l.rows / 2, l.right - 5, STYLE_BOLD, '>');
        draw_label(s, w, at - 1, area_part(a, l.rows, 0, 1, -1),
                   l.left + l.left_cols / 2);
    }
    draw_change(s, w, area_part(a, l.rows, 0, 1, -1), l.right - ARROW_COLS / 2);
    draw_label(s, w, at, area_part(a, l.rows, 0, 1, -1),
               l.right + l.right_cols / 2);
    area_text(a, l.rows + 1, (a.cols - (int)text_width(unit)) / 2, STYLE_DIM,
              unit);
    return l.rows + 2;
}

static double most_revealed(const struct present_state *s,
                            const struct world *w)
{
    double most = 0;

    for (size_t i = 0; i < w->story->count; i++)
        if (is_revealed(s, w, i) && stage_has_data(&w->story->stages[i]))
            most = fmax(most, stage_allocs(&w->story->stages[i]));
    return most;
}

static void draw_bar(const struct present_state *s, const struct world *w,
                     size_t stage, struct area a, double most)
{
    const struct stage *shown = &w->story->stages[stage];
    enum style style = stage == w->selection.stage ? STYLE_ACCENT : STYLE_PLAIN;
    char number[UNITS_MAX];
    char why[300];
    int width = a.cols - 22;

    area_printf(a, 0, 2, style, "%s S%u",
                stage == w->selection.stage ? ">" : " ", shown->number);
    number_of(s, w, stage, number);
    area_text(a, 0, 16 - (int)text_width(number), style, number);
    if (!is_revealed(s, w, stage))
        return;
    if (stage_has_data(shown)) {
        widget_bar(a, 0, 18, width, stage_allocs(shown) / most, style);
        return;
    }
    if (shown->state == FEED_FAILED)
        say_to(why, sizeof(why), w->language, MSG_FAILED, shown->note);
    else
        say_to(why, sizeof(why), w->language,
               shown->state == FEED_WAITING ? MSG_WAITING : MSG_READING);
    area_fit(a, 0, 18, width, STYLE_DIM, why);
}

static void draw_bars(const struct present_state *s, const struct world *w,
                      struct area a)
{
    double most = most_revealed(s, w);
    size_t top = widget_scroll(0, w->selection.stage, w->story->count, a.rows);

    for (int row = 0; row < a.rows && top + (size_t)row < w->story->count;
         row++)
        draw_bar(s, w, top + (size_t)row, area_part(a, row, 0, 1, -1), most);
}

/* A paragraph with a label hanging out at its left. Gives its rows. */
static int draw_paragraph(struct area a, int row, const char *label,
                          const char *text, enum style style)
{
    struct area body = area_part(a, row, 4, -1, -3);

    area_text(a, row, 0, style, label);
    return wrap_draw(body, style, text, 0);
}

/* The question, and as much of its answers as the beat shows. Gives the rows
 * it takes; `a` may be too small for them (0 rows only measures).
 * `is_short`: of the answers only the right one, and no question. */
static int draw_question(const struct present_state *s, const struct world *w,
                         struct area a, bool is_short)
{
    const struct course_question *q = question(w, w->selection.stage);
    bool is_over = s->beat == BEAT_RESULT;
    int row = 0;

    if (q == NULL)
        return 0;
    if (!is_short)
        row += draw_paragraph(a, row, "?", course_say(&q->text, w->language),
                              STYLE_BOLD);
    for (size_t i = 0; s->beat != BEAT_ASK && i < q->answer_count; i++) {
        bool is_right = is_over && i == q->correct;
        char label[8];

        if (is_short && !is_right)
            continue;
        snprintf(label, sizeof(label), "%c%c", is_right ? '>' : ' ',
                 (char)('A' + (int)i));
        row += draw_paragraph(a, row, label,
                              course_say(&q->answers[i], w->language),
                              is_right  ? STYLE_ACCENT
                              : is_over ? STYLE_DIM
                                        : STYLE_PLAIN);
    }
    if (is_over)
        row += draw_paragraph(a, row, "", course_say(&q->feedback, w->language),
                              STYLE_PLAIN);
    return row;
}

static void draw_footer(const struct present_state *s, const struct world *w,
                        struct area a)
{
    char keys[512];
    char name[KEY_NAME_MAX];
    char pressed[64];

    keymap_footer(SCOPE_PRESENT, 0, w->language, a.cols - 2, keys,
                  sizeof(keys));
    area_fit(a, 0, 1, a.cols - 2, STYLE_DIM, keys);
    if (s->key == K_NONE)
        return;
    say_to(pressed, sizeof(pressed), w->language, MSG_PRESENT_KEY,
           key_label(s->key, name));
    if ((int)(text_width(keys) + text_width(pressed)) + 4 <= a.cols)
        area_text_right(a, 0, 1, STYLE_BOLD, pressed);
}

static void draw_head(const struct world *w, struct area a)
{
    const struct story *story = w->story;
    const struct stage *now = world_stage(w);
    char here[16];
    char first[16];
    char last[16];
    char right[64];
    int end;

    snprintf(here, sizeof(here), "S%u", now->number);
    snprintf(first, sizeof(first), "S%u", story->stages[0].number);
    snprintf(last, sizeof(last), "S%u", story->stages[story->count - 1].number);
    say_to(right, sizeof(right), w->language, MSG_OF_STAGES, here, first, last);
    end = area_text_right(a, 0, 1, STYLE_DIM, right);
    area_fit(a, 0, 2, end - 4, STYLE_BOLD,
             now->lesson == NULL
                 ? now->name
                 : course_say(&now->lesson->title, w->language));
}

static void present_brief(const void *state, const struct world *w, char *out,
                          size_t cap)
{
    const struct present_state *s = state;
    size_t at = w->selection.stage;
    char before[UNITS_MAX];
    char now[UNITS_MAX];

    number_of(s, w, at, now);
    if (at == 0)
        snprintf(out, cap, "S%u %s", world_stage(w)->number, now);
    else
        snprintf(out, cap, "S%u %s -> S%u %s", world_stage_before(w)->number,
                 number_of(s, w, at - 1, before), world_stage(w)->number, now);
}

/* Where there is no room for digits: the numbers in a line, the question. */
static void draw_small(const struct present_state *s, const struct world *w,
                       struct area a)
{
    char line[128];
    struct area rest = area_part(a, 1, 0, a.rows > 4 ? -2 : -1, -1);
    bool is_short =
        draw_question(s, w, area_part(rest, 0, 0, 0, -1), false) > rest.rows;

    present_brief(s, w, line, sizeof(line));
    area_fit(a, 0, 0, a.cols, STYLE_ACCENT, line);
    draw_question(s, w, rest, is_short && s->beat == BEAT_RESULT);
    if (a.rows > 4)
        draw_footer(s, w, area_part(a, a.rows - 1, 0, 1, -1));
}

static void present_draw(const void *state, const struct world *w,
                         struct area a)
{
    const struct present_state *s = state;
    int count = (int)(w->story->count < GRID_MAX ? w->story->count : GRID_MAX);
    bool is_short = false;
    int top;
    int room;
    int wanted;
    int bars;

    if (s->is_blank)
        return;
    if (a.cols < FULL_COLS || a.rows < FULL_ROWS) {
        draw_small(s, w, a);
        return;
    }
    draw_head(w, a);
    top = a.rows >= 24 ? 2 : 1;
    top += draw_numbers(s, w, area_part(a, top, 0, -1, -1));
    top += a.rows >= 24 ? 1 : 0;
    room = a.rows - top - 1;
    wanted = draw_question(s, w, area_part(a, 0, 2, 0, -3), false);
    if (wanted > room && s->beat == BEAT_RESULT) {
        is_short = true;
        wanted = draw_question(s, w, area_part(a, 0, 2, 0, -3), true);
    }
    bars = room - wanted - 1;
    bars = bars < 0 ? 0 : bars > count ? count : bars;
    draw_bars(s, w, area_part(a, top, 0, bars, -1));
    draw_question(s, w,
                  area_part(a, top + bars + (bars > 0 ? 1 : 0), 2,
                            room - bars - (bars > 0 ? 1 : 0), -3),
                  is_short);
    draw_footer(s, w, area_part(a, a.rows - 1, 0, 1, -1));
}

static void present_teach(const void *state, const struct world *w, char *out,
                          size_t cap)
{
    (void)state;
    (void)w;
    if (cap > 0)
        out[0] = '\0';
}

static bool present_handle(void *state, struct world *w, enum command cmd,
                           int key)
{
    struct present_state *s = state;
    bool was_blank = s->is_blank;

    s->key = key;
    s->is_blank = cmd == CMD_BLANK && !was_blank;
    switch (cmd) {
    case CMD_BLANK:
        return true;
    case CMD_REVEAL:
        if (!was_blank) /* the first press brings the picture back */
            step_forward(s, w);
        return true;
    case CMD_UNREVEAL:
        if (!was_blank)
            step_back(s, w);
        return true;
    case CMD_HOME:
    case CMD_END:
        s->stage = cmd == CMD_HOME ? 0 : w->story->count - 1;
        w->selection.stage = s->stage;
        s->beat =
            cmd == CMD_HOME && question(w, 0) != NULL ? BEAT_ASK : BEAT_RESULT;
        return true;
    default:
        return false;
    }
}

const struct view view_present = {
    .name = "present",
    .title = MSG_PRESENT,
    .opened_by = CMD_GO_PRESENT,
    .scope = SCOPE_PRESENT,
    .is_bare = true,
    .state_size = sizeof(struct present_state),
    .back = &view_stages,
    .refresh = present_refresh,
    .draw = present_draw,
    .brief = present_brief,
    .teach = present_teach,
    .handle = present_handle,
};
