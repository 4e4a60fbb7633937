#include "analysis/model.h"

#include <stdlib.h>

#include "base/vec.h"

#define NO_BLOCK UINT32_MAX

uint64_t model_add_sizes(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

void model_init(struct model *m)
{
    *m = (struct model){ .first_free = NO_BLOCK };
}

void model_fini(struct model *m)
{
    free(m->blocks);
    map_fini(&m->by_addr);
    model_init(m);
}

size_t model_live_blocks(const struct model *m)
{
    return m->by_addr.count;
}

uint64_t model_live_bytes(const struct model *m)
{
    return m->live_bytes.high > 0 ? UINT64_MAX : m->live_bytes.low;
}

enum err_code model_add(struct model *m, tracee_addr addr,
                        const struct block *block, struct err *err)
{
    enum err_code rc = ERR_OK;
    uint32_t at = m->first_free;

    if (at == NO_BLOCK) {
        if (m->count == NO_BLOCK)
            return err_no_memory(err);
        rc = vec_grow(&m->blocks, m->count, &m->cap, sizeof(*m->blocks), err);
        if (rc != ERR_OK)
            return rc;
        at = (uint32_t)m->count;
    }
    rc = map_put(&m->by_addr, addr, at, err);
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
    if (model_live_bytes(m) > m->peak_live_bytes)
        m->peak_live_bytes = model_live_bytes(m);
    return ERR_OK;
}

bool model_take(struct model *m, tracee_addr addr, struct block *out)
{
    uint64_t at;

    if (!map_take(&m->by_addr, addr, &at))
        return false;
    *out = m->blocks[at];
    m->blocks[at].next_free = m->first_free;
    m->first_free = (uint32_t)at;
    if (m->live_bytes.low < out->size_bytes)
        m->live_bytes.high--;
    m->live_bytes.low -= out->size_bytes;
    return true;
}
