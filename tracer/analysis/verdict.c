#include "analysis/verdict.h"

#include <stddef.h>

char verdict_letter(enum verdict_kind kind)
{
    static const char letters[VERDICT_KIND_COUNT] = {
        [VERDICT_TEMPORARY] = 'T', [VERDICT_UP] = 'U',
        [VERDICT_OPERATION] = 'O', [VERDICT_CROSSES] = 'C',
        [VERDICT_LIVE] = 'L',
    };

    return letters[kind];
}

/* Where the block ended up. */
struct owner {
    uint32_t depth;  /* of the owning frame in the stack that made it */
    bool is_op;      /* it is the op's own */
    bool is_at_most; /* it may have been one further out */
};

static uint32_t root_of(const struct tables *t, uint32_t stack)
{
    return frames_at_depth(t, stack, 0);
}

/* Depths of the two stacks mean the same frames. */
static bool is_aligned(const struct tables *t, const struct verdict_life *life)
{
    return root_of(t, life->made_stack) == root_of(t, life->freed_stack);
}

/* The climb was watched: it is known how many frames it took. */
static struct owner watched_owner(const struct verdict_life *life, uint32_t top,
                                  bool is_cut)
{
    struct owner o = { .is_at_most = life->owner_unknown };

    o.depth = life->hops < top ? top - life->hops : 1;
    if (!life->is_whole_run) {
        o.is_op = life->owner_is_op;
        if (o.is_op && life->hops > 0 && life->op_depth > 0 &&
            life->op_depth <= top)
            o.depth = life->op_depth;
        return o;
    }
    if ((uint64_t)life->hops + life->op_depth < top)
        return o;
    /* The recorder lets nothing climb beyond this frame. Of a stack that was
     * cut it is only the last one that could be seen. */
    o.depth = life->op_depth;
    o.is_op = !is_cut;
    o.is_at_most = is_cut;
    return o;
}

/* Not watched: frames that the free's stack does not show are gone for
 * certain, the others may be the same ones or not. */
static struct owner observed_owner(const struct tables *t,
                                   const struct verdict_life *life,
                                   uint32_t top)
{
    struct owner o = { .depth = top, .is_at_most = true };
    uint32_t shared =
        frames_depth(t, frames_shared(t, life->made_stack, life->freed_stack));
    uint32_t made = frames_at_depth(t, life->made_stack, shared + 1);
    uint32_t freed = frames_at_depth(t, life->freed_stack, shared + 1);
    bool is_whole = root_of(t, life->made_stack) == STACK_ROOT;

    if (!is_aligned(t, life) || (shared == 0 && !is_whole))
        return o; /* nothing can be compared */
    /* The first frame that differs may be one function at two places. */
    if (made >= STACK_FIRST && freed >= STACK_FIRST &&
        frames_is_same_function(t, t->stacks[made].frame,
                                t->stacks[freed].frame))
        shared++;
    if (shared < top)
        o.depth = shared;
    /* The op has not ended, so its frame is there, seen or not. */
    if (o.depth < life->op_depth && life->op_depth <= top)
        o.depth = life->op_depth;
    o.is_op = o.depth == life->op_depth;
    return o;
}

/* Whether the call within `a` at index `i` was made from the same place as
 * the one within `b` at index `k`, and is of the same function. */
static bool is_same_call(const struct trace_name *a, uint32_t i,
                         const struct trace_name *b, uint32_t k)
{
    return a[i].function == b[k].function && a[i + 1].line == b[k + 1].line &&
           a[i + 1].column == b[k + 1].column;
}

/* Index of the innermost of a frame's calls that was still there when the
 * block was freed. False when the free's stack does not tell: then the
 * innermost, which is the most local answer. */
static bool alive_call(const struct tables *t, const struct verdict_life *life,
                       uint32_t frame, uint32_t depth, uint32_t *out)
{
    uint32_t node = frames_at_depth(t, life->freed_stack, depth);
    uint32_t i = frames_call_count(t, frame) - 1;
    uint32_t k;
    const struct trace_name *a, *b;

    *out = 0;
    if (i == 0)
        return true;
    if (!is_aligned(t, life) || node < STACK_FIRST ||
        !frames_is_same_function(t, frame, t->stacks[node].frame))
        return false;
    a = &t->names[t->frames[frame].name_first];
    b = &t->names[t->frames[t->stacks[node].frame].name_first];
    k = frames_call_count(t, t->stacks[node].frame) - 1;
    while (i > 0 && k > 0 && is_same_call(a, i - 1, b, k - 1)) {
        i--;
        k--;
    }
    *out = i;
    return true;
}

/* There is no stack to count calls in. */
static void judge_blind(const struct verdict_life *life, struct verdict *out)
{
    out->up = life->is_watched ? life->hops : 0;
    out->is_at_most = !life->is_watched || life->owner_unknown;
    if (out->up == 0)
        out->kind = VERDICT_TEMPORARY;
    else
        out->kind = life->owner_is_op ? VERDICT_OPERATION : VERDICT_UP;
}

bool verdict_judge(const struct tables *t, const struct verdict_life *life,
                   struct verdict *out, struct frame_call *owner)
{
    uint32_t node = frames_site(t, life->made_stack, NULL);
    uint32_t top = frames_depth(t, node);
    bool is_cut = root_of(t, life->made_stack) == STACK_CUT;
    struct owner o;
    uint32_t frame, alive;

    *out = (struct verdict){ 0 };
    if (top == 0) {
        judge_blind(life, out);
        return false;
    }
    o = life->is_watched ? watched_owner(life, top, is_cut)
                         : observed_owner(t, life, top);
    if (o.depth == 0)
        o.depth = 1; /* beyond all that can be seen: say the outermost */
    for (; frames_depth(t, node) > o.depth; node = t->stacks[node].parent)
        out->up += frames_call_count(t, t->stacks[node].frame);
    frame = t->stacks[node].frame;
    out->is_at_most = o.is_at_most;
    if (!alive_call(t, life, frame, o.depth, &alive))
        out->is_at_most = true;
    out->up += alive;
    if (out->up == 0 && life->is_watched && life->hops > 0)
        out->up = 1; /* it did climb, whatever a foreign stack says */
    if (out->up == 0)
        out->kind = VERDICT_TEMPORARY;
    else if (o.is_op && alive + 1 == frames_call_count(t, frame))
        out->kind = VERDICT_OPERATION;
    else
        out->kind = VERDICT_UP;
    *owner = (struct frame_call){ frame, alive };
    return true;
}
