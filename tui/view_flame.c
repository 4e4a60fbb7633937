/*
 * view_flame.c - which calls do the allocations come through: an icicle, root
 * on top, as wide as what is allocated under it.
 */
#include <stdio.h>
#include <string.h>

#include "tui/flame_state.h"
#include "tui/site_text.h"
#include "tui/units.h"
#include "tui/view.h"

static void draw(const void *state, const struct world *w, struct area a)
{
    flame_draw(state, w, a);
}

static void flame_brief(const void *state, const struct world *w, char *out,
                        size_t cap)
{
    const struct flame_state *s = state;
    const struct stage *stage = world_stage(w);
    const struct flame_node *n;
    char unnamed[256];
    char name[NAME_SHORT];
    char number[UNITS_MAX];

    out[0] = '\0';
    if (!flame_has_frames(s, w))
        return;
    n = &flame_tree_of(s, w)->nodes[s->selected];
    units_tenths(flame_per_op(stage, n->allocs), number);
    if (s->by_bytes)
        units_whole(flame_per_op(stage, n->bytes), number);
    snprintf(out, cap, "%s %s", number,
             name_short(flame_name(stage, n, unnamed, sizeof(unnamed)), name));
}

static void flame_teach(const void *state, const struct world *w, char *out,
                        size_t cap)
{
    const struct flame_state *s = state;
    const struct stage *stage = world_stage(w);
    const struct flame_tree *t;
    size_t site;
    char label[SITE_LABEL_MAX];
    char number[32];

    out[0] = '\0';
    if (!flame_has_frames(s, w))
        return;
    t = flame_tree_of(s, w);
    site = flame_site(stage, t, s->selected);
    if (site >= stage->site_count)
        return;
    snprintf(number, sizeof(number), "#%zu", site + 1);
    site_label(&stage->sites[site], label);
    say_to(out, cap, w->language,
           t->nodes[s->selected].size > 1 ? MSG_FLAME_WHY_UNDER
                                          : MSG_FLAME_WHY_SITE,
           number, label);
}

/* The selection has moved to a node: the shared cursor goes to its site. */
static void selected(struct flame_state *s, struct world *w, uint32_t node)
{
    const struct flame_tree *t = flame_tree_of(s, w);
    const struct stage *stage = world_stage(w);
    size_t site;

    flame_select(s, t, node);
    site = flame_site(stage, t, node);
    if (site >= stage->site_count)
        return;
    selection_set_site(&w->selection, &stage->sites[site]);
    s->seen = w->selection;
}

static bool is_drawn(const struct flame_state *s, const struct world *w,
                     uint32_t node)
{
    return flame_is_tree(s, w) ||
           flame_span_of(s, flame_tree_of(s, w), node, w->cols - 2).cols > 0;
}

/* The frame before (-1) or after (1) this one in its row, or NONE. */
static uint32_t beside(const struct flame_state *s, const struct world *w,
                       int step)
{
    const struct flame_tree *t = flame_tree_of(s, w);
    const struct flame_node *zoom = &t->nodes[s->zoom];
    uint32_t depth = t->nodes[s->selected].depth;
    uint32_t place = t->nodes[s->selected].place;

    for (;;) {
        uint32_t node;

        if (step > 0 ? place + 1 >= zoom->place + zoom->size
                     : place <= zoom->place)
            return FLAME_NONE;
        place = step > 0 ? place + 1 : place - 1;
        node = t->order[place];
        if (t->nodes[node].depth == depth && is_drawn(s, w, node))
            return node;
    }
}

static uint32_t parent_of(const struct flame_state *s,
                          const struct flame_tree *t)
{
    return s->selected == s->zoom ? FLAME_NONE : t->nodes[s->selected].parent;
}

static uint32_t child_of(const struct flame_state *s, const struct world *w)
{
    uint32_t child = flame_tree_of(s, w)->nodes[s->selected].child;

    return child != FLAME_NONE && is_drawn(s, w, child) ? child : FLAME_NONE;
}

static bool move(struct flame_state *s, struct world *w, enum command cmd)
{
    const struct flame_tree *t = flame_tree_of(s, w);
    const struct flame_node *zoom = &t->nodes[s->zoom];
    bool is_tree = flame_is_tree(s, w);
    size_t at = t->nodes[s->selected].place - zoom->place;
    uint32_t node = FLAME_NONE;

    if (cmd == CMD_LEFT)
        node = is_tree ? parent_of(s, t) : beside(s, w, -1);
    else if (cmd == CMD_RIGHT)
        node = is_tree ? child_of(s, w) : beside(s, w, 1);
    else if (!is_tree && cmd == CMD_UP)
        node = parent_of(s, t);
    else if (!is_tree && cmd == CMD_DOWN)
        node = child_of(s, w);
    else if (!is_tree && cmd == CMD_HOME)
        node = s->zoom;
    else if (is_tree && world_move(cmd, zoom->size, w->rows - 6, &at))
        node = t->order[zoom->place + at];
    else
        return false;
    if (node != FLAME_NONE)
        selected(s, w, node);
    return true;
}

static void rebuild_all(struct flame_state *s)
{
    for (size_t i = 0; i < s->count; i++)
        s->stages[i].is_built = false;
}

static bool zoom_out(struct flame_state *s, const struct flame_tree *t)
{
    uint32_t parent = t->nodes[s->zoom].parent;

    if (s->zoom == flame_top(t) || parent == FLAME_NONE)
        return false;
    flame_zoom(s, t, parent == FLAME_ROOT ? flame_top(t) : parent);
    return true;
}

static bool flame_handle(void *state, struct world *w, enum command cmd,
                         int key)
{
    struct flame_state *s = state;
    const struct flame_tree *t = flame_tree_of(s, w);

    (void)key;
    if (!flame_has_frames(s, w))
        return false;
    switch (cmd) {
    case CMD_ZOOM_IN:
        flame_zoom(s, t, s->selected);
        return true;
    case CMD_ZOOM_OUT:
        if (zoom_out(s, t))
            return true;
        filters_drop(&w->filters);
        return true;
    case CMD_ZOOM_ALL:
        flame_zoom(s, t, flame_top(t));
        return true;
    case CMD_UNIT:
        s->by_bytes = !s->by_bytes;
        rebuild_all(s);
        return true;
    case CMD_INVERT:
        s->is_inverted = !s->is_inverted;
        s->seen.has_site = false; /* another tree: go to the site anew */
        s->path_length = 0;
        s->zoom_hash = 0;
        rebuild_all(s);
        return true;
    case CMD_LAYOUT:
        s->is_tree_flipped = !s->is_tree_flipped;
        return true;
    default:
        return move(s, w, cmd);
    }
}

static bool flame_find_name(void *state, struct world *w, int step)
{
    struct flame_state *s = state;
    const struct flame_tree *t = flame_tree_of(s, w);
    uint32_t first, size, at;

    if (!flame_has_frames(s, w))
        return false;
    first = t->nodes[s->zoom].place;
    size = t->nodes[s->zoom].size;
    at = t->nodes[s->selected].place - first;
    for (uint32_t tried = 0; tried < size; tried++) {
        uint32_t node;
        char unnamed[256];

        at = step > 0 ? (at + 1) % size : (at + size - 1) % size;
        node = t->order[first + at];
        if (strcasestr(flame_name(world_stage(w), &t->nodes[node], unnamed,
                                  sizeof(unnamed)),
                       w->search) != NULL) {
            selected(s, w, node);
            return true;
        }
    }
    return false;
}

const struct view view_flame = {
    .name = "flame",
    .title = MSG_FLAME,
    .opened_by = CMD_GO_FLAME,
    .scope = SCOPE_FLAME,
    .has_filters = true,
    .state_size = sizeof(struct flame_state),
    .back = &view_sites,
    .refresh = flame_refresh,
    .draw = draw,
    .brief = flame_brief,
    .teach = flame_teach,
    .handle = flame_handle,
    .find = flame_find_name,
    .fini = flame_state_fini,
};
