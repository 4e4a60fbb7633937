#include "analysis/curve.h"

void curve_init(struct curve *c)
{
    *c = (struct curve){ .step_events = 1 };
}

/* Two steps become one. */
static void widen(struct curve *c)
{
    for (size_t i = 0; i < CURVE_STEPS / 2; i++) {
        uint64_t a = c->peaks[2 * i];
        uint64_t b = c->peaks[2 * i + 1];

        c->peaks[i] = a > b ? a : b;
    }
    for (size_t i = CURVE_STEPS / 2; i < CURVE_STEPS; i++)
        c->peaks[i] = 0;
    c->step_events *= 2;
}

void curve_add(struct curve *c, uint64_t seq, uint64_t value)
{
    while (seq / c->step_events >= CURVE_STEPS)
        widen(c);
    c->count = (size_t)(seq / c->step_events) + 1;
    if (value > c->peaks[c->count - 1])
        c->peaks[c->count - 1] = value;
}

uint64_t curve_peak(const struct curve *c, uint64_t first, uint64_t last)
{
    uint64_t peak = 0;

    for (uint64_t i = first / c->step_events;
         i < c->count && i <= last / c->step_events; i++)
        if (c->peaks[i] > peak)
            peak = c->peaks[i];
    return peak;
}
