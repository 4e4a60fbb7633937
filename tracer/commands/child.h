/*
 * child.h - a program of ours running beside us, and the last it said.
 */
#ifndef COMMANDS_CHILD_H
#define COMMANDS_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

enum { CHILD_TEXT_MAX = 1024 };

struct child {
    pid_t pid;                 /* 0: none */
    int fd;                    /* what it says on one stream; -1 closed */
    char text[CHILD_TEXT_MAX]; /* the newest of it, NUL-terminated */
    size_t size;
};

/* Runs argv, `stream` (1 or 2) being read, the other one thrown away. It dies
 * with us. ERR_IO. */
enum err_code child_start(struct child *c, char *const argv[], int stream,
                          struct err *err) MUST_CHECK;

/* Where what a program says goes, instead of to us. */
struct child_file {
    const char *path;      /* made anew, or emptied */
    bool has_out, has_err; /* these streams; the other goes nowhere */
    uint64_t max_bytes;    /* any file it writes: RLIMIT_FSIZE; 0: no limit */
};

/* The same with a file. ERR_IO. */
enum err_code child_start_file(struct child *c, char *const argv[],
                               const struct child_file *file,
                               struct err *err) MUST_CHECK;

/* Reads what there is, without blocking. True once it has ended; *status is
 * then wait(2)'s. */
bool child_poll(struct child *c, int *status);

/* Ends it, if it runs, and forgets it. */
void child_stop(struct child *c);

/* The same at once, with all that it started and that is still in its
 * process group: for programs that are not ours. */
void child_kill(struct child *c);

#endif
