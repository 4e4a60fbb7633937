#include "symbols/sleb.h"

bool sleb_take(struct cursor *c, int64_t *out)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 70; shift += 7) {
        uint64_t byte;

        if (!cursor_le(c, 1, &byte))
            return false;
        if (shift < 64)
            value |= (byte & 0x7f) << shift;
        if ((byte & 0x80) != 0)
            continue;
        if (shift + 7 < 64 && (byte & 0x40) != 0)
            value |= ~UINT64_C(0) << (shift + 7);
        *out = (int64_t)value;
        return true;
    }
    return false;
}
