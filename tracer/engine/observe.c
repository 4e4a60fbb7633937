#include "engine/observe.h"

#include "engine/calls.h"
#include "engine/ptrace_calls.h"
#include "engine/stacks.h"

enum err_code observe_mark(struct engine_run *run, struct task *t,
                           const char *text, struct err *err)
{
    struct event ev = { .kind = EV_MARK };
    enum err_code rc = stacks_announce(run, t, err);

    return rc != ERR_OK ? rc : stacks_send(run, t, &ev, text, NULL, err);
}

static enum err_code enter_op(struct engine_run *run, struct task *t,
                              const struct breakpoint *bp,
                              const struct arch_regs *regs, struct err *err)
{
    tracee_addr caller_sp = arch_sp(regs) + sizeof(uint64_t);
    struct unwind_walk w;
    struct shadow *s = NULL;
    struct event ev = { .kind = EV_OP_BEGIN };
    struct engine_stack *stack;
    size_t index;
    enum err_code rc;

    unwind_start(&run->unwinder, &w, regs);
    w.regs[arch_dwarf_pc] = bp->addr;
    rc = stacks_walk(run, t, &w, caller_sp, &s, err);
    if (rc != ERR_OK || t->op != WATCH_NONE)
        return rc; /* within an op: recursion stays inside */
    stack = shadow_stack(s);
    if (s->is_cut || stack->count == 0) {
        run->ledger->stacks_cut++;
        return ERR_OK; /* without a frame its end could not be told */
    }
    index = stack->count - 1;
    rc = stacks_watch(run, t, s, index, err);
    if (rc != ERR_OK)
        return rc;
    t->op = s->watches[index];
    ev.activation = activations_id(&run->activations, t->op);
    return stacks_send(run, t, &ev, "", stack, err);
}

static enum err_code leave_watched(struct engine_run *run, struct task *t,
                                   const struct breakpoint *bp,
                                   const struct arch_regs *regs, bool *used,
                                   struct err *err)
{
    tracee_addr sp = arch_sp(regs);
    struct shadow *s = NULL;
    size_t index;
    enum err_code rc = stacks_find(run, t, sp, &s, err);

    if (rc != ERR_OK || !shadow_find_return(s, bp->addr, sp, &index))
        return rc;
    *used = true;
    run->ledger->stops_watch++;
    return stacks_return(run, t, s, index, err);
}

/* longjmp: the frames below its target end here, by its own word. */
static enum err_code leave_by_longjmp(struct engine_run *run, struct task *t,
                                      const struct arch_regs *regs,
                                      struct err *err)
{
    uint64_t words[ARCH_JMPBUF_WORDS];
    uint64_t guard = 0;
    tracee_addr target;
    struct shadow *s = NULL;
    enum err_code rc;

    if (target_read(&run->target, arch_argument(regs, 0), words,
                    sizeof(words)) != sizeof(words) ||
        target_read(&run->target, arch_pointer_guard(regs), &guard,
                    sizeof(guard)) != sizeof(guard))
        return ERR_OK;
    target = arch_longjmp_sp(words, guard);
    rc = stacks_find(run, t, target, &s, err);
    if (rc != ERR_OK)
        return rc;
    calls_abandon(run, t, target + 1);
    return stacks_pop_to(run, t, s, target, err);
}

static enum err_code enter_probe(struct engine_run *run, struct task *t,
                                 const struct breakpoint *bp,
                                 const struct arch_regs *regs, struct err *err)
{
    tracee_addr caller_sp = arch_sp(regs) + sizeof(uint64_t);
    struct shadow *s = NULL;
    enum err_code rc;

    switch (bp->probe->kind) {
    case PROBE_ALLOC:
    case PROBE_REALLOC:
    case PROBE_FREE:
        return calls_enter(run, t, bp->probe, regs, err);
    case PROBE_LONGJMP:
        return leave_by_longjmp(run, t, regs, err);
    case PROBE_CATCH:
        rc = stacks_find(run, t, caller_sp, &s, err);
        if (rc != ERR_OK)
            return rc;
        calls_abandon(run, t, caller_sp);
        return stacks_pop_to(run, t, s, caller_sp, err);
    case PROBE_SIGMASK:
    case PROBE_SIGACTION:
    case PROBE_LINKER:
        break; /* the engine's own: sigtrap.c, modules.c */
    }
    return ERR_OK;
}

enum err_code observe_breakpoint(struct engine_run *run, struct task *t,
                                 const struct breakpoint *at,
                                 const struct arch_regs *regs, struct err *err)
{
    const struct breakpoint bp = *at; /* planting moves the table */
    bool used = false;
    enum err_code rc = stacks_announce(run, t, err);

    if (rc == ERR_OK && (bp.uses & BREAK_RETURN) != 0)
        rc = calls_leave(run, t, &bp, regs, &used, err);
    /* Both, when a watched function jumped to an allocator. */
    if (rc == ERR_OK && (bp.uses & BREAK_WATCH) != 0)
        rc = leave_watched(run, t, &bp, regs, &used, err);
    if (!used && (bp.uses & (BREAK_PROBE | BREAK_OP)) == 0)
        run->ledger->stops_stray++;
    if (rc != ERR_OK || (bp.uses & (BREAK_PROBE | BREAK_OP)) == 0)
        return rc;
    run->ledger->stops_probe++;
    if ((bp.uses & BREAK_OP) != 0)
        rc = enter_op(run, t, &bp, regs, err);
    if (rc == ERR_OK && (bp.uses & BREAK_PROBE) != 0)
        rc = enter_probe(run, t, &bp, regs, err);
    return rc;
}

enum err_code observe_thread_end(struct engine_run *run, struct task *t,
                                 struct err *err)
{
    struct event ev = { .kind = EV_THREAD_END };
    enum err_code rc;

    if (!t->is_announced)
        return ERR_OK;
    run->ledger->calls_abandoned += t->call_count;
    t->call_count = 0;
    rc = stacks_end(run, t, err);
    return rc != ERR_OK ? rc : stacks_send(run, t, &ev, "", NULL, err);
}
