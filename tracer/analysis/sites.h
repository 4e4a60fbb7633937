/*
 * sites.h - everything, by site: who asked, how much, and what became of it.
 *
 * Built from the tallies of lives.h whenever it is asked for, because names
 * of frames, and with them sites and verdicts, come last in a trace.
 */
#ifndef ANALYSIS_SITES_H
#define ANALYSIS_SITES_H

#include <stddef.h>

#include "analysis/lives.h"
#include "analysis/names.h"
#include "analysis/profile.h"
#include "base/err.h"
#include "trace/tables.h"

struct sites {
    struct site *rows; /* owned; in the order of profile_sites */
    size_t count;
    struct stack_cost *stacks; /* owned */
    size_t stack_count;
    struct names names; /* what the rows' texts borrow from, with the tables */
};

/* *out replaces nothing: pass an empty one. ERR_NO_MEMORY leaves it empty. */
enum err_code sites_build(const struct tables *t, const struct lives *l,
                          struct sites *out, struct err *err) MUST_CHECK;

void sites_fini(struct sites *s); /* leaves it empty and usable */

#endif
