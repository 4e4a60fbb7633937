/*
 * names.h - the texts a site is shown by: a trace's own strings, and ones
 * made up for frames that have no name.
 *
 * A name is a number: a string of the trace, or with NAMES_MADE_UP set one
 * that was made up. Equal numbers are equal texts.
 */
#ifndef ANALYSIS_NAMES_H
#define ANALYSIS_NAMES_H

#include <stdint.h>

#include "analysis/frames.h"
#include "base/err.h"
#include "base/strtab.h"
#include "trace/tables.h"

#define NAMES_MADE_UP (UINT32_C(1) << 31)

struct names {
    const struct tables *tables; /* borrowed */
    struct strtab made_up;
};

void names_fini(struct names *n);

/* The function of a call, "module+0x1234" when it has no name. */
enum err_code names_of_call(struct names *n, const struct frame_call *call,
                            uint32_t *out, struct err *err) MUST_CHECK;

/* A text of our own. */
enum err_code names_make_up(struct names *n, const char *text, uint32_t *out,
                            struct err *err) MUST_CHECK;

/* Borrowed until names_fini, or until another one is made up. */
const char *names_text(const struct names *n, uint32_t name);

#endif
