/*
 * naming.h - gives names to the addresses of a finished recording.
 */
#ifndef RECORDER_NAMING_H
#define RECORDER_NAMING_H

#include <stdint.h>

#include "base/err.h"
#include "symbols/symbolizer.h"
#include "trace/tables.h"

/* Names every frame of `t` from number `from` on that has no name yet.
 * `numbers` gives, for each module of the trace, the symbolizer's number for
 * it. What cannot be named stays without. ERR_NO_MEMORY. */
enum err_code naming_frames(struct tables *t, struct symbolizer *symbols,
                            const uint32_t *numbers, size_t from,
                            struct err *err) MUST_CHECK;

/* Keeps the text of each source file that a frame outside the runtime names
 * and that can be read; files over a mebibyte are left out. ERR_NO_MEMORY. */
enum err_code naming_sources(struct tables *t, struct err *err) MUST_CHECK;

#endif
