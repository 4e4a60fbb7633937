/*
 * recording.h - a whole recording with the writer: stacks, events of every
 * sort, names and a source at the end, as a recorder would; and whether what
 * was written reads back.
 *
 * Unlike trace_builder.h it goes on when something fails, and says what.
 */
#ifndef SUPPORT_RECORDING_H
#define SUPPORT_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "trace/ledger.h"
#include "trace/writer.h"

struct plan {
    size_t events;
    size_t flush_every; /* events; 0: never before the end */
    bool has_source;
};

struct recording {
    enum err_code open_rc, event_rc, seal_rc; /* the first of each kind */
    struct err err;                           /* the last one */
    struct ledger ledger;
    bool is_sealed;
};

/* Event number i of every recording: anything may be anything. */
struct event recording_event(uint64_t i);

/* The tables that the events need, and the events. */
enum err_code recording_add_stacks(struct tables *t, struct err *err);
void recording_put_events(struct writer *w, const struct plan *plan,
                          struct recording *out);

/* All of it, replacing `path`. */
void recording_make(const char *path, const struct plan *plan,
                    struct recording *out);

/* Whether a file holds exactly the first `want` events, whole and well, and
 * was sealed or not. */
bool recording_holds(const char *path, uint64_t want, bool is_sealed);

#endif
