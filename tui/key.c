#include "tui/key.h"

#include <stdio.h>
#include <string.h>

#include "base/attrs.h"
#include "base/text.h"
#include "tui/grid.h"

/* clang-format off */
static const struct {
    int key;
    const char *name;
} names[] = {
    { K_TAB,          "Tab" },    { K_ENTER,     "Enter" },
    { K_ESC,          "Esc" },    { K_SPACE,     "Space" },
    { K_UP,           "Up" },     { K_DOWN,      "Down" },
    { K_LEFT,         "Left" },   { K_RIGHT,     "Right" },
    { K_PAGE_UP,      "PgUp" },   { K_PAGE_DOWN, "PgDn" },
    { K_HOME,         "Home" },   { K_END,       "End" },
    { K_F1,           "F1" },     { K_BACKSPACE, "Backspace" },
    { KEY_OF_CTRL('c'), "C-c" },  { KEY_OF_CTRL('l'), "C-l" },
    { KEY_OF_CTRL('u'), "C-u" },  { KEY_OF_CTRL('z'), "C-z" },
};
/* clang-format on */

const char *key_label(int key, char out[KEY_NAME_MAX])
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (names[i].key == key)
            return strcpy(out, names[i].name);
    if (key_is_text(key))
        out[grid_encode((uint32_t)key, out)] = '\0';
    else
        snprintf(out, KEY_NAME_MAX, "%#x", (unsigned)key);
    return out;
}

static int named(const char *name, size_t size)
{
    uint32_t c = 0;

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strlen(names[i].name) == size &&
            memcmp(names[i].name, name, size) == 0)
            return names[i].key;
    if (text_decode(name, size, &c) == size && key_is_text((int)c))
        return (int)c;
    return K_NONE;
}

bool key_script_next(const char **script, int *key)
{
    const char *start = *script + strspn(*script, " \n\t");
    size_t size = strcspn(start, " \n\t");

    *script = start;
    if (size == 0)
        return false;
    *key = named(start, size);
    if (*key != K_NONE)
        *script = start + size;
    return true;
}

bool key_is_text(int key)
{
    return key >= ' ' && key != K_BACKSPACE && key < K_UP &&
           text_char_width((uint32_t)key) >= 0;
}
