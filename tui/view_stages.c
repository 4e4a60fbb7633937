/*
 * view_stages.c - home: how many allocations does each stage cost, what is
 * the lesson, and what vanished.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/stages_panels.h"
#include "tui/units.h"
#include "tui/view.h"
#include "tui/widgets.h"

static enum err_code stages_refresh(void *state, const struct world *w,
                                    struct err *err)
{
    struct stages_state *s = state;

    if (s->guesses == NULL) {
        s->guesses = calloc(w->story->count, 1);
        if (s->guesses == NULL)
            return err_no_memory(err);
    }
    if (s->was_shown && s->stage == w->selection.stage)
        return ERR_OK;
    if (s->was_shown) {
        const struct stage *left = &w->story->stages[s->stage];

        s->count_from = stage_has_data(left) ? stage_allocs(left) : 0;
        s->count_start_ms = w->now_ms;
        s->page = 0;
        s->is_asking = false;
    }
    s->was_shown = true;
    s->stage = w->selection.stage;
    return ERR_OK;
}

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

/*
 * From 100 columns on:                      Below:
 *
 *   +- allocs/op -++- lesson -----+           18     was 41 (S2)
 *   |  18         || ...          |           lesson, two lines or more
 *   +-------------++--------------+           S0 ######
 *     S0 ######                               S1 ###
 *     S1 ###                                  vanished since S2
 *   +- vanished since S2 ---------+             - 9.0  hdr_dup
 *   +-----------------------------+           exact: ...
 *     exact: ...
 */
static void draw_wide(const struct stages_state *s, const struct world *w,
                      struct area a)
{
    int stages = (int)(w->story->count < GRID_MAX ? w->story->count : GRID_MAX);
    /* Places depend on the size alone: nothing jumps from stage to stage. */
    int bars = clamp(stages + 1, 2, a.rows - 18);
    int top = clamp(a.rows - bars - 8, 9, 14);
    int vanished = a.rows - top - bars - 1;
    int left = a.cols * 44 / 100;
    const char *unit = say(w->language, stages_unit(world_stage(w)));

    stages_draw_number(
        s, w,
        area_part(widget_box(area_part(a, 0, 0, top, left), unit, NULL), 1, 1,
                  -1, -1));
    stages_draw_lesson(s, w, area_part(a, 0, left, top, -1), true);
    stages_draw_bars(w, area_part(a, top, 0, bars, -1), true);
    stages_draw_vanished(w, area_part(a, top + bars, 0, vanished, -1), true);
    stages_draw_honest(w, area_part(a, a.rows - 1, 1, 1, -1));
}

static void draw_narrow(const struct stages_state *s, const struct world *w,
                        struct area a)
{
    int stages = (int)(w->story->count < GRID_MAX ? w->story->count : GRID_MAX);
    int bars = clamp(stages, 1, clamp(a.rows - 4, 1, a.rows));
    int left = a.rows - bars - 1; /* and the honest line */
    int number = left >= 12 ? DIGIT_ROWS : 1;
    int vanished = number == 1 ? clamp(left - 3, 0, 4) : 4 + (left - 12) / 2;
    int lesson = left - number - vanished;
    int row = number;

    stages_draw_number(s, w, area_part(a, 0, 1, number, -2));
    stages_draw_lesson(s, w, area_part(a, row, 1, lesson, -2), false);
    row += lesson;
    stages_draw_bars(w, area_part(a, row, 0, bars, -1), false);
    row += bars;
    stages_draw_vanished(w, area_part(a, row, 0, vanished, -1), false);
    stages_draw_honest(w, area_part(a, a.rows - 1, 0, 1, -1));
}

static void stages_draw(const void *state, const struct world *w, struct area a)
{
    if (a.cols >= 100 && a.rows >= 26)
        draw_wide(state, w, a);
    else
        draw_narrow(state, w, a);
}

static void stages_brief(const void *state, const struct world *w, char *out,
                         size_t cap)
{
    const struct stage *s = world_stage(w);
    char number[UNITS_MAX] = "?";

    (void)state;
    if (stage_has_data(s))
        units_count((uint64_t)stage_allocs(s), number);
    snprintf(out, cap, "S%u %s %s %s", s->number, number,
             say(w->language, stages_unit(s)), s->name);
}

static void stages_teach(const void *state, const struct world *w, char *out,
                         size_t cap)
{
    const struct stage *s = world_stage(w);
    double outliving = stage_share_outliving(s) * stage_allocs(s);
    char label[16];
    char all[UNITS_MAX];
    char some[UNITS_MAX];

    (void)state;
    out[0] = '\0';
    if (!stage_has_data(s))
        return;
    snprintf(label, sizeof(label), "S%u", s->number);
    units_count((uint64_t)stage_allocs(s), all);
    units_count((uint64_t)(outliving + 0.5), some);
    if (outliving < 0.5)
        say_to(out, cap, w->language, MSG_OUTLIVE_NONE, all, label);
    else
        say_to(out, cap, w->language, MSG_OUTLIVE, all, some, label);
}

static bool stages_handle(void *state, struct world *w, enum command cmd,
                          int key)
{
    struct stages_state *s = state;
    const struct course_question *q = stages_question(w);

    switch (cmd) {
    case CMD_MORE:
        s->page = (s->page + 1) % 10000;
        return true;
    case CMD_PREDICT:
        s->is_asking = !s->is_asking && q != NULL;
        s->page = 0;
        if (q == NULL)
            w->said = MSG_NO_QUESTION;
        return true;
    case CMD_ANSWER:
        if (q != NULL && (size_t)(key - '1') < q->answer_count)
            s->guesses[w->selection.stage + 1] = (uint8_t)(key - '0');
        return true;
    case CMD_BACK:
    case CMD_CANCEL:
        if (!s->is_asking)
            return false;
        s->is_asking = false;
        s->page = 0;
        return true;
    default:
        return world_move(cmd, w->story->count, 4, &w->selection.stage);
    }
}

/* A stage contains what its name or its title, in any language, contains. */
static bool contains(const struct stage *s, const char *part)
{
    if (strcasestr(s->name, part) != NULL)
        return true;
    for (int lang = 0; s->lesson != NULL && lang < LANG_COUNT; lang++)
        if (strcasestr(course_say(&s->lesson->title, (enum language)lang),
                       part) != NULL)
            return true;
    return false;
}

static bool stages_find(void *state, struct world *w, int step)
{
    size_t count = w->story->count;
    size_t at = w->selection.stage;

    (void)state;
    for (size_t tried = 0; tried < count; tried++) {
        at = step > 0 ? (at + 1) % count : (at + count - 1) % count;
        if (contains(&w->story->stages[at], w->search)) {
            w->selection.stage = at;
            return true;
        }
    }
    return false;
}

static unsigned stages_scopes(const void *state)
{
    const struct stages_state *s = state;

    return s->is_asking ? SCOPE_QUESTION : 0;
}

static bool stages_is_moving(const void *state, const struct world *w)
{
    const struct stages_state *s = state;

    return w->motion && w->now_ms - s->count_start_ms < COUNT_DOWN_MS;
}

static void stages_fini(void *state)
{
    struct stages_state *s = state;

    free(s->guesses);
}

const struct view view_stages = {
    .name = "stages",
    .title = MSG_STAGES,
    .opened_by = CMD_GO_STAGES,
    .scope = SCOPE_STAGES,
    .has_filters = true,
    .state_size = sizeof(struct stages_state),
    .deeper = &view_sites,
    .refresh = stages_refresh,
    .draw = stages_draw,
    .brief = stages_brief,
    .teach = stages_teach,
    .handle = stages_handle,
    .find = stages_find,
    .scopes = stages_scopes,
    .is_moving = stages_is_moving,
    .fini = stages_fini,
};
