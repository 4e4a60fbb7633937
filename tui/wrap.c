#include "tui/wrap.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/attrs.h"
#include "base/text.h"

/* clang-format off */
static const uint32_t closing[] = { /* never at the start of a line */
    0x3001, 0x3002, 0xff0c, 0xff0e, 0xff1a, 0xff1b, 0xff1f, 0xff01, /* 、。，．：；？！ */
    0xff09, 0x300d, 0x300f, 0x300b, 0x3009, 0x3011, 0x2019, 0x201d, /* ）」』》〉】’” */
    0x2026, 0x2014, 0x00b7, ',', '.', ':', ';', '?', '!', ')', ']', '%',
};
static const uint32_t opening[] = { /* never at the end of one */
    0xff08, 0x300c, 0x300e, 0x300a, 0x3008, 0x3010, 0x2018, 0x201c, /* （「『《〈【‘“ */
    '(', '[',
};
/* clang-format on */

static bool is_in(uint32_t c, const uint32_t *set, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (set[i] == c)
            return true;
    return false;
}

/* Whether a line may end after `before` and the next begin with `after`. */
static bool may_break(uint32_t before, uint32_t after)
{
    if (before == ' ')
        return after != ' ';
    if (after == ' ' || before == 0)
        return false;
    if (text_char_width(before) != 2 && text_char_width(after) != 2)
        return false;
    return !is_in(after, closing, ARRAY_LEN(closing)) &&
           !is_in(before, opening, ARRAY_LEN(opening));
}

/* The length of the line that `text` begins with, without its newline. */
static size_t line_size(const char *text, int width)
{
    size_t length = strlen(text);
    size_t at = 0;
    size_t good = 0; /* where the line may end; 0: nowhere yet */
    uint32_t before = 0;
    int cols = 0;

    while (at < length && text[at] != '\n') {
        uint32_t c = 0xfffd;
        size_t used = text_decode(text + at, length - at, &c);
        int char_cols = text_char_width(c);

        used = used == 0 ? 1 : used;
        char_cols = char_cols < 0 ? 1 : char_cols;
        if (may_break(before, c))
            good = at;
        /* Blanks may hang over the end: they are not drawn. */
        if (cols + char_cols > width && c != ' ' && at > 0)
            return good > 0 ? good : at;
        cols += char_cols;
        at += used;
        before = c;
    }
    return at;
}

bool wrap_next(const char **text, int width, const char **line, size_t *size)
{
    const char *start = *text;
    size_t used;

    if (*start == '\0')
        return false;
    used = line_size(start, width);
    *line = start;
    *size = used;
    while (*size > 0 && start[*size - 1] == ' ')
        (*size)--;
    *text = start + used;
    *text += strspn(*text, " ");
    if (**text == '\n' && (used == 0 || start[used] == '\n'))
        (*text)++;
    return true;
}

int wrap_count(const char *text, int width)
{
    const char *line;
    size_t size;
    int count = 0;

    while (wrap_next(&text, width, &line, &size))
        count++;
    return count;
}

int wrap_draw(struct area a, enum style style, const char *text, int first)
{
    const char *line;
    size_t size;
    int count = 0;

    while (wrap_next(&text, a.cols, &line, &size)) {
        if (count >= first && count - first < a.rows) {
            /* Four bytes a column and combining marks: long enough for any
             * line that is wider than no screen. */
            char copy[4096];
            size_t kept = size < sizeof(copy) ? size : sizeof(copy) - 1;

            memcpy(copy, line, kept);
            copy[kept] = '\0';
            area_text(a, count - first, 0, style, copy);
        }
        count++;
    }
    return count;
}
