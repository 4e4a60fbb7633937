/*
 * maps.h - what is mapped where in a process: /proc/PID/maps, proc(5).
 *
 *   55d0c8c00000-55d0c8c21000 r-xp 00002000 fe:00 131 /usr/bin/app (deleted)
 *   start        end          perm offset   dev   inode path
 *
 * The text comes from a foreign process and a path in it may hold anything.
 */
#ifndef SYMBOLS_MAPS_H
#define SYMBOLS_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "trace/event.h"

struct map_entry {
    tracee_addr start, end; /* end is past the last byte */
    uint64_t file_offset;   /* bytes */
    uint64_t inode;         /* 0: no file */
    bool readable, writable, executable, shared;
    bool deleted; /* the path named another file, or none, by now */
    char *path;   /* owned; "" for anonymous; "[stack]" and the like */
};

struct maps {
    struct map_entry *entries; /* by rising address, never overlapping */
    size_t count, cap;
};

/* Reads the process's (or thread's) map; *out replaces nothing: pass an
 * empty one. ERR_IO (also when the process is gone), ERR_NO_MEMORY. */
enum err_code maps_read(pid_t pid, struct maps *out,
                        struct err *err) MUST_CHECK;

/* Parses such text. ERR_BAD_FORMAT names the line. *out is empty on failure. */
enum err_code maps_parse(const char *text, size_t size, struct maps *out,
                         struct err *err) MUST_CHECK;

/* The entry that holds `addr`, or NULL. Borrowed until maps_fini. */
const struct map_entry *maps_find(const struct maps *m, tracee_addr addr);

void maps_fini(struct maps *m);

#endif
