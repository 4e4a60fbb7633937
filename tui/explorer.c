#include "tui/explorer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attrs.h"
#include "tui/frame.h"
#include "tui/history.h"
#include "tui/key.h"
#include "tui/view.h"

enum { VIEWS_MAX = 16 };

struct prompt {
    enum command what; /* CMD_SEARCH, CMD_FILTER; CMD_NONE: not open */
    char typed[FILTER_TEXT_MAX];
};

struct explorer {
    struct story story;
    struct world world;
    void *states[VIEWS_MAX]; /* one per view; owned */
    const struct view *last; /* the view shown before, for `-` */
    struct prompt prompt;
    struct history history;
    bool ascii;
    bool is_armed; /* Ctrl-C was the last key, and cancelled nothing */
    bool is_stale;
    bool was_moving;
    uint64_t version; /* of the story, drawn last */
    char said[160];   /* an answer to the last key, or "" */
};

static void *state_of(const struct explorer *ex, const struct view *view)
{
    for (size_t i = 0; i < view_count; i++)
        if (views[i] == view)
            return ex->states[i];
    return NULL;
}

static enum err_code refresh(struct explorer *ex, struct err *err)
{
    const struct view *view = ex->world.view;

    return view->refresh(state_of(ex, view), &ex->world, err);
}

static unsigned scopes_of(const struct explorer *ex)
{
    const struct view *view = ex->world.view;
    unsigned scopes = SCOPE_GLOBAL | view->scope;

    if (ex->prompt.what != CMD_NONE)
        return SCOPE_PROMPT;
    if (view->scopes != NULL)
        scopes |= view->scopes(state_of(ex, view));
    return scopes;
}

enum err_code explorer_open(const struct app_options *options, bool ascii,
                            struct explorer **out, struct err *err)
{
    struct explorer *ex = calloc(1, sizeof(*ex));
    enum err_code rc = ERR_OK;

    *out = NULL;
    if (ex == NULL)
        return err_no_memory(err);
    rc = story_init(&ex->story, options->feed, options->course, options->titles,
                    err);
    for (size_t i = 0; i < view_count && rc == ERR_OK; i++) {
        ex->states[i] = calloc(1, views[i]->state_size);
        if (ex->states[i] == NULL)
            rc = err_no_memory(err);
    }
    if (rc != ERR_OK)
        goto out;
    ex->ascii = ascii;
    ex->is_stale = true;
    ex->last = views[0];
    ex->world.story = &ex->story;
    ex->world.view = views[0];
    ex->world.under = views[0];
    ex->world.language = ascii ? LANG_EN : options->language;
    ex->world.motion = !options->no_motion && options->script == NULL;
    /* Far from 0, so that nothing seems to have begun just now. */
    ex->world.now_ms = UINT32_MAX;
    rc = refresh(ex, err);
    *out = ex;
    ex = NULL;
out:
    if (rc != ERR_OK) {
        explorer_close(*out);
        *out = NULL;
    }
    explorer_close(ex);
    return rc;
}

void explorer_close(struct explorer *ex)
{
    if (ex == NULL)
        return;
    for (size_t i = 0; i < view_count; i++) {
        if (ex->states[i] != NULL && views[i]->fini != NULL)
            views[i]->fini(ex->states[i]);
        free(ex->states[i]);
    }
    story_fini(&ex->story);
    free(ex);
}

enum err_code explorer_tick(struct explorer *ex, uint64_t now_ms,
                            uint64_t max_events, bool *busy, struct err *err)
{
    ex->world.now_ms = now_ms;
    return story_poll(&ex->story, max_events, busy, err);
}

static void answer(struct explorer *ex, enum message id)
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

static void find(struct explorer *ex, int step)
{
    struct world *w = &ex->world;

    if (w->search[0] == '\0') {
        answer(ex, MSG_NOTHING_SEARCHED);
        return;
    }
    if (w->view->find == NULL ||
        !w->view->find(state_of(ex, w->view), w, step))
        say_to(ex->said, sizeof(ex->said), w->language, MSG_NO_MATCH,
               w->search);
}

static void do_open(struct explorer *ex)
{
    show(ex, ex->world.view->deeper);
}

static void do_back(struct explorer *ex)
{
    show(ex,
         ex->world.view == &view_help ? ex->world.under : ex->world.view->back);
}

static void do_prev_stage(struct explorer *ex)
{
    if (ex->world.selection.stage > 0)
        ex->world.selection.stage--;
    else
        answer(ex, MSG_FIRST_STAGE);
}

static void do_next_stage(struct explorer *ex)
{
    if (ex->world.selection.stage + 1 < ex->story.count)
        ex->world.selection.stage++;
    else
        answer(ex, MSG_LAST_STAGE);
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

static void do_find_next(struct explorer *ex)
{
    find(ex, 1);
}

static void do_find_prev(struct explorer *ex)
{
    find(ex, -1);
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
        answer(ex, MSG_NEEDS_UTF8);
    else
        ex->world.language = (ex->world.language + 1) % LANG_COUNT;
}

static struct place place_of(const struct explorer *ex)
{
    const struct world *w = &ex->world;

    return (struct place){ w->view, w->under, w->selection, w->filters };
}

static void step_in_time(struct explorer *ex,
                         bool (*step)(struct history *, struct place *),
                         enum message otherwise)
{
    struct place here = place_of(ex);

    if (!step(&ex->history, &here)) {
        answer(ex, otherwise);
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
    { CMD_BACK,          do_back,          WISH_NONE },
    { CMD_PREV_STAGE,    do_prev_stage,    WISH_NONE },
    { CMD_NEXT_STAGE,    do_next_stage,    WISH_NONE },
    { CMD_LAST_VIEW,     do_last_view,     WISH_NONE },
    { CMD_SEARCH,        do_search,        WISH_NONE },
    { CMD_FILTER,        do_filter,        WISH_NONE },
    { CMD_FIND_NEXT,     do_find_next,     WISH_NONE },
    { CMD_FIND_PREV,     do_find_prev,     WISH_NONE },
    { CMD_DROP_FILTER,   do_drop_filter,   WISH_NONE },
    { CMD_CLEAR_FILTERS, do_clear_filters, WISH_NONE },
    { CMD_LANGUAGE,      do_language,      WISH_NONE },
    { CMD_UNDO,          do_undo,          WISH_NONE },
    { CMD_REDO,          do_redo,          WISH_NONE },
    { CMD_REDRAW,        NULL,             WISH_REDRAW },
    { CMD_SUSPEND,       NULL,             WISH_SUSPEND },
    { CMD_QUIT,          NULL,             WISH_QUIT },
};
/* clang-format on */

static enum wish act(struct explorer *ex, enum command cmd)
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

static void accept_prompt(struct explorer *ex)
{
    struct prompt p = ex->prompt;

    ex->prompt.what = CMD_NONE;
    if (p.what == CMD_FILTER && !filters_add(&ex->world.filters, p.typed))
        answer(ex, MSG_TOO_MANY_FILTERS);
    if (p.what != CMD_SEARCH)
        return;
    if (p.typed[0] != '\0')
        memcpy(ex->world.search, p.typed, sizeof(p.typed));
    /* Nothing typed: the last search again, as in less. */
    if (ex->world.search[0] != '\0')
        find(ex, 1);
}

/* Takes the last character off, all its bytes (RFC 3629: those after the
 * first are 10xxxxxx). */
static void erase(char *text)
{
    size_t size = strlen(text);

    while (size > 0 && ((unsigned char)text[size - 1] & 0xc0) == 0x80)
        size--;
    text[size > 0 ? size - 1 : 0] = '\0';
}

static void prompt_key(struct explorer *ex, enum command cmd, int key)
{
    char *typed = ex->prompt.typed;
    size_t size = strlen(typed);

    switch (cmd) {
    case CMD_ACCEPT:
        accept_prompt(ex);
        break;
    case CMD_CANCEL:
        ex->prompt.what = CMD_NONE;
        break;
    case CMD_ERASE:
        erase(typed);
        break;
    case CMD_ERASE_ALL:
        typed[0] = '\0';
        break;
    default:
        if (key_is_text(key) && size + 5 < sizeof(ex->prompt.typed))
            typed[size + grid_encode((uint32_t)key, typed + size)] = '\0';
        break;
    }
}

/* Ctrl-C: closes what is open, else asks for a second one. */
static enum wish cancel(struct explorer *ex)
{
    struct world *w = &ex->world;

    if (ex->is_armed)
        return WISH_QUIT;
    if (w->view->handle(state_of(ex, w->view), w, CMD_CANCEL, K_NONE))
        return WISH_NONE;
    if (w->view == &view_help) {
        do_back(ex);
        return WISH_NONE;
    }
    ex->is_armed = true;
    answer(ex, MSG_QUIT_AGAIN);
    return WISH_NONE;
}

static enum wish command_key(struct explorer *ex, enum command cmd, int key)
{
    struct world *w = &ex->world;
    enum wish wish = WISH_NONE;

    w->said = MSG_NONE;
    if (!w->view->handle(state_of(ex, w->view), w, cmd, key))
        wish = act(ex, cmd);
    if (w->said != MSG_NONE)
        answer(ex, w->said);
    return wish;
}

enum err_code explorer_key(struct explorer *ex, int key, enum wish *wish,
                           struct err *err)
{
    enum command cmd = keymap_find(scopes_of(ex), key);
    enum err_code rc = refresh(ex, err);
    bool was_armed = ex->is_armed;
    struct place before = place_of(ex);
    struct place after;

    *wish = WISH_NONE;
    if (rc != ERR_OK || key == K_NONE)
        return rc;
    ex->is_stale = true;
    ex->said[0] = '\0';
    if (ex->prompt.what != CMD_NONE)
        prompt_key(ex, cmd, key);
    else if (cmd == CMD_CANCEL)
        *wish = cancel(ex);
    else if (cmd != CMD_NONE)
        *wish = command_key(ex, cmd, key);
    if (was_armed)
        ex->is_armed = false;
    after = place_of(ex);
    if (cmd != CMD_UNDO && cmd != CMD_REDO)
        history_leave(&ex->history, &before, &after);
    return refresh(ex, err);
}

enum err_code explorer_draw(struct explorer *ex, struct grid *g,
                            struct err *err)
{
    struct world *w = &ex->world;
    struct area body = frame_body(w, g);
    enum err_code rc;

    w->rows = body.rows;
    w->cols = body.cols;
    g->ascii = ex->ascii;
    rc = refresh(ex, err);
    if (rc != ERR_OK)
        return rc;
    frame_draw(
        &(struct frame){
            .world = w,
            .state = state_of(ex, w->view),
            .home_state = ex->states[0],
            .scopes = scopes_of(ex),
            .said = ex->said,
            .prompt = ex->prompt.what == CMD_SEARCH   ? MSG_PROMPT_SEARCH
                      : ex->prompt.what == CMD_FILTER ? MSG_PROMPT_FILTER
                                                      : MSG_NONE,
            .typed = ex->prompt.typed,
        },
        g);
    ex->is_stale = false;
    ex->was_moving = explorer_is_moving(ex);
    ex->version = ex->story.version;
    return ERR_OK;
}

bool explorer_is_moving(const struct explorer *ex)
{
    const struct view *view = ex->world.view;

    return view->is_moving != NULL &&
           view->is_moving(state_of(ex, view), &ex->world);
}

bool explorer_is_stale(const struct explorer *ex)
{
    /* was_moving: the frame after the last of a motion is still to be drawn */
    return ex->is_stale || ex->was_moving || explorer_is_moving(ex) ||
           ex->version != ex->story.version;
}
