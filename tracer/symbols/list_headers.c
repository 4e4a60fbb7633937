#include "symbols/list_headers.h"

#include "base/buf.h"

static bool skip_table(struct cursor *c)
{
    uint64_t length, version, address_size, selector_size, count;
    size_t width = 4;
    size_t start;

    if (!cursor_le(c, 4, &length))
        return false;
    if (length == 0xffffffff) {
        width = 8;
        if (!cursor_le(c, 8, &length))
            return false;
    }
    start = c->offset;
    if (length > c->size - start || !cursor_le(c, 2, &version) ||
        version != 5 || !cursor_le(c, 1, &address_size) ||
        address_size != 8 || !cursor_le(c, 1, &selector_size) ||
        selector_size != 0 || !cursor_le(c, 4, &count) ||
        c->offset - start > length ||
        count > (length - (c->offset - start)) / width)
        return false;
    c->offset = start + (size_t)length;
    return true;
}

bool list_headers_are_sound(const uint8_t *section, size_t size)
{
    struct cursor c = { section, size, 0 };

    while (!cursor_at_end(&c))
        if (!skip_table(&c))
            return false;
    return true;
}
