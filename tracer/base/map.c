#include "base/map.h"

#include <stdlib.h>

enum slot_state { SLOT_FREE, SLOT_DELETED, SLOT_USED };

struct map_slot {
    uint64_t key;
    uint64_t value;
    enum slot_state state;
};

/* The finaliser of SplitMix64 (Steele, Lea, Flood 2014): addresses differ
 * mostly in their middle bits, and the index takes the low ones. */
static size_t hash(uint64_t key)
{
    key = (key ^ (key >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    key = (key ^ (key >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (size_t)(key ^ (key >> 31));
}

/* The key's slot, or NULL. At least one slot is always free, which ends the
 * probe. */
static struct map_slot *find(const struct map *m, uint64_t key)
{
    size_t i;

    if (m->cap == 0)
        return NULL;
    i = hash(key) & (m->cap - 1);
    while (m->slots[i].state != SLOT_FREE) {
        if (m->slots[i].state == SLOT_USED && m->slots[i].key == key)
            return &m->slots[i];
        i = (i + 1) & (m->cap - 1);
    }
    return NULL;
}

static void insert_new(struct map *m, uint64_t key, uint64_t value)
{
    size_t i = hash(key) & (m->cap - 1);

    while (m->slots[i].state == SLOT_USED)
        i = (i + 1) & (m->cap - 1);
    if (m->slots[i].state == SLOT_FREE)
        m->used++;
    m->slots[i] = (struct map_slot){ key, value, SLOT_USED };
    m->count++;
}

/* Rebuilds without the deleted slots, at most half full. */
static enum err_code rebuild(struct map *m, struct err *err)
{
    struct map bigger = { .cap = 16 };

    while (bigger.cap / 2 < m->count + 1)
        bigger.cap *= 2;
    bigger.slots = calloc(bigger.cap, sizeof(*bigger.slots));
    if (bigger.slots == NULL)
        return err_no_memory(err);
    for (size_t i = 0; i < m->cap; i++)
        if (m->slots[i].state == SLOT_USED)
            insert_new(&bigger, m->slots[i].key, m->slots[i].value);
    free(m->slots);
    *m = bigger;
    return ERR_OK;
}

void map_fini(struct map *m)
{
    free(m->slots);
    *m = (struct map){ 0 };
}

enum err_code map_put(struct map *m, uint64_t key, uint64_t value,
                      struct err *err)
{
    struct map_slot *slot = find(m, key);

    if (slot != NULL) {
        slot->value = value;
        return ERR_OK;
    }
    if (m->used + 1 > m->cap / 4 * 3) {
        enum err_code rc = rebuild(m, err);

        if (rc != ERR_OK)
            return rc;
    }
    insert_new(m, key, value);
    return ERR_OK;
}

bool map_get(const struct map *m, uint64_t key, uint64_t *out)
{
    const struct map_slot *slot = find(m, key);

    if (slot == NULL)
        return false;
    *out = slot->value;
    return true;
}

bool map_take(struct map *m, uint64_t key, uint64_t *out)
{
    struct map_slot *slot = find(m, key);

    if (slot == NULL)
        return false;
    if (out != NULL)
        *out = slot->value;
    slot->state = SLOT_DELETED;
    m->count--;
    return true;
}

bool map_next(const struct map *m, size_t *at, uint64_t *key, uint64_t *value)
{
    while (*at < m->cap) {
        const struct map_slot *slot = &m->slots[(*at)++];

        if (slot->state == SLOT_USED) {
            *key = slot->key;
            *value = slot->value;
            return true;
        }
    }
    return false;
}
