#include "engine/stacks.h"

#include <string.h>
#include <time.h>

#include "base/vec.h"
#include "symbols/maps.h"
#include "trace/tables.h"

enum { SHADOWS_MAX = 64 }; /* stacks remembered per thread */

uint64_t run_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) +
           (uint64_t)now.tv_nsec;
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
    enum err_code rc = maps_read(run->pid, &maps, err);

    if (rc == ERR_NO_MEMORY)
        return rc;
    entry = rc == ERR_OK ? maps_find(&maps, sp) : NULL;
    *low = entry != NULL ? entry->start : sp;
    *high = entry != NULL ? entry->end : sp + 1;
    maps_fini(&maps);
    return ERR_OK;
}

/* Gives up the shadow of the stack not used for longest: the first one. */
static enum err_code drop_oldest(struct engine_run *run, struct task *t,
                                 struct err *err)
{
    struct context c = { run, t, false };
    struct shadow_sink sink = shadow_sink_of(&c);
    enum err_code rc = shadow_pop_from(&t->shadows[0], 0, &sink, err);

    shadow_fini(&t->shadows[0]);
    t->shadow_count--;
    memmove(&t->shadows[0], &t->shadows[1],
            t->shadow_count * sizeof(t->shadows[0]));
    return rc;
}

/* The shadow of the stack that holds `sp`, made when it is new. */
enum err_code stacks_find(struct engine_run *run, struct task *t,
                                 tracee_addr sp, struct shadow **out,
                                 struct err *err)
{
    tracee_addr low, high;
    enum err_code rc;

    for (size_t i = 0; i < t->shadow_count; i++) {
        size_t index = (t->current + i) % t->shadow_count;

        if (stacks_holds(&t->shadows[index], sp)) {
            t->current = index;
            *out = &t->shadows[index];
            return ERR_OK;
        }
    }
    rc = find_mapping(run, sp, &low, &high, err);
    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < t->shadow_count; i++) {
        if (t->shadows[i].high == high) {
            t->shadows[i].low = low; /* it has grown */
            t->current = i;
            *out = &t->shadows[i];
            return ERR_OK;
        }
    }
    if (t->shadow_count == SHADOWS_MAX)
        rc = drop_oldest(run, t, err);
    if (rc == ERR_OK)
        rc = vec_grow(&t->shadows, t->shadow_count, &t->shadow_cap,
                      sizeof(*t->shadows), err);
    if (rc != ERR_OK)
        return rc;
    t->current = t->shadow_count++;
    *out = &t->shadows[t->current];
    **out = (struct shadow){ .low = low, .high = high };
    return ERR_OK;
}

/* Brings the thread's shadow up to date with a walk. Frames at or below
 * `caller_sp` are gone: the function that was entered or left stands there. */
enum err_code stacks_walk(struct engine_run *run, struct task *t,
                                struct unwind_walk *w, tracee_addr caller_sp,
                                struct shadow **out, struct err *err)
{
    struct context c = { run, t, false };
    struct shadow_sink sink = shadow_sink_of(&c);
    enum err_code rc = stacks_find(run, t, caller_sp, out, err);

    if (rc == ERR_OK)
        rc = shadow_pop_to(*out, caller_sp, &sink, err);
    if (rc == ERR_OK)
        rc = shadow_walk(*out, &run->unwinder, w, &sink, err);
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
