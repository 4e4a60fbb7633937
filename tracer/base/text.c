#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

size_t text_decode(const char *p, size_t size, uint32_t *out)
{
    utf8proc_int32_t c;
    utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)p,
                                             (utf8proc_ssize_t)size, &c);

    if (used <= 0)
        return 0;
    *out = (uint32_t)c;
    return (size_t)used;
}

static bool is_ambiguous_control(uint32_t c)
{
    /* Bidirectional controls (Unicode TR 9) and line separators reorder or
     * break what follows them, although they are "format" characters. */
    return (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c == 0x061c;
}

int text_char_width(uint32_t c)
{
    utf8proc_category_t category;

    if (c > 0x10ffff || is_ambiguous_control(c))
        return -1;
    category = utf8proc_category((utf8proc_int32_t)c);
    if (category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF ||
        category == UTF8PROC_CATEGORY_CS || category == UTF8PROC_CATEGORY_CO ||
        category == UTF8PROC_CATEGORY_CN)
        return -1;
    return utf8proc_charwidth((utf8proc_int32_t)c);
}

size_t text_width(const char *s)
{
    size_t size = strlen(s);
    size_t width = 0;

    while (size > 0) {
        uint32_t c = 0;
        size_t used = text_decode(s, size, &c);
        int cols = used == 0 ? -1 : text_char_width(c);

        if (used == 0)
            used = 1;
        width += cols < 0 ? 1 : (size_t)cols;
        s += used;
        size -= used;
    }
    return width;
}

char *text_clean(const char *in, char *out, size_t cap, bool ascii)
{
    const char *bad = ascii ? "?" : "\xef\xbf\xbd"; /* U+FFFD */
    size_t size = strlen(in);
    size_t at = 0;

    while (size > 0) {
        uint32_t c = 0;
        size_t used = text_decode(in, size, &c);
        bool keep = used > 0 && text_char_width(c) >= 0 && !(ascii && c > 126);
        const char *from = keep ? in : bad;
        size_t length = keep ? used : strlen(bad);

        if (at + length >= cap)
            break;
        memcpy(out + at, from, length);
        at += length;
        used = used == 0 ? 1 : used;
        in += used;
        size -= used;
    }
    out[at] = '\0';
    return out;
}
