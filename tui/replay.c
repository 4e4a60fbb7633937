#include "tui/replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/asked.h"
#include "base/attrs.h"
#include "base/vec.h"
#include "tui/replay_move.h"
#include "tui/units.h"
#include "tui/view.h"
#include "tui/wrap.h"

const unsigned replay_speeds[] = { 1, 2, 5, 10, 25, 50, 100, 250, 1000, 5000 };
const size_t replay_speed_count = ARRAY_LEN(replay_speeds);

void replay_init(struct replay *r)
{
    *r = (struct replay){ .speed = 2 };
}

void replay_fini(struct replay *r)
{
    timeline_close(r->timeline);
    window_fini(&r->window);
    free(r->blocks);
    free(r->states);
    replay_init(r);
}

bool replay_is_ready(const struct replay *r)
{
    return r->timeline != NULL && !r->is_broken && r->window.event_count > 0;
}

/* Another stage: nothing of the last one is kept but the speed. */
static void change_stage(struct replay *r, struct world *w)
{
    size_t speed = r->speed;
    uint64_t version = r->version;

    replay_fini(r);
    r->speed = speed;
    r->version = version + 1;
    r->stage = w->selection.stage;
    w->selection.event = 0;
    w->selection.block = 0;
}

static enum err_code open_timeline(struct replay *r, const struct world *w,
                                   struct err *err)
{
    const struct stage *s = world_stage(w);
    enum err_code rc;

    if (s->path == NULL)
        return ERR_OK;
    r->was_tried = true;
    r->version++;
    rc = timeline_open(s->path, &timeline_default, &r->timeline, err);
    if (rc == ERR_OK || rc == ERR_NO_MEMORY)
        return rc;
    r->is_broken = true;
    snprintf(r->note, sizeof(r->note), "%s", err->text);
    return ERR_OK;
}

static void play(struct replay *r, struct world *w)
{
    uint64_t per_second = replay_speeds[r->speed];
    uint64_t events;

    if (!r->is_playing || !replay_is_ready(r))
        return;
    events = (w->now_ms - r->played_ms) * per_second / 1000;
    if (events == 0)
        return;
    r->played_ms += events * 1000 / per_second;
    r->version++;
    if (events > 100000)
        events = 100000; /* the machine slept */
    replay_step(w, (int)events);
    if (w->selection.event == timeline_events(r->timeline))
        r->is_playing = false;
}

static enum err_code read_on(struct replay *r, uint64_t max_events, bool *busy,
                             struct err *err)
{
    uint64_t before = timeline_events(r->timeline);
    bool was_read = r->is_read;
    enum err_code rc = timeline_advance(r->timeline, max_events, err);

    if (rc == ERR_NO_MEMORY)
        return rc;
    r->is_read = rc != ERR_OK;
    *busy = *busy || !r->is_read;
    if (rc != ERR_OK && rc != ERR_NOT_FOUND)
        snprintf(r->note, sizeof(r->note), "%s", err->text);
    if (was_read != r->is_read || timeline_events(r->timeline) != before)
        r->version++;
    return ERR_OK;
}

enum err_code replay_poll(struct replay *r, struct world *w,
                          uint64_t max_events, bool *busy, struct err *err)
{
    enum err_code rc = ERR_OK;

    if (r->stage != w->selection.stage)
        change_stage(r, w);
    if (!r->was_tried)
        rc = open_timeline(r, w, err);
    if (rc != ERR_OK || r->timeline == NULL || r->is_broken)
        return rc;
    if (!r->is_read || !world_stage(w)->is_whole)
        rc = read_on(r, max_events, busy, err);
    if (rc != ERR_OK)
        return rc;
    play(r, w);
    return ERR_OK;
}

/* --- the blocks of the window --- */

static uint32_t find_site(const struct stage *s, const struct tables *t,
                          const struct window_block *b)
{
    struct asked asked;

    asked_find(t, b->stack, b->text, &asked);
    for (size_t i = 0; i < s->site_count; i++)
        if (asked_is(&asked, &s->sites[i]))
            return (uint32_t)i + 1;
    return 0;
}

/* Finds the site of each block; the answer for one stack serves all. */
static enum err_code find_sites(struct replay *r, const struct world *w,
                                struct err *err)
{
    const struct stage *s = world_stage(w);
    uint32_t *counts = calloc(s->site_count + 1, sizeof(*counts));
    struct map by_stack = { 0 };
    enum err_code rc = counts == NULL ? err_no_memory(err) : ERR_OK;

    r->sites = NULL;
    for (size_t i = 0; rc == ERR_OK && i < r->window.block_count; i++) {
        const struct window_block *b = &r->window.blocks[i];
        uint64_t key = (uint64_t)b->stack << 32 | b->text;
        uint64_t site;

        if (!map_get(&by_stack, key, &site)) {
            site = find_site(s, timeline_tables(r->timeline), b);
            rc = map_put(&by_stack, key, site, err);
        }
        if (rc == ERR_OK)
            rc =
                vec_grow(&r->blocks, i, &r->block_cap, sizeof(*r->blocks), err);
        if (rc == ERR_OK)
            r->blocks[i] =
                (struct replay_block){ (uint32_t)site, ++counts[site] };
    }
    map_fini(&by_stack);
    free(counts);
    if (rc == ERR_OK) {
        r->sites = s->sites;
        r->site_count = s->site_count;
    }
    return rc;
}

/* Goes through the window once. A realloc's free tells the old size to the
 * allocation of the same thread that follows. */
static enum err_code find_states(struct replay *r, struct err *err)
{
    const struct window *win = &r->window;
    struct map resized = { 0 }; /* thread -> 1 + the event that freed */
    struct map old_bytes = { 0 };
    struct replay_state now = { 0 };
    enum err_code rc = ERR_OK;

    free(r->states);
    r->states = calloc(win->event_count, sizeof(*r->states));
    if (r->states == NULL)
        return err_no_memory(err);
    for (size_t i = 0; rc == ERR_OK && i < win->event_count; i++) {
        const struct event *ev = &win->events[i];
        const struct moment *m = timeline_moment(r->timeline);
        const struct moment_block *b =
            ev->kind == EV_FREE && m->next_seq == ev->seq
                ? moment_find(m, ev->addr)
                : NULL;
        uint64_t freed, bytes;

        if (b != NULL && (ev->flags & EV_REALLOC) != 0) {
            rc = map_put(&resized, ev->thread, i, err);
            if (rc == ERR_OK)
                rc = map_put(&old_bytes, ev->thread, b->size_bytes, err);
        }
        if (ev->kind == EV_ALLOC && (ev->flags & EV_REALLOC) != 0 &&
            map_take(&resized, ev->thread, &freed) &&
            map_take(&old_bytes, ev->thread, &bytes) &&
            win->events[freed].addr != ev->addr) {
            now.moved++;
            now.copied_bytes = model_add_sizes(
                now.copied_bytes,
                bytes < ev->size_bytes ? bytes : ev->size_bytes);
        }
        if (rc == ERR_OK)
            rc = timeline_seek(r->timeline, ev->seq, err);
        now.live_bytes = moment_live_bytes(timeline_moment(r->timeline));
        r->states[i] = now;
    }
    map_fini(&resized);
    map_fini(&old_bytes);
    return rc;
}

const struct replay_state *replay_now(const struct world *w)
{
    const struct window *win = &w->replay->window;
    uint64_t seq = replay_event(w);

    if (seq < win->first)
        seq = win->first;
    return &w->replay->states[seq > win->last ? win->event_count - 1
                                              : seq - win->first];
}

const struct site *replay_site(const struct world *w, size_t block)
{
    uint32_t site = w->replay->blocks[block].site;

    return site == 0 ? NULL : &world_stage(w)->sites[site - 1];
}

const struct window_block *replay_block(const struct world *w)
{
    if (w->selection.block == 0 || !replay_is_ready(w->replay))
        return NULL;
    return window_block_of(&w->replay->window, w->selection.block - 1);
}

void replay_select(struct world *w, size_t block)
{
    const struct site *site = replay_site(w, block);

    w->selection.block = w->replay->window.blocks[block].seq + 1;
    if (site == NULL)
        return;
    selection_set_site(&w->selection, site);
    w->replay->site_key = w->selection.site_key;
    w->replay->site_line = w->selection.site_line;
    w->replay->has_site = true;
}

/* Whether the selected site is another than at the last look. */
static bool is_other_site(const struct replay *r, const struct selection *s)
{
    return s->has_site && (!r->has_site || r->site_key != s->site_key ||
                           r->site_line != s->site_line);
}

/* Selects the first block of the selected site, or the first of all. */
static void choose_block(struct replay *r, struct world *w)
{
    const struct selection *s = &w->selection;
    size_t best = 0;
    int best_match = 0;

    for (size_t i = 0; i < r->window.block_count && best_match < 2; i++) {
        const struct site *site = replay_site(w, i);
        int match = site == NULL ? 0 : selection_match(s, site);

        if (match > best_match) {
            best = i;
            best_match = match;
        }
    }
    r->has_site = s->has_site;
    r->site_key = s->site_key;
    r->site_line = s->site_line;
    w->selection.block = 0;
    if (r->window.block_count == 0)
        return;
    w->selection.block = r->window.blocks[best].seq + 1;
    /* A site that made nothing here stays the selected one. */
    if (best_match == 0 && !s->has_site)
        replay_select(w, best);
}

/* --- the position --- */

/* Whole ops after the warm-up come first: they are what is counted. */
static uint64_t first_op(const struct timeline *t)
{
    uint64_t op = timeline_header(t)->warmup_ops + 1;
    uint64_t ops = timeline_ops(t);

    return op == 0 || op > ops ? ops : op;
}

/* The op must exist, and the event be in it or after it. */
static void settle_op(const struct timeline *t, struct selection *s)
{
    uint64_t last = timeline_events(t) - 1;
    struct timeline_op op = { .last = last };

    if (s->event > last + 1)
        s->event = last + 1;
    if (timeline_ops(t) == 0) {
        s->op = 0;
        return;
    }
    if (s->op == 0 || s->op > timeline_ops(t))
        s->op =
            s->event == 0 ? first_op(t) : timeline_op_before(t, s->event - 1);
    if (s->op == 0)
        s->op = 1;
    timeline_op(t, s->op, &op);
    if (s->event == 0 || (s->event - 1 >= op.first && s->event - 1 <= op.last))
        return;
    s->op = timeline_op_before(t, s->event - 1);
    if (s->op == 0)
        s->op = 1;
}

static enum err_code settle_window(struct replay *r, struct world *w,
                                   struct err *err)
{
    const struct stage *stage = world_stage(w);
    struct selection *s = &w->selection;
    struct timeline_op op = { .last = timeline_events(r->timeline) - 1 };
    uint64_t around;
    bool is_new;
    enum err_code rc = ERR_OK;

    timeline_op(r->timeline, s->op, &op);
    around = s->event == 0 ? op.first : s->event - 1;
    is_new =
        !window_is(&r->window, s->op, around) || r->window.op_last != op.last;
    if (is_new)
        rc = window_load(&r->window, r->timeline, s->op, around, err);
    if (rc == ERR_OK && is_new && r->window.first > 0)
        rc = timeline_seek(r->timeline, r->window.first - 1, err);
    if (rc == ERR_OK && is_new)
        rc = find_states(r, err);
    if (rc == ERR_OK && (is_new || r->sites != stage->sites ||
                         r->site_count != stage->site_count))
        rc = find_sites(r, w, err);
    if (rc != ERR_OK)
        return rc;
    if (is_other_site(r, s) || replay_block(w) == NULL)
        choose_block(r, w);
    if (s->event == 0)
        s->event = s->block == 0 ? r->window.first + 1 : s->block;
    return ERR_OK;
}

enum err_code replay_sync(struct replay *r, struct world *w, struct err *err)
{
    enum err_code rc;

    if (r->stage != w->selection.stage)
        change_stage(r, w);
    if (r->timeline == NULL || r->is_broken ||
        timeline_events(r->timeline) == 0)
        return ERR_OK;
    /* A selection of another trace's op would be settled in vain. */
    if (!r->is_read && timeline_ops(r->timeline) == 0)
        return ERR_OK;
    settle_op(r->timeline, &w->selection);
    rc = settle_window(r, w, err);
    if (rc == ERR_OK && r->event != w->selection.event && w->view->has_follow)
        replay_follow(w);
    r->event = w->selection.event;
    if (rc == ERR_OK)
        rc = timeline_seek(r->timeline, w->selection.event - 1, err);
    if (rc == ERR_OK || rc == ERR_NO_MEMORY)
        return rc;
    r->is_broken = true;
    snprintf(r->note, sizeof(r->note), "%s", err->text);
    return ERR_OK;
}

uint64_t replay_event(const struct world *w)
{
    return w->selection.event == 0 ? 0 : w->selection.event - 1;
}

uint64_t replay_relative(const struct world *w, uint64_t seq)
{
    uint64_t first = w->replay->window.op_first;

    return seq > first ? seq - first : 0;
}

void replay_draw_waiting(const struct world *w, struct area a)
{
    const struct replay *r = w->replay;
    char number[UNITS_MAX];
    char text[sizeof(r->note)];

    if (replay_is_ready(r))
        return;
    if (r->is_broken)
        snprintf(text, sizeof(text), "%s", r->note);
    else if (r->timeline == NULL)
        say_to(text, sizeof(text), w->language, MSG_REPLAY_NONE);
    else if (r->is_read)
        say_to(text, sizeof(text), w->language, MSG_REPLAY_EMPTY);
    else
        say_to(text, sizeof(text), w->language, MSG_REPLAY_READING,
               units_count(timeline_events(r->timeline), number));
    wrap_draw(area_part(a, 1, 2, -2, -3), STYLE_WARN, text, 0);
}

void replay_play(struct world *w)
{
    w->replay->is_playing = !w->replay->is_playing;
    w->replay->played_ms = w->now_ms;
}
