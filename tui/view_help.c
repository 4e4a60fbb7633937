/*
 * view_help.c - every key, first those of the view it was called from, and
 * what the verdict letters mean. Printed from the tables that the dispatcher
 * searches.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attrs.h"
#include "base/text.h"
#include "base/vec.h"
#include "tui/view.h"
#include "tui/widgets.h"
#include "tui/wrap.h"

enum { KEYS_COLS = 20 };

struct help_line {
    char text[256];
    enum style style;
};

struct help_state {
    struct help_line *lines; /* owned */
    size_t count, cap;
    size_t at; /* the selected line */
};

static enum err_code add(struct help_state *s, enum style style,
                         const char *text, struct err *err)
{
    enum err_code rc =
        vec_grow(&s->lines, s->count, &s->cap, sizeof(*s->lines), err);

    if (rc != ERR_OK)
        return rc;
    s->lines[s->count].style = style;
    snprintf(s->lines[s->count].text, sizeof(s->lines->text), "%s", text);
    s->count++;
    return ERR_OK;
}

/* "  k Up              move up" */
static enum err_code add_pair(struct help_state *s, const char *left,
                              const char *right, struct err *err)
{
    char text[256];
    int gap = KEYS_COLS - (int)text_width(left);

    snprintf(text, sizeof(text), "  %s%*s%s", left, gap > 1 ? gap : 1, "",
             right);
    return add(s, STYLE_PLAIN, text, err);
}

static enum err_code add_keys(struct help_state *s, const struct world *w,
                              enum scope scope, const char *title,
                              struct err *err)
{
    enum err_code rc = add(s, STYLE_BOLD, title, err);

    for (size_t i = 0; i < command_words_count && rc == ERR_OK; i++) {
        char keys[64];

        keymap_keys(scope, command_words[i].cmd, 6, keys, sizeof(keys));
        if (keys[0] != '\0')
            rc =
                add_pair(s, keys, say(w->language, command_words[i].help), err);
    }
    if (rc == ERR_OK)
        rc = add(s, STYLE_PLAIN, "", err);
    return rc;
}

/* clang-format off */
static const struct {
    const char *letter;
    enum message name, meaning;
} verdicts[] = {
    { "T",      MSG_NAME_T, MSG_COULD_T },
    { "U1, U2", MSG_NAME_U, MSG_COULD_U },
    { "O",      MSG_NAME_O, MSG_COULD_O },
    { "C",      MSG_NAME_C, MSG_COULD_C },
    { "L",      MSG_NAME_L, MSG_COULD_L },
    { "+G",     MSG_NONE,   MSG_HELP_GROWN },
    { "+B",     MSG_NONE,   MSG_HELP_BOX },
};
/* clang-format on */

static enum err_code add_verdicts(struct help_state *s, const struct world *w,
                                  struct err *err)
{
    enum err_code rc =
        add(s, STYLE_BOLD, say(w->language, MSG_HELP_VERDICTS), err);
    const char *bound = say(w->language, MSG_HELP_BOUND);
    const char *line;
    size_t size;

    for (size_t i = 0; i < ARRAY_LEN(verdicts) && rc == ERR_OK; i++) {
        char left[64];

        snprintf(left, sizeof(left), "%s  %s", verdicts[i].letter,
                 say(w->language, verdicts[i].name));
        rc = add_pair(s, left, say(w->language, verdicts[i].meaning), err);
    }
    while (rc == ERR_OK &&
           wrap_next(&bound, w->cols < 100 ? w->cols - 4 : 96, &line, &size)) {
        char text[256];

        snprintf(text, sizeof(text), "  %.*s", (int)size, line);
        rc = add(s, STYLE_PLAIN, text, err);
    }
    return rc;
}

static enum err_code help_refresh(void *state, const struct world *w,
                                  struct err *err)
{
    struct help_state *s = state;
    char title[64];
    enum err_code rc;

    s->count = 0;
    say_to(title, sizeof(title), w->language, MSG_HELP_KEYS_HERE,
           say(w->language, w->under->title));
    rc = add_keys(s, w, w->under->scope, title, err);
    if (rc == ERR_OK && (w->under->scope & (SCOPE_STAGES | SCOPE_LEARN)) != 0)
        rc = add_keys(s, w, SCOPE_QUESTION,
                      say(w->language, MSG_HELP_KEYS_QUESTION), err);
    if (rc == ERR_OK)
        rc = add_keys(s, w, SCOPE_GLOBAL,
                      say(w->language, MSG_HELP_KEYS_GLOBAL), err);
    if (rc == ERR_OK)
        rc = add_keys(s, w, SCOPE_PROMPT,
                      say(w->language, MSG_HELP_KEYS_PROMPT), err);
    if (rc == ERR_OK)
        rc = add_verdicts(s, w, err);
    if (s->at >= s->count)
        s->at = s->count > 0 ? s->count - 1 : 0;
    return rc;
}

static void help_draw(const void *state, const struct world *w, struct area a)
{
    const struct help_state *s = state;
    size_t top = widget_scroll(0, s->at, s->count, a.rows);

    for (int row = 0; row < a.rows && top + (size_t)row < s->count; row++) {
        const struct help_line *line = &s->lines[top + (size_t)row];
        bool is_found =
            w->search[0] != '\0' && strcasestr(line->text, w->search) != NULL;

        area_fit(a, row, 1, a.cols - 2, is_found ? STYLE_ACCENT : line->style,
                 line->text);
        if (top + (size_t)row != s->at)
            continue;
        area_char(a, row, 0, STYLE_PLAIN, '>');
        area_restyle(a, row, STYLE_SELECTED);
    }
}

static void help_brief(const void *state, const struct world *w, char *out,
                       size_t cap)
{
    const struct help_state *s = state;

    (void)w;
    snprintf(out, cap, "%s", s->count == 0 ? "" : s->lines[s->at].text);
}

static void help_teach(const void *state, const struct world *w, char *out,
                       size_t cap)
{
    (void)state;
    say_to(out, cap, w->language, MSG_HELP_WHY);
}

static bool help_handle(void *state, struct world *w, enum command cmd, int key)
{
    struct help_state *s = state;

    (void)key;
    return world_move(cmd, s->count, w->rows, &s->at);
}

static bool help_find(void *state, struct world *w, int step)
{
    struct help_state *s = state;

    for (size_t tried = 0; tried < s->count; tried++) {
        s->at = step > 0 ? (s->at + 1) % s->count
                         : (s->at + s->count - 1) % s->count;
        if (strcasestr(s->lines[s->at].text, w->search) != NULL)
            return true;
    }
    return false;
}

static void help_fini(void *state)
{
    struct help_state *s = state;

    free(s->lines);
}

const struct view view_help = {
    .name = "help",
    .title = MSG_HELP,
    .opened_by = CMD_HELP,
    .scope = SCOPE_HELP,
    .state_size = sizeof(struct help_state),
    .refresh = help_refresh,
    .draw = help_draw,
    .brief = help_brief,
    .teach = help_teach,
    .handle = help_handle,
    .find = help_find,
    .fini = help_fini,
};
