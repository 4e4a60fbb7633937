/*
 * compare_stages.c - what changed from one stage to the next, site by site.
 *
 * Sites of two stages are the same when their keys are: a key survives that
 * lines drift. Several sites of one stage may share a key (two calls in one
 * function); they are added up, because which became which cannot be known.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "tui/story.h"

/* Averages that differ by less look the same when printed. */
static const double visible = 0.05;

struct compare {
    struct change *changes; /* one per key; owned */
    size_t count, cap;
    struct map by_key; /* site key -> index in changes */
};

static enum err_code change_of(struct compare *c, const struct site *site,
                               struct change **out, struct err *err)
{
    uint64_t index;
    enum err_code rc;

    if (map_get(&c->by_key, site->key, &index)) {
        *out = &c->changes[index];
        return ERR_OK;
    }
    rc = vec_grow(&c->changes, c->count, &c->cap, sizeof(*c->changes), err);
    if (rc == ERR_OK)
        rc = map_put(&c->by_key, site->key, c->count, err);
    if (rc != ERR_OK)
        return rc;
    *out = &c->changes[c->count++];
    **out = (struct change){ .site = site, .is_gone = true, .is_new = true };
    return ERR_OK;
}

static enum err_code add_before(struct compare *c, const struct stage *s,
                                struct err *err)
{
    for (size_t i = 0; i < s->site_count; i++) {
        struct change *change;
        enum err_code rc = change_of(c, &s->sites[i], &change, err);

        if (rc != ERR_OK)
            return rc;
        change->is_new = false;
        change->allocs_before += stage_site_allocs(s, &s->sites[i]);
        change->bytes_before += stage_site_bytes(s, &s->sites[i]);
    }
    return ERR_OK;
}

static enum err_code add_now(struct compare *c, const struct stage *s,
                             struct err *err)
{
    for (size_t i = 0; i < s->site_count; i++) {
        struct change *change;
        enum err_code rc = change_of(c, &s->sites[i], &change, err);

        if (rc != ERR_OK)
            return rc;
        if (change->is_gone) /* the first, so the biggest */
            change->site = &s->sites[i];
        change->is_gone = false;
        change->allocs_now += stage_site_allocs(s, &s->sites[i]);
        change->bytes_now += stage_site_bytes(s, &s->sites[i]);
    }
    return ERR_OK;
}

/* What shrank most first; ties by name, so that the order repeats. */
static int by_loss(const void *left, const void *right)
{
    const struct change *a = left;
    const struct change *b = right;
    double gain_a = a->allocs_now - a->allocs_before;
    double gain_b = b->allocs_now - b->allocs_before;
    int order = strcmp(a->site->function, b->site->function);

    if (gain_a < gain_b || gain_a > gain_b)
        return gain_a < gain_b ? -1 : 1;
    if (order == 0)
        order = strcmp(a->site->file, b->site->file);
    if (order == 0)
        order = (a->site->key > b->site->key) - (a->site->key < b->site->key);
    return order;
}

static void drop_unchanged(struct compare *c)
{
    size_t kept = 0;

    for (size_t i = 0; i < c->count; i++)
        if (fabs(c->changes[i].allocs_now - c->changes[i].allocs_before) >=
            visible)
            c->changes[kept++] = c->changes[i];
    c->count = kept;
}

enum err_code story_compare(struct story *story, size_t stage, struct err *err)
{
    struct stage *now = &story->stages[stage];
    const struct stage *before = stage == 0 ? NULL : now - 1;
    struct compare c = { 0 };
    enum err_code rc = ERR_OK;

    free(now->changes);
    now->changes = NULL;
    now->change_count = 0;
    /* A figure per op and a figure per run cannot be compared. */
    if (before == NULL || before->ops.has_ops != now->ops.has_ops ||
        !stage_has_data(before) || !stage_has_data(now))
        return ERR_OK;
    rc = add_before(&c, before, err);
    if (rc == ERR_OK)
        rc = add_now(&c, now, err);
    if (rc != ERR_OK)
        goto out;
    drop_unchanged(&c);
    if (c.count > 1)
        qsort(c.changes, c.count, sizeof(*c.changes), by_loss);
    now->changes = c.changes;
    now->change_count = c.count;
    c.changes = NULL;
out:
    free(c.changes);
    map_fini(&c.by_key);
    return rc;
}
