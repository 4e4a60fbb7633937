/*
 * flame_tree.h - the counted allocations of a stage as a tree of calls: each
 * node one function called along one path, with all that is under it.
 *
 *   serve 18                       inverted:  strdup 6
 *     parse 6    verify 12                      copy 6
 *       copy 6     node_new 12                    parse 6
 *
 * The op's function is the root of what happened in an op; a stack that does
 * not show it, and every stack of a whole run, is there from its outermost
 * frame on. Built from numbers alone, so it outlives a poll of the story.
 */
#ifndef TUI_FLAME_TREE_H
#define TUI_FLAME_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "tui/filters.h"
#include "tui/story.h"

enum {
    FLAME_NODES_MAX = 1 << 17, /* more are counted with their callers */
    FLAME_ROOT = 0,            /* all of it; has no function */
};

#define FLAME_NONE UINT32_MAX

enum flame_kind {
    FLAME_ALL,     /* the root */
    FLAME_NAMED,   /* name is a string of the trace */
    FLAME_UNNAMED, /* name is a frame without a function */
    FLAME_CUT,     /* what could not be unwound */
};

struct flame_node {
    uint32_t name;
    uint8_t kind;                 /* enum flame_kind */
    uint32_t depth;               /* 0: the root */
    uint32_t parent, child, next; /* the biggest child first */
    uint32_t place;               /* in order[] */
    uint32_t size;                /* nodes under it, itself too */
    uint64_t hash;                /* of the names from the root to it */
    uint64_t allocs, bytes;       /* counted in all, not per op */
    double offset;                /* of its left edge, in the unit */
};

struct flame_tree {
    struct flame_node *nodes; /* owned; [FLAME_ROOT] is always there */
    size_t count, cap;
    uint32_t *order;  /* every node before what is under it; owned */
    uint32_t *leaves; /* per stack cost of the stage: its node, or NONE when
                         the filters leave it out; owned */
    size_t leaf_count;
    uint64_t *by_site; /* scratch of flame_site: one per site; owned */
    size_t site_count;
    bool is_cut; /* there were more nodes */
};

/* ERR_NO_MEMORY leaves it empty. flame_sort must follow. */
enum err_code flame_build(const struct stage *s, const struct filters *f,
                          bool is_inverted, struct flame_tree *out,
                          struct err *err) MUST_CHECK;
void flame_fini(struct flame_tree *t); /* leaves it empty */

/* Puts the biggest first, by bytes or by allocations. ERR_NO_MEMORY. */
enum err_code flame_sort(struct flame_tree *t, bool by_bytes,
                         struct err *err) MUST_CHECK;

static inline uint64_t flame_value(const struct flame_node *n, bool by_bytes)
{
    return by_bytes ? n->bytes : n->allocs;
}

/* Whether `inner` is `outer`, or under it. */
bool flame_is_under(const struct flame_tree *t, uint32_t inner, uint32_t outer);

/* The node whose names from the root have this hash, or NONE. */
uint32_t flame_find(const struct flame_tree *t, uint64_t hash);

/* The site that makes most of the blocks under a node, an index into the
 * stage's sites; the stage's site_count when there is none. */
size_t flame_site(const struct stage *s, const struct flame_tree *t,
                  uint32_t node);

/* What a node is called, raw; "" for the root and for what was cut. */
const char *flame_name(const struct stage *s, const struct flame_node *n,
                       char *unnamed, size_t cap);

#endif
