#include "symbols/list_headers.h"

#include "base/buf.h"

/* Offsets of lists, from where the array of them begins, which must lie before
 * `end`. */
static bool take_offsets(struct cursor *c, size_t width, uint64_t count,
                         size_t end)
{
    size_t base = c->offset;

    for (uint64_t i = 0; i < count; i++) {
        uint64_t offset;

        if (!cursor_le(c, width, &offset) || c->offset > end ||
            offset >= end - base)
            return false;
    }
    return true;
}

static bool skip_table(struct cursor *c)
{
    uint64_t length, version, address_size, selector_size, count;
    size_t width = 4;
    size_t end;

    if (!cursor_le(c, 4, &length))
        return false;
    if (length == 0xffffffff) {
        width = 8;
        if (!cursor_le(c, 8, &length))
            return false;
    }
    if (length > c->size - c->offset)
        return false;
    end = c->offset + (size_t)length;
    if (!cursor_le(c, 2, &version) || version != 5 ||
        !cursor_le(c, 1, &address_size) || address_size != 8 ||
        !cursor_le(c, 1, &selector_size) || selector_size != 0 ||
        !cursor_le(c, 4, &count) || c->offset > end ||
        !take_offsets(c, width, count, end))
        return false;
    c->offset = end;
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
