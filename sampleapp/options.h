/*
 * options.h - the command line as a struct.
 */
#ifndef SAMPLEAPP_OPTIONS_H
#define SAMPLEAPP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* What to do. Each but the first has an option of its own. */
enum mode {
    MODE_OPS,
    MODE_LISTEN,
    MODE_PRINT_MIX,
    MODE_PRINT_REQUESTS,
    MODE_LIST,
    MODE_HELP,
};

struct options {
    enum mode mode;
    long stage; /* -1 where the mode needs none */
    long ops;   /* at least 1 */
    long port;  /* 0 to 65535; 0 takes a free one */
    bool mix;
};

enum { OPTIONS_PROBLEM_SIZE = 160 };

extern const char options_help[];

/* Reads the command line. False if it is wrong; `problem` then says in one
 * line what is, and what to do about it. */
bool options_read(struct options *options, int argc, char **argv, char *problem,
                  size_t size);

#endif
