/*
 * curve.h - the most there was of something over the course of a trace, in
 * constant memory: steps that double in width when there is no room.
 */
#ifndef ANALYSIS_CURVE_H
#define ANALYSIS_CURVE_H

#include <stddef.h>
#include <stdint.h>

enum { CURVE_STEPS = 4096 };

struct curve {
    uint64_t peaks[CURVE_STEPS];
    uint64_t step_events; /* events in a step */
    size_t count;         /* steps in use */
};

void curve_init(struct curve *c);

/* The value after event `seq`, no smaller than any added before. */
void curve_add(struct curve *c, uint64_t seq, uint64_t value);

/* The greatest value in the steps that events `first` to `last` lie in. */
uint64_t curve_peak(const struct curve *c, uint64_t first, uint64_t last);

#endif
