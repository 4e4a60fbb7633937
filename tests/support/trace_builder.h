/*
 * trace_builder.h - a small trace in a few lines, for tests of what reads it.
 *
 *   struct builder *b = builder_open(temp_path("t.swt"), "handle");
 *   uint32_t op = builder_stack(b, "main", "handle", NULL);
 *   uint32_t at = builder_stack(b, "main", "handle", "parse:41", "@strdup",
 *                               NULL);
 *
 *   builder_op_begin(b, 0, op, 1);
 *   builder_alloc(b, 0, at, 0x1000, 24, "malloc", 2);
 *   builder_return(b, 0, 2, 1);
 *   builder_free(b, 0, op, 0x1000);
 *   builder_op_end(b, 0, 1);
 *   builder_close(b);
 *
 * Each event is 1000 ns after the one before. The first event of a thread is
 * preceded by its EV_THREAD_BEGIN, which takes a seq like any other. Whatever
 * goes wrong prints why and aborts.
 */
#ifndef SUPPORT_TRACE_BUILDER_H
#define SUPPORT_TRACE_BUILDER_H

#include <stdbool.h>
#include <stdint.h>

#include "trace/event.h"
#include "trace/header.h"
#include "trace/ledger.h"
#include "trace/writer.h"

struct builder; /* opaque */

/* Starts a trace of "/bin/prog"; `op` NULL: the whole run is one op. Frames
 * are exact and there is no warm-up. */
struct builder *builder_open(const char *path, const char *op);

/* The same with a header of the caller's choice. */
struct builder *builder_open_with(const char *path,
                                  const struct trace_header *header);

/*
 * The number of a stack, outermost call first, NULL at the end:
 *
 *   "parse"         /src/prog.c, at a line that is the function's own
 *   "parse:41"      at line 41: another frame of the same function
 *   "copy<parse:41" copy, inlined into parse at line 41
 *   "@strdup"       in the runtime, /lib/libc.so.6; without file and line
 *   "?parse"        a frame that is never named
 *   "..."           (first) what is above could not be unwound
 */
__attribute__((sentinel)) uint32_t builder_stack(struct builder *b, ...);

/* One event each. `activation` 0: not watched. */
void builder_alloc(struct builder *b, uint32_t thread, uint32_t stack,
                   tracee_addr addr, uint64_t size_bytes, const char *function,
                   uint64_t activation);
void builder_free(struct builder *b, uint32_t thread, uint32_t stack,
                  tracee_addr addr);
void builder_return(struct builder *b, uint32_t thread, uint64_t activation,
                    uint64_t parent);
void builder_op_begin(struct builder *b, uint32_t thread, uint32_t stack,
                      uint64_t activation);
void builder_op_end(struct builder *b, uint32_t thread, uint64_t activation);
void builder_mark(struct builder *b, uint32_t thread, const char *text);

/* Two events: the FREE and the ALLOC of one realloc. */
void builder_realloc(struct builder *b, uint32_t thread, uint32_t stack,
                     tracee_addr old_addr, tracee_addr addr,
                     uint64_t size_bytes, uint64_t activation);

/* Any event; seq is set, and t_ns when it is 0. */
void builder_event(struct builder *b, const struct event *ev);

/* The text of a source file, "/src/prog.c" or another. */
void builder_source(struct builder *b, const char *path, const char *text);

/* Writes what has gathered, frame names included, for a test that follows. */
void builder_flush(struct builder *b);

/* Seals the trace and frees; with a ledger of the caller's choice (events are
 * filled in). builder_abandon leaves it as a crash would: PATH.partial, with
 * what was flushed. */
void builder_close(struct builder *b);
void builder_close_with(struct builder *b, struct ledger *ledger);
void builder_abandon(struct builder *b);

/* For whatever is not foreseen here. */
struct writer *builder_writer(struct builder *b);

#endif
