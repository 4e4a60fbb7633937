/*
 * replay.h - the trace of the selected stage, event by event: what Ribbons,
 * Replay and Heap look at together.
 *
 * Owns the timeline of one stage, opened when one of those views is first
 * shown and read a slice at a time, and keeps the selection's op, event and
 * block sound: there, and in agreement.
 */
#ifndef TUI_REPLAY_H
#define TUI_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/timeline.h"
#include "analysis/window.h"
#include "base/err.h"
#include "tui/grid.h"
#include "tui/keymap.h"

struct site;
struct world;

/* Which site a block of the window is of. */
struct replay_block {
    uint32_t site; /* 1 + index into the stage's sites; 0 none of them */
    uint32_t nth;  /* of that site in the window, from 1 */
};

/* What is so after an event of the window. */
struct replay_state {
    uint64_t live_bytes;
    uint64_t moved;        /* reallocs in the window that moved their block */
    uint64_t copied_bytes; /* by those, at least: the smaller of both sizes */
};

struct replay {
    struct timeline *timeline; /* of `stage`; owned; NULL: not opened */
    size_t stage;
    bool was_tried;              /* to open it */
    bool is_read;                /* to the end of what there is */
    bool is_broken;              /* nothing can be shown; note says why */
    char note[256];              /* what is wrong with the trace, or "" */
    struct window window;        /* the op of the selection, or a part of it */
    struct replay_block *blocks; /* of the window; owned */
    size_t block_cap;
    struct replay_state *states; /* of the window's events; owned */
    const struct site *sites;    /* of the stage, when `blocks` was made */
    size_t site_count;
    uint64_t site_key; /* of the selection then */
    uint32_t site_line;
    bool has_site;

    uint64_t event;   /* of the selection at the last look */
    uint64_t version; /* grows whenever replay_poll changes what is seen */
    bool is_playing;
    size_t speed;       /* index into replay_speeds */
    uint64_t played_ms; /* when the position was moved last */
};

/* Events a second while playing. */
extern const unsigned replay_speeds[];
extern const size_t replay_speed_count;

void replay_init(struct replay *r);
void replay_fini(struct replay *r); /* leaves it empty */

/* Opens and reads on, at most `max_events` (0: all), and moves the position
 * while it plays. *busy: calling again is worth while. What is wrong with a
 * trace is its note. ERR_NO_MEMORY. */
enum err_code replay_poll(struct replay *r, struct world *w,
                          uint64_t max_events, bool *busy,
                          struct err *err) MUST_CHECK;

/* Makes the selection sound and the window and the moment those of the
 * selection. ERR_NO_MEMORY. */
enum err_code replay_sync(struct replay *r, struct world *w,
                          struct err *err) MUST_CHECK;

/* Whether there is something to look at. */
bool replay_is_ready(const struct replay *r);

/* The position as an event number, and counted from the op's begin (or, in a
 * whole run, from the trace's). */
uint64_t replay_event(const struct world *w);
uint64_t replay_relative(const struct world *w, uint64_t seq);

/* The selected block; NULL none. */
const struct window_block *replay_block(const struct world *w);

/* Selects a block of the window, and with it its site. */
void replay_select(struct world *w, size_t block);

/* The site of a block of the window; NULL when the stage lists none. */
const struct site *replay_site(const struct world *w, size_t block);

/* While there is nothing to look at: why not. */
void replay_draw_waiting(const struct world *w, struct area a);

/* What is so now. */
const struct replay_state *replay_now(const struct world *w);

/* Starts or stops playing. */
void replay_play(struct world *w);

#endif
