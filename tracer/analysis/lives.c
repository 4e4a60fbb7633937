#include "analysis/lives.h"

#include <stdlib.h>

#include "analysis/frames.h"
#include "base/vec.h"

enum { BOX_MAX_BYTES = 16 }; /* +B: two words, as Go boxes an interface */

void lives_init(struct lives *l, bool has_ops, uint64_t warmup_ops)
{
    *l = (struct lives){ .has_ops = has_ops };
    model_init(&l->model);
    climbs_init(&l->climbs);
    ops_init(&l->ops, warmup_ops);
}

void lives_fini(struct lives *l)
{
    model_fini(&l->model);
    climbs_fini(&l->climbs);
    ops_fini(&l->ops);
    free(l->origins);
    map_fini(&l->origin_index);
    map_fini(&l->resized);
    lives_init(l, false, 0);
}

const struct tally *lives_counted(const struct lives *l)
{
    return &l->ops.counted;
}

/* The depth of the frame that stands for the op. It is looked for once per
 * origin: within an op the frames up to the op's own do not change. */
static uint32_t op_depth(const struct lives *l, const struct tables *t,
                         uint32_t stack, const struct open_op *op)
{
    if (!l->has_ops)
        return frames_outermost(t, stack);
    if (op == NULL || op->stack < STACK_FIRST)
        return 0;
    /* The stack of an op's begin ends in the op's own frame. */
    return t->stacks[op->stack].depth;
}

static enum err_code find_origin(struct lives *l, const struct tables *t,
                                 const struct event *ev,
                                 const struct open_op *op, uint32_t *out,
                                 struct err *err)
{
    uint64_t key = (uint64_t)ev->stack << 32 | ev->text;
    uint64_t at = l->origin_count;
    enum err_code rc = ERR_OK;

    if (!map_get(&l->origin_index, key, &at)) {
        rc = vec_grow(&l->origins, l->origin_count, &l->origin_cap,
                      sizeof(*l->origins), err);
        if (rc == ERR_OK)
            rc = map_put(&l->origin_index, key, at, err);
        if (rc != ERR_OK)
            return rc;
        l->origins[l->origin_count++] =
            (struct origin){ .stack = ev->stack, .text = ev->text };
    }
    if (l->origins[at].op_depth == 0)
        l->origins[at].op_depth = op_depth(l, t, ev->stack, op);
    *out = (uint32_t)at;
    return ERR_OK;
}

/* Where what happens to a block is tallied; NULL: it does not count. */
static struct tally *tally_for(struct lives *l, const struct block *b)
{
    return l->has_ops ? ops_tally(&l->ops, b->thread, b->op) : &l->ops.counted;
}

/* +G: the free half of the same thread's realloc told the old size. */
static bool is_growth(struct lives *l, const struct event *ev)
{
    uint64_t old_bytes;

    return (ev->flags & EV_REALLOC) != 0 &&
           map_take(&l->resized, ev->thread, &old_bytes) &&
           ev->size_bytes > old_bytes;
}

/* Two live blocks at one address: a free was missed. The old one's fate is
 * not known, so it stays counted as never freed. */
static void forget_block_at(struct lives *l, tracee_addr addr)
{
    struct block old;
    struct climb climb;

    if (model_take(&l->model, addr, &old) && old.is_watched)
        climbs_release(&l->climbs, &old.claim, &climb);
}

static enum err_code on_alloc(struct lives *l, const struct tables *t,
                              const struct event *ev, struct err *err)
{
    struct open_op *op = l->has_ops ? ops_current(&l->ops, ev->thread) : NULL;
    struct block b = { .size_bytes = ev->size_bytes,
                       .seq = ev->seq,
                       .op = op == NULL ? 0 : op->serial,
                       .thread = ev->thread,
                       .is_watched = ev->activation != ACTIVATION_NONE };
    struct tally_key key = { .what = TALLY_MADE };
    struct tally *tally = tally_for(l, &b);
    enum err_code rc = find_origin(l, t, ev, op, &b.origin, err);

    if (rc != ERR_OK)
        return rc;
    forget_block_at(l, ev->addr);
    if (b.is_watched)
        rc = climbs_claim(&l->climbs, ev->activation, &b.claim, err);
    if (rc == ERR_OK)
        rc = model_add(&l->model, ev->addr, &b, err);
    if (rc != ERR_OK)
        return rc;
    l->totals.allocs++;
    l->totals.bytes = model_add_sizes(l->totals.bytes, ev->size_bytes);
    if (op != NULL) {
        op->allocs++;
        op->bytes = model_add_sizes(op->bytes, ev->size_bytes);
    }
    key.origin = b.origin;
    if (is_growth(l, ev))
        key.what |= TALLY_GROWN;
    if (ev->size_bytes <= BOX_MAX_BYTES)
        key.what |= TALLY_BOX;
    return tally == NULL ? ERR_OK
                         : tally_add(tally, &key, 1, ev->size_bytes, err);
}

/* More hops than there are frames say no more than as many (a stack that
 * was cut has more frames than it shows): this bounds the cells. */
static uint32_t clamp_hops(const struct tables *t, uint32_t stack,
                           uint64_t hops)
{
    uint32_t most = frames_depth(t, stack);

    if (most < PROFILE_UP_MAX)
        most = PROFILE_UP_MAX;
    return hops < most ? (uint32_t)hops : most;
}

/* How the block ended. Who frees it matters only while its op runs. */
static void end_of(const struct lives *l, const struct tables *t,
                   const struct event *ev, const struct block *b,
                   const struct climb *climb, struct tally_key *key)
{
    const struct open_op *op =
        l->has_ops ? ops_current(&l->ops, b->thread) : NULL;
    bool is_in_op = !l->has_ops || (op != NULL && op->serial == b->op);

    if (!is_in_op || b->thread != ev->thread) {
        key->what = TALLY_CROSSED;
    } else if (!b->is_watched) {
        key->what = TALLY_OBSERVED;
    } else {
        key->what = TALLY_WATCHED;
        key->hops = clamp_hops(t, l->origins[b->origin].stack, climb->hops);
        if (climb->owner == ACTIVATION_NONE)
            key->what |= TALLY_OWNER_NONE;
        else if (op != NULL && climb->owner == op->activation)
            key->what |= TALLY_OWNER_OP;
    }
}

static enum err_code on_free(struct lives *l, const struct tables *t,
                             const struct event *ev, struct err *err)
{
    struct block b;
    struct climb climb = { 0 };
    struct tally_key key = { .freed_stack = ev->stack };
    struct tally *tally;
    uint64_t life;
    enum err_code rc = ERR_OK;

    if (!model_take(&l->model, ev->addr, &b)) {
        l->totals.frees_unknown++;
        return ERR_OK;
    }
    l->totals.frees++;
    if (b.is_watched)
        climbs_release(&l->climbs, &b.claim, &climb);
    if ((ev->flags & EV_REALLOC) != 0)
        rc = map_put(&l->resized, ev->thread, b.size_bytes, err);
    tally = tally_for(l, &b);
    if (rc != ERR_OK || tally == NULL)
        return rc;
    life = ev->seq > b.seq ? ev->seq - b.seq : 0;
    key.origin = b.origin;
    key.life = tally_life_bucket(life);
    end_of(l, t, ev, &b, &climb, &key);
    return tally_add(tally, &key, 1, life, err);
}

enum err_code lives_event(struct lives *l, const struct tables *t,
                          const struct event *ev, struct err *err)
{
    l->totals.events++;
    switch (ev->kind) {
    case EV_ALLOC:
        return on_alloc(l, t, ev, err);
    case EV_FREE:
        return on_free(l, t, ev, err);
    case EV_RETURN:
        if (ev->activation == ACTIVATION_NONE)
            return ERR_OK;
        return climbs_return(&l->climbs, ev->activation, ev->parent, err);
    case EV_OP_BEGIN:
        if (!l->has_ops)
            return ERR_OK;
        return ops_begin(&l->ops, ev->thread, ev->activation, ev->stack, err);
    case EV_OP_END:
        return l->has_ops ? ops_end(&l->ops, ev->thread, err) : ERR_OK;
    case EV_THREAD_END:
        map_take(&l->resized, ev->thread, NULL);
        return ops_thread_end(&l->ops, ev->thread, err);
    default:
        return ERR_OK; /* threads and marks say nothing about blocks */
    }
}

void lives_totals(const struct lives *l, struct totals *out)
{
    *out = l->totals;
    out->live_blocks = model_live_blocks(&l->model);
    out->live_bytes = model_live_bytes(&l->model);
    out->peak_live_bytes = l->model.peak_live_bytes;
    out->allocs_outside_ops =
        l->has_ops ? l->totals.allocs - l->ops.allocs_counted : 0;
}

void lives_ops(const struct lives *l, struct op_summary *out)
{
    if (l->has_ops)
        ops_summary(&l->ops, out);
    else
        *out = (struct op_summary){ 0 };
}
