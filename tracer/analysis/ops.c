#include "analysis/ops.h"

#include <stdlib.h>

#include "analysis/model.h"
#include "base/vec.h"

#define NO_SLOT UINT32_MAX

void ops_init(struct ops *o, uint64_t warmup)
{
    *o = (struct ops){ .warmup = warmup, .first_free = NO_SLOT };
}

void ops_fini(struct ops *o)
{
    for (size_t i = 0; i < o->slot_count; i++)
        tally_fini(&o->slots[i].tally);
    free(o->slots);
    map_fini(&o->open);
    map_fini(&o->cut);
    spread_fini(&o->allocs);
    spread_fini(&o->bytes);
    tally_fini(&o->counted);
    ops_init(o, 0);
}

struct open_op *ops_current(const struct ops *o, uint32_t thread)
{
    uint64_t slot;

    return map_get(&o->open, thread, &slot) ? &o->slots[slot] : NULL;
}

/* Frees the slot of a thread whose op is over. */
static void leave(struct ops *o, uint32_t thread)
{
    uint64_t slot;

    if (!map_take(&o->open, thread, &slot))
        return;
    tally_clear(&o->slots[slot].tally);
    o->slots[slot].serial = 0;
    o->slots[slot].next_free = o->first_free;
    o->first_free = (uint32_t)slot;
}

enum err_code ops_thread_end(struct ops *o, uint32_t thread, struct err *err)
{
    const struct open_op *op = ops_current(o, thread);
    enum err_code rc;

    if (op == NULL)
        return ERR_OK;
    rc = map_put(&o->cut, op->serial, 0, err);
    if (rc == ERR_OK)
        leave(o, thread);
    return rc;
}

static enum err_code take_slot(struct ops *o, uint32_t *out, struct err *err)
{
    enum err_code rc;

    if (o->first_free != NO_SLOT) {
        *out = o->first_free;
        return ERR_OK;
    }
    rc = vec_grow(&o->slots, o->slot_count, &o->slot_cap, sizeof(*o->slots),
                  err);
    if (rc != ERR_OK)
        return rc;
    /* On the free list until it is used, so that a failure loses nothing. */
    *out = (uint32_t)o->slot_count++;
    o->slots[*out] = (struct open_op){ .next_free = NO_SLOT };
    o->first_free = *out;
    return ERR_OK;
}

enum err_code ops_begin(struct ops *o, uint32_t thread, uint64_t activation,
                        uint32_t stack, struct err *err)
{
    uint32_t slot;
    struct open_op *op;
    enum err_code rc = ops_thread_end(o, thread, err);

    if (rc == ERR_OK)
        rc = take_slot(o, &slot, err);
    if (rc == ERR_OK)
        rc = map_put(&o->open, thread, slot, err);
    if (rc != ERR_OK)
        return rc;
    op = &o->slots[slot];
    o->first_free = op->next_free;
    op->serial = ++o->begun;
    op->activation = activation;
    op->stack = stack;
    op->allocs = 0;
    op->bytes = 0;
    return ERR_OK;
}

enum err_code ops_end(struct ops *o, uint32_t thread, struct err *err)
{
    const struct open_op *op = ops_current(o, thread);
    enum err_code rc = ERR_OK;

    if (op == NULL)
        return ERR_OK;
    if (op->serial > o->warmup) {
        rc = spread_add(&o->allocs, op->allocs, err);
        if (rc == ERR_OK)
            rc = spread_add(&o->bytes, op->bytes, err);
        if (rc == ERR_OK)
            rc = tally_merge(&o->counted, &op->tally, err);
        o->allocs_counted += op->allocs;
        o->recent[o->recent_count++ % PROFILE_RECENT_MAX] =
            (struct recent_op){ op->serial, op->allocs };
    }
    leave(o, thread);
    return rc;
}

struct tally *ops_tally(struct ops *o, uint32_t thread, uint64_t serial)
{
    struct open_op *op = ops_current(o, thread);
    uint64_t unused;

    if (serial <= o->warmup)
        return NULL; /* or 0: made in no op */
    if (op != NULL && op->serial == serial)
        return &op->tally;
    return map_get(&o->cut, serial, &unused) ? NULL : &o->counted;
}

size_t ops_recent(const struct ops *o, struct recent_op out[PROFILE_RECENT_MAX])
{
    size_t count = o->recent_count < PROFILE_RECENT_MAX
                       ? (size_t)o->recent_count
                       : PROFILE_RECENT_MAX;

    for (size_t i = 0; i < count; i++)
        out[i] = o->recent[(o->recent_count - count + i) % PROFILE_RECENT_MAX];
    return count;
}

void ops_summary(const struct ops *o, struct op_summary *out)
{
    *out = (struct op_summary){
        .has_ops = true,
        .warmup = o->warmup < o->begun ? o->warmup : o->begun,
        .count = spread_count(&o->bytes),
        .cut = o->cut.count + o->open.count,
    };
    spread_get(&o->allocs, &out->allocs);
    spread_get(&o->bytes, &out->bytes);
    out->is_exact = out->count > 0 && out->allocs.min == out->allocs.max;
}
