/*
 * rescue.h - keeps the program alive when its tracer is killed.
 *
 * Breakpoints stay behind when a tracer dies (SIGKILL cannot be handled), and
 * the next one that is hit would end the program with SIGTRAP. So before any
 * is planted a handler for SIGTRAP goes into the program: position-
 * independent code and a table of (breakpoint, slot). While the tracer lives
 * the handler never runs, because ptrace sees each SIGTRAP first and swallows
 * ours. Afterwards it sends the thread on through the slot, which does what
 * the displaced instruction did. A SIGTRAP that is not ours ends the program
 * as it would have without us.
 *
 *   base + 0                       handler and restorer code
 *   base + RESCUE_SCRATCH_OFFSET   what else has to be handed to the program
 *   base + RESCUE_COUNT_OFFSET     u64 entries in use
 *   base + RESCUE_TABLE_OFFSET     { u64 breakpoint, u64 slot } ...
 *
 * One rescue_<cpu>.S holds the code.
 */
#ifndef ENGINE_RESCUE_H
#define ENGINE_RESCUE_H

#define RESCUE_SCRATCH_OFFSET 0x200
#define RESCUE_SCRATCH_SIZE 192 /* bytes, each of: */
#define RESCUE_SCRATCH_COUNT 16
#define RESCUE_COUNT_OFFSET 0x1000
#define RESCUE_TABLE_OFFSET 0x1010
#define RESCUE_ENTRY_SIZE 16
/* Bytes to map, read and execute: room for 261,887 entries. What is not used
 * takes no memory. */
#define RESCUE_SIZE 0x400000

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

#include "trace/event.h"

enum {
    RESCUE_ENTRIES_MAX = (RESCUE_SIZE - RESCUE_TABLE_OFFSET) / RESCUE_ENTRY_SIZE
};

/* The code, to be copied to `base`; it must fit below
 * RESCUE_SCRATCH_OFFSET. */
extern const uint8_t rescue_code[];
extern const uint8_t rescue_code_end[];
extern const uint8_t rescue_restorer[]; /* within it: for sa_restorer */

/* What rt_sigaction(2) takes, sigsetsize being 8. */
struct rescue_sigaction {
    uint64_t handler;
    uint64_t flags;
    uint64_t restorer;
    uint64_t mask;
};

struct rescue_sigaction rescue_action(tracee_addr base);
#endif

#endif
