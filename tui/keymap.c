#include "tui/keymap.h"

#include <stdio.h>
#include <string.h>

#include "base/attrs.h"
#include "base/text.h"
#include "tui/key.h"

/* clang-format off */
const struct binding bindings[] = {
    { 'k',              SCOPE_GLOBAL,   CMD_UP },
    { K_UP,             SCOPE_GLOBAL,   CMD_UP },
    { 'j',              SCOPE_GLOBAL,   CMD_DOWN },
    { K_DOWN,           SCOPE_GLOBAL,   CMD_DOWN },
    { K_PAGE_UP,        SCOPE_GLOBAL,   CMD_PAGE_UP },
    { K_PAGE_DOWN,      SCOPE_GLOBAL,   CMD_PAGE_DOWN },
    { K_HOME,           SCOPE_GLOBAL,   CMD_HOME },
    { K_END,            SCOPE_GLOBAL,   CMD_END },
    { 'G',              SCOPE_GLOBAL,   CMD_END },
    { K_ENTER,          SCOPE_GLOBAL,   CMD_OPEN },
    { 'l',              SCOPE_GLOBAL,   CMD_OPEN },
    { K_RIGHT,          SCOPE_GLOBAL,   CMD_OPEN },
    { K_ESC,            SCOPE_GLOBAL,   CMD_BACK },
    { 'h',              SCOPE_GLOBAL,   CMD_BACK },
    { K_LEFT,           SCOPE_GLOBAL,   CMD_BACK },
    { '[',              SCOPE_GLOBAL,   CMD_PREV_STAGE },
    { ']',              SCOPE_GLOBAL,   CMD_NEXT_STAGE },
    { '1',              SCOPE_GLOBAL,   CMD_GO_STAGES },
    { '2',              SCOPE_GLOBAL,   CMD_GO_SITES },
    { '3',              SCOPE_GLOBAL,   CMD_GO_RIBBONS },
    { '4',              SCOPE_GLOBAL,   CMD_GO_SOURCE },
    { '5',              SCOPE_GLOBAL,   CMD_GO_FLAME },
    { '8',              SCOPE_GLOBAL,   CMD_GO_COMPARE },
    { 'T',              SCOPE_GLOBAL,   CMD_TOUR },
    { '9',              SCOPE_GLOBAL,   CMD_GO_LIVE },
    { '0',              SCOPE_GLOBAL,   CMD_GO_LEARN },
    { '6',              SCOPE_GLOBAL,   CMD_GO_REPLAY },
    { '7',              SCOPE_GLOBAL,   CMD_GO_HEAP },
    { 'P',              SCOPE_GLOBAL,   CMD_GO_PRESENT },
    { '?',              SCOPE_GLOBAL,   CMD_HELP },
    { K_F1,             SCOPE_GLOBAL,   CMD_HELP },
    { '-',              SCOPE_GLOBAL,   CMD_LAST_VIEW },
    { '/',              SCOPE_GLOBAL,   CMD_SEARCH },
    { 'n',              SCOPE_GLOBAL,   CMD_FIND_NEXT },
    { 'N',              SCOPE_GLOBAL,   CMD_FIND_PREV },
    { 'f',              SCOPE_GLOBAL,   CMD_FILTER },
    { K_BACKSPACE,      SCOPE_GLOBAL,   CMD_DROP_FILTER },
    { 'F',              SCOPE_GLOBAL,   CMD_CLEAR_FILTERS },
    { 'z',              SCOPE_GLOBAL,   CMD_UNDO },
    { 'Z',              SCOPE_GLOBAL,   CMD_REDO },
    { 'y',              SCOPE_GLOBAL,   CMD_COPY },
    { 'Y',              SCOPE_GLOBAL,   CMD_COPY_COMMAND },
    { 'L',              SCOPE_GLOBAL,   CMD_LANGUAGE },
    { KEY_OF_CTRL('l'), SCOPE_GLOBAL,   CMD_REDRAW },
    { KEY_OF_CTRL('z'), SCOPE_GLOBAL,   CMD_SUSPEND },
    { KEY_OF_CTRL('c'), SCOPE_GLOBAL,   CMD_CANCEL },
    { 'q',              SCOPE_GLOBAL,   CMD_QUIT },

    { K_TAB,            SCOPE_STAGES,   CMD_MORE },
    { K_SPACE,          SCOPE_STAGES,   CMD_MORE },
    { 'p',              SCOPE_STAGES,   CMD_PREDICT },

    { '<',              SCOPE_SITES,    CMD_SORT_LEFT },
    { '>',              SCOPE_SITES,    CMD_SORT_RIGHT },
    { 'r',              SCOPE_SITES,    CMD_REVERSE },
    { 'i',              SCOPE_SITES,    CMD_INFO },
    { K_TAB,            SCOPE_SITES,    CMD_MORE },
    { K_SPACE,          SCOPE_SITES,    CMD_MORE },

    { ',',              SCOPE_RIBBONS,  CMD_PREV_EVENT },
    { '.',              SCOPE_RIBBONS,  CMD_NEXT_EVENT },
    { '{',              SCOPE_RIBBONS,  CMD_PREV_OP },
    { '}',              SCOPE_RIBBONS,  CMD_NEXT_OP },
    { 'n',              SCOPE_RIBBONS,  CMD_NEXT_OUTLIVING },
    { 'N',              SCOPE_RIBBONS,  CMD_PREV_OUTLIVING },
    { '+',              SCOPE_RIBBONS,  CMD_ZOOM_IN },
    { '=',              SCOPE_RIBBONS,  CMD_ZOOM_IN },
    { '-',              SCOPE_RIBBONS,  CMD_ZOOM_OUT },
    { 'w',              SCOPE_RIBBONS,  CMD_ZOOM_ALL },

    { 'g',              SCOPE_RIBBONS,  CMD_GOTO },

    { ',',              SCOPE_REPLAY,   CMD_PREV_EVENT },
    { '.',              SCOPE_REPLAY,   CMD_NEXT_EVENT },
    { '{',              SCOPE_REPLAY,   CMD_PREV_OP },
    { '}',              SCOPE_REPLAY,   CMD_NEXT_OP },
    { K_SPACE,          SCOPE_REPLAY,   CMD_PLAY },
    { '+',              SCOPE_REPLAY,   CMD_FASTER },
    { '=',              SCOPE_REPLAY,   CMD_FASTER },
    { '-',              SCOPE_REPLAY,   CMD_SLOWER },
    { '<',              SCOPE_REPLAY,   CMD_PREV_MARK },
    { '>',              SCOPE_REPLAY,   CMD_NEXT_MARK },
    { 'g',              SCOPE_REPLAY,   CMD_GOTO },
    { K_TAB,            SCOPE_REPLAY,   CMD_MORE },

    { K_LEFT,           SCOPE_HEAP,     CMD_CELL_LEFT },
    { 'h',              SCOPE_HEAP,     CMD_CELL_LEFT },
    { K_RIGHT,          SCOPE_HEAP,     CMD_CELL_RIGHT },
    { 'l',              SCOPE_HEAP,     CMD_CELL_RIGHT },
    { ',',              SCOPE_HEAP,     CMD_PREV_EVENT },
    { '.',              SCOPE_HEAP,     CMD_NEXT_EVENT },
    { '{',              SCOPE_HEAP,     CMD_PREV_OP },
    { '}',              SCOPE_HEAP,     CMD_NEXT_OP },
    { '+',              SCOPE_HEAP,     CMD_FINER },
    { '=',              SCOPE_HEAP,     CMD_FINER },
    { '-',              SCOPE_HEAP,     CMD_COARSER },
    { K_SPACE,          SCOPE_HEAP,     CMD_PLAY },
    { 'g',              SCOPE_HEAP,     CMD_GOTO },

    { 'n',              SCOPE_SOURCE,   CMD_NEXT_SPOT },
    { 'N',              SCOPE_SOURCE,   CMD_PREV_SPOT },
    { 'H',              SCOPE_SOURCE,   CMD_HOTTEST },
    { 'd',              SCOPE_SOURCE,   CMD_DIFF },
    { 't',              SCOPE_SOURCE,   CMD_LAYOUT },
    { K_TAB,            SCOPE_SOURCE,   CMD_MORE },
    { K_SPACE,          SCOPE_SOURCE,   CMD_MORE },

    { 'h',              SCOPE_FLAME,    CMD_LEFT },
    { K_LEFT,           SCOPE_FLAME,    CMD_LEFT },
    { 'l',              SCOPE_FLAME,    CMD_RIGHT },
    { K_RIGHT,          SCOPE_FLAME,    CMD_RIGHT },
    { K_ENTER,          SCOPE_FLAME,    CMD_ZOOM_IN },
    { K_BACKSPACE,      SCOPE_FLAME,    CMD_ZOOM_OUT },
    { 'w',              SCOPE_FLAME,    CMD_ZOOM_ALL },
    { 't',              SCOPE_FLAME,    CMD_LAYOUT },
    { 'u',              SCOPE_FLAME,    CMD_UNIT },
    { 'i',              SCOPE_FLAME,    CMD_INVERT },

    { 'x',              SCOPE_COMPARE,  CMD_SWAP },
    { 'a',              SCOPE_COMPARE,  CMD_CHOOSE_A },
    { 'b',              SCOPE_COMPARE,  CMD_CHOOSE_B },
    { 'u',              SCOPE_COMPARE,  CMD_UNCHANGED },

    { '1',              SCOPE_QUESTION, CMD_ANSWER },
    { '2',              SCOPE_QUESTION, CMD_ANSWER },
    { '3',              SCOPE_QUESTION, CMD_ANSWER },
    { '4',              SCOPE_QUESTION, CMD_ANSWER },
    { '5',              SCOPE_QUESTION, CMD_ANSWER },
    { '6',              SCOPE_QUESTION, CMD_ANSWER },

    { K_SPACE,          SCOPE_LIVE,     CMD_FREEZE },
    { 'o',              SCOPE_LIVE,     CMD_ODD_OP },

    { 'e',              SCOPE_LEARN,    CMD_EDIT },
    { 'r',              SCOPE_LEARN,    CMD_RUN },
    { 'h',              SCOPE_LEARN,    CMD_HINT },
    { 'd',              SCOPE_LEARN,    CMD_SOLUTION },
    { 'x',              SCOPE_LEARN,    CMD_RESET },
    { 'n',              SCOPE_LEARN,    CMD_NEXT_EXERCISE },
    { 'N',              SCOPE_LEARN,    CMD_PREV_EXERCISE },
    { 'p',              SCOPE_LEARN,    CMD_PREDICT },
    { K_TAB,            SCOPE_LEARN,    CMD_MORE },
    { K_SPACE,          SCOPE_LEARN,    CMD_MORE },

    { K_PAGE_DOWN,      SCOPE_PRESENT,  CMD_REVEAL },
    { K_SPACE,          SCOPE_PRESENT,  CMD_REVEAL },
    { K_ENTER,          SCOPE_PRESENT,  CMD_REVEAL },
    { K_RIGHT,          SCOPE_PRESENT,  CMD_REVEAL },
    { 'l',              SCOPE_PRESENT,  CMD_REVEAL },
    { K_DOWN,           SCOPE_PRESENT,  CMD_REVEAL },
    { 'j',              SCOPE_PRESENT,  CMD_REVEAL },
    { K_PAGE_UP,        SCOPE_PRESENT,  CMD_UNREVEAL },
    { K_LEFT,           SCOPE_PRESENT,  CMD_UNREVEAL },
    { 'h',              SCOPE_PRESENT,  CMD_UNREVEAL },
    { K_UP,             SCOPE_PRESENT,  CMD_UNREVEAL },
    { 'k',              SCOPE_PRESENT,  CMD_UNREVEAL },
    { K_HOME,           SCOPE_PRESENT,  CMD_HOME },
    { K_END,            SCOPE_PRESENT,  CMD_END },
    { 'b',              SCOPE_PRESENT,  CMD_BLANK },
    { '.',              SCOPE_PRESENT,  CMD_BLANK },
    { K_ESC,            SCOPE_PRESENT,  CMD_BACK },

    { K_ENTER,          SCOPE_PROMPT,   CMD_ACCEPT },
    { K_ESC,            SCOPE_PROMPT,   CMD_CANCEL },
    { KEY_OF_CTRL('c'), SCOPE_PROMPT,   CMD_CANCEL },
    { K_BACKSPACE,      SCOPE_PROMPT,   CMD_ERASE },
    { KEY_OF_CTRL('u'), SCOPE_PROMPT,   CMD_ERASE_ALL },
};

const struct command_words command_words[] = {
    { CMD_ANSWER,        MSG_DO_ANSWER,        MSG_FOOT_ANSWER },
    { CMD_ACCEPT,        MSG_DO_ACCEPT,        MSG_FOOT_ACCEPT },
    { CMD_ERASE,         MSG_DO_ERASE,         MSG_NONE },
    { CMD_ERASE_ALL,     MSG_DO_ERASE_ALL,     MSG_NONE },
    { CMD_FREEZE,        MSG_DO_FREEZE,        MSG_FOOT_FREEZE },
    { CMD_ODD_OP,        MSG_DO_ODD_OP,        MSG_FOOT_ODD_OP },
    { CMD_EDIT,          MSG_DO_EDIT,          MSG_FOOT_EDIT },
    { CMD_RUN,           MSG_DO_RUN,           MSG_FOOT_RUN },
    { CMD_HINT,          MSG_DO_HINT,          MSG_FOOT_HINT },
    { CMD_SOLUTION,      MSG_DO_SOLUTION,      MSG_FOOT_SOLUTION },
    { CMD_NEXT_EXERCISE, MSG_DO_NEXT_EXERCISE, MSG_FOOT_NEXT_EXERCISE },
    { CMD_PREV_EXERCISE, MSG_DO_PREV_EXERCISE, MSG_NONE },
    { CMD_RESET,         MSG_DO_RESET,         MSG_FOOT_RESET },
    { CMD_REVEAL,        MSG_DO_REVEAL,        MSG_FOOT_REVEAL },
    { CMD_UNREVEAL,      MSG_DO_UNREVEAL,      MSG_FOOT_UNREVEAL },
    { CMD_BLANK,         MSG_DO_BLANK,         MSG_FOOT_BLANK },
    { CMD_PREV_STAGE,    MSG_DO_PREV_STAGE,    MSG_FOOT_STAGE },
    { CMD_NEXT_STAGE,    MSG_DO_NEXT_STAGE,    MSG_FOOT_STAGE },
    { CMD_OPEN,          MSG_DO_OPEN,          MSG_FOOT_OPEN },
    { CMD_BACK,          MSG_DO_BACK,          MSG_FOOT_BACK },
    { CMD_MORE,          MSG_DO_MORE,          MSG_FOOT_MORE },
    { CMD_PREDICT,       MSG_DO_PREDICT,       MSG_FOOT_PREDICT },
    { CMD_NEXT_OUTLIVING, MSG_DO_NEXT_OUTLIVING, MSG_FOOT_OUTLIVING },
    { CMD_PREV_OUTLIVING, MSG_DO_PREV_OUTLIVING, MSG_FOOT_OUTLIVING },
    { CMD_PLAY,          MSG_DO_PLAY,          MSG_FOOT_PLAY },
    { CMD_PREV_EVENT,    MSG_DO_PREV_EVENT,    MSG_FOOT_EVENT },
    { CMD_NEXT_EVENT,    MSG_DO_NEXT_EVENT,    MSG_FOOT_EVENT },
    { CMD_PREV_OP,       MSG_DO_PREV_OP,       MSG_FOOT_OP },
    { CMD_NEXT_OP,       MSG_DO_NEXT_OP,       MSG_FOOT_OP },
    { CMD_PREV_MARK,     MSG_DO_PREV_MARK,     MSG_FOOT_MARK },
    { CMD_NEXT_MARK,     MSG_DO_NEXT_MARK,     MSG_FOOT_MARK },
    { CMD_GOTO,          MSG_DO_GOTO,          MSG_FOOT_GOTO },
    { CMD_FASTER,        MSG_DO_FASTER,        MSG_FOOT_SPEED },
    { CMD_SLOWER,        MSG_DO_SLOWER,        MSG_FOOT_SPEED },
    { CMD_CELL_LEFT,     MSG_DO_CELL_LEFT,     MSG_FOOT_CELL },
    { CMD_CELL_RIGHT,    MSG_DO_CELL_RIGHT,    MSG_FOOT_CELL },
    { CMD_FINER,         MSG_DO_FINER,         MSG_FOOT_SCALE },
    { CMD_COARSER,       MSG_DO_COARSER,       MSG_FOOT_SCALE },
    { CMD_ZOOM_IN,       MSG_DO_ZOOM_IN,       MSG_FOOT_ZOOM },
    { CMD_ZOOM_OUT,      MSG_DO_ZOOM_OUT,      MSG_FOOT_ZOOM },
    { CMD_ZOOM_ALL,      MSG_DO_ZOOM_ALL,      MSG_FOOT_ZOOM_ALL },
    { CMD_NEXT_SPOT,     MSG_DO_NEXT_SPOT,     MSG_FOOT_SPOT },
    { CMD_PREV_SPOT,     MSG_DO_PREV_SPOT,     MSG_FOOT_SPOT },
    { CMD_DIFF,          MSG_DO_DIFF,          MSG_FOOT_DIFF },
    { CMD_LAYOUT,        MSG_DO_LAYOUT,        MSG_FOOT_LAYOUT },
    { CMD_HOTTEST,       MSG_DO_HOTTEST,       MSG_FOOT_HOTTEST },
    { CMD_UNIT,          MSG_DO_UNIT,          MSG_FOOT_UNIT },
    { CMD_INVERT,        MSG_DO_INVERT,        MSG_FOOT_INVERT },
    { CMD_LEFT,          MSG_DO_LEFT,          MSG_NONE },
    { CMD_RIGHT,         MSG_DO_RIGHT,         MSG_NONE },
    { CMD_SWAP,          MSG_DO_SWAP,          MSG_FOOT_SWAP },
    { CMD_CHOOSE_A,      MSG_DO_CHOOSE_A,      MSG_FOOT_CHOOSE },
    { CMD_CHOOSE_B,      MSG_DO_CHOOSE_B,      MSG_FOOT_CHOOSE },
    { CMD_UNCHANGED,     MSG_DO_UNCHANGED,     MSG_FOOT_UNCHANGED },
    { CMD_INFO,          MSG_DO_INFO,          MSG_FOOT_INFO },
    { CMD_SEARCH,        MSG_DO_SEARCH,        MSG_FOOT_SEARCH },
    { CMD_FILTER,        MSG_DO_FILTER,        MSG_FOOT_FILTER },
    { CMD_SORT_LEFT,     MSG_DO_SORT_LEFT,     MSG_FOOT_SORT },
    { CMD_SORT_RIGHT,    MSG_DO_SORT_RIGHT,    MSG_FOOT_SORT },
    { CMD_REVERSE,       MSG_DO_REVERSE,       MSG_FOOT_REVERSE },
    { CMD_LANGUAGE,      MSG_DO_LANGUAGE,      MSG_FOOT_LANGUAGE },
    { CMD_UNDO,          MSG_DO_UNDO,          MSG_FOOT_UNDO },
    { CMD_COPY,          MSG_DO_COPY,          MSG_FOOT_COPY },
    { CMD_COPY_COMMAND,  MSG_DO_COPY_COMMAND,  MSG_NONE },
    { CMD_DROP_FILTER,   MSG_DO_DROP_FILTER,   MSG_NONE },
    { CMD_CLEAR_FILTERS, MSG_DO_CLEAR_FILTERS, MSG_NONE },
    { CMD_FIND_NEXT,     MSG_DO_FIND_NEXT,     MSG_NONE },
    { CMD_FIND_PREV,     MSG_DO_FIND_PREV,     MSG_NONE },
    { CMD_UP,            MSG_DO_UP,            MSG_NONE },
    { CMD_DOWN,          MSG_DO_DOWN,          MSG_NONE },
    { CMD_PAGE_UP,       MSG_DO_PAGE_UP,       MSG_NONE },
    { CMD_PAGE_DOWN,     MSG_DO_PAGE_DOWN,     MSG_NONE },
    { CMD_HOME,          MSG_DO_HOME,          MSG_NONE },
    { CMD_END,           MSG_DO_END,           MSG_NONE },
    { CMD_GO_STAGES,     MSG_DO_GO_STAGES,     MSG_NONE },
    { CMD_GO_SITES,      MSG_DO_GO_SITES,      MSG_NONE },
    { CMD_GO_RIBBONS,    MSG_DO_GO_RIBBONS,    MSG_NONE },
    { CMD_GO_REPLAY,     MSG_DO_GO_REPLAY,     MSG_NONE },
    { CMD_GO_HEAP,       MSG_DO_GO_HEAP,       MSG_NONE },
    { CMD_GO_SOURCE,     MSG_DO_GO_SOURCE,     MSG_NONE },
    { CMD_GO_FLAME,      MSG_DO_GO_FLAME,      MSG_NONE },
    { CMD_GO_COMPARE,    MSG_DO_GO_COMPARE,    MSG_NONE },
    { CMD_TOUR,          MSG_DO_TOUR,          MSG_NONE },
    { CMD_GO_LIVE,       MSG_DO_GO_LIVE,       MSG_NONE },
    { CMD_GO_LEARN,      MSG_DO_GO_LEARN,      MSG_NONE },
    { CMD_GO_PRESENT,    MSG_DO_GO_PRESENT,    MSG_NONE },
    { CMD_LAST_VIEW,     MSG_DO_LAST_VIEW,     MSG_NONE },
    { CMD_REDO,          MSG_DO_REDO,          MSG_NONE },
    { CMD_REDRAW,        MSG_DO_REDRAW,        MSG_NONE },
    { CMD_SUSPEND,       MSG_DO_SUSPEND,       MSG_NONE },
    { CMD_CANCEL,        MSG_DO_CANCEL,        MSG_FOOT_CANCEL },
    { CMD_HELP,          MSG_DO_HELP,          MSG_FOOT_HELP },
    { CMD_QUIT,          MSG_DO_QUIT,          MSG_FOOT_QUIT },
};
/* clang-format on */

const size_t binding_count = ARRAY_LEN(bindings);
const size_t command_words_count = ARRAY_LEN(command_words);

enum command keymap_find(unsigned scopes, int key)
{
    const struct binding *found = NULL;

    for (size_t i = 0; i < binding_count; i++) {
        const struct binding *b = &bindings[i];

        if (b->key == key && (scopes & b->scope) != 0 &&
            (found == NULL || b->scope > found->scope))
            found = b;
    }
    return found == NULL ? CMD_NONE : found->cmd;
}

const char *keymap_keys(unsigned scopes, enum command cmd, size_t max,
                        char *out, size_t cap)
{
    size_t at = 0;
    size_t shown = 0;

    out[0] = '\0';
    for (size_t i = 0; i < binding_count && shown < max; i++) {
        const struct binding *b = &bindings[i];
        char name[KEY_NAME_MAX];
        size_t size;

        /* A key that another scope in force has taken does not count. */
        if (b->cmd != cmd || (scopes & b->scope) == 0 ||
            keymap_find(scopes, b->key) != cmd)
            continue;
        size = strlen(key_label(b->key, name));
        if (at + size + 2 > cap)
            break;
        at += (size_t)snprintf(out + at, cap - at, "%s%s", shown > 0 ? " " : "",
                               name);
        shown++;
    }
    return out;
}

/* One hint, "[ ] stage": the keys of all commands that share the word of
 * entry `i`. *next is the entry after them. False when no key is bound. */
static bool hint(unsigned scopes, enum language language, size_t i,
                 size_t *next, char *out, size_t cap)
{
    enum message foot = command_words[i].foot;
    size_t at = 0;

    out[0] = '\0';
    for (*next = i;
         *next < command_words_count && command_words[*next].foot == foot;
         (*next)++) {
        char keys[64];

        keymap_keys(scopes, command_words[*next].cmd,
                    command_words[*next].cmd == CMD_ANSWER ? 6 : 1, keys,
                    sizeof(keys));
        if (keys[0] != '\0' && at + strlen(keys) + 2 < cap)
            at += (size_t)snprintf(out + at, cap - at, "%s%s",
                                   at > 0 ? " " : "", keys);
        if (foot == MSG_NONE)
            break;
    }
    if (*next == i)
        *next = i + 1;
    if (at == 0 || foot == MSG_NONE)
        return false;
    snprintf(out + at, cap - at, " %s", say(language, foot));
    return true;
}

static bool is_idle(uint64_t idle, enum command cmd)
{
    return cmd < 64 && (idle >> cmd & 1) != 0;
}

static bool is_kept(enum command cmd)
{
    return cmd == CMD_HELP || cmd == CMD_QUIT;
}

const char *keymap_footer(unsigned scopes, uint64_t idle,
                          enum language language, int cols, char *out,
                          size_t cap)
{
    char text[128];
    size_t next;
    int left = cols;

    out[0] = '\0';
    /* The room for what is always there is set aside first. */
    for (size_t i = 0; i < command_words_count; i = next)
        if (hint(scopes, language, i, &next, text, sizeof(text)) &&
            is_kept(command_words[i].cmd))
            left -= (int)text_width(text) + 2;
    for (size_t i = 0; i < command_words_count; i = next) {
        int width;

        if (!hint(scopes, language, i, &next, text, sizeof(text)) ||
            is_idle(idle, command_words[i].cmd))
            continue;
        width = (int)text_width(text) + 2;
        if (!is_kept(command_words[i].cmd) && width > left)
            continue;
        left -= is_kept(command_words[i].cmd) ? 0 : width;
        say_plain(out, cap, out[0] == '\0' ? "" : "  ");
        say_plain(out, cap, text);
    }
    return out;
}
