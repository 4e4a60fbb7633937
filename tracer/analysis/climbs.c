#include "analysis/climbs.h"

#include <stdlib.h>

#include "base/vec.h"
#include "trace/event.h"

#define NO_NODE UINT32_MAX

struct climb_node {
    uint64_t id;       /* of a root: the owner */
    uint64_t offset;   /* hops beyond the parent's, modulo 2^64 */
    uint64_t weight;   /* blocks that ever joined the tree below */
    uint32_t parent;   /* itself: a root. Of a free node: the next one */
    uint32_t blocks;   /* live ones that joined here */
    uint32_t children; /* nodes whose parent this is */
};

void climbs_init(struct climbs *a)
{
    *a = (struct climbs){ .first_free = NO_NODE };
}

void climbs_fini(struct climbs *a)
{
    free(a->nodes);
    map_fini(&a->by_id);
    climbs_init(a);
}

/* Frees a node that lost its last block or child, and the ancestors that
 * were only there for it. */
static void drop_if_empty(struct climbs *a, uint32_t n)
{
    while (a->nodes[n].blocks == 0 && a->nodes[n].children == 0) {
        uint32_t parent = a->nodes[n].parent;

        if (parent == n && a->nodes[n].id != ACTIVATION_NONE)
            map_take(&a->by_id, a->nodes[n].id, NULL);
        a->nodes[n].parent = a->first_free;
        a->first_free = n;
        a->used--;
        if (parent == n)
            return;
        a->nodes[parent].children--;
        n = parent;
    }
}

/* The root of a node and the hops up to it. Halves the path on the way
 * (Tarjan and van Leeuwen 1984), which lets go of emptied nodes. */
static uint32_t find(struct climbs *a, uint32_t n, uint64_t *hops)
{
    *hops = 0;
    while (a->nodes[n].parent != n) {
        uint32_t parent = a->nodes[n].parent;
        uint32_t above = a->nodes[parent].parent;

        if (above != parent) {
            a->nodes[n].offset += a->nodes[parent].offset;
            a->nodes[n].parent = above;
            a->nodes[above].children++;
            a->nodes[parent].children--;
            drop_if_empty(a, parent);
        }
        *hops += a->nodes[n].offset;
        n = a->nodes[n].parent;
    }
    *hops += a->nodes[n].offset;
    return n;
}

static enum err_code take_node(struct climbs *a, uint32_t *out, struct err *err)
{
    enum err_code rc = ERR_OK;

    if (a->first_free != NO_NODE) {
        *out = a->first_free;
        a->first_free = a->nodes[*out].parent;
    } else {
        if (a->count == NO_NODE)
            return err_no_memory(err);
        rc = vec_grow(&a->nodes, a->count, &a->cap, sizeof(*a->nodes), err);
        if (rc != ERR_OK)
            return rc;
        *out = (uint32_t)a->count++;
    }
    a->used++;
    a->nodes[*out] = (struct climb_node){ .parent = *out };
    return ERR_OK;
}

enum err_code climbs_claim(struct climbs *a, uint64_t id,
                           struct climb_claim *out, struct err *err)
{
    uint64_t root;

    if (!map_get(&a->by_id, id, &root)) {
        uint32_t n = NO_NODE;
        enum err_code rc = take_node(a, &n, err);

        if (rc != ERR_OK)
            return rc;
        rc = map_put(&a->by_id, id, n, err);
        if (rc != ERR_OK) {
            drop_if_empty(a, n); /* it has no id yet */
            return rc;
        }
        a->nodes[n].id = id;
        root = n;
    }
    out->node = (uint32_t)root;
    out->base = a->nodes[root].offset;
    a->nodes[root].blocks++;
    a->nodes[root].weight++;
    return ERR_OK;
}

void climbs_release(struct climbs *a, const struct climb_claim *claim,
                    struct climb *out)
{
    uint64_t hops;
    uint32_t root = find(a, claim->node, &hops);

    out->hops = hops - claim->base;
    out->owner = a->nodes[root].id;
    a->nodes[claim->node].blocks--;
    drop_if_empty(a, claim->node);
}

void climbs_look(const struct climbs *a, const struct climb_claim *claim,
                 struct climb *out)
{
    uint32_t n = claim->node;

    out->hops = a->nodes[n].offset - claim->base;
    while (a->nodes[n].parent != n) {
        n = a->nodes[n].parent;
        out->hops += a->nodes[n].offset;
    }
    out->owner = a->nodes[n].id;
}

/* Hangs the lighter of two roots below the heavier; the one that stays is
 * named `parent`. Each level doubles the weight, so that a block, however
 * long it lives, has at most 64 nodes above it that are kept for its sake.
 * ERR_NO_MEMORY changes nothing. */
static enum err_code unite(struct climbs *a, uint32_t from, uint32_t to,
                           uint64_t parent, struct err *err)
{
    bool swap = a->nodes[from].weight > a->nodes[to].weight;
    uint32_t stays = swap ? from : to;
    uint32_t goes = swap ? to : from;
    enum err_code rc = map_put(&a->by_id, parent, stays, err);

    if (rc != ERR_OK)
        return rc;
    map_take(&a->by_id, a->nodes[from].id, NULL);
    a->nodes[from].offset++;
    a->nodes[stays].id = parent;
    a->nodes[goes].offset -= a->nodes[stays].offset;
    a->nodes[goes].parent = stays;
    a->nodes[stays].children++;
    a->nodes[stays].weight += a->nodes[goes].weight;
    return ERR_OK;
}

enum err_code climbs_return(struct climbs *a, uint64_t id, uint64_t parent,
                            struct err *err)
{
    enum err_code rc = ERR_OK;
    uint64_t from, to;

    if (!map_get(&a->by_id, id, &from))
        return ERR_OK; /* owns nothing */
    if (parent == id) {
        a->nodes[from].offset++;
        return ERR_OK;
    }
    if (parent != ACTIVATION_NONE && map_get(&a->by_id, parent, &to))
        return unite(a, (uint32_t)from, (uint32_t)to, parent, err);
    /* The parent owns nothing yet: the group only changes its owner. */
    if (parent != ACTIVATION_NONE)
        rc = map_put(&a->by_id, parent, from, err);
    if (rc != ERR_OK)
        return rc;
    map_take(&a->by_id, id, NULL);
    a->nodes[from].id = parent;
    a->nodes[from].offset++;
    return ERR_OK;
}
