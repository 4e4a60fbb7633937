#include "analysis/moment.h"

#include <stdlib.h>
#include <xxhash.h>

#include "base/vec.h"

#define NO_BLOCK UINT32_MAX

void moment_init(struct moment *m, bool has_ops)
{
    *m = (struct moment){ .has_ops = has_ops, .first_free = NO_BLOCK };
    climbs_init(&m->climbs);
}

void moment_fini(struct moment *m)
{
    free(m->blocks);
    map_fini(&m->by_addr);
    map_fini(&m->op_of);
    climbs_fini(&m->climbs);
    moment_init(m, m->has_ops);
}

void moment_clear(struct moment *m)
{
    struct moment_block *blocks = m->blocks;
    size_t cap = m->cap;

    m->blocks = NULL;
    moment_fini(m);
    m->blocks = blocks;
    m->cap = cap;
}

size_t moment_live_blocks(const struct moment *m)
{
    return m->by_addr.count;
}

uint64_t moment_live_bytes(const struct moment *m)
{
    return m->live_bytes.high > 0 ? UINT64_MAX : m->live_bytes.low;
}

const struct moment_block *moment_find(const struct moment *m, tracee_addr addr)
{
    uint64_t at;

    return map_get(&m->by_addr, addr, &at) ? &m->blocks[at] : NULL;
}

struct moment_block *moment_next(const struct moment *m, size_t *at)
{
    uint64_t addr, index;

    if (!map_next(&m->by_addr, at, &addr, &index))
        return NULL;
    return &m->blocks[index];
}

struct climb moment_climb(const struct moment *m,
                          const struct moment_block *block)
{
    struct climb climb = { .owner = ACTIVATION_NONE };

    if (block->is_climbing)
        climbs_look(&m->climbs, &block->claim, &climb);
    climb.hops += block->base;
    return climb;
}

uint64_t moment_op(const struct moment *m, uint32_t thread)
{
    uint64_t op = 0;

    return map_get(&m->op_of, thread, &op) ? op : 0;
}

/* Takes the block out, if there is one. */
static void drop(struct moment *m, tracee_addr addr)
{
    struct moment_block *b;
    struct climb climb;
    uint64_t at;

    if (!map_take(&m->by_addr, addr, &at))
        return;
    b = &m->blocks[at];
    if (b->is_climbing)
        climbs_release(&m->climbs, &b->claim, &climb);
    if (m->live_bytes.low < b->size_bytes)
        m->live_bytes.high--;
    m->live_bytes.low -= b->size_bytes;
    b->next_free = m->first_free;
    m->first_free = (uint32_t)at;
}

/* Puts a block in; there is none at its address. */
static enum err_code put(struct moment *m, const struct moment_block *block,
                         struct err *err)
{
    uint32_t at = m->first_free;
    enum err_code rc = ERR_OK;

    if (at == NO_BLOCK) {
        if (m->count == NO_BLOCK)
            return err_no_memory(err);
        rc = vec_grow(&m->blocks, m->count, &m->cap, sizeof(*m->blocks), err);
        at = (uint32_t)m->count;
    }
    if (rc == ERR_OK)
        rc = map_put(&m->by_addr, block->addr, at, err);
    if (rc != ERR_OK)
        return rc;
    if (at == m->first_free)
        m->first_free = m->blocks[at].next_free;
    else
        m->count++;
    m->blocks[at] = *block;
    m->live_bytes.low += block->size_bytes;
    if (m->live_bytes.low < block->size_bytes)
        m->live_bytes.high++;
    return ERR_OK;
}

enum err_code moment_restore(struct moment *m, const struct moment_block *block,
                             const struct climb *climb, struct err *err)
{
    struct moment_block b = *block;

    b.base = climb->hops;
    b.is_climbing = b.is_watched && climb->owner != ACTIVATION_NONE;
    if (b.is_climbing) {
        enum err_code rc =
            climbs_claim(&m->climbs, climb->owner, &b.claim, err);

        if (rc != ERR_OK)
            return rc;
    }
    return put(m, &b, err);
}

static enum err_code on_alloc(struct moment *m, const struct event *ev,
                              struct err *err)
{
    const struct moment_block b = {
        .addr = ev->addr,
        .size_bytes = ev->size_bytes,
        .seq = ev->seq,
        .number = m->allocs,
        .op = moment_op(m, ev->thread),
        .stack = ev->stack,
        .text = ev->text,
        .thread = ev->thread,
        .is_watched = ev->activation != ACTIVATION_NONE,
    };
    const struct climb climb = { .owner = ev->activation };

    m->allocs++;
    drop(m, ev->addr); /* still there: its free was missed */
    return moment_restore(m, &b, &climb, err);
}

enum err_code moment_event(struct moment *m, const struct event *ev,
                           struct err *err)
{
    m->next_seq = ev->seq + 1;
    switch (ev->kind) {
    case EV_ALLOC:
        return on_alloc(m, ev, err);
    case EV_FREE:
        drop(m, ev->addr);
        return ERR_OK;
    case EV_RETURN:
        if (ev->activation == ACTIVATION_NONE)
            return ERR_OK;
        return climbs_return(&m->climbs, ev->activation, ev->parent, err);
    case EV_OP_BEGIN:
        if (!m->has_ops)
            return ERR_OK;
        return map_put(&m->op_of, ev->thread, ++m->ops, err);
    case EV_OP_END:
    case EV_THREAD_END:
        map_take(&m->op_of, ev->thread, NULL);
        return ERR_OK;
    default:
        return ERR_OK;
    }
}

uint64_t moment_hash(const struct moment *m)
{
    uint64_t sum = XXH3_64bits_withSeed(&m->next_seq, sizeof(m->next_seq), 1);
    uint64_t thread, op;
    const struct moment_block *b;

    for (size_t at = 0; (b = moment_next(m, &at)) != NULL;) {
        struct climb climb = moment_climb(m, b);
        const uint64_t facts[] = { b->addr,    b->size_bytes, b->seq,
                                   b->number,  b->op,         b->stack,
                                   b->text,    b->thread,     b->is_watched,
                                   climb.hops, climb.owner };

        sum += XXH3_64bits(facts, sizeof(facts));
    }
    for (size_t at = 0; map_next(&m->op_of, &at, &thread, &op);) {
        const uint64_t facts[] = { thread, op };

        sum += XXH3_64bits(facts, sizeof(facts));
    }
    sum += XXH3_64bits(&m->live_bytes, sizeof(m->live_bytes));
    sum += XXH3_64bits(&m->allocs, sizeof(m->allocs));
    return sum + XXH3_64bits(&m->ops, sizeof(m->ops));
}
