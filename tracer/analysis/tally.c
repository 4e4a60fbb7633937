#include "analysis/tally.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "analysis/model.h"
#include "base/vec.h"

void tally_fini(struct tally *t)
{
    free(t->cells);
    free(t->slots);
    *t = (struct tally){ 0 };
}

static size_t slot_of(const struct tally *t, const struct tally_key *key)
{
    return (size_t)XXH3_64bits(key, sizeof(*key)) & (t->slot_count - 1);
}

/* The slot of a key's cell, or the free one where it belongs. At least half
 * of the slots are free, which ends the probe. */
static size_t find(const struct tally *t, const struct tally_key *key)
{
    size_t i = slot_of(t, key);

    while (t->slots[i] != 0 &&
           memcmp(&t->cells[t->slots[i] - 1].key, key, sizeof(*key)) != 0)
        i = (i + 1) & (t->slot_count - 1);
    return i;
}

void tally_clear(struct tally *t)
{
    /* Slot by slot: after one large op the small ones stay cheap. */
    for (size_t c = 0; c < t->count; c++) {
        size_t i = slot_of(t, &t->cells[c].key);

        while (t->slots[i] != c + 1)
            i = (i + 1) & (t->slot_count - 1);
        t->slots[i] = 0;
    }
    t->count = 0;
}

static enum err_code grow_slots(struct tally *t, struct err *err)
{
    size_t want = t->slot_count == 0 ? 32 : 2 * t->slot_count;
    uint32_t *slots = calloc(want, sizeof(*slots));

    if (slots == NULL)
        return err_no_memory(err);
    free(t->slots);
    t->slots = slots;
    t->slot_count = want;
    for (size_t c = 0; c < t->count; c++)
        t->slots[find(t, &t->cells[c].key)] = (uint32_t)(c + 1);
    return ERR_OK;
}

enum err_code tally_add(struct tally *t, const struct tally_key *key,
                        uint64_t count, uint64_t sum, struct err *err)
{
    enum err_code rc = ERR_OK;
    struct tally_cell *cell;
    size_t i;

    if (t->count >= t->slot_count / 2)
        rc = grow_slots(t, err);
    if (rc == ERR_OK)
        rc = vec_grow(&t->cells, t->count, &t->cap, sizeof(*t->cells), err);
    if (rc != ERR_OK)
        return rc;
    i = find(t, key);
    if (t->slots[i] == 0) {
        if (t->count == UINT32_MAX)
            return err_no_memory(err);
        t->cells[t->count] = (struct tally_cell){ .key = *key };
        t->slots[i] = (uint32_t)++t->count;
    }
    cell = &t->cells[t->slots[i] - 1];
    cell->count += count;
    cell->sum = model_add_sizes(cell->sum, sum);
    return ERR_OK;
}

enum err_code tally_merge(struct tally *t, const struct tally *from,
                          struct err *err)
{
    for (size_t c = 0; c < from->count; c++) {
        const struct tally_cell *cell = &from->cells[c];
        enum err_code rc =
            tally_add(t, &cell->key, cell->count, cell->sum, err);

        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

uint16_t tally_life_bucket(uint64_t life_events)
{
    unsigned shift = 0;

    while (life_events >> shift >= 32)
        shift++;
    return (uint16_t)(16 * shift + (unsigned)(life_events >> shift));
}
