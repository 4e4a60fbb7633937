#include "engine/calls.h"

#include "engine/ptrace_calls.h"
#include "engine/stacks.h"
#include "trace/tables.h"

static void count_cut(struct engine_run *run, const struct engine_stack *stack)
{
    if (!stack->is_whole)
        run->ledger->stacks_cut++;
}

/* Calls that can no longer return: the stack is back above them. */
void calls_abandon(struct engine_run *run, struct task *t,
                   tracee_addr caller_sp)
{
    while (t->call_count > 0) {
        const struct pending_call *call = &t->calls[t->call_count - 1];

        if (call->sp >= caller_sp || t->shadow_count == 0 ||
            !stacks_holds(&t->shadows[t->current], call->sp))
            return;
        run->ledger->calls_abandoned++;
        t->call_count--;
    }
}

/* Whether a signal handler's frame lies between this call and the innermost
 * pending one: then it is a call of its own, and not the allocator's. */
static bool is_within_handler(const struct shadow *s, tracee_addr pending_sp)
{
    const struct engine_stack *stack = s->is_cut ? &s->cut : &s->stack;

    for (size_t i = stack->count; i-- > 0;) {
        if ((stack->frames[i].flags & FRAME_EXACT) != 0)
            return true;
        if (stack->frames[i].cfa >= pending_sp)
            return false;
    }
    return false;
}

static enum err_code send_free(struct engine_run *run, struct task *t,
                               tracee_addr block, const char *name,
                               uint8_t flags, struct engine_stack *stack,
                               struct err *err)
{
    struct event ev = { .kind = EV_FREE, .flags = flags, .addr = block };

    if (!activations_take_block(&run->activations, block))
        run->ledger->frees_unknown++;
    count_cut(run, stack);
    return stacks_send(run, t, &ev, name, stack, err);
}

/* The block at `addr` was handed out again while some thread's realloc of it
 * is under way: so that realloc has freed it, and its free comes first. */
static enum err_code free_for_realloc(struct engine_run *run, tracee_addr addr,
                                      struct err *err)
{
    for (size_t i = 0; i < run->task_count; i++) {
        struct task *t = run->tasks[i];

        for (size_t k = 0; k < t->call_count; k++) {
            struct pending_call *call = &t->calls[k];

            if (call->block != addr || call->is_freed)
                continue;
            call->is_freed = true;
            return send_free(run, t, addr, probe_text(call->probe), EV_REALLOC,
                             shadow_stack(&t->shadows[t->current]), err);
        }
    }
    return ERR_OK;
}

/* The innermost frame outside the runtime; false when there is none. */
static bool find_site(struct engine_run *run, const struct engine_stack *stack,
                      size_t *index)
{
    for (size_t i = stack->count; i-- > 0;) {
        if (!unwind_is_runtime(&run->unwinder, &stack->frames[i])) {
            *index = i;
            return true;
        }
    }
    return false;
}

static enum err_code send_alloc(struct engine_run *run, struct task *t,
                                const struct pending_call *call,
                                struct shadow *s, tracee_addr block,
                                struct err *err)
{
    struct engine_stack *stack = shadow_stack(s);
    uint32_t owner = OWNER_NONE;
    size_t site;
    struct event ev = {
        .kind = EV_ALLOC,
        .flags = call->probe->kind == PROBE_REALLOC ? EV_REALLOC : 0,
        .addr = block,
        .size_bytes = call->size_bytes,
    };
    enum err_code rc = ERR_OK;

    if (activations_has_block(&run->activations, block))
        rc = free_for_realloc(run, block, err);
    if (rc == ERR_OK && run->options.watch_frames && !s->is_cut &&
        find_site(run, stack, &site)) {
        rc = stacks_watch(run, t, s, site, err);
        owner = s->watches[site];
        ev.activation = activations_id(&run->activations, owner);
    }
    if (rc == ERR_OK)
        rc = activations_add_block(&run->activations, block, owner, err);
    if (rc != ERR_OK)
        return rc;
    count_cut(run, stack);
    return stacks_send(run, t, &ev, probe_text(call->probe), stack, err);
}

/* Whether this entry belongs to a call the allocator makes to itself: realloc
 * calling malloc, or jumping to it with the same return address. */
static bool is_nested(const struct task *t, const struct shadow *s,
                      tracee_addr caller_sp)
{
    const struct pending_call *outer;

    if (t->call_count == 0)
        return false;
    outer = &t->calls[t->call_count - 1];
    /* Without a walk (`s` is NULL) only what needs none is known. */
    if (outer->is_interrupted && (s == NULL || is_within_handler(s, outer->sp)))
        return false;
    return caller_sp <= outer->sp;
}

static enum err_code begin_call(struct engine_run *run, struct task *t,
                                const struct probe *probe,
                                const struct arch_regs *regs,
                                tracee_addr return_addr, tracee_addr sp,
                                struct err *err)
{
    uint64_t args[ARCH_SYSCALL_ARGS];
    struct pending_call *call = &t->calls[t->call_count];
    struct breakpoint *bp;
    enum err_code rc =
        breakpoints_plant(&run->breakpoints, &run->target, t->tid, return_addr,
                          BREAK_RETURN, &bp, err);

    if (rc == ERR_NOT_FOUND) {
        run->ledger->probes_refused++;
        return ERR_OK; /* its result will never be seen */
    }
    if (rc != ERR_OK)
        return rc;
    for (unsigned i = 0; i < ARCH_SYSCALL_ARGS; i++)
        args[i] = arch_argument(regs, i);
    *call = (struct pending_call){
        .probe = probe,
        .return_addr = return_addr,
        .sp = sp,
        .epoch = t->epoch,
    };
    if (probe->kind != PROBE_FREE)
        call->size_bytes = probe_size(probe, args);
    if (probe->kind == PROBE_REALLOC)
        call->block = args[probe->block_arg];
    else if (probe->kind == PROBE_ALLOC && probe->block_arg != PROBE_IN_RESULT)
        call->result_at = args[probe->block_arg];
    t->call_count++;
    return ERR_OK;
}

/* Whether the runtime frees a block that nobody was handed: glibc's malloc/
 * malloc.c gives its per-thread cache, which holds blocks freed long ago, back
 * through free() when a thread ends. */
static bool is_housekeeping(struct engine_run *run, struct shadow *s,
                            tracee_addr block)
{
    const struct engine_stack *stack = shadow_stack(s);

    return !activations_has_block(&run->activations, block) &&
           stack->count > 0 &&
           unwind_is_runtime(&run->unwinder, &stack->frames[stack->count - 1]);
}

/* Whether the `free` that was entered may call another one with the same
 * block: the program's own, or a preloaded library's. Those of libc and of the
 * well-known allocators do not, though one operator delete may use another. */
static bool may_forward(const struct engine_run *run, const struct probe *probe,
                        const struct arch_regs *regs)
{
    const struct symbol_module *m;

    if (run->free_places < 2 || probe->text != NULL)
        return run->free_places > 1;
    m = symbolizer_module_at(run->symbols, arch_pc(regs) - 1);
    return m != NULL && !m->is_runtime;
}

static enum err_code enter_free(struct engine_run *run, struct task *t,
                                const struct probe *probe,
                                const struct arch_regs *regs,
                                tracee_addr return_addr, struct shadow *s,
                                struct err *err)
{
    tracee_addr block = arch_argument(regs, (unsigned)probe->block_arg);
    enum err_code rc;

    if (is_housekeeping(run, s, block))
        return ERR_OK;
    rc = send_free(run, t, block, probe_text(probe), 0, shadow_stack(s), err);
    if (rc != ERR_OK || t->call_count == CALLS_MAX ||
        !may_forward(run, probe, regs))
        return rc;
    return begin_call(run, t, probe, regs, return_addr,
                      arch_sp(regs) + sizeof(uint64_t), err);
}

enum err_code calls_enter(struct engine_run *run, struct task *t,
                          const struct probe *probe,
                          const struct arch_regs *regs, struct err *err)
{
    tracee_addr sp = arch_sp(regs) + sizeof(uint64_t);
    bool is_free = probe->kind == PROBE_FREE;
    struct unwind_walk w;
    struct shadow *s = NULL;
    tracee_addr return_addr;
    enum err_code rc;

    calls_abandon(run, t, sp);
    if (is_nested(t, NULL, sp))
        return ERR_OK;
    if (is_free && arch_argument(regs, (unsigned)probe->block_arg) == 0)
        return ERR_OK;
    if (!unwind_start_at_caller(&run->unwinder, &w, regs))
        return ERR_OK; /* a stack that cannot be read: about to crash */
    return_addr = w.regs[arch_dwarf_pc];
    rc = stacks_enter(run, t, &w, sp, &s, err);
    if (rc != ERR_OK || is_nested(t, s, sp))
        return rc;
    if (is_free)
        return enter_free(run, t, probe, regs, return_addr, s, err);
    if (t->call_count == CALLS_MAX) {
        run->ledger->calls_abandoned++; /* nobody will see it return */
        return ERR_OK;
    }
    return begin_call(run, t, probe, regs, return_addr, sp, err);
}

/* The block the call gave, or 0. */
static tracee_addr result_block(const struct engine_run *run,
                                const struct pending_call *call,
                                const struct arch_regs *regs)
{
    tracee_addr block = 0;

    if (call->result_at == 0)
        return arch_result(regs);
    if ((uint32_t)arch_result(regs) != 0 || /* an int: errno, or 0 */
        target_read(&run->target, call->result_at, &block, sizeof(block)) !=
            sizeof(block))
        return 0;
    return block;
}

static enum err_code finish_call(struct engine_run *run, struct task *t,
                                 struct pending_call *call,
                                 const struct arch_regs *regs, struct shadow *s,
                                 struct err *err)
{
    bool is_free = call->probe->kind == PROBE_FREE; /* told when it began */
    tracee_addr block = is_free ? 0 : result_block(run, call, regs);
    /* glibc: realloc to 0 bytes frees and gives NULL; malloc(3). */
    bool took = block != 0 || call->size_bytes == 0;
    enum err_code rc = ERR_OK;

    if (call->block != 0 && took && !call->is_freed)
        rc = send_free(run, t, call->block, probe_text(call->probe),
                       block != 0 ? EV_REALLOC : 0, shadow_stack(s), err);
    if (rc == ERR_OK && block != 0)
        rc = send_alloc(run, t, call, s, block, err);
    return rc;
}

enum err_code calls_leave(struct engine_run *run, struct task *t,
                          const struct breakpoint *bp,
                          const struct arch_regs *regs, bool *used,
                          struct err *err)
{
    tracee_addr sp = arch_sp(regs);
    struct pending_call call;
    struct unwind_walk w;
    struct shadow *s = NULL;
    size_t i = t->call_count;
    enum err_code rc;

    while (i > 0 && (t->calls[i - 1].sp != sp ||
                     t->calls[i - 1].return_addr != bp->addr))
        i--;
    if (i == 0)
        return ERR_OK;
    *used = true;
    run->ledger->stops_return++;
    run->ledger->calls_abandoned += t->call_count - i;
    call = t->calls[i - 1];
    rc = stacks_find(run, t, sp, &s, err);
    if (rc == ERR_OK && call.epoch != t->epoch &&
        call.probe->kind != PROBE_FREE) {
        /* A handler walked the stack meanwhile: walk again. */
        unwind_start(&run->unwinder, &w, regs);
        w.regs[arch_dwarf_pc] = bp->addr;
        w.is_exact = false;
        rc = stacks_walk(run, t, &w, sp, &s, err);
    }
    if (rc == ERR_OK)
        rc = finish_call(run, t, &call, regs, s, err);
    t->call_count = i - 1;
    return rc;
}
