/*
 * event_store.h - any event of a trace by its number, once it was read: where
 * the chunks of events lie, and the one read last.
 */
#ifndef ANALYSIS_EVENT_STORE_H
#define ANALYSIS_EVENT_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "trace/event.h"
#include "trace/reader.h"

struct event_store {
    struct reader_place *places; /* owned; by rising seq */
    size_t place_count, place_cap;
    struct event *events; /* of one chunk; owned */
    size_t count, cap;
};

void event_store_fini(struct event_store *s);

/* A chunk was met; they come in order. ERR_NO_MEMORY. */
enum err_code event_store_add(struct event_store *s,
                              const struct reader_place *place,
                              struct err *err) MUST_CHECK;

/* *out is borrowed until the next call. Errors as reader_again, also for an
 * event of no chunk that was added. */
enum err_code event_store_get(struct event_store *s, struct reader *r,
                              uint64_t seq, const struct event **out,
                              struct err *err) MUST_CHECK;

uint64_t event_store_memory(const struct event_store *s);

#endif
