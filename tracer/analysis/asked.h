/*
 * asked.h - who asked for a block: what its stack says of the site.
 */
#ifndef ANALYSIS_ASKED_H
#define ANALYSIS_ASKED_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/frames.h"
#include "analysis/profile.h"
#include "trace/tables.h"

struct asked {
    const char *function; /* borrowed from the tables, or `unnamed`; raw */
    const char *file;     /* "" unknown */
    uint32_t line, column;
    const char *via; /* as in struct site */
    char unnamed[256];
};

/* The string that names the runtime call which a site used: `inside` is as
 * frames_site gives it, `text` the allocator's function. */
uint32_t asked_via(const struct tables *t, uint32_t inside, uint32_t text);

/* A block was made with this stack, by this allocator. */
void asked_find(const struct tables *t, uint32_t stack, uint32_t text,
                struct asked *out);

/* Whether the site is the one that asked. */
bool asked_is(const struct asked *a, const struct site *site);

#endif
