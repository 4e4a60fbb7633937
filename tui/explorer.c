#include "tui/explorer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attrs.h"
#include "tui/copying.h"
#include "tui/explorer_parts.h"
#include "tui/frame.h"
#include "tui/history.h"
#include "tui/key.h"
#include "tui/replay_move.h"
#include "tui/view.h"

static enum err_code refresh(struct explorer *ex, struct err *err)
{
    const struct view *view = ex->world.view;
    enum err_code rc = ERR_OK;

    if (view->has_replay)
        rc = replay_sync(&ex->replay, &ex->world, err);
    if (rc != ERR_OK)
        return rc;
    return view->refresh(explorer_state_of(ex, view), &ex->world, err);
}

static unsigned scopes_of(const struct explorer *ex)
{
    const struct view *view = ex->world.view;
    unsigned scopes = SCOPE_GLOBAL | view->scope;

    if (ex->prompt.what != CMD_NONE)
        return SCOPE_PROMPT;
    if (view->scopes != NULL)
        scopes |= view->scopes(explorer_state_of(ex, view));
    return scopes;
}

static enum err_code start_at(struct explorer *ex, const char *name,
                              struct err *err)
{
    for (size_t i = 0; i < view_count; i++) {
        if (strcmp(views[i]->name, name) == 0) {
            ex->world.view = views[i];
            return ERR_OK;
        }
    }
    return err_set(err, ERR_USAGE, "no view is named %.60s", name);
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
    if (rc == ERR_OK)
        rc = key_log_init(&ex->keys, err);
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
    replay_init(&ex->replay);
    ex->reads_all = options->script != NULL;
    ex->world.coach = options->coach;
    ex->tour = options->tour ? 1 : 0;
    ex->world.story = &ex->story;
    ex->world.replay = &ex->replay;
    ex->world.view = views[0];
    ex->world.under = views[0];
    ex->world.language = ascii ? LANG_EN : options->language;
    ex->start = (struct copying_start){ .command = options->command,
                                        .language = ex->world.language };
    ex->world.motion = !options->no_motion && options->script == NULL;
    /* Far from 0, so that nothing seems to have begun just now. */
    ex->world.now_ms = UINT32_MAX;
    if (options->view != NULL)
        rc = start_at(ex, options->view, err);
    if (rc == ERR_OK)
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
    replay_fini(&ex->replay);
    story_fini(&ex->story);
    key_log_fini(&ex->keys);
    buf_fini(&ex->copied);
    free(ex);
}

/* Drives what is run, wherever it was begun; a saved file is noticed only
 * while the exercises are on the screen. */
static void watch_exercises(struct explorer *ex)
{
    const struct coach *coach = ex->world.coach;
    bool was_coaching = ex->is_coaching;

    if (coach == NULL || !explorer_is_watching(ex))
        return;
    ex->is_coaching = false;
    for (size_t i = 0; i < coach->count; i++)
        if (coach->look(coach->ctx, i)->is_running)
            ex->is_coaching = true;
    if (ex->is_coaching || was_coaching)
        ex->is_stale = true;
}

bool explorer_is_watching(const struct explorer *ex)
{
    return ex->is_coaching ||
           (ex->world.coach != NULL && ex->world.view == &view_learn);
}

const char *explorer_edit_path(const struct explorer *ex)
{
    return ex->world.edit_path;
}

enum err_code explorer_tick(struct explorer *ex, uint64_t now_ms,
                            uint64_t max_events, bool *busy, struct err *err)
{
    uint64_t version = ex->replay.version;
    enum err_code rc;

    ex->world.now_ms = now_ms;
    watch_exercises(ex);
    *busy = false;
    if (ex->world.view != &view_live)
        ex->world.is_frozen = false;
    if (ex->world.is_frozen)
        return ERR_OK;
    rc = story_poll(&ex->story, max_events, busy, err);
    if (rc == ERR_OK && ex->world.view->has_replay)
        rc = replay_poll(&ex->replay, &ex->world,
                         ex->reads_all ? 0 : max_events, busy, err);
    if (!ex->world.view->has_replay)
        ex->replay.is_playing = false;
    if (ex->replay.version != version)
        ex->is_stale = true;
    return rc;
}

static void accept_prompt(struct explorer *ex)
{
    struct prompt p = ex->prompt;

    ex->prompt.what = CMD_NONE;
    if (p.what == CMD_FILTER && !filters_add(&ex->world.filters, p.typed))
        explorer_answer(ex, MSG_TOO_MANY_FILTERS);
    if (p.what == CMD_GOTO && p.typed[0] != '\0' &&
        !(replay_is_ready(&ex->replay) && replay_goto(&ex->world, p.typed)))
        explorer_answer(ex, MSG_NO_SUCH_EVENT);
    if (p.what != CMD_SEARCH)
        return;
    if (p.typed[0] != '\0')
        memcpy(ex->world.search, p.typed, sizeof(p.typed));
    /* Nothing typed: the last search again, as in less. */
    if (ex->world.search[0] != '\0')
        explorer_find(ex, 1);
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
    if (w->view->handle(explorer_state_of(ex, w->view), w, CMD_CANCEL, K_NONE))
        return WISH_NONE;
    if (w->view == &view_help) {
        explorer_back(ex);
        return WISH_NONE;
    }
    ex->is_armed = true;
    explorer_answer(ex, MSG_QUIT_AGAIN);
    return WISH_NONE;
}

static enum wish copy(struct explorer *ex, enum command cmd)
{
    const struct world *w = &ex->world;
    struct err err;
    enum err_code rc;

    buf_clear(&ex->copied);
    if (cmd == CMD_COPY)
        rc = copying_row(w, explorer_state_of(ex, w->view), &ex->copied, &err);
    else
        rc = copying_command(&ex->start, &ex->keys, &ex->copied, &err);
    if (rc == ERR_OK)
        return WISH_COPY;
    explorer_answer(ex,
                    cmd == CMD_COPY ? MSG_COPY_NOTHING : MSG_COPY_NO_COMMAND);
    return WISH_NONE;
}

const char *explorer_copied(const struct explorer *ex, size_t *size)
{
    *size = ex->copied.size;
    return (const char *)ex->copied.data;
}

void explorer_tell_copied(struct explorer *ex,
                          const struct clipboard_result *result)
{
    copying_toast(ex->world.language, &ex->copied, result, ex->said,
                  sizeof(ex->said));
}

static enum wish command_key(struct explorer *ex, enum command cmd, int key)
{
    struct world *w = &ex->world;
    enum wish wish = WISH_NONE;

    w->said = MSG_NONE;
    w->said_text[0] = '\0';
    w->edit_path = NULL;
    w->go = CMD_NONE;
    if (!w->view->handle(explorer_state_of(ex, w->view), w, cmd, key))
        wish = explorer_act(ex, cmd);
    if (w->go != CMD_NONE)
        explorer_act(ex, w->go);
    if (w->said != MSG_NONE)
        explorer_answer(ex, w->said);
    if (w->said_text[0] != '\0')
        snprintf(ex->said, sizeof(ex->said), "%s", w->said_text);
    return w->edit_path != NULL ? WISH_EDIT : wish;
}

enum err_code explorer_key(struct explorer *ex, int key, enum wish *wish,
                           struct err *err)
{
    enum command cmd = keymap_find(scopes_of(ex), key);
    enum err_code rc = refresh(ex, err);
    bool was_armed = ex->is_armed;
    struct place before = explorer_place(ex);
    struct place after;

    *wish = WISH_NONE;
    if (rc != ERR_OK || key == K_NONE)
        return rc;
    ex->is_stale = true;
    ex->said[0] = '\0';
    if (cmd != CMD_COPY && cmd != CMD_COPY_COMMAND)
        key_log_add(&ex->keys, key);
    if (ex->prompt.what != CMD_NONE)
        prompt_key(ex, cmd, key);
    else if (cmd == CMD_COPY || cmd == CMD_COPY_COMMAND)
        *wish = copy(ex, cmd);
    else if (cmd == CMD_CANCEL)
        *wish = cancel(ex);
    else if (cmd != CMD_NONE)
        *wish = command_key(ex, cmd, key);
    if (*wish == WISH_NONE && cmd != CMD_TOUR)
        explorer_tour(ex, cmd);
    if (was_armed)
        ex->is_armed = false;
    after = explorer_place(ex);
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
    ex->start.rows = g->rows;
    ex->start.cols = g->cols;
    rc = refresh(ex, err);
    if (rc != ERR_OK)
        return rc;
    frame_draw(
        &(struct frame){
            .world = w,
            .state = explorer_state_of(ex, w->view),
            .home_state = ex->states[0],
            .scopes = scopes_of(ex),
            .said = ex->said,
            .tour = ex->tour,
            .prompt = ex->prompt.what == CMD_SEARCH   ? MSG_PROMPT_SEARCH
                      : ex->prompt.what == CMD_FILTER ? MSG_PROMPT_FILTER
                      : ex->prompt.what == CMD_GOTO   ? MSG_PROMPT_GOTO
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
           view->is_moving(explorer_state_of(ex, view), &ex->world);
}

bool explorer_is_stale(const struct explorer *ex)
{
    /* was_moving: the frame after the last of a motion is still to be drawn */
    return ex->is_stale || ex->was_moving || explorer_is_moving(ex) ||
           ex->version != ex->story.version;
}
