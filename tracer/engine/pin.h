/*
 * pin.h - tracer and target on one processor, for as long as the target has
 * one thread: a stop then costs a tenth of what it costs across processors.
 *
 * The setting is inherited by everything the target starts, so it is taken
 * back from each task that gets out of our hands; unless the task has changed
 * it meanwhile, which is its own business.
 */
#ifndef ENGINE_PIN_H
#define ENGINE_PIN_H

#include <sched.h>
#include <stdbool.h>
#include <sys/types.h>

struct pin {
    cpu_set_t before; /* the tracer's own, and so the target's */
    cpu_set_t during; /* one processor */
    bool was_set;     /* tasks may have it */
    bool is_set;      /* the tracer has it */
};

/* Pins the tracer to the processor it runs on. Gives its number, for the
 * target; -1 when that failed, and nothing is changed. */
int pin_begin(struct pin *p);

/* Gives a task its processors back. */
void pin_lift(const struct pin *p, pid_t tid);

/* Gives the tracer its own back. */
void pin_end(struct pin *p);

#endif
