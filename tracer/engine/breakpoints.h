/*
 * breakpoints.h - trap instructions in the program's code, and what each is
 * there for.
 *
 * Planted once, passed through a slot (displaced.h), and not lifted before
 * the program is let go.
 */
#ifndef ENGINE_BREAKPOINTS_H
#define ENGINE_BREAKPOINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/map.h"
#include "engine/arch.h"
#include "engine/probes.h"
#include "engine/target.h"
#include "trace/event.h"

enum breakpoint_use {
    BREAK_PROBE = 1 << 0,  /* a function of probes.h; see .probe */
    BREAK_OP = 1 << 1,     /* the op function's first instruction */
    BREAK_RETURN = 1 << 2, /* a call of an allocator returns here */
    BREAK_WATCH = 1 << 3,  /* a watched activation returns here */
};

struct breakpoint {
    tracee_addr addr;
    tracee_addr slot;          /* 0: could not be planted, do not try again */
    const struct probe *probe; /* for BREAK_PROBE; borrowed */
    unsigned uses;             /* enum breakpoint_use, or-ed */
    uint8_t original[ARCH_TRAP_MAX];
};

struct breakpoints {
    struct breakpoint *items;
    size_t count, cap;
    struct map by_addr; /* address -> index */
};

void breakpoints_fini(struct breakpoints *b); /* of our side only */

/*
 * Plants at `addr` with this use, or adds the use to one that is there.
 * `tid` is a stopped thread. *out is valid until the next call.
 *
 *   ERR_NOT_FOUND  cannot be planted here (text that is shared or sealed, an
 *                  instruction that cannot be moved, a trap of the program's
 *                  own); a log line says why
 */
enum err_code breakpoints_plant(struct breakpoints *b, struct target *t,
                                pid_t tid, tracee_addr addr,
                                enum breakpoint_use use,
                                struct breakpoint **out,
                                struct err *err) MUST_CHECK;

/* The breakpoint planted at `addr`, or NULL. Valid until the next plant. */
struct breakpoint *breakpoints_find(const struct breakpoints *b,
                                    tracee_addr addr);

/* Forgets those in [start, end): the code there was unmapped. Nothing is
 * written, for other code may be there by now. */
void breakpoints_forget(struct breakpoints *b, tracee_addr start,
                        tracee_addr end);

/* Puts the original bytes back in the memory `fd`, wherever our trap still
 * stands: the target's at the end (its process may be gone while a child of
 * vfork runs on in its memory), or a forked child's copy. */
void breakpoints_lift(const struct breakpoints *b, int fd);

#endif
