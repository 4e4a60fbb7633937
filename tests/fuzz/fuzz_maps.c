/*
 * Feeds bytes to maps_parse as the text of /proc/PID/maps.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "symbols/maps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct maps m;
    struct err err = { 0 };

    if (maps_parse((const char *)data, size, &m, &err) == ERR_OK) {
        for (size_t i = 0; i < m.count; i++) {
            const struct map_entry *e = &m.entries[i];

            if (e->start >= e->end || maps_find(&m, e->start) != e ||
                maps_find(&m, e->end - 1) != e)
                abort(); /* promised in maps.h */
        }
    } else if (m.count != 0 || err.text[0] == '\0') {
        abort();
    }
    maps_fini(&m);
    return 0;
}
