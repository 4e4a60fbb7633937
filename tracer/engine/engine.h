/*
 * engine.h - what the recorder needs from a way of watching a process.
 *
 * The recorder picks one from engine_list.c by name and drives it through
 * these pointers. An engine places its own hooks and reports what it sees as
 * events with raw stacks. Naming frames and writing files is the recorder's
 * work.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "symbols/symbolizer.h"
#include "trace/event.h"
#include "trace/ledger.h"

struct engine_options {
    char *const *argv; /* what to run, NULL-terminated; borrowed */
    const char *op;    /* the op function, or NULL */
    bool watch_frames; /* see every maker return: exact verdicts */
    bool pin;          /* share a processor with a single-threaded target */
    bool kill_on_exit; /* a killed tracer takes the target with it */
};

struct engine_frame {
    tracee_addr addr; /* a return address, or exact (see flags) */
    tracee_addr cfa;  /* the stack pointer once this frame is gone */
    uint8_t flags;    /* enum frame_flag of trace/tables.h */
    uint32_t stack;   /* for the sink's use: 0 when the engine made or changed
                         this frame; kept as long as neither it nor any frame
                         above it changes */
};

struct engine_stack {
    struct engine_frame *frames; /* [0] is the outermost */
    size_t count;
    bool is_whole; /* [0] is the thread's first frame */
};

/*
 * Where an engine delivers what it sees. Fills ev->seq, ev->stack and
 * ev->text; `text` is the allocator's name or what a mark says, "" for other
 * kinds. `stack` is NULL for kinds that have none. An error ends the
 * recording: the engine lets the target go.
 */
struct engine_sink {
    void *ctx; /* passed back as the first argument */
    enum err_code (*on_event)(void *ctx, struct event *ev, const char *text,
                              struct engine_stack *stack, struct err *err);
};

struct engine_run; /* one traced process; each engine defines its own */

struct engine {
    const char *name;    /* as given to --engine */
    const char *summary; /* for --help, at most 60 columns */

    /*
     * Runs options->argv up to its first instruction, with hooks in place.
     * Everything passed is borrowed until stop.
     *
     *   ERR_NOT_FOUND  no such program; the text says so
     *   ERR_USAGE      no such op function; the text has the nearest names,
     *                  or says that it was inlined everywhere
     *   ERR_DENIED     tracing is not permitted; the text says by what
     *   ERR_IO, ERR_NO_MEMORY
     *
     * On failure the program has not run a single instruction of its own.
     */
    enum err_code (*start)(const struct engine_options *options,
                           struct symbolizer *symbols,
                           const struct engine_sink *sink,
                           struct ledger *ledger, struct engine_run **out,
                           struct err *err);

    /* Waits for and delivers at least one fact, or returns ERR_NOT_FOUND
     * after a signal interrupted the wait, or ERR_TRACEE_GONE once the last
     * thread has left (ledger->exit_status is then set). */
    enum err_code (*step)(struct engine_run *run, struct err *err);

    /* The process's id. */
    pid_t (*pid)(const struct engine_run *run);

    /* Takes every hook out, leaves the process running (if it still is), and
     * frees. Accepts NULL. */
    void (*stop)(struct engine_run *run);
};

extern const struct engine *const engines[]; /* NULL-terminated; [0] is the
                                                default */

#endif
