/*
 * key.h - one key press as a number, and its name.
 *
 * A key that types a character is that character's Unicode number; control
 * characters are themselves (Ctrl-C is 3). The others lie beyond Unicode.
 */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include <stdbool.h>
#include <stddef.h>

#define KEY_OF_CTRL(letter) ((letter)&0x1f)

enum key {
    K_NONE = 0, /* nothing was pressed */
    K_TAB = 9,
    K_ENTER = 13,
    K_ESC = 27,
    K_SPACE = 32,
    K_BACKSPACE = 127,
    K_UP = 0x110000,
    K_DOWN,
    K_LEFT,
    K_RIGHT,
    K_PAGE_UP,
    K_PAGE_DOWN,
    K_HOME,
    K_END,
    K_F1,
    K_RESIZE, /* the screen has another size now */
    K_CLOSED, /* no key will ever come again: hang-up, signal, script's end */
};

enum { KEY_NAME_MAX = 16 }; /* bytes a name takes, with its NUL */

/* "Enter", "C-c", "j": as scripts and the help write it. Gives `out`. */
const char *key_label(int key, char out[KEY_NAME_MAX]);

/*
 * Takes the next key off a script (names separated by spaces) and moves
 * *script past it. False at the end; *key is K_NONE when what stands there
 * names no key, and *script then still points at it.
 */
bool key_script_next(const char **script, int *key);

/* Whether the key types a character that a prompt can take. */
bool key_is_text(int key);

#endif
