#include "analysis/checkpoints.h"

#include <stdlib.h>

#include "base/vec.h"

/* A block as it was from one checkpoint to another. */
struct carried {
    tracee_addr addr;
    uint64_t size_bytes, seq, number, op;
    uint64_t hops, owner;
    uint32_t stack, text, thread;
    uint32_t first, last; /* checkpoints, both included */
    bool is_watched;
};

void checkpoints_init(struct checkpoints *c, uint64_t budget_bytes,
                      uint64_t spacing_events)
{
    *c = (struct checkpoints){ .budget_bytes = budget_bytes,
                               .spacing_events = spacing_events };
}

void checkpoints_fini(struct checkpoints *c)
{
    free(c->points);
    free(c->carried);
    checkpoints_init(c, c->budget_bytes, c->spacing_events);
}

uint64_t checkpoints_memory(const struct checkpoints *c)
{
    return c->cap * sizeof(*c->points) + c->carried_cap * sizeof(*c->carried);
}

bool checkpoints_is_due(const struct checkpoints *c, const struct moment *m)
{
    /* One is as dear as it has blocks; so many events pay for it. */
    uint64_t spacing = moment_live_blocks(m);
    uint64_t last = c->count == 0 ? 0 : c->points[c->count - 1].seq;

    if (spacing < c->spacing_events)
        spacing = c->spacing_events;
    return !c->is_full && m->next_seq - last >= spacing;
}

/* The new number of a checkpoint once every other one is gone; rounded up. */
static uint32_t halve_up(uint32_t number)
{
    return number / 2 + number % 2;
}

/* Keeps the even checkpoints. to[i] becomes 1 + the new index of what
 * was carried at i, or 0. */
static void thin(struct checkpoints *c, uint32_t *to)
{
    size_t kept = 0;

    for (size_t i = 0; i < c->count; i += 2)
        c->points[i / 2] = c->points[i];
    c->count = (c->count + 1) / 2;
    for (size_t i = 0; i < c->carried_count; i++) {
        struct carried b = c->carried[i];

        b.first = halve_up(b.first);
        b.last /= 2;
        to[i] = 0;
        if (b.first > b.last)
            continue;
        c->carried[kept++] = b;
        to[i] = (uint32_t)kept;
    }
    c->carried_count = kept;
    c->spacing_events *= 2;
}

static enum err_code drop_every_other(struct checkpoints *c, struct moment *m,
                                      struct err *err)
{
    uint32_t *to = malloc((c->carried_count + 1) * sizeof(*to));
    struct moment_block *b;

    if (to == NULL)
        return err_no_memory(err);
    thin(c, to);
    for (size_t at = 0; (b = moment_next(m, &at)) != NULL;)
        if (b->mark != 0)
            b->mark = to[b->mark - 1];
    free(to);
    return ERR_OK;
}

/* Notes a block at checkpoint `point`. b->mark is 1 + the index of what was
 * noted of it last. */
static enum err_code carry(struct checkpoints *c, const struct moment *m,
                           struct moment_block *b, uint32_t point,
                           struct err *err)
{
    struct climb climb = moment_climb(m, b);
    struct carried *old = b->mark == 0 ? NULL : &c->carried[b->mark - 1];
    enum err_code rc;

    if (old != NULL && old->hops == climb.hops && old->owner == climb.owner) {
        old->last = point;
        return ERR_OK;
    }
    rc = vec_grow(&c->carried, c->carried_count, &c->carried_cap,
                  sizeof(*c->carried), err);
    if (rc != ERR_OK)
        return rc;
    c->carried[c->carried_count++] = (struct carried){
        .addr = b->addr,
        .size_bytes = b->size_bytes,
        .seq = b->seq,
        .number = b->number,
        .op = b->op,
        .hops = climb.hops,
        .owner = climb.owner,
        .stack = b->stack,
        .text = b->text,
        .thread = b->thread,
        .first = point,
        .last = point,
        .is_watched = b->is_watched,
    };
    b->mark = (uint32_t)c->carried_count;
    return ERR_OK;
}

static uint64_t oldest_op(const struct moment *m)
{
    uint64_t oldest = m->ops + 1;
    uint64_t thread, op;

    for (size_t at = 0; map_next(&m->op_of, &at, &thread, &op);)
        if (op < oldest)
            oldest = op;
    return oldest;
}

/* Room for what this checkpoint may add at most; the array doubles. */
static bool has_room(const struct checkpoints *c, const struct moment *m)
{
    uint64_t most = c->carried_count + moment_live_blocks(m);
    uint64_t cap = 8;

    while (cap < most)
        cap *= 2;
    return cap < UINT32_MAX && c->count < UINT32_MAX &&
           cap * sizeof(*c->carried) <= c->budget_bytes;
}

/* Drops checkpoints until there is room for one more. */
static enum err_code make_room(struct checkpoints *c, struct moment *m,
                               struct err *err)
{
    enum err_code rc = ERR_OK;

    while (rc == ERR_OK && c->count > 1 && !has_room(c, m))
        rc = drop_every_other(c, m, err);
    if (rc == ERR_OK)
        c->is_full = !has_room(c, m);
    return rc;
}

enum err_code checkpoints_take(struct checkpoints *c, struct moment *m,
                               struct err *err)
{
    struct moment_block *b;
    enum err_code rc = make_room(c, m, err);

    if (rc == ERR_OK && (c->is_full || !checkpoints_is_due(c, m)))
        return ERR_OK;
    if (rc == ERR_OK)
        rc = vec_grow(&c->points, c->count, &c->cap, sizeof(*c->points), err);
    for (size_t at = 0; rc == ERR_OK && (b = moment_next(m, &at)) != NULL;)
        rc = carry(c, m, b, (uint32_t)c->count, err);
    if (rc != ERR_OK) {
        c->is_full = true;
        return rc;
    }
    c->points[c->count++] = (struct checkpoint){
        .seq = m->next_seq,
        .allocs = m->allocs,
        .ops = m->ops,
        .oldest_op = oldest_op(m),
    };
    return ERR_OK;
}

const struct checkpoint *checkpoints_before(const struct checkpoints *c,
                                            uint64_t seq)
{
    size_t low = 0;
    size_t high = c->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (c->points[middle].seq <= seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? NULL : &c->points[low - 1];
}

enum err_code checkpoints_restore(const struct checkpoints *c,
                                  const struct checkpoint *point,
                                  struct moment *m, struct err *err)
{
    uint32_t number = (uint32_t)(point - c->points);
    enum err_code rc = ERR_OK;

    moment_clear(m);
    m->next_seq = point->seq;
    m->allocs = point->allocs;
    m->ops = point->ops;
    for (size_t i = 0; rc == ERR_OK && i < c->carried_count; i++) {
        const struct carried *b = &c->carried[i];
        const struct climb climb = { b->hops, b->owner };
        const struct moment_block block = {
            .addr = b->addr,
            .size_bytes = b->size_bytes,
            .seq = b->seq,
            .number = b->number,
            .op = b->op,
            .stack = b->stack,
            .text = b->text,
            .thread = b->thread,
            .is_watched = b->is_watched,
        };

        if (b->first > number)
            break;
        if (b->last >= number)
            rc = moment_restore(m, &block, &climb, err);
    }
    return rc;
}
