#include "tui/flame_tree.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/frames.h"
#include "base/map.h"
#include "base/vec.h"

enum {
    INVERTED_DEPTH_MAX = 256, /* calls */
    STEPS_MAX = 4 << 20,      /* calls walked for one inverted tree */
};

/* What is known of a stack of the trace. */
enum {
    STACK_IS_USED = 1 << 0, /* its node is needed */
    STACK_IN_OP = 1 << 1,   /* it shows the op's function */
};

struct builder {
    const struct stage *stage;
    const struct tables *tables;
    const char *op; /* the op's function; NULL: a whole run */
    struct flame_tree *tree;
    struct map children; /* parent << 32 | name, with its kind -> node */
    uint8_t *marks;      /* per stack; owned */
    uint32_t *node_of;   /* per stack; owned */
    uint64_t steps;
};

const char *flame_name(const struct stage *s, const struct flame_node *n,
                       char *unnamed, size_t cap)
{
    const struct tables *t;

    if (s->profile == NULL || n->kind == FLAME_ALL || n->kind == FLAME_CUT)
        return "";
    t = profile_tables(s->profile);
    if (n->kind == FLAME_NAMED)
        return tables_string(t, n->name);
    return frames_unnamed(t, n->name, unnamed, cap);
}

/* FNV-1a, 64 bits, going on from the parent's. */
static uint64_t hash_name(uint64_t hash, const char *name)
{
    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * UINT64_C(1099511628211);
    return (hash ^ '\n') * UINT64_C(1099511628211);
}

/* The child of `parent` by that name, added when it is new. A full tree gives
 * the parent itself. */
static enum err_code child_of(struct builder *b, uint32_t parent,
                              enum flame_kind kind, uint32_t name,
                              uint32_t *out, struct err *err)
{
    struct flame_tree *t = b->tree;
    /* Numbers of strings and of frames stay below 2^30: each takes memory. */
    uint64_t key = (uint64_t)parent << 32 | (uint32_t)kind << 30 | name;
    uint64_t found;
    struct flame_node node = { .name = name,
                               .kind = (uint8_t)kind,
                               .parent = parent,
                               .child = FLAME_NONE,
                               .next = FLAME_NONE };
    char unnamed[256];
    enum err_code rc;

    *out = parent;
    if (map_get(&b->children, key, &found)) {
        *out = (uint32_t)found;
        return ERR_OK;
    }
    if (t->count == FLAME_NODES_MAX) {
        t->is_cut = true;
        return ERR_OK;
    }
    rc = vec_grow(&t->nodes, t->count, &t->cap, sizeof(*t->nodes), err);
    if (rc == ERR_OK)
        rc = map_put(&b->children, key, t->count, err);
    if (rc != ERR_OK)
        return rc;
    node.depth = t->nodes[parent].depth + 1;
    node.hash =
        hash_name(t->nodes[parent].hash,
                  flame_name(b->stage, &node, unnamed, sizeof(unnamed)));
    *out = (uint32_t)t->count;
    t->nodes[t->count++] = node;
    return ERR_OK;
}

/* The child that stands for one call of a frame. */
static enum err_code add_call(struct builder *b, uint32_t parent,
                              const struct frame_call *call, uint32_t *out,
                              struct err *err)
{
    const struct trace_name *name = frames_name(b->tables, call);

    if (name == NULL || tables_string(b->tables, name->function)[0] == '\0')
        return child_of(b, parent, FLAME_UNNAMED, call->frame, out, err);
    return child_of(b, parent, FLAME_NAMED, name->function, out, err);
}

static bool is_op_call(const struct builder *b, const struct frame_call *call)
{
    const struct trace_name *name = frames_name(b->tables, call);

    return b->op != NULL && name != NULL &&
           strcmp(tables_string(b->tables, name->function), b->op) == 0;
}

/* How many of the frame's calls, from the outermost, lie outside the op; all
 * when none is the op's function. */
static uint32_t calls_outside(const struct builder *b, uint32_t frame)
{
    uint32_t count = frames_call_count(b->tables, frame);

    for (uint32_t i = 0; i < count; i++)
        if (is_op_call(b, &(struct frame_call){ frame, count - 1 - i }))
            return i;
    return count;
}

/* A parent's number is smaller than its child's: one pass finds out which
 * stacks are in the op. */
static void mark_ops(struct builder *b)
{
    const struct tables *t = b->tables;

    for (size_t i = STACK_FIRST; i < t->stack_count && b->op != NULL; i++) {
        const struct trace_stack *s = &t->stacks[i];

        if ((b->marks[s->parent] & STACK_IN_OP) != 0 ||
            calls_outside(b, s->frame) < frames_call_count(t, s->frame))
            b->marks[i] |= STACK_IN_OP;
    }
}

/* The stacks that a cost needs: up to the op's own, or all. */
static void mark_used(struct builder *b, uint32_t stack)
{
    uint8_t in_op = b->marks[stack] & STACK_IN_OP;

    while (stack >= STACK_FIRST && (b->marks[stack] & STACK_IS_USED) == 0 &&
           (b->marks[stack] & STACK_IN_OP) == in_op) {
        b->marks[stack] |= STACK_IS_USED;
        stack = b->tables->stacks[stack].parent;
    }
}

/* The node of a stack whose parent has one already. */
static enum err_code add_stack(struct builder *b, uint32_t stack,
                               struct err *err)
{
    const struct trace_stack *s = &b->tables->stacks[stack];
    uint32_t count = frames_call_count(b->tables, s->frame);
    bool enters_op = (b->marks[stack] & STACK_IN_OP) != 0 &&
                     (b->marks[s->parent] & STACK_IN_OP) == 0;
    uint32_t node = FLAME_ROOT;
    enum err_code rc = ERR_OK;

    if (s->parent >= STACK_FIRST && !enters_op)
        node = b->node_of[s->parent];
    else if (s->parent == STACK_CUT && !enters_op)
        rc = child_of(b, FLAME_ROOT, FLAME_CUT, 0, &node, err);
    for (uint32_t i = enters_op ? calls_outside(b, s->frame) : 0;
         i < count && rc == ERR_OK; i++)
        rc = add_call(b, node, &(struct frame_call){ s->frame, count - 1 - i },
                      &node, err);
    b->node_of[stack] = node;
    return rc;
}

static enum err_code add_stacks(struct builder *b, struct err *err)
{
    enum err_code rc = ERR_OK;

    mark_ops(b);
    for (size_t i = 0; i < b->stage->stack_count; i++)
        if (b->tree->leaves[i] != FLAME_NONE)
            mark_used(b, b->stage->stacks[i].stack);
    for (size_t i = STACK_FIRST; i < b->tables->stack_count && rc == ERR_OK;
         i++)
        if ((b->marks[i] & STACK_IS_USED) != 0)
            rc = add_stack(b, (uint32_t)i, err);
    for (size_t i = 0; i < b->stage->stack_count && rc == ERR_OK; i++)
        if (b->tree->leaves[i] != FLAME_NONE)
            b->tree->leaves[i] = b->node_of[b->stage->stacks[i].stack];
    return rc;
}

/* From the innermost call outwards, up to the op's. */
static enum err_code add_inverted(struct builder *b, uint32_t stack,
                                  uint32_t *out, struct err *err)
{
    uint32_t node = FLAME_ROOT;
    uint32_t depth = 0;
    bool at_op = false;
    enum err_code rc = ERR_OK;

    for (; stack >= STACK_FIRST && !at_op && rc == ERR_OK;
         stack = b->tables->stacks[stack].parent) {
        uint32_t frame = b->tables->stacks[stack].frame;
        uint32_t count = frames_call_count(b->tables, frame);

        for (uint32_t i = 0; i < count && !at_op && rc == ERR_OK; i++) {
            const struct frame_call call = { frame, i };

            rc = add_call(b, node, &call, &node, err);
            at_op = is_op_call(b, &call);
            if (++depth == INVERTED_DEPTH_MAX || ++b->steps > STEPS_MAX) {
                b->tree->is_cut = true;
                at_op = true;
            }
        }
    }
    *out = node;
    return rc;
}

static enum err_code add_all_inverted(struct builder *b, struct err *err)
{
    enum err_code rc = ERR_OK;

    for (size_t i = 0; i < b->stage->stack_count && rc == ERR_OK; i++)
        if (b->tree->leaves[i] != FLAME_NONE)
            rc = add_inverted(b, b->stage->stacks[i].stack, &b->tree->leaves[i],
                              err);
    return rc;
}

static uint64_t saturated_sum(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* What each cost is goes to its leaf, then up: children come after their
 * parents. */
static void add_up(struct flame_tree *t, const struct stage *s)
{
    for (size_t i = 0; i < t->leaf_count; i++) {
        struct flame_node *n;

        if (t->leaves[i] == FLAME_NONE)
            continue;
        n = &t->nodes[t->leaves[i]];
        n->allocs += s->stacks[i].allocs;
        n->bytes = saturated_sum(n->bytes, s->stacks[i].bytes);
    }
    for (size_t i = t->count; i-- > 1;) {
        struct flame_node *parent = &t->nodes[t->nodes[i].parent];

        parent->allocs += t->nodes[i].allocs;
        parent->bytes = saturated_sum(parent->bytes, t->nodes[i].bytes);
    }
}

static enum err_code prepare(struct builder *b, const struct filters *f,
                             struct err *err)
{
    const struct stage *s = b->stage;
    struct flame_tree *t = b->tree;
    enum err_code rc =
        vec_grow(&t->nodes, t->count, &t->cap, sizeof(*t->nodes), err);

    if (rc != ERR_OK)
        return rc;
    t->nodes[t->count++] = (struct flame_node){
        .kind = FLAME_ALL,
        .parent = FLAME_NONE,
        .child = FLAME_NONE,
        .next = FLAME_NONE,
        .hash = UINT64_C(14695981039346656037),
    };
    t->leaves = calloc(s->stack_count + 1, sizeof(*t->leaves));
    t->by_site = calloc(s->site_count + 1, sizeof(*t->by_site));
    if (t->leaves == NULL || t->by_site == NULL)
        return err_no_memory(err);
    t->site_count = s->site_count;
    t->leaf_count = s->profile == NULL ? 0 : s->stack_count;
    for (size_t i = 0; i < t->leaf_count; i++)
        if (s->stacks[i].site >= s->site_count ||
            !filters_pass(f, f->count, &s->sites[s->stacks[i].site]))
            t->leaves[i] = FLAME_NONE;
    if (s->profile == NULL)
        return ERR_OK;
    b->tables = profile_tables(s->profile);
    b->op = profile_header(s->profile)->op;
    b->marks = calloc(b->tables->stack_count + 1, sizeof(*b->marks));
    b->node_of = calloc(b->tables->stack_count + 1, sizeof(*b->node_of));
    return b->marks == NULL || b->node_of == NULL ? err_no_memory(err) : ERR_OK;
}

enum err_code flame_build(const struct stage *s, const struct filters *f,
                          bool is_inverted, struct flame_tree *out,
                          struct err *err)
{
    struct builder b = { .stage = s, .tree = out };
    enum err_code rc;

    *out = (struct flame_tree){ 0 };
    rc = prepare(&b, f, err);
    if (rc == ERR_OK && s->profile != NULL)
        rc = is_inverted ? add_all_inverted(&b, err) : add_stacks(&b, err);
    if (rc == ERR_OK)
        add_up(out, s);
    else
        flame_fini(out);
    map_fini(&b.children);
    free(b.marks);
    free(b.node_of);
    return rc;
}

void flame_fini(struct flame_tree *t)
{
    free(t->nodes);
    free(t->order);
    free(t->leaves);
    free(t->by_site);
    *t = (struct flame_tree){ 0 };
}

struct sorting {
    const struct flame_tree *tree;
    bool by_bytes;
};

/* The smallest first: linking each in front of the one before turns it. */
static int by_value(const void *left, const void *right, void *state)
{
    const struct sorting *s = state;
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    uint64_t va = flame_value(&s->tree->nodes[a], s->by_bytes);
    uint64_t vb = flame_value(&s->tree->nodes[b], s->by_bytes);

    if (va != vb)
        return va < vb ? -1 : 1;
    return a > b ? -1 : a < b;
}

/* Numbers the nodes from the root down, and sets where each begins. */
static void number(struct flame_tree *t, bool by_bytes)
{
    uint32_t at = FLAME_ROOT;
    uint32_t place = 0;

    t->nodes[FLAME_ROOT].offset = 0;
    while (at != FLAME_NONE) {
        struct flame_node *n = &t->nodes[at];
        double offset = n->offset;

        n->place = place;
        n->size = 1;
        t->order[place++] = at;
        for (uint32_t c = n->child; c != FLAME_NONE; c = t->nodes[c].next) {
            t->nodes[c].offset = offset;
            offset += (double)flame_value(&t->nodes[c], by_bytes);
        }
        if (n->child != FLAME_NONE) {
            at = n->child;
            continue;
        }
        while (at != FLAME_NONE && t->nodes[at].next == FLAME_NONE)
            at = t->nodes[at].parent;
        if (at != FLAME_NONE)
            at = t->nodes[at].next;
    }
    for (size_t i = t->count; i-- > 1;)
        t->nodes[t->nodes[i].parent].size += t->nodes[i].size;
}

enum err_code flame_sort(struct flame_tree *t, bool by_bytes, struct err *err)
{
    struct sorting s = { t, by_bytes };

    free(t->order);
    t->order = calloc(t->count + 1, sizeof(*t->order));
    if (t->order == NULL)
        return err_no_memory(err);
    for (size_t i = 0; i < t->count; i++) {
        t->order[i] = (uint32_t)i;
        t->nodes[i].child = t->nodes[i].next = FLAME_NONE;
    }
    qsort_r(t->order, t->count, sizeof(*t->order), by_value, &s);
    for (size_t i = 0; i < t->count; i++) {
        struct flame_node *n = &t->nodes[t->order[i]];

        if (n->parent == FLAME_NONE)
            continue;
        n->next = t->nodes[n->parent].child;
        t->nodes[n->parent].child = t->order[i];
    }
    number(t, by_bytes);
    return ERR_OK;
}

bool flame_is_under(const struct flame_tree *t, uint32_t inner, uint32_t outer)
{
    const struct flame_node *o = &t->nodes[outer];
    uint32_t place = t->nodes[inner].place;

    return place >= o->place && place - o->place < o->size;
}

uint32_t flame_find(const struct flame_tree *t, uint64_t hash)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->nodes[i].hash == hash)
            return (uint32_t)i;
    return FLAME_NONE;
}

size_t flame_site(const struct stage *s, const struct flame_tree *t,
                  uint32_t node)
{
    size_t best = s->site_count;

    memset(t->by_site, 0, t->site_count * sizeof(*t->by_site));
    for (size_t i = 0; i < t->leaf_count; i++) {
        size_t site = s->stacks[i].site;

        if (t->leaves[i] == FLAME_NONE || site >= t->site_count ||
            !flame_is_under(t, t->leaves[i], node))
            continue;
        t->by_site[site] += s->stacks[i].allocs;
        if (best == s->site_count || t->by_site[site] > t->by_site[best])
            best = site;
    }
    return best;
}
