/*
 * event_codec.h - events to the payload of a CHUNK_EVENTS, and back.
 */
#ifndef TRACE_EVENT_CODEC_H
#define TRACE_EVENT_CODEC_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "trace/event.h"

/* Appends `count` events of consecutive seq, at least one and at most
 * FORMAT_ROWS_MAX. ERR_NO_MEMORY. */
enum err_code event_encode(const struct event *events, size_t count,
                           struct buf *out, struct err *err) MUST_CHECK;

/*
 * Takes a whole payload. *events is the caller's array of *cap events (owned,
 * grown as needed). Numbers in the events are not looked at, except the kind.
 * ERR_BAD_FORMAT, ERR_NO_MEMORY.
 */
enum err_code event_decode(struct cursor *in, struct event **events,
                           size_t *cap, size_t *count,
                           struct err *err) MUST_CHECK;

#endif
