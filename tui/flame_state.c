#include "tui/flame_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TREE_BELOW_COLS = 70 };

const struct flame_tree *flame_tree_of(const struct flame_state *s,
                                       const struct world *w)
{
    return &s->stages[w->selection.stage].tree;
}

bool flame_has_frames(const struct flame_state *s, const struct world *w)
{
    return s->stages != NULL && flame_tree_of(s, w)->count > 1;
}

bool flame_is_tree(const struct flame_state *s, const struct world *w)
{
    return (w->cols < TREE_BELOW_COLS) != s->is_tree_flipped;
}

double flame_per_op(const struct stage *s, uint64_t value)
{
    if (!s->ops.has_ops || s->ops.count == 0)
        return (double)value;
    return (double)value / (double)s->ops.count;
}

uint32_t flame_top(const struct flame_tree *t)
{
    uint32_t only = t->nodes[FLAME_ROOT].child;

    if (only != FLAME_NONE && t->nodes[only].next == FLAME_NONE)
        return only;
    return FLAME_ROOT;
}

struct flame_span flame_span_of(const struct flame_state *s,
                                const struct flame_tree *t, uint32_t node,
                                int cols)
{
    const struct flame_node *zoom = &t->nodes[s->zoom];
    const struct flame_node *n = &t->nodes[node];
    double all = (double)flame_value(zoom, s->by_bytes);
    double from = n->offset - zoom->offset;
    struct flame_span span = { 0, 0 };

    if (!(all > 0))
        return span;
    /* Both edges are rounded alike, so neighbours neither meet nor part. */
    span.col = (int)lround(from / all * cols);
    span.cols =
        (int)lround((from + (double)flame_value(n, s->by_bytes)) / all * cols) -
        span.col;
    return span;
}

void flame_select(struct flame_state *s, const struct flame_tree *t,
                  uint32_t node)
{
    s->selected = node;
    s->path_length = 0;
    for (; node != FLAME_NONE && s->path_length < FLAME_PATH_MAX;
         node = t->nodes[node].parent)
        s->path[s->path_length++] = t->nodes[node].hash;
}

void flame_zoom(struct flame_state *s, const struct flame_tree *t,
                uint32_t node)
{
    s->zoom = node;
    s->zoom_hash = t->nodes[node].hash;
    if (!flame_is_under(t, s->selected, node))
        flame_select(s, t, node);
}

/* Finds in this tree what was selected in another: the deepest frame of the
 * way there that is left. */
static void find_again(struct flame_state *s, const struct flame_tree *t)
{
    uint32_t zoom = flame_find(t, s->zoom_hash);
    uint32_t found = FLAME_NONE;

    for (size_t i = 0; i < s->path_length && found == FLAME_NONE; i++)
        found = flame_find(t, s->path[i]);
    if (found == FLAME_NONE || found == FLAME_ROOT)
        found = flame_top(t);
    s->selected = found;
    flame_zoom(s, t,
               zoom == FLAME_NONE || zoom == FLAME_ROOT ? flame_top(t) : zoom);
}

/* Selects the frame of the cursor's site. */
static void go_to_site(struct flame_state *s, const struct world *w)
{
    const struct stage *stage = world_stage(w);
    const struct flame_tree *t = flame_tree_of(s, w);
    uint32_t found = FLAME_NONE;
    int best = 0;
    uint64_t most = 0;

    for (size_t i = 0; i < t->leaf_count; i++) {
        const struct stack_cost *cost = &stage->stacks[i];
        int match;

        if (t->leaves[i] == FLAME_NONE)
            continue;
        match = selection_match(&w->selection, &stage->sites[cost->site]);
        if (match > best ||
            (match == best && match > 0 && cost->allocs > most)) {
            best = match;
            most = cost->allocs;
            found = t->leaves[i];
        }
    }
    if (found == FLAME_NONE)
        return;
    while (s->is_inverted && t->nodes[found].depth > 1)
        found = t->nodes[found].parent;
    if (!flame_is_under(t, found, s->zoom))
        flame_zoom(s, t, flame_top(t));
    flame_select(s, t, found);
}

static enum err_code rebuild(struct flame_state *s, const struct world *w,
                             size_t i, bool *changed, struct err *err)
{
    const struct stage *stage = &w->story->stages[i];
    struct flame_stage *f = &s->stages[i];
    enum err_code rc;

    if (f->is_built && f->events == stage->totals.events &&
        f->was_whole == stage->is_whole &&
        f->tree.site_count == stage->site_count &&
        f->tree.leaf_count == (stage->profile == NULL ? 0 : stage->stack_count))
        return ERR_OK;
    flame_fini(&f->tree);
    f->is_built = false;
    rc = flame_build(stage, &w->filters, s->is_inverted, &f->tree, err);
    if (rc == ERR_OK)
        rc = flame_sort(&f->tree, s->by_bytes, err);
    if (rc != ERR_OK) {
        flame_fini(&f->tree);
        return rc;
    }
    f->is_built = true;
    f->events = stage->totals.events;
    f->was_whole = stage->is_whole;
    *changed = *changed || i == w->selection.stage;
    return ERR_OK;
}

enum err_code flame_refresh(void *state, const struct world *w, struct err *err)
{
    struct flame_state *s = state;
    bool changed = s->seen.stage != w->selection.stage;
    enum err_code rc = ERR_OK;

    if (s->stages == NULL) {
        s->stages = calloc(w->story->count, sizeof(*s->stages));
        if (s->stages == NULL)
            return err_no_memory(err);
        s->count = w->story->count;
        s->seen = (struct selection){ .stage = w->selection.stage };
    }
    if (!filters_equal(&s->filters, &w->filters))
        for (size_t i = 0; i < s->count; i++)
            s->stages[i].is_built = false;
    s->filters = w->filters;
    for (size_t i = 0; i < s->count && rc == ERR_OK; i++)
        rc = rebuild(s, w, i, &changed, err);
    if (rc != ERR_OK) {
        flame_state_fini(s);
        return rc;
    }
    if (changed)
        find_again(s, flame_tree_of(s, w));
    /* In another stage the way of calls stays selected, not the site. */
    if (w->selection.has_site &&
        (!s->seen.has_site || s->seen.site_key != w->selection.site_key ||
         s->seen.site_line != w->selection.site_line))
        go_to_site(s, w);
    s->seen = w->selection;
    return ERR_OK;
}

void flame_state_fini(void *state)
{
    struct flame_state *s = state;

    for (size_t i = 0; i < s->count; i++)
        flame_fini(&s->stages[i].tree);
    free(s->stages);
    s->stages = NULL;
    s->count = 0;
}
