/*
 * frames.h - questions about the stacks of a trace: which frame asked for
 * memory, and what its calls are called.
 *
 * A node is a stack number: it stands for its innermost frame and, through
 * its parents, for all frames around that. Depths are counted from the root,
 * the outermost frame being 1.
 */
#ifndef ANALYSIS_FRAMES_H
#define ANALYSIS_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/tables.h"

/* One call as a reader of the program sees it, inlined ones too. */
struct frame_call {
    uint32_t frame;
    uint32_t index; /* into the frame's names; 0 also when it has none */
};

/* 0 for an empty stack. */
uint32_t frames_depth(const struct tables *t, uint32_t stack);

/* The ancestor at that depth; STACK_ROOT or STACK_CUT for 0, and for more
 * than the stack has. */
uint32_t frames_at_depth(const struct tables *t, uint32_t stack,
                         uint32_t depth);

/* The innermost frame outside the runtime; the outermost frame when all are
 * runtime; the stack itself when it is empty. *inside (may be NULL): the node
 * of the frame called by it, or STACK_ROOT. */
uint32_t frames_site(const struct tables *t, uint32_t stack, uint32_t *inside);

/* Depth of the outermost frame outside the runtime: main, or a thread's
 * function. 1 when all are runtime, 0 for an empty stack. */
uint32_t frames_outermost(const struct tables *t, uint32_t stack);

/* The innermost frame that two stacks share, as a node, or an empty one. */
uint32_t frames_shared(const struct tables *t, uint32_t a, uint32_t b);

/* Calls a frame stands for: at least 1. */
uint32_t frames_call_count(const struct tables *t, uint32_t frame);

/* NULL when the call has no name. */
const struct trace_name *frames_name(const struct tables *t,
                                     const struct frame_call *call);

/* Whether two frames can be one activation, seen at two moments. */
bool frames_is_same_function(const struct tables *t, uint32_t a, uint32_t b);

/* "module+0x1234", or "0x1234" for code outside every module. Gives `out`. */
char *frames_unnamed(const struct tables *t, uint32_t frame, char *out,
                     size_t cap);

#endif
