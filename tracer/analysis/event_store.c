#include "analysis/event_store.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/vec.h"

void event_store_fini(struct event_store *s)
{
    free(s->places);
    free(s->events);
    *s = (struct event_store){ 0 };
}

enum err_code event_store_add(struct event_store *s,
                              const struct reader_place *place, struct err *err)
{
    enum err_code rc = vec_grow(&s->places, s->place_count, &s->place_cap,
                                sizeof(*s->places), err);

    if (rc == ERR_OK)
        s->places[s->place_count++] = *place;
    return rc;
}

/* The last chunk that begins at the event or before; there is one. */
static const struct reader_place *find(const struct event_store *s,
                                       uint64_t seq)
{
    size_t low = 0;
    size_t high = s->place_count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (s->places[middle].seq <= seq)
            low = middle;
        else
            high = middle;
    }
    return &s->places[low];
}

static bool holds(const struct event_store *s, uint64_t seq)
{
    return s->count > 0 && seq >= s->events[0].seq &&
           seq - s->events[0].seq < s->count;
}

enum err_code event_store_get(struct event_store *s, struct reader *r,
                              uint64_t seq, const struct event **out,
                              struct err *err)
{
    enum err_code rc = ERR_OK;

    if (!holds(s, seq) && s->place_count > 0) {
        rc = reader_again(r, find(s, seq), &s->events, &s->cap, &s->count, err);
        if (rc != ERR_OK)
            s->count = 0; /* what is there may be half new */
    }
    if (rc == ERR_OK && !holds(s, seq))
        rc =
            err_set(err, ERR_BAD_FORMAT, "event %" PRIu64 " is not there", seq);
    if (rc == ERR_OK)
        *out = &s->events[seq - s->events[0].seq];
    return rc;
}

uint64_t event_store_memory(const struct event_store *s)
{
    return s->place_cap * sizeof(*s->places) + s->cap * sizeof(*s->events);
}
