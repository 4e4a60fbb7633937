/*
 * run.h - the state of one traced process, shared by the breakpoint engine's
 * parts: ptrace_engine.c drives, tasks.c knows threads and children,
 * modules.c plants, observe.c turns stops into events.
 */
#ifndef ENGINE_RUN_H
#define ENGINE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/map.h"
#include "engine/activations.h"
#include "engine/breakpoints.h"
#include "engine/engine.h"
#include "engine/pin.h"
#include "engine/shadow.h"
#include "engine/target.h"
#include "engine/unwind.h"

enum {
    CALLS_MAX = 16
}; /* allocator calls under way in one thread: more than
     one only when a signal handler interrupts one */

/* An allocator call between its entry and its return. */
struct pending_call {
    const struct probe *probe;
    tracee_addr return_addr;
    tracee_addr sp;        /* once it has returned */
    uint64_t size_bytes;   /* asked for */
    tracee_addr block;     /* taken back by a realloc; 0 none */
    tracee_addr result_at; /* where posix_memalign puts the block; 0: it is
                              the call's result */
    bool is_freed;         /* the realloc's free was already reported */
    bool is_interrupted;   /* a signal handler may have run since it began, and
                              may still: its own calls are not nested ones */
    uint64_t epoch;        /* the thread's, when its stack was walked */
};

enum task_kind {
    TASK_THREAD, /* of the traced process */
    TASK_GUEST,  /* a child that shares its memory (vfork): passed through
                    breakpoints, not recorded, let go when it has its own */
};

struct task {
    pid_t tid;
    enum task_kind kind;
    uint32_t number;   /* in the trace */
    bool is_announced; /* its EV_THREAD_BEGIN was sent */
    struct pending_call calls[CALLS_MAX];
    size_t call_count;
    struct shadow *shadows;
    size_t shadow_count, shadow_cap;
    size_t current;  /* index of the shadow used last */
    uint64_t epoch;  /* stack walks so far */
    uint32_t op;     /* the op's activation, or WATCH_NONE */
    bool is_stopped; /* while being let go: stands still, and wait(2)
                        will not tell of it again */
    int held_signal; /* then: to be delivered on the way out */
};

struct engine_run {
    struct engine_options options;
    struct engine_sink sink;
    struct ledger *ledger;      /* borrowed */
    struct symbolizer *symbols; /* borrowed */
    struct target target;
    struct breakpoints breakpoints;
    struct unwinder unwinder;
    struct activations activations;
    pid_t pid;
    struct task **tasks; /* owned, in no order */
    size_t task_count, task_cap;
    size_t rotor;          /* the task to look at next */
    struct map task_index; /* tid -> index into tasks */
    struct map newborn;    /* tid -> enum newborn_state (tasks.h) */
    bool *module_planted;  /* by module number */
    size_t module_count, module_cap;
    size_t op_places;      /* addresses the op was planted at */
    size_t free_places;    /* functions planted that take blocks back */
    bool op_is_ifunc;      /* the op's name is that of a resolver */
    size_t linker_stops;   /* times the dynamic linker reported */
    size_t scratch_used;   /* copies handed to the program; see sigtrap.h */
    uint32_t thread_count; /* numbers given out */
    uint64_t start_ns;
    struct pin pin;
};

/* CLOCK_MONOTONIC in nanoseconds. */
uint64_t run_now_ns(void);

#endif
