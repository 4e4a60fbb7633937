/*
 * view_learn.c - the exercises: predict, edit, re-trace, explain.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tui/learn_panels.h"
#include "tui/units.h"
#include "tui/wrap.h"

static bool has_exercises(const struct world *w)
{
    return w->coach != NULL && w->coach->count > 0;
}

static void choose(struct learn_state *s, size_t exercise)
{
    s->exercise = exercise;
    s->is_asking = s->is_solution = s->is_reset_asked = false;
    s->page = 0;
}

static enum err_code learn_refresh(void *state, const struct world *w,
                                   struct err *err)
{
    struct learn_state *s = state;

    if (!has_exercises(w))
        return ERR_OK;
    if (s->guesses == NULL)
        s->guesses = calloc(w->coach->count, 1);
    if (s->hints == NULL) {
        s->hints = calloc(w->coach->count, 1);
        s->stage = SIZE_MAX; /* to be chosen */
    }
    if (s->hints == NULL || s->guesses == NULL)
        return err_no_memory(err);
    if (s->stage == w->selection.stage)
        return ERR_OK;
    s->stage = w->selection.stage;
    for (size_t i = 0; i < w->coach->count; i++) {
        if (w->coach->look(w->coach->ctx, i)->stage == s->stage) {
            choose(s, i);
            break;
        }
    }
    return ERR_OK;
}

static void learn_fini(void *state)
{
    struct learn_state *s = state;

    free(s->hints);
    free(s->guesses);
}

static void learn_draw(const void *state, const struct world *w, struct area a)
{
    const struct learn_state *s = state;

    if (!has_exercises(w)) {
        wrap_draw(area_part(a, 1, 2, -1, -3), STYLE_PLAIN,
                  say(w->language, MSG_LEARN_NONE), 0);
        return;
    }
    learn_draw_exercise(s, w, a);
}

static void learn_brief(const void *state, const struct world *w, char *out,
                        size_t cap)
{
    const struct learn_state *s = state;
    const struct coach_desk *d;
    char start[UNITS_MAX], now[UNITS_MAX] = "?", goal[UNITS_MAX];

    out[0] = '\0';
    if (!has_exercises(w))
        return;
    d = learn_desk(s, w);
    if (d->last.has_figures)
        units_count(d->last.allocs_max, now);
    snprintf(out, cap, "%s %s -> %s (%s %s)", d->exercise->name,
             units_count(d->exercise->start, start), now,
             say(w->language, MSG_LEARN_GOAL),
             units_count(d->exercise->goal, goal));
}

static void learn_teach(const void *state, const struct world *w, char *out,
                        size_t cap)
{
    const struct learn_state *s = state;
    const struct coach_desk *d;

    out[0] = '\0';
    if (!has_exercises(w))
        return;
    d = learn_desk(s, w);
    say_to(
        out, cap, w->language,
        coach_is_passed(&d->last)                     ? MSG_LEARN_TEACH_PASSED
        : d->last.steps[COACH_LEAKS] == COACH_FAILED  ? MSG_LEARN_TEACH_LEAKS
        : d->last.steps[COACH_OUTPUT] == COACH_FAILED ? MSG_LEARN_TEACH_OUTPUT
        : d->last.steps[COACH_ALLOCS] == COACH_FAILED ? MSG_LEARN_TEACH_ALLOCS
                                                      : MSG_LEARN_TEACH);
}

static void fall_back(struct world *w, enum err_code rc, const struct err *err)
{
    if (rc != ERR_OK)
        text_clean(err->text, w->said_text, sizeof(w->said_text), false);
}

static void edit(struct learn_state *s, struct world *w)
{
    struct err err = { 0 };
    enum err_code rc = w->coach->prepare(w->coach->ctx, s->exercise, &err);

    fall_back(w, rc, &err);
    if (rc == ERR_OK)
        w->edit_path = learn_desk(s, w)->path;
}

static void run(struct learn_state *s, struct world *w)
{
    struct err err = { 0 };

    fall_back(w, w->coach->run(w->coach->ctx, s->exercise, &err), &err);
}

static void reset(struct learn_state *s, struct world *w, bool was_asked)
{
    struct err err = { 0 };

    if (!was_asked) {
        s->is_reset_asked = true;
        w->said = MSG_LEARN_RESET_ASK;
        return;
    }
    fall_back(w, w->coach->reset(w->coach->ctx, s->exercise, &err), &err);
    if (err.text[0] == '\0')
        w->said = MSG_LEARN_RESET;
}

static void move(struct learn_state *s, struct world *w, enum command cmd)
{
    size_t at = s->exercise;

    if (cmd == CMD_NEXT_EXERCISE || cmd == CMD_PREV_EXERCISE)
        at = (at + (cmd == CMD_NEXT_EXERCISE ? 1 : w->coach->count - 1)) %
             w->coach->count;
    else if (!world_move(cmd, w->coach->count, 2, &at))
        return;
    choose(s, at);
    s->stage = w->selection.stage = learn_desk(s, w)->stage;
}

static void show_solution(struct learn_state *s, struct world *w)
{
    s->page = 0;
    s->is_asking = false;
    s->is_solution = !s->is_solution;
    if (s->is_solution &&
        w->coach->solution(w->coach->ctx, s->exercise) == NULL) {
        s->is_solution = false;
        w->said = MSG_LEARN_LOCKED;
    }
}

static void show_hint(struct learn_state *s, struct world *w)
{
    s->is_asking = s->is_solution = false;
    s->page = 0;
    if (s->hints[s->exercise] < learn_desk(s, w)->exercise->hint_count)
        s->hints[s->exercise]++;
    else
        w->said = MSG_LEARN_NO_MORE_HINTS;
}

static void ask(struct learn_state *s, struct world *w)
{
    bool can = learn_desk(s, w)->exercise->question.answer_count > 0;

    s->is_solution = false;
    s->is_asking = !s->is_asking && can;
    s->page = 0;
    if (!can)
        w->said = MSG_NO_QUESTION;
}

/* Commands of the exercises; false: not one of them. */
static bool do_command(struct learn_state *s, struct world *w, enum command cmd,
                       int key, bool was_asked)
{
    switch (cmd) {
    case CMD_EDIT:
        edit(s, w);
        return true;
    case CMD_RUN:
        run(s, w);
        return true;
    case CMD_HINT:
        show_hint(s, w);
        return true;
    case CMD_RESET:
        reset(s, w, was_asked);
        return true;
    case CMD_SOLUTION:
        show_solution(s, w);
        return true;
    case CMD_PREDICT:
        ask(s, w);
        return true;
    case CMD_ANSWER:
        if ((size_t)(key - '1') <
            learn_desk(s, w)->exercise->question.answer_count)
            s->guesses[s->exercise] = (uint8_t)(key - '0');
        return true;
    case CMD_MORE:
        s->page = (s->page + 1) % 10000;
        return true;
    default:
        return false;
    }
}

static bool learn_handle(void *state, struct world *w, enum command cmd,
                         int key)
{
    struct learn_state *s = state;
    bool was_asked = s->is_reset_asked;
    size_t count = has_exercises(w) ? w->coach->count : 0;
    size_t unmoved = 0;

    if (count == 0)
        return false;
    s->is_reset_asked = false;
    if (do_command(s, w, cmd, key, was_asked))
        return true;
    if (cmd == CMD_BACK || cmd == CMD_CANCEL) {
        bool was_open = s->is_asking || s->is_solution || was_asked;

        s->is_asking = s->is_solution = false;
        return was_open;
    }
    if (cmd == CMD_NEXT_EXERCISE || cmd == CMD_PREV_EXERCISE ||
        world_move(cmd, count, 2, &unmoved)) {
        move(s, w, cmd);
        return true;
    }
    return false;
}

static unsigned learn_scopes(const void *state)
{
    const struct learn_state *s = state;

    return s->is_asking ? SCOPE_QUESTION : 0;
}

const struct view view_learn = {
    .name = "learn",
    .title = MSG_LEARN,
    .opened_by = CMD_GO_LEARN,
    .scope = SCOPE_LEARN,
    .state_size = sizeof(struct learn_state),
    .back = &view_stages,
    .refresh = learn_refresh,
    .draw = learn_draw,
    .brief = learn_brief,
    .teach = learn_teach,
    .handle = learn_handle,
    .scopes = learn_scopes,
    .fini = learn_fini,
};
