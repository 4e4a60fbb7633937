/*
 * child.h - runs a tool and reads what it prints.
 */
#ifndef TESTS_SYMBOLS_CHILD_H
#define TESTS_SYMBOLS_CHILD_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

enum { CHILD_SKIP = 77 }; /* ctest: SKIP_RETURN_CODE */

struct child {
    pid_t pid;
    FILE *out; /* its stdout */
};

/* Starts argv[0], looked for in PATH, with `in` as its stdin (NULL: nothing)
 * and stderr thrown away. False when it cannot be run. */
bool child_start(char *const argv[], FILE *in, struct child *out);

/* Reads to the end, closes and waits. False unless it exited with 0. */
bool child_finish(struct child *c);

#endif
