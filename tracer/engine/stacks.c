#include "engine/stacks.h"

#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/vec.h"
#include "symbols/maps.h"
#include "trace/tables.h"

enum { SHADOWS_MAX = 1024 }; /* stacks remembered per thread */

uint64_t run_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

enum err_code stacks_send(struct engine_run *run, struct task *t,
                          struct event *ev, const char *text,
                          struct engine_stack *stack, struct err *err)
{
    ev->thread = t->number;
    ev->t_ns = run_now_ns() - run->start_ns;
    return run->sink.on_event(run->sink.ctx, ev, text, stack, err);
}

enum err_code stacks_announce(struct engine_run *run, struct task *t,
                              struct err *err)
{
    struct event ev = { .kind = EV_THREAD_BEGIN, .addr = (uint64_t)t->tid };

    if (t->is_announced)
        return ERR_OK;
    t->is_announced = true;
    t->number = run->thread_count++;
    return stacks_send(run, t, &ev, "", NULL, err);
}

/* What the shadow's sink needs to know. */
struct context {
    struct engine_run *run;
    struct task *task;
    bool is_final; /* the thread is gone: nobody inherits, nothing to plant */
};

/* Whether some frame outside `index` is the program's own: the climb goes no
 * further than the outermost of these. */
static bool has_program_frame_outside(struct engine_run *run,
                                      const struct shadow *s, size_t index)
{
    for (size_t i = index; i-- > 0;)
        if (!unwind_is_runtime(&run->unwinder, &s->stack.frames[i]))
            return true;
    return false;
}

/* Makes frame `index` a watched activation, unless it is one. Its return
 * address stands in the frame outside it. */
enum err_code stacks_watch(struct engine_run *run, struct task *t,
                           struct shadow *s, size_t index, struct err *err)
{
    struct breakpoint *bp;
    const struct engine_frame *caller;
    enum err_code rc;

    if (s->watches[index] != WATCH_NONE)
        return ERR_OK;
    rc = activations_begin(&run->activations, &s->watches[index], err);
    if (rc != ERR_OK)
        return rc;
    run->ledger->activations++;
    if (index == 0)
        return ERR_OK; /* the thread's first frame: nothing to return to */
    caller = &s->stack.frames[index - 1];
    /* A signal handler's return would be seen where all handlers return to,
     * SIGTRAP's own too, during which a trap costs the program its handler. It
     * is inferred instead. */
    if (unwind_is_trampoline(&run->unwinder, caller))
        return ERR_OK;
    rc = breakpoints_plant(&run->breakpoints, &run->target, t->tid,
                           caller->addr, BREAK_WATCH, &bp, err);
    if (rc == ERR_NOT_FOUND) {
        run->ledger->probes_refused++;
        return ERR_OK; /* it will be inferred */
    }
    return rc;
}

/* A watched frame is gone: its blocks go to the next frame, if any are left
 * and the climb is not over. */
static enum err_code on_gone(void *ctx, struct shadow *s, size_t index,
                             bool is_inferred, struct err *err)
{
    struct context *c = ctx;
    struct engine_run *run = c->run;
    uint32_t activation = s->watches[index];
    bool is_op = c->task->op == activation;
    uint32_t heir = OWNER_NONE;
    struct event ev = {
        .kind = EV_RETURN,
        .flags = is_inferred ? EV_INFERRED : 0,
        .activation = activations_id(&run->activations, activation),
    };
    enum err_code rc = ERR_OK;

    if (is_inferred)
        run->ledger->activations_inferred++;
    if (!is_op && !c->is_final && index > 0 &&
        activations_owns_any(&run->activations, activation) &&
        has_program_frame_outside(run, s, index)) {
        rc = stacks_watch(run, c->task, s, index - 1, err);
        heir = s->watches[index - 1];
        ev.parent = activations_id(&run->activations, heir);
    }
    s->watches[index] = WATCH_NONE;
    activations_end(&run->activations, activation, heir);
    if (rc == ERR_OK)
        rc = stacks_send(run, c->task, &ev, "", NULL, err);
    if (rc != ERR_OK || !is_op)
        return rc;
    c->task->op = WATCH_NONE;
    run->ledger->ops_inferred += is_inferred ? 1 : 0;
    ev.kind = EV_OP_END;
    ev.parent = ACTIVATION_NONE;
    return stacks_send(run, c->task, &ev, "", NULL, err);
}

static struct shadow_sink shadow_sink_of(struct context *c)
{
    return (struct shadow_sink){ c, on_gone };
}

bool stacks_holds(const struct shadow *s, tracee_addr sp)
{
    return sp >= s->low && sp < s->high;
}

/* The mapping that `sp` lies in. A main thread's stack grows downwards, so
 * its high end is what names it. */
static enum err_code find_mapping(const struct engine_run *run, tracee_addr sp,
                                  tracee_addr *low, tracee_addr *high,
                                  struct err *err)
{
    struct maps maps = { 0 };
    const struct map_entry *entry;
    enum err_code rc = target_maps(&run->target, &maps, err);

    if (rc == ERR_NO_MEMORY)
        return rc;
    entry = rc == ERR_OK ? maps_find(&maps, sp) : NULL;
    *low = entry != NULL ? entry->start : sp;
    *high = entry != NULL ? entry->end : sp + 1;
    maps_fini(&maps);
    return ERR_OK;
}

/* A place for one more shadow: a new one, or that of the stack not used for
 * longest, which is given up. Others stay where they are in the table. */
static enum err_code make_room(struct engine_run *run, struct task *t,
                               size_t *index, struct err *err)
{
    struct context c = { run, t, false };
    struct shadow_sink sink = shadow_sink_of(&c);
    enum err_code rc;

    if (t->shadow_count < SHADOWS_MAX) {
        rc = vec_grow(&t->shadows, t->shadow_count, &t->shadow_cap,
                      sizeof(*t->shadows), err);
        *index = t->shadow_count;
        t->shadow_count += rc == ERR_OK ? 1 : 0;
        return rc;
    }
    *index = 0;
    for (size_t i = 1; i < t->shadow_count; i++)
        if (t->shadows[i].used < t->shadows[*index].used)
            *index = i;
    rc = shadow_pop_from(&t->shadows[*index], 0, &sink, err);
    shadow_fini(&t->shadows[*index]);
    return rc;
}

/* The narrowest shadow that holds `sp`: a coroutine's stack may lie within
 * another's. SIZE_MAX when there is none. */
static size_t find_holder(const struct task *t, tracee_addr sp)
{
    size_t best = SIZE_MAX;
    tracee_addr width = UINT64_MAX;

    for (size_t i = 0; i < t->shadow_count; i++) {
        const struct shadow *s = &t->shadows[i];

        if (stacks_holds(s, sp) && s->high - s->low < width) {
            best = i;
            width = s->high - s->low;
        }
    }
    return best;
}

/* A shadow whose stack has grown to `sp`, in the mapping [low, high). */
static size_t find_grown(struct task *t, tracee_addr sp, tracee_addr low,
                         tracee_addr high)
{
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < t->shadow_count; i++) {
        struct shadow *s = &t->shadows[i];

        if (s->mapping == high && sp < s->low &&
            (best == SIZE_MAX || s->low < t->shadows[best].low))
            best = i;
    }
    if (best != SIZE_MAX)
        t->shadows[best].low = low;
    return best;
}

enum err_code stacks_find(struct engine_run *run, struct task *t,
                          tracee_addr sp, struct shadow **out, struct err *err)
{
    size_t index = find_holder(t, sp);
    tracee_addr low, high;
    enum err_code rc = ERR_OK;

    if (index == SIZE_MAX) {
        rc = find_mapping(run, sp, &low, &high, err);
        if (rc == ERR_OK)
            index = find_grown(t, sp, low, high);
    }
    if (rc == ERR_OK && index == SIZE_MAX) {
        rc = make_room(run, t, &index, err);
        if (rc == ERR_OK)
            t->shadows[index] =
                (struct shadow){ .low = low, .high = high, .mapping = high };
    }
    if (rc != ERR_OK)
        return rc;
    t->current = index;
    *out = &t->shadows[index];
    (*out)->used = t->epoch;
    return ERR_OK;
}

/* Ends the frames of `s` whose place is taken: the thread's stack reaches from
 * `sp` to `base` now. Gives where the next frame further in lies. */
static enum err_code yield_place(struct shadow *s, tracee_addr sp,
                                 tracee_addr base,
                                 const struct shadow_sink *sink,
                                 tracee_addr *below, struct err *err)
{
    size_t taken = s->stack.count;

    *below = s->low;
    for (size_t i = s->stack.count; i-- > 0;) {
        tracee_addr cfa = s->stack.frames[i].cfa;

        if (cfa > sp && cfa <= base)
            taken = i;
        else if (cfa <= sp && cfa >= *below)
            *below = cfa + 1; /* it returns to there */
    }
    return shadow_pop_from(s, taken, sink, err);
}

/* The thread is not on the stack of shadow `*out`, whose range it is in, but
 * on one that reaches from `sp` to `base`: below all of its frames, or inside
 * one of them. */
static enum err_code split(struct engine_run *run, struct task *t,
                           tracee_addr sp, tracee_addr base,
                           struct shadow **out, struct err *err)
{
    struct context c = { run, t, false };
    struct shadow_sink sink = shadow_sink_of(&c);
    struct shadow made = { .high = base + 1,
                           .mapping = (*out)->mapping,
                           .used = t->epoch };
    size_t index;
    enum err_code rc = yield_place(*out, sp, base, &sink, &made.low, err);

    (*out)->used = t->epoch + 1; /* not to be given up now */
    if (rc == ERR_OK)
        rc = make_room(run, t, &index, err);
    if (rc != ERR_OK)
        return rc;
    log_debug("stack found base=0x%llx tid=%d", (unsigned long long)base,
              t->tid);
    t->shadows[index] = made;
    t->current = index;
    *out = &t->shadows[index];
    return ERR_OK;
}

/* A walk from `sp` found another stack than the shadow's. */
static enum err_code switch_stack(struct engine_run *run, struct task *t,
                                  tracee_addr sp, tracee_addr base,
                                  struct shadow **out, struct err *err)
{
    struct context c = { run, t, false };
    struct shadow_sink sink = shadow_sink_of(&c);
    size_t from = (size_t)(*out - t->shadows);
    enum err_code rc;

    if (base > shadow_base(*out)) /* it took the place of this one */
        rc = shadow_pop_from(*out, 0, &sink, err);
    else
        rc = split(run, t, sp, base, out, err);
    if (rc != ERR_OK)
        return rc;
    return shadow_adopt(*out, &t->shadows[from], &sink, err);
}

/* Frames that nobody saw returning are about to be ended, because the stack
 * pointer stands above them: unless the thread is on another stack by now,
 * which lies inside one of their callers. */
static enum err_code check_stack(struct engine_run *run, struct task *t,
                                 const struct unwind_walk *w, tracee_addr sp,
                                 struct shadow **out, struct err *err)
{
    tracee_addr base;

    if (!shadow_ends_watched(*out, sp))
        return ERR_OK;
    base = shadow_base_of_walk(&run->unwinder, w);
    if (base < sp || base >= shadow_base(*out))
        return ERR_OK;
    return split(run, t, sp, base, out, err);
}

enum err_code stacks_walk(struct engine_run *run, struct task *t,
                          struct unwind_walk *w, tracee_addr caller_sp,
                          struct shadow **out, struct err *err)
{
    struct context c = { run, t, false };
    struct shadow_sink sink = shadow_sink_of(&c);
    tracee_addr other = 0;
    enum err_code rc = stacks_find(run, t, caller_sp, out, err);

    if (rc == ERR_OK)
        rc = check_stack(run, t, w, caller_sp, out, err);
    if (rc == ERR_OK)
        rc = shadow_pop_to(*out, caller_sp, &sink, err);
    if (rc == ERR_OK)
        rc = shadow_walk(*out, &run->unwinder, w, &sink, &other, err);
    if (rc == ERR_OK && other != 0)
        rc = switch_stack(run, t, caller_sp, other, out, err);
    t->epoch++;
    return rc;
}

enum err_code stacks_enter(struct engine_run *run, struct task *t,
                           struct unwind_walk *w, tracee_addr caller_sp,
                           struct shadow **out, struct err *err)
{
    tracee_addr return_addr = w->regs[arch_dwarf_pc];
    size_t index;
    enum err_code rc = stacks_find(run, t, caller_sp, out, err);

    if (rc != ERR_OK)
        return rc;
    if (!shadow_find_return(*out, return_addr, caller_sp, &index))
        return stacks_walk(run, t, w, caller_sp, out, err);
    t->epoch++;
    (*out)->is_cut = false;
    return stacks_pop_to(run, t, *out, caller_sp - 1, err);
}

enum err_code stacks_pop_to(struct engine_run *run, struct task *t,
                            struct shadow *s, tracee_addr sp, struct err *err)
{
    struct context c = { run, t, false };
    struct shadow_sink sink = shadow_sink_of(&c);

    return shadow_pop_to(s, sp, &sink, err);
}

enum err_code stacks_return(struct engine_run *run, struct task *t,
                            struct shadow *s, size_t index, struct err *err)
{
    struct context c = { run, t, false };
    struct shadow_sink sink = shadow_sink_of(&c);
    enum err_code rc = shadow_pop_from(s, index + 1, &sink, err);

    if (rc == ERR_OK)
        rc = on_gone(&c, s, index, false, err);
    s->stack.count = index;
    return rc;
}

enum err_code stacks_end(struct engine_run *run, struct task *t,
                         struct err *err)
{
    struct context c = { run, t, true };
    struct shadow_sink sink = shadow_sink_of(&c);
    enum err_code rc = ERR_OK;

    for (size_t i = 0; rc == ERR_OK && i < t->shadow_count; i++)
        rc = shadow_pop_from(&t->shadows[i], 0, &sink, err);
    return rc;
}
