#include "engine/activations.h"

#include <stdlib.h>

#include "base/vec.h"

/* A block, or the sentinel of an activation's list. */
struct ownership_node {
    uint64_t id;         /* of an activation; 0 for a block */
    uint32_t next, prev; /* circular; next also links the free list */
};

static enum err_code new_node(struct activations *a, uint32_t *out,
                              struct err *err)
{
    enum err_code rc;

    if (a->free_list != 0) {
        *out = a->free_list;
        a->free_list = a->nodes[*out].next;
    } else {
        if (a->count >= UINT32_MAX)
            return err_no_memory(err);
        rc = vec_grow(&a->nodes, a->count, &a->cap, sizeof(*a->nodes), err);
        if (rc != ERR_OK)
            return rc;
        *out = (uint32_t)a->count++;
    }
    a->nodes[*out] = (struct ownership_node){ 0, *out, *out };
    return ERR_OK;
}

static void release_node(struct activations *a, uint32_t node)
{
    a->nodes[node].next = a->free_list;
    a->free_list = node;
}

static void unlink_node(struct activations *a, uint32_t node)
{
    struct ownership_node *n = &a->nodes[node];

    a->nodes[n->prev].next = n->next;
    a->nodes[n->next].prev = n->prev;
    n->next = n->prev = node;
}

/* Puts the ring of `node` (itself alone, or with others) into `owner`'s. */
static void splice(struct activations *a, uint32_t owner, uint32_t node)
{
    uint32_t last = a->nodes[node].prev;
    uint32_t first_of_owner = a->nodes[owner].next;

    a->nodes[owner].next = node;
    a->nodes[node].prev = owner;
    a->nodes[last].next = first_of_owner;
    a->nodes[first_of_owner].prev = last;
}

enum err_code activations_init(struct activations *a, struct err *err)
{
    uint32_t none;

    *a = (struct activations){ 0 };
    return new_node(a, &none, err);
}

void activations_fini(struct activations *a)
{
    free(a->nodes);
    map_fini(&a->blocks);
    *a = (struct activations){ 0 };
}

void activations_reset(struct activations *a)
{
    map_fini(&a->blocks);
    a->count = 1;
    a->free_list = 0;
    a->nodes[OWNER_NONE] = (struct ownership_node){ 0 };
}

enum err_code activations_begin(struct activations *a, uint32_t *out,
                                struct err *err)
{
    enum err_code rc = new_node(a, out, err);

    if (rc == ERR_OK)
        a->nodes[*out].id = ++a->last_id;
    return rc;
}

uint64_t activations_id(const struct activations *a, uint32_t activation)
{
    return a->nodes[activation].id;
}

bool activations_owns_any(const struct activations *a, uint32_t activation)
{
    return a->nodes[activation].next != activation;
}

void activations_end(struct activations *a, uint32_t activation, uint32_t heir)
{
    if (activations_owns_any(a, activation)) {
        uint32_t first = a->nodes[activation].next;

        unlink_node(a, activation);
        splice(a, heir, first);
    }
    release_node(a, activation);
}

enum err_code activations_add_block(struct activations *a, tracee_addr addr,
                                    uint32_t owner, struct err *err)
{
    uint32_t node = 0;
    enum err_code rc;

    activations_take_block(a, addr);
    rc = new_node(a, &node, err);
    if (rc != ERR_OK)
        return rc;
    rc = map_put(&a->blocks, addr, node, err);
    if (rc != ERR_OK) {
        release_node(a, node);
        return rc;
    }
    splice(a, owner, node);
    return ERR_OK;
}

bool activations_take_block(struct activations *a, tracee_addr addr)
{
    uint64_t node;

    if (!map_take(&a->blocks, addr, &node))
        return false;
    unlink_node(a, (uint32_t)node);
    release_node(a, (uint32_t)node);
    return true;
}

bool activations_has_block(const struct activations *a, tracee_addr addr)
{
    uint64_t node;

    return map_get(&a->blocks, addr, &node);
}
