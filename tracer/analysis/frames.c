#include "analysis/frames.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

uint32_t frames_depth(const struct tables *t, uint32_t stack)
{
    return stack < STACK_FIRST ? 0 : t->stacks[stack].depth;
}

uint32_t frames_at_depth(const struct tables *t, uint32_t stack, uint32_t depth)
{
    if (depth > frames_depth(t, stack))
        return STACK_ROOT;
    while (frames_depth(t, stack) > depth)
        stack = t->stacks[stack].parent;
    return stack;
}

static bool is_runtime(const struct tables *t, uint32_t node)
{
    uint32_t module = t->frames[t->stacks[node].frame].module;

    return module != MODULE_NONE && t->modules[module].is_runtime;
}

uint32_t frames_site(const struct tables *t, uint32_t stack, uint32_t *inside)
{
    uint32_t within = STACK_ROOT;

    while (stack >= STACK_FIRST && is_runtime(t, stack) &&
           t->stacks[stack].parent >= STACK_FIRST) {
        within = stack;
        stack = t->stacks[stack].parent;
    }
    if (inside != NULL)
        *inside = within;
    return stack;
}

uint32_t frames_outermost(const struct tables *t, uint32_t stack)
{
    uint32_t found = stack < STACK_FIRST ? 0 : 1;

    for (; stack >= STACK_FIRST; stack = t->stacks[stack].parent)
        if (!is_runtime(t, stack))
            found = t->stacks[stack].depth;
    return found;
}

uint32_t frames_shared(const struct tables *t, uint32_t a, uint32_t b)
{
    /* A parent's number is smaller than its child's, so the greater of two
     * that differ cannot be shared. */
    while (a != b && (a >= STACK_FIRST || b >= STACK_FIRST)) {
        if (a > b)
            a = t->stacks[a].parent;
        else
            b = t->stacks[b].parent;
    }
    return a == b ? a : STACK_ROOT;
}

uint32_t frames_call_count(const struct tables *t, uint32_t frame)
{
    uint32_t count = t->frames[frame].name_count;

    return count == 0 ? 1 : count;
}

const struct trace_name *frames_name(const struct tables *t,
                                     const struct frame_call *call)
{
    const struct trace_frame *f = &t->frames[call->frame];

    if (call->index >= f->name_count)
        return NULL;
    return &t->names[f->name_first + call->index];
}

static const struct trace_name *real_function(const struct tables *t,
                                              uint32_t frame)
{
    struct frame_call last = { frame, frames_call_count(t, frame) - 1 };

    return frames_name(t, &last);
}

bool frames_is_same_function(const struct tables *t, uint32_t a, uint32_t b)
{
    const struct trace_name *na = real_function(t, a);
    const struct trace_name *nb = real_function(t, b);

    if (na != NULL && nb != NULL)
        return na->function == nb->function;
    return na == nb && t->frames[a].module == t->frames[b].module;
}

char *frames_unnamed(const struct tables *t, uint32_t frame, char *out,
                     size_t cap)
{
    const struct trace_frame *f = &t->frames[frame];
    const struct trace_module *m;
    const char *path;
    const char *slash;

    if (f->module == MODULE_NONE) {
        snprintf(out, cap, "0x%" PRIx64, f->addr);
        return out;
    }
    m = &t->modules[f->module];
    path = tables_string(t, m->path);
    slash = strrchr(path, '/');
    snprintf(out, cap, "%s+0x%" PRIx64, slash == NULL ? path : slash + 1,
             f->addr - m->bias);
    return out;
}
