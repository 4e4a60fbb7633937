#include "analysis/timeline.h"

#include <stdlib.h>

#include "analysis/checkpoints.h"
#include "analysis/curve.h"
#include "analysis/event_store.h"
#include "analysis/frames.h"
#include "base/vec.h"
#include "trace/reader.h"

const struct timeline_limits timeline_default = {
    .checkpoint_bytes = 64 << 20,
    .spacing_events = 16384,
};

struct op_entry {
    uint64_t first, last; /* last: UINT64_MAX while it is open */
    uint64_t activation;
    uint32_t stack, thread;
    bool is_whole;
};

struct timeline {
    struct reader *reader;
    struct event_store store;
    struct op_entry *ops; /* [number - 1]; owned */
    size_t op_count, op_cap;
    struct fates fates;
    struct checkpoints checkpoints;
    struct curve curve; /* of live bytes */
    struct timeline_marks marks;
    uint64_t peak_bytes;
    struct moment front;   /* of the first pass */
    struct map resized;    /* thread -> what its realloc freed last */
    struct map resized_at; /* thread -> the address of that */
    uint64_t event_count;
    struct err failed; /* ERR_OK, or why the first pass cannot go on */

    struct moment here; /* where timeline_seek went */
};

enum err_code timeline_open(const char *path,
                            const struct timeline_limits *limits,
                            struct timeline **out, struct err *err)
{
    struct timeline *t = calloc(1, sizeof(*t));
    enum err_code rc;

    *out = NULL;
    if (t == NULL)
        return err_no_memory(err);
    rc = reader_open(path, &t->reader, err);
    if (rc != ERR_OK) {
        free(t);
        return rc;
    }
    moment_init(&t->front, reader_header(t->reader)->op != NULL);
    moment_init(&t->here, t->front.has_ops);
    checkpoints_init(&t->checkpoints, limits->checkpoint_bytes,
                     limits->spacing_events);
    curve_init(&t->curve);
    t->marks = (struct timeline_marks){ UINT64_MAX, UINT64_MAX };
    *out = t;
    return ERR_OK;
}

void timeline_close(struct timeline *t)
{
    if (t == NULL)
        return;
    reader_close(t->reader);
    event_store_fini(&t->store);
    free(t->ops);
    fates_fini(&t->fates);
    checkpoints_fini(&t->checkpoints);
    moment_fini(&t->front);
    map_fini(&t->resized);
    map_fini(&t->resized_at);
    moment_fini(&t->here);
    free(t);
}

/* A realloc tells its old block's size and address to its new one. */
static enum err_code note_resize(struct timeline *t, const struct event *ev,
                                 const struct moment_block *b, struct err *err)
{
    enum err_code rc;

    if ((ev->flags & EV_REALLOC) == 0)
        return ERR_OK;
    rc = map_put(&t->resized, ev->thread, b->size_bytes, err);
    if (rc == ERR_OK)
        rc = map_put(&t->resized_at, ev->thread, b->addr, err);
    return rc;
}

static enum err_code on_alloc(struct timeline *t, const struct event *ev,
                              struct err *err)
{
    uint64_t old_bytes, old_addr;
    enum err_code rc = fates_add(&t->fates, err);

    if (rc != ERR_OK || (ev->flags & EV_REALLOC) == 0 ||
        !map_take(&t->resized, ev->thread, &old_bytes))
        return rc;
    if (ev->size_bytes > old_bytes)
        fates_get(&t->fates, t->fates.count - 1)->what |= FATE_GROWN;
    if (map_take(&t->resized_at, ev->thread, &old_addr) &&
        old_addr != ev->addr && t->marks.first_move_seq == UINT64_MAX)
        t->marks.first_move_seq = ev->seq;
    return rc;
}

/* As end_of in lives.c tells it. */
static enum err_code on_free(struct timeline *t, const struct event *ev,
                             struct err *err)
{
    const struct moment_block *b = moment_find(&t->front, ev->addr);
    uint64_t op;
    struct climb climb;
    struct fate *fate;

    if (b == NULL)
        return ERR_OK;
    op = moment_op(&t->front, b->thread);
    fate = fates_get(&t->fates, b->number);
    fate->what |= FATE_FREED;
    fate->life = ev->seq - b->seq < FATE_LIFE_MAX ? (uint32_t)(ev->seq - b->seq)
                                                  : FATE_LIFE_MAX;
    fate->freed_stack = ev->stack;
    if ((ev->flags & EV_REALLOC) != 0)
        fate->what |= FATE_RESIZED;
    if (b->thread != ev->thread ||
        (t->front.has_ops && (op == 0 || op != b->op))) {
        fate->what |= FATE_CROSSED;
    } else if (b->is_watched) {
        climb = moment_climb(&t->front, b);
        fate->what |= FATE_WATCHED;
        fate->hops =
            climb.hops < FATE_HOPS_MAX ? (uint16_t)climb.hops : FATE_HOPS_MAX;
        if (climb.owner == ACTIVATION_NONE)
            fate->what |= FATE_BY_NONE;
        else if (op != 0 && climb.owner == t->ops[op - 1].activation)
            fate->what |= FATE_BY_OP;
    }
    return note_resize(t, ev, b, err);
}

static void end_op(struct timeline *t, const struct event *ev, bool is_whole)
{
    uint64_t op = moment_op(&t->front, ev->thread);

    if (op == 0)
        return;
    t->ops[op - 1].is_whole = is_whole;
    t->ops[op - 1].last = is_whole || ev->seq == 0 ? ev->seq : ev->seq - 1;
}

static enum err_code on_op_begin(struct timeline *t, const struct event *ev,
                                 struct err *err)
{
    enum err_code rc =
        vec_grow(&t->ops, t->op_count, &t->op_cap, sizeof(*t->ops), err);

    if (rc != ERR_OK)
        return rc;
    end_op(t, ev, false); /* one that was open is cut by this */
    t->ops[t->op_count++] = (struct op_entry){
        .first = ev->seq,
        .last = UINT64_MAX,
        .activation = ev->activation,
        .stack = ev->stack,
        .thread = ev->thread,
    };
    return ERR_OK;
}

/* Notes what is to be known of an event before it is done. */
static enum err_code note_event(struct timeline *t, const struct event *ev,
                                struct err *err)
{
    switch (ev->kind) {
    case EV_ALLOC:
        return on_alloc(t, ev, err);
    case EV_FREE:
        return on_free(t, ev, err);
    case EV_OP_BEGIN:
        return t->front.has_ops ? on_op_begin(t, ev, err) : ERR_OK;
    case EV_OP_END:
        end_op(t, ev, true);
        return ERR_OK;
    case EV_THREAD_END:
        map_take(&t->resized, ev->thread, NULL);
        end_op(t, ev, false);
        return ERR_OK;
    default:
        return ERR_OK;
    }
}

/* The event is the first of a chunk. */
static enum err_code on_chunk(struct timeline *t,
                              const struct reader_place *place, struct err *err)
{
    enum err_code rc = event_store_add(&t->store, place, err);

    if (rc == ERR_OK && checkpoints_is_due(&t->checkpoints, &t->front))
        rc = checkpoints_take(&t->checkpoints, &t->front, err);
    return rc;
}

static enum err_code pass_event(struct timeline *t, const struct event *ev,
                                struct err *err)
{
    struct reader_place place = reader_place(t->reader);
    uint64_t live_bytes;
    enum err_code rc = ERR_OK;

    if (place.seq == ev->seq)
        rc = on_chunk(t, &place, err);
    if (rc == ERR_OK)
        rc = note_event(t, ev, err);
    if (rc == ERR_OK)
        rc = moment_event(&t->front, ev, err);
    if (rc != ERR_OK)
        return rc;
    t->event_count = ev->seq + 1;
    live_bytes = moment_live_bytes(&t->front);
    curve_add(&t->curve, ev->seq, live_bytes);
    if (live_bytes > t->peak_bytes) {
        t->peak_bytes = live_bytes;
        t->marks.peak_seq = ev->seq;
    }
    return ERR_OK;
}

enum err_code timeline_advance(struct timeline *t, uint64_t max_events,
                               struct err *err)
{
    enum err_code rc = t->failed.code;

    if (rc != ERR_OK) {
        *err = t->failed;
        return rc;
    }
    for (uint64_t i = 0; rc == ERR_OK && (max_events == 0 || i < max_events);
         i++) {
        struct event ev;

        rc = reader_next(t->reader, &ev, err);
        if (rc == ERR_OK)
            rc = pass_event(t, &ev, err);
    }
    if (rc != ERR_OK && rc != ERR_NOT_FOUND)
        t->failed = *err;
    return rc;
}

const struct trace_header *timeline_header(const struct timeline *t)
{
    return reader_header(t->reader);
}

const struct tables *timeline_tables(const struct timeline *t)
{
    return reader_tables(t->reader);
}

uint64_t timeline_events(const struct timeline *t)
{
    return t->event_count;
}

uint64_t timeline_ops(const struct timeline *t)
{
    return t->op_count;
}

bool timeline_op(const struct timeline *t, uint64_t number,
                 struct timeline_op *out)
{
    const struct op_entry *op;

    if (number == 0 || number > t->op_count)
        return false;
    op = &t->ops[number - 1];
    *out = (struct timeline_op){
        .first = op->first,
        .last = op->last,
        .activation = op->activation,
        .stack = op->stack,
        .thread = op->thread,
        .is_open = op->last == UINT64_MAX,
        .is_whole = op->is_whole,
    };
    if (out->is_open)
        out->last = t->event_count - 1;
    return true;
}

uint64_t timeline_op_before(const struct timeline *t, uint64_t seq)
{
    size_t low = 0;
    size_t high = t->op_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (t->ops[middle].first <= seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void timeline_marks(const struct timeline *t, struct timeline_marks *out)
{
    *out = t->marks;
}

uint64_t timeline_peak(const struct timeline *t, uint64_t first, uint64_t last)
{
    return curve_peak(&t->curve, first, last);
}

bool timeline_fate(const struct timeline *t, uint64_t number, struct fate *out)
{
    const struct fate *fate = fates_get(&t->fates, number);

    if (fate != NULL)
        *out = *fate;
    return fate != NULL;
}

bool timeline_judge(const struct timeline *t, const struct timeline_made *made,
                    struct verdict *out, struct frame_call *owner)
{
    const struct tables *tables = reader_tables(t->reader);
    struct verdict_life life = { .made_stack = made->stack,
                                 .is_whole_run = !t->front.has_ops };
    struct fate fate;

    *out = (struct verdict){ .kind = VERDICT_LIVE };
    if (!timeline_fate(t, made->number, &fate) || (fate.what & FATE_FREED) == 0)
        return false;
    out->kind = VERDICT_CROSSES;
    if ((fate.what & FATE_CROSSED) != 0)
        return false;
    life.freed_stack = fate.freed_stack;
    if (life.is_whole_run)
        life.op_depth = frames_outermost(tables, made->stack);
    else if (made->op > 0 && made->op <= t->op_count)
        life.op_depth = frames_depth(tables, t->ops[made->op - 1].stack);
    life.is_watched = (fate.what & FATE_WATCHED) != 0;
    life.hops = fate.hops;
    life.owner_is_op = (fate.what & FATE_BY_OP) != 0;
    life.owner_unknown = (fate.what & FATE_BY_NONE) != 0;
    return verdict_judge(tables, &life, out, owner);
}

uint64_t timeline_memory(const struct timeline *t)
{
    return sizeof(*t) + event_store_memory(&t->store) +
           t->op_cap * sizeof(*t->ops) + fates_memory(&t->fates) +
           checkpoints_memory(&t->checkpoints) +
           (t->front.cap + t->here.cap) * sizeof(struct moment_block) +
           tables_memory(reader_tables(t->reader));
}

enum err_code timeline_event(struct timeline *t, uint64_t seq,
                             struct event *out, struct err *err)
{
    const struct event *ev;
    enum err_code rc;

    if (seq >= t->event_count)
        return ERR_NOT_FOUND;
    rc = event_store_get(&t->store, t->reader, seq, &ev, err);
    if (rc == ERR_OK)
        *out = *ev;
    return rc;
}

/* Ops that had begun before the checkpoint and not ended at it. */
static enum err_code restore_ops(struct timeline *t,
                                 const struct checkpoint *point,
                                 struct err *err)
{
    enum err_code rc = ERR_OK;

    for (uint64_t op = point->oldest_op; rc == ERR_OK && op <= point->ops;
         op++) {
        const struct op_entry *e = &t->ops[op - 1];
        /* Cut by the next begin of its thread, or by its end: open until
         * then, though its last event comes before. */
        uint64_t open_until =
            e->is_whole || e->last == UINT64_MAX ? e->last : e->last + 1;

        if (open_until >= point->seq)
            rc = map_put(&t->here.op_of, e->thread, op, err);
    }
    return rc;
}

/* Goes to a place before event `seq` or at it, the nearer the better. */
static enum err_code jump(struct timeline *t, uint64_t seq, struct err *err)
{
    const struct checkpoint *point = checkpoints_before(&t->checkpoints, seq);
    uint64_t from = point == NULL ? 0 : point->seq;
    enum err_code rc;

    if (t->here.next_seq <= seq && t->here.next_seq >= from)
        return ERR_OK;
    if (point == NULL) {
        moment_clear(&t->here);
        return ERR_OK;
    }
    rc = checkpoints_restore(&t->checkpoints, point, &t->here, err);
    if (rc == ERR_OK)
        rc = restore_ops(t, point, err);
    return rc;
}

enum err_code timeline_seek(struct timeline *t, uint64_t seq, struct err *err)
{
    enum err_code rc;

    if (seq >= t->event_count)
        return ERR_NOT_FOUND;
    if (t->here.next_seq == seq + 1)
        return ERR_OK;
    rc = jump(t, seq, err);
    while (rc == ERR_OK && t->here.next_seq <= seq) {
        const struct event *ev;

        rc = event_store_get(&t->store, t->reader, t->here.next_seq, &ev, err);
        if (rc == ERR_OK)
            rc = moment_event(&t->here, ev, err);
    }
    if (rc == ERR_NO_MEMORY)
        moment_clear(&t->here);
    return rc;
}

const struct moment *timeline_moment(const struct timeline *t)
{
    return &t->here;
}
