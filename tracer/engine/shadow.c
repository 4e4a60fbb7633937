#include "engine/shadow.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

void shadow_fini(struct shadow *s)
{
    free(s->stack.frames);
    free(s->watches);
    free(s->cut.frames);
    *s = (struct shadow){ 0 };
}

/* Forgets the innermost frame, telling the sink when it was watched. */
static enum err_code pop(struct shadow *s, bool is_inferred,
                         const struct shadow_sink *sink, struct err *err)
{
    size_t index = s->stack.count - 1;
    enum err_code rc = ERR_OK;

    if (s->watches[index] != WATCH_NONE)
        rc = sink->on_gone(sink->ctx, s, index, is_inferred, err);
    s->stack.count = index;
    return rc;
}

enum err_code shadow_pop_from(struct shadow *s, size_t index,
                              const struct shadow_sink *sink, struct err *err)
{
    enum err_code rc = ERR_OK;

    while (rc == ERR_OK && s->stack.count > index)
        rc = pop(s, true, sink, err);
    return rc;
}

static bool lies_in(const struct shadow *s, tracee_addr addr)
{
    return addr >= s->low && addr <= s->high;
}

enum err_code shadow_pop_to(struct shadow *s, tracee_addr sp,
                            const struct shadow_sink *sink, struct err *err)
{
    enum err_code rc = ERR_OK;

    while (rc == ERR_OK && s->stack.count > 0) {
        tracee_addr cfa = s->stack.frames[s->stack.count - 1].cfa;

        if (cfa > sp || !lies_in(s, cfa))
            break;
        rc = pop(s, true, sink, err);
    }
    return rc;
}

static enum err_code grow(struct shadow *s, struct err *err)
{
    size_t cap = s->cap;
    enum err_code rc = vec_grow(&s->stack.frames, s->stack.count, &cap,
                                sizeof(*s->stack.frames), err);

    if (rc == ERR_OK)
        rc = vec_grow(&s->watches, s->stack.count, &s->cap, sizeof(*s->watches),
                      err);
    return rc;
}

/* Collects the walk in s->cut, innermost first, until it ends or meets a
 * watched frame of the shadow: then *met is its index, else SIZE_MAX. */
static enum err_code collect(struct shadow *s, struct unwinder *u,
                             struct unwind_walk *w, size_t *met,
                             struct err *err)
{
    size_t at = s->stack.count;

    *met = SIZE_MAX;
    s->cut.count = 0;
    for (;;) {
        enum unwind_result result;
        struct engine_frame *f;
        enum err_code rc = vec_grow(&s->cut.frames, s->cut.count, &s->cut_cap,
                                    sizeof(*s->cut.frames), err);

        if (rc != ERR_OK)
            return rc;
        f = &s->cut.frames[s->cut.count];
        result = unwind_next(u, w, f, err);
        if (result == UNWIND_FAILED)
            return err->code;
        if (result != UNWIND_FRAME) {
            s->cut.is_whole = result == UNWIND_END;
            return ERR_OK;
        }
        s->cut.count++;
        while (at > 0 && s->stack.frames[at - 1].cfa < f->cfa)
            at--;
        if (at > 0 && s->stack.frames[at - 1].cfa == f->cfa &&
            s->watches[at - 1] != WATCH_NONE) {
            *met = at - 1;
            s->cut.is_whole = s->stack.is_whole;
            return ERR_OK;
        }
    }
}

static void reverse(struct engine_stack *stack)
{
    for (size_t i = 0, j = stack->count; i + 1 < j; i++) {
        struct engine_frame tmp = stack->frames[i];

        stack->frames[i] = stack->frames[--j];
        stack->frames[j] = tmp;
    }
}

static bool is_same_place(const struct engine_frame *a,
                          const struct engine_frame *b)
{
    return a->addr == b->addr && a->flags == b->flags;
}

/* Sets frame `index` to `f`. Its stack number stays when the frame and all
 * outside it are what they were (`*unchanged`). */
static void set_frame(struct shadow *s, size_t index,
                      const struct engine_frame *f, bool *unchanged)
{
    struct engine_frame *have = &s->stack.frames[index];
    uint32_t stack = have->stack;

    *unchanged = *unchanged && is_same_place(have, f);
    *have = *f;
    have->stack = *unchanged ? stack : 0;
}

/* Replaces what lies inside frame `keep` (and its own place) by the walk,
 * which is outermost first by now. */
static enum err_code replace_tail(struct shadow *s, size_t keep,
                                  const struct shadow_sink *sink,
                                  struct err *err)
{
    size_t old_count = s->stack.count;
    bool met = keep != SIZE_MAX;
    size_t from = met ? keep : 0;
    bool unchanged = true;
    enum err_code rc = shadow_pop_from(s, met ? keep + 1 : 0, sink, err);

    /* The popped frames' memory still holds them: they are compared below. */
    for (size_t i = 0; rc == ERR_OK && i < s->cut.count; i++) {
        size_t index = from + i;

        if (index >= s->stack.count) {
            rc = grow(s, err);
            if (rc != ERR_OK)
                break;
            s->watches[index] = WATCH_NONE;
            s->stack.count = index + 1;
        }
        unchanged = unchanged && index < old_count;
        set_frame(s, index, &s->cut.frames[i], &unchanged);
    }
    s->stack.is_whole = s->cut.is_whole;
    return rc;
}

/* The outermost frame that has a CFA: the one the thread or the coroutine
 * began in may have none. */
static tracee_addr base_of(const struct engine_stack *stack)
{
    if (!stack->is_whole || stack->count == 0)
        return 0;
    if (stack->frames[0].cfa == 0 && stack->count > 1)
        return stack->frames[1].cfa;
    return stack->frames[0].cfa;
}

tracee_addr shadow_base(const struct shadow *s)
{
    tracee_addr base = base_of(&s->stack);

    return base >= s->low && base <= s->mapping ? base : 0;
}

tracee_addr shadow_base_of_walk(struct unwinder *u, const struct unwind_walk *w)
{
    struct unwind_walk copy = *w;
    struct engine_frame f;
    struct err err;
    tracee_addr base = 0;
    enum unwind_result result;

    while ((result = unwind_next(u, &copy, &f, &err)) == UNWIND_FRAME)
        base = f.cfa != 0 ? f.cfa : base;
    return result == UNWIND_END ? base : 0;
}

bool shadow_ends_watched(const struct shadow *s, tracee_addr sp)
{
    for (size_t i = s->stack.count; i-- > 0;) {
        if (s->stack.frames[i].cfa > sp || !lies_in(s, s->stack.frames[i].cfa))
            return false;
        if (s->watches[i] != WATCH_NONE)
            return true;
    }
    return false;
}

/* Nothing ends at its base for longer than the stack is there, so `high`
 * follows it. */
enum err_code shadow_adopt(struct shadow *s, struct shadow *from,
                           const struct shadow_sink *sink, struct err *err)
{
    enum err_code rc;

    if (s != from) {
        struct shadow moved = *s;

        s->cut = from->cut;
        s->cut_cap = from->cut_cap;
        from->cut = moved.cut;
        from->cut_cap = moved.cut_cap;
    }
    s->is_cut = false;
    rc = replace_tail(s, SIZE_MAX, sink, err);
    if (rc == ERR_OK && shadow_base(s) != 0)
        s->high = shadow_base(s) + 1;
    return rc;
}

enum err_code shadow_walk(struct shadow *s, struct unwinder *u,
                          struct unwind_walk *w, const struct shadow_sink *sink,
                          tracee_addr *other, struct err *err)
{
    size_t met;
    tracee_addr base;
    enum err_code rc = collect(s, u, w, &met, err);

    *other = 0;
    if (rc != ERR_OK)
        return rc;
    reverse(&s->cut);
    base = met == SIZE_MAX ? base_of(&s->cut) : 0;
    if (base >= s->low && base <= s->mapping) {
        if (shadow_base(s) == 0 || shadow_base(s) == base)
            return shadow_adopt(s, s, sink, err);
        *other = base;
        return ERR_OK;
    }
    s->is_cut = met == SIZE_MAX && !s->cut.is_whole;
    if (s->is_cut)
        return ERR_OK;
    return replace_tail(s, met, sink, err);
}

struct engine_stack *shadow_stack(struct shadow *s)
{
    return s->is_cut ? &s->cut : &s->stack;
}

bool shadow_find_return(const struct shadow *s, tracee_addr addr,
                        tracee_addr sp, size_t *index)
{
    for (size_t i = s->stack.count; i-- > 1;) {
        if (s->stack.frames[i].cfa > sp)
            break;
        if (s->stack.frames[i].cfa == sp && s->watches[i] != WATCH_NONE &&
            s->stack.frames[i - 1].addr == addr) {
            *index = i;
            return true;
        }
    }
    return false;
}
