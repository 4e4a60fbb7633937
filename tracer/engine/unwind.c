#include "engine/unwind.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "engine/ptrace_calls.h"
#include "trace/tables.h"

void unwinder_reset(struct unwinder *u)
{
    u->place_count = 0;
    map_fini(&u->place_index);
}

void unwinder_fini(struct unwinder *u)
{
    free(u->places);
    map_fini(&u->place_index);
    *u = (struct unwinder){ 0 };
}

bool unwind_read_word(struct unwinder *u, struct unwind_walk *w,
                      tracee_addr addr, uint64_t *out)
{
    uint64_t offset = addr - w->window_addr;

    if (offset > w->window_size || w->window_size - offset < sizeof(*out)) {
        w->window_addr = addr;
        w->window_size =
            target_read(u->target, addr, w->window, sizeof(w->window));
        offset = 0;
        if (w->window_size < sizeof(*out))
            return false;
    }
    memcpy(out, w->window + offset, sizeof(*out));
    return true;
}

void unwind_start(struct unwinder *u, struct unwind_walk *w,
                  const struct arch_regs *regs)
{
    arch_unwind_regs(regs, w->regs);
    w->regs[arch_dwarf_pc] = target_origin(u->target, arch_pc(regs));
    w->is_exact = true;
    w->is_lost = false;
    w->depth = 0;
    w->window_addr = 0;
    w->window_size = 0;
}

bool unwind_start_at_caller(struct unwinder *u, struct unwind_walk *w,
                            const struct arch_regs *regs)
{
    tracee_addr sp = arch_sp(regs);

    unwind_start(u, w, regs);
    w->is_exact = false;
    w->regs[arch_dwarf_sp] = sp + sizeof(uint64_t);
    return unwind_read_word(u, w, sp, &w->regs[arch_dwarf_pc]);
}

/* The dynamic linker's entry code (glibc's RTLD_START: _start and
 * _dl_start_user) calls constructors and has no call frame information. */
static bool is_near_entry(const struct symbol_module *m, tracee_addr addr)
{
    enum { ENTRY_CODE_MAX = 128 }; /* bytes; it is 80 in glibc 2.36 */

    return addr - m->bias - image_entry(m->image) < ENTRY_CODE_MAX;
}

/* What the unwind tables say of an address. makecontext(3) starts a coroutine
 * as if it had been called from in front of a function (glibc's
 * __start_context): no call stands there, so nothing lies further out. */
static enum err_code look_up(struct unwinder *u, tracee_addr addr,
                             bool is_exact, struct unwind_place *place,
                             struct err *err)
{
    const struct unwind_row *row;
    enum err_code rc = symbolizer_row(u->symbols, is_exact ? addr : addr - 1,
                                      &place->row, err);

    if (rc == ERR_OK || rc == ERR_NO_MEMORY)
        return rc;
    place->row = NULL;
    if (!is_exact) {
        rc = symbolizer_row(u->symbols, addr, &row, err);
        place->is_entry = place->is_entry || rc == ERR_OK;
    }
    return rc == ERR_NO_MEMORY ? rc : ERR_OK;
}

static enum err_code find_place(struct unwinder *u, tracee_addr addr,
                                bool is_exact, struct unwind_place **out,
                                struct err *err)
{
    uint64_t key = addr << 1 | (is_exact ? 1 : 0);
    tracee_addr lookup = is_exact ? addr : addr - 1;
    const struct symbol_module *m;
    struct unwind_place place = { 0 };
    uint64_t index;
    enum err_code rc;

    if (map_get(&u->place_index, key, &index)) {
        *out = &u->places[index];
        return ERR_OK;
    }
    m = symbolizer_module_at(u->symbols, lookup);
    place.is_runtime = m != NULL && m->is_runtime;
    place.is_entry = m != NULL && is_near_entry(m, lookup);
    rc = look_up(u, addr, is_exact, &place, err);
    if (rc != ERR_OK)
        return rc;
    rc = vec_grow(&u->places, u->place_count, &u->place_cap, sizeof(*u->places),
                  err);
    if (rc == ERR_OK)
        rc = map_put(&u->place_index, key, u->place_count, err);
    if (rc != ERR_OK)
        return rc;
    u->places[u->place_count] = place;
    *out = &u->places[u->place_count++];
    return ERR_OK;
}

enum { EXPR_STACK = 16 }; /* DWARF expressions in unwind tables use 2 or 3 */

/* One operator on the two topmost values, DWARF 5, section 2.5.1.4. */
static uint64_t operate(enum unwind_op_kind kind, uint64_t a, uint64_t b)
{
    int64_t sa = (int64_t)a;
    int64_t sb = (int64_t)b;

    switch (kind) {
    case UNWIND_OP_ADD:
        return a + b;
    case UNWIND_OP_SUB:
        return a - b;
    case UNWIND_OP_MUL:
        return a * b;
    case UNWIND_OP_AND:
        return a & b;
    case UNWIND_OP_OR:
        return a | b;
    case UNWIND_OP_XOR:
        return a ^ b;
    case UNWIND_OP_SHL:
        return b < 64 ? a << b : 0;
    case UNWIND_OP_SHR:
        return b < 64 ? a >> b : 0;
    case UNWIND_OP_GE:
        return sa >= sb;
    case UNWIND_OP_GT:
        return sa > sb;
    case UNWIND_OP_LE:
        return sa <= sb;
    case UNWIND_OP_LT:
        return sa < sb;
    case UNWIND_OP_EQ:
        return a == b;
    case UNWIND_OP_NE:
        return a != b;
    default:
        return 0;
    }
}

struct expr_stack {
    uint64_t values[EXPR_STACK];
    size_t count;
};

static bool expr_push(struct expr_stack *s, uint64_t value)
{
    if (s->count == EXPR_STACK)
        return false;
    s->values[s->count++] = value;
    return true;
}

static bool expr_step(struct unwinder *u, struct unwind_walk *w,
                      struct expr_stack *s, const struct unwind_op *op)
{
    uint64_t *top = s->count == 0 ? NULL : &s->values[s->count - 1];
    uint64_t b;

    if (op->kind == UNWIND_OP_PUSH)
        return expr_push(s, (uint64_t)op->operand);
    if (op->kind == UNWIND_OP_REG)
        return op->reg >= 0 && op->reg < UNWIND_REG_MAX &&
               expr_push(s, w->regs[op->reg] + (uint64_t)op->operand);
    if (top == NULL)
        return false;
    switch (op->kind) {
    case UNWIND_OP_DEREF:
        return unwind_read_word(u, w, *top, top);
    case UNWIND_OP_ADD_IMM:
        *top += (uint64_t)op->operand;
        return true;
    case UNWIND_OP_DUP:
        return expr_push(s, *top);
    case UNWIND_OP_DROP:
        s->count--;
        return true;
    default:
        break;
    }
    if (s->count < 2)
        return false;
    b = *top--;
    if (op->kind == UNWIND_OP_SWAP) {
        top[1] = top[0];
        top[0] = b;
        return true;
    }
    *top = operate(op->kind, *top, b);
    s->count--;
    return true;
}

static bool evaluate(struct unwinder *u, struct unwind_walk *w,
                     const struct unwind_rule *rule, const uint64_t *cfa,
                     uint64_t *out)
{
    struct expr_stack s = { .count = 0 };

    if (cfa != NULL && !expr_push(&s, *cfa))
        return false;
    for (size_t i = 0; i < rule->op_count; i++)
        if (!expr_step(u, w, &s, &rule->ops[i]))
            return false;
    if (s.count == 0)
        return false;
    *out = s.values[s.count - 1];
    return true;
}

static bool find_cfa(struct unwinder *u, struct unwind_walk *w,
                     const struct unwind_rule *rule, uint64_t *out)
{
    switch (rule->kind) {
    case UNWIND_REG_OFFSET:
        if (rule->reg < 0 || rule->reg >= UNWIND_REG_MAX)
            return false;
        *out = w->regs[rule->reg] + (uint64_t)rule->offset;
        return true;
    case UNWIND_EXPR:
    case UNWIND_VALUE_EXPR:
        return evaluate(u, w, rule, NULL, out);
    default:
        return false;
    }
}

/* The caller's value of register `reg`. False: lost, or not to be read. */
static bool restore(struct unwinder *u, struct unwind_walk *w,
                    const struct unwind_rule *rule, int reg, uint64_t cfa,
                    uint64_t *out)
{
    switch (rule->kind) {
    case UNWIND_SAME:
        *out = w->regs[reg];
        return true;
    case UNWIND_CFA_OFFSET:
        return unwind_read_word(u, w, cfa + (uint64_t)rule->offset, out);
    case UNWIND_CFA_VALUE:
        *out = cfa + (uint64_t)rule->offset;
        return true;
    case UNWIND_REG_OFFSET:
        if (rule->reg < 0 || rule->reg >= UNWIND_REG_MAX)
            return false;
        *out = w->regs[rule->reg] + (uint64_t)rule->offset;
        return true;
    case UNWIND_EXPR:
        return evaluate(u, w, rule, &cfa, out) &&
               unwind_read_word(u, w, *out, out);
    case UNWIND_VALUE_EXPR:
        return evaluate(u, w, rule, &cfa, out);
    case UNWIND_UNDEFINED:
        break;
    }
    return false;
}

/* Registers a caller may have lost are left as they are: only a rule that
 * uses one would be wrong, and compilers write none that does. */
static bool step_out(struct unwinder *u, struct unwind_walk *w,
                     const struct unwind_row *row, uint64_t cfa)
{
    uint64_t caller[UNWIND_REG_MAX];
    const struct unwind_rule *sp_rule = &row->regs[arch_dwarf_sp];

    if (!restore(u, w, &row->regs[arch_dwarf_pc], arch_dwarf_pc, cfa,
                 &caller[arch_dwarf_pc]))
        return false;
    for (int reg = 0; reg < UNWIND_REG_MAX; reg++) {
        if (reg == arch_dwarf_pc)
            continue;
        if (!restore(u, w, &row->regs[reg], reg, cfa, &caller[reg]))
            caller[reg] = w->regs[reg];
    }
    /* psABI: the CFA is the caller's stack pointer, unless a rule says so
     * explicitly (signal frames). */
    if (sp_rule->kind == UNWIND_SAME || sp_rule->kind == UNWIND_UNDEFINED)
        caller[arch_dwarf_sp] = cfa;
    memcpy(w->regs, caller, sizeof(caller));
    return true;
}

static bool is_outermost(const struct unwind_row *row)
{
    return row->regs[arch_dwarf_pc].kind == UNWIND_UNDEFINED;
}

/* Moves the walk to the caller of the frame just given, if it can. */
static void advance(struct unwinder *u, struct unwind_walk *w,
                    const struct unwind_row *row, uint64_t cfa)
{
    tracee_addr sp = w->regs[arch_dwarf_sp];

    if (is_outermost(row)) {
        w->regs[arch_dwarf_pc] = 0;
        return;
    }
    /* A frame whose CFA does not rise would be walked for ever; only a signal
     * frame may lead to another stack, at any address. */
    if (!row->is_signal_frame && cfa <= sp && w->depth > 1) {
        w->is_lost = true;
        return;
    }
    w->is_exact = row->is_signal_frame;
    w->is_lost = !step_out(u, w, row, cfa);
    if (w->is_exact)
        w->regs[arch_dwarf_pc] =
            target_origin(u->target, w->regs[arch_dwarf_pc]);
}

enum unwind_result unwind_next(struct unwinder *u, struct unwind_walk *w,
                               struct engine_frame *out, struct err *err)
{
    tracee_addr pc = w->regs[arch_dwarf_pc];
    struct unwind_place *place = NULL;

    if (w->is_lost || w->depth == UNWIND_DEPTH_MAX)
        return UNWIND_CUT;
    if (pc == 0) /* set by advance past the outermost frame, or by clone */
        return UNWIND_END;
    if (find_place(u, pc, w->is_exact, &place, err) != ERR_OK)
        return UNWIND_FAILED;
    w->depth++;
    *out = (struct engine_frame){
        .addr = pc,
        .flags = w->is_exact ? FRAME_EXACT : 0,
    };
    if (place->row == NULL && place->is_entry) {
        w->regs[arch_dwarf_pc] = 0;
        return UNWIND_FRAME;
    }
    if (place->row == NULL || !find_cfa(u, w, &place->row->cfa, &out->cfa)) {
        out->cfa = 0;
        w->is_lost = true;
        return UNWIND_FRAME;
    }
    advance(u, w, place->row, out->cfa);
    return UNWIND_FRAME;
}

static const struct unwind_place *place_of(struct unwinder *u,
                                           const struct engine_frame *f)
{
    struct unwind_place *place = NULL;
    struct err err;

    return find_place(u, f->addr, (f->flags & FRAME_EXACT) != 0, &place,
                      &err) == ERR_OK
               ? place
               : NULL;
}

bool unwind_is_runtime(struct unwinder *u, const struct engine_frame *f)
{
    const struct unwind_place *place = place_of(u, f);

    return place != NULL && place->is_runtime;
}

bool unwind_is_trampoline(struct unwinder *u, const struct engine_frame *f)
{
    const struct unwind_place *place = place_of(u, f);

    return place != NULL && place->row != NULL && place->row->is_signal_frame;
}
