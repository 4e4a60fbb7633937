/*
 * flame_state.h - what the Flame view shows: a tree per stage, the frame that
 * is selected in it, and the frame it is zoomed to.
 */
#ifndef TUI_FLAME_STATE_H
#define TUI_FLAME_STATE_H

#include "tui/flame_tree.h"
#include "tui/view.h"

enum { FLAME_PATH_MAX = 256 }; /* frames of the selected path kept */

struct flame_stage {
    struct flame_tree tree;
    bool is_built;
    uint64_t events; /* of the stage, when it was built */
    bool was_whole;
};

struct flame_state {
    struct flame_stage *stages; /* one per stage; owned */
    size_t count;
    struct filters filters; /* the trees were built with these */
    bool is_inverted, by_bytes;
    bool is_tree_flipped; /* the other layout than the width suggests */

    uint32_t selected, zoom; /* nodes of the stage's tree */
    /* The way to them, to be found again in another tree. */
    uint64_t path[FLAME_PATH_MAX];
    size_t path_length;
    uint64_t zoom_hash;
    struct selection seen;
};

/* As struct view wants them. */
enum err_code flame_refresh(void *state, const struct world *w,
                            struct err *err);
void flame_state_fini(void *state);

/* The stage's tree, and whether it has anything to show. */
const struct flame_tree *flame_tree_of(const struct flame_state *s,
                                       const struct world *w);
bool flame_has_frames(const struct flame_state *s, const struct world *w);

/* Where a frame that is shown begins and how many columns it gets; 0: it is
 * narrower than one. */
struct flame_span {
    int col, cols;
};
struct flame_span flame_span_of(const struct flame_state *s,
                                const struct flame_tree *t, uint32_t node,
                                int cols);

/* Whether the frames are listed as a tree. */
bool flame_is_tree(const struct flame_state *s, const struct world *w);

/* The frame that the whole is drawn as: the only child of the root, or it. */
uint32_t flame_top(const struct flame_tree *t);

/* Selects a node and remembers the way to it; the same for the zoom. */
void flame_select(struct flame_state *s, const struct flame_tree *t,
                  uint32_t node);
void flame_zoom(struct flame_state *s, const struct flame_tree *t,
                uint32_t node);

void flame_draw(const struct flame_state *s, const struct world *w,
                struct area a);

/* Per op, or in all without ops. */
double flame_per_op(const struct stage *s, uint64_t value);

#endif
