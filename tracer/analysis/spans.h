/*
 * spans.h - which frames ran when, worked out from the stacks of events and
 * the returns that were seen. Half of window.c.
 */
#ifndef ANALYSIS_SPANS_H
#define ANALYSIS_SPANS_H

#include "analysis/window.h"
#include "base/err.h"
#include "trace/tables.h"

/* Fills w's rows and spans from its events, and w->blocks[].span of its
 * thread's blocks. `base`: depth of the op's own frame. ERR_NO_MEMORY. */
enum err_code spans_find(struct window *w, const struct tables *t,
                         uint32_t base, struct err *err) MUST_CHECK;

#endif
