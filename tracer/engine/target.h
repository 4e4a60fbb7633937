/*
 * target.h - what we put into the traced program's memory: the rescue handler
 * and slots for displaced instructions.
 *
 * Belongs to one program image: an exec takes all of it away, and a new
 * target starts. Nothing is ever unmapped, because a thread (or a signal
 * frame) may stand in a slot for as long as it likes.
 */
#ifndef ENGINE_TARGET_H
#define ENGINE_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/map.h"
#include "symbols/maps.h"
#include "trace/event.h"

struct slot_region {
    tracee_addr start, end;
    tracee_addr next; /* the first free slot */
};

struct target {
    pid_t pid;
    int memory_fd;           /* /proc/PID/mem of this image; -1 none */
    int maps_fd;             /* /proc/PID/maps of it; -1 none */
    tracee_addr rescue;      /* base of the rescue area; 0 until prepared */
    tracee_addr gadget;      /* arch_syscall_gadget in it */
    size_t rescue_count;     /* entries of its table */
    struct map rescue_index; /* address -> entry: one for each address, because
                                the handler takes the first it finds */
    struct slot_region *regions;
    size_t region_count, region_cap;
    struct map
        slot_origin; /* slot -> the displaced instruction: see target.c */
};

/* Opens the memory of `pid`, whose only thread `tid` is in its exec stop, and
 * puts the rescue handler in; the thread then stands before the program's
 * first instruction. ERR_DENIED, ERR_IO, ERR_TRACEE_GONE, ERR_NO_MEMORY. */
enum err_code target_open(struct target *t, pid_t pid, pid_t tid,
                          struct err *err) MUST_CHECK;
void target_fini(struct target *t); /* of our side only */

/* What is mapped, and what is there, as maps_read and tracee_read; but both
 * also when the program has made itself undumpable (prctl(2)) meanwhile, or
 * its first thread is gone, whose /proc/PID/maps would be empty. */
enum err_code target_maps(const struct target *t, struct maps *out,
                          struct err *err) MUST_CHECK;
size_t target_read(const struct target *t, tracee_addr addr, void *out,
                   size_t size);

/* Makes room for slots near `addr`, for when they are needed: the program may
 * forbid itself to map memory (seccomp(2)). ERR_TRACEE_GONE, ERR_NO_MEMORY. */
enum err_code target_reserve(struct target *t, pid_t tid, tracee_addr addr,
                             struct err *err) MUST_CHECK;

/*
 * Makes a slot for the instruction at `addr` and enters it in the rescue
 * table; `tid` is a stopped thread. ERR_BAD_FORMAT: the instruction cannot be
 * moved. ERR_IO, ERR_TRACEE_GONE, ERR_NO_MEMORY.
 */
enum err_code target_slot(struct target *t, pid_t tid, tracee_addr addr,
                          tracee_addr *slot, struct err *err) MUST_CHECK;

/* Where a thread whose pc is `pc` stands in the program: for a pc in a slot,
 * at the displaced instruction, or behind it. */
tracee_addr target_origin(const struct target *t, tracee_addr pc);

#endif
