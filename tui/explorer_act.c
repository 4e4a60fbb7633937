#include "tui/explorer_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/attrs.h"
#include "tui/tour.h"

void *explorer_state_of(const struct explorer *ex, const struct view *view)
{
    for (size_t i = 0; i < view_count; i++)
        if (views[i] == view)
            return ex->states[i];
    return NULL;
}

void explorer_answer(struct explorer *ex, enum message id)
{
    say_to(ex->said, sizeof(ex->said), ex->world.language, id);
}

static void show(struct explorer *ex, const struct view *view)
{
    struct world *w = &ex->world;

    if (view == NULL || view == w->view)
        return;
    if (w->view != &view_help) {
        ex->last = w->view;
        w->under = w->view;
    }
    w->view = view;
}

void explorer_find(struct explorer *ex, int step)
{
    struct world *w = &ex->world;

    if (w->search[0] == '\0') {
        explorer_answer(ex, MSG_NOTHING_SEARCHED);
        return;
    }
    if (w->view->find == NULL ||
        !w->view->find(explorer_state_of(ex, w->view), w, step))
        say_to(ex->said, sizeof(ex->said), w->language, MSG_NO_MATCH,
               w->search);
}

static void do_open(struct explorer *ex)
{
    show(ex, ex->world.view->deeper);
}

void explorer_back(struct explorer *ex)
{
    show(ex,
         ex->world.view == &view_help ? ex->world.under : ex->world.view->back);
}

static void do_prev_stage(struct explorer *ex)
{
    if (ex->world.selection.stage > 0)
        ex->world.selection.stage--;
    else
        explorer_answer(ex, MSG_FIRST_STAGE);
}

static void do_next_stage(struct explorer *ex)
{
    if (ex->world.selection.stage + 1 < ex->story.count)
        ex->world.selection.stage++;
    else
        explorer_answer(ex, MSG_LAST_STAGE);
}

static void do_last_view(struct explorer *ex)
{
    show(ex, ex->last);
}

static void do_search(struct explorer *ex)
{
    ex->prompt = (struct prompt){ .what = CMD_SEARCH };
}

static void do_filter(struct explorer *ex)
{
    ex->prompt = (struct prompt){ .what = CMD_FILTER };
}

static void do_goto(struct explorer *ex)
{
    ex->prompt = (struct prompt){ .what = CMD_GOTO };
}

static void do_find_next(struct explorer *ex)
{
    explorer_find(ex, 1);
}

static void do_find_prev(struct explorer *ex)
{
    explorer_find(ex, -1);
}

static void do_drop_filter(struct explorer *ex)
{
    filters_drop(&ex->world.filters);
}

static void do_clear_filters(struct explorer *ex)
{
    ex->world.filters.count = 0;
}

static void do_language(struct explorer *ex)
{
    if (ex->ascii)
        explorer_answer(ex, MSG_NEEDS_UTF8);
    else
        ex->world.language = (ex->world.language + 1) % LANG_COUNT;
}

static void do_tour(struct explorer *ex)
{
    if (ex->tour > 0) {
        ex->tour = 0;
        explorer_answer(ex, MSG_TOUR_SKIPPED);
        return;
    }
    ex->tour = 1;
    show(ex, views[0]);
    ex->world.selection.stage = 0;
}

void explorer_tour(struct explorer *ex, enum command cmd)
{
    if (ex->tour == 0)
        return;
    ex->tour = tour_next(ex->tour, cmd, ex->story.title[0] != '\0');
    if (ex->tour == 0)
        explorer_answer(ex, MSG_TOUR_DONE);
}

struct place explorer_place(const struct explorer *ex)
{
    const struct world *w = &ex->world;

    return (struct place){ w->view, w->under, w->selection, w->filters };
}

static void step_in_time(struct explorer *ex,
                         bool (*step)(struct history *, struct place *),
                         enum message otherwise)
{
    struct place here = explorer_place(ex);

    if (!step(&ex->history, &here)) {
        explorer_answer(ex, otherwise);
        return;
    }
    ex->world.view = here.view;
    ex->world.under = here.under;
    ex->world.selection = here.selection;
    ex->world.filters = here.filters;
}

static void do_undo(struct explorer *ex)
{
    step_in_time(ex, history_undo, MSG_NOTHING_TO_UNDO);
}

static void do_redo(struct explorer *ex)
{
    step_in_time(ex, history_redo, MSG_NOTHING_TO_REDO);
}

/* What a view does not handle itself. */
/* clang-format off */
static const struct {
    enum command cmd;
    void (*run)(struct explorer *ex);
    enum wish wish;
} actions[] = {
    { CMD_OPEN,          do_open,          WISH_NONE },
    { CMD_BACK,          explorer_back,          WISH_NONE },
    { CMD_PREV_STAGE,    do_prev_stage,    WISH_NONE },
    { CMD_NEXT_STAGE,    do_next_stage,    WISH_NONE },
    { CMD_LAST_VIEW,     do_last_view,     WISH_NONE },
    { CMD_SEARCH,        do_search,        WISH_NONE },
    { CMD_FILTER,        do_filter,        WISH_NONE },
    { CMD_GOTO,          do_goto,          WISH_NONE },
    { CMD_FIND_NEXT,     do_find_next,     WISH_NONE },
    { CMD_FIND_PREV,     do_find_prev,     WISH_NONE },
    { CMD_DROP_FILTER,   do_drop_filter,   WISH_NONE },
    { CMD_CLEAR_FILTERS, do_clear_filters, WISH_NONE },
    { CMD_LANGUAGE,      do_language,      WISH_NONE },
    { CMD_TOUR,          do_tour,          WISH_NONE },
    { CMD_UNDO,          do_undo,          WISH_NONE },
    { CMD_REDO,          do_redo,          WISH_NONE },
    { CMD_REDRAW,        NULL,             WISH_REDRAW },
    { CMD_SUSPEND,       NULL,             WISH_SUSPEND },
    { CMD_QUIT,          NULL,             WISH_QUIT },
};
/* clang-format on */

enum wish explorer_act(struct explorer *ex, enum command cmd)
{
    for (size_t i = 0; i < view_count; i++)
        if (views[i]->opened_by == cmd)
            show(ex, views[i]);
    for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
        if (actions[i].cmd != cmd)
            continue;
        if (actions[i].run != NULL)
            actions[i].run(ex);
        return actions[i].wish;
    }
    return WISH_NONE;
}
