#include "trace/event_codec.h"

#include <assert.h>
#include <stdlib.h>

#include "trace/columns.h"
#include "trace/format.h"

/*
 * The payload: seq of the first event, then the columns of this table. `kind`
 * comes first because the others are deltas by kind: an ALLOC's address is
 * near the last ALLOC's, and what a kind does not use stays 0. Sizes and
 * stacks recur from op to op as they are, which zstd finds.
 */
/* clang-format off */
static const struct column event_columns[] = {
    COLUMN(event, kind,       CODING_PLAIN,      EV_KIND_COUNT - 1),
    COLUMN(event, flags,      CODING_PLAIN,      UINT8_MAX),
    COLUMN(event, thread,     CODING_DELTA,      UINT32_MAX),
    COLUMN(event, t_ns,       CODING_DELTA,      UINT64_MAX),
    COLUMN(event, text,       CODING_KIND_DELTA, UINT32_MAX),
    COLUMN(event, addr,       CODING_KIND_DELTA, UINT64_MAX),
    COLUMN(event, size_bytes, CODING_PLAIN,      UINT64_MAX),
    COLUMN(event, stack,      CODING_PLAIN,      UINT32_MAX),
    COLUMN(event, activation, CODING_KIND_DELTA, UINT64_MAX),
    COLUMN(event, parent,     CODING_KIND_DELTA, UINT64_MAX),
};
/* clang-format on */

_Static_assert((ARRAY_LEN(event_columns) * FORMAT_ROWS_MAX + 2) *
                       BUF_VARINT_MAX <=
                   CHUNK_MAX,
               "a full chunk of the worst events fits");

static const struct column_layout event_layout = {
    .what = "event",
    .columns = event_columns,
    .column_count = ARRAY_LEN(event_columns),
    .row_size = sizeof(struct event),
    .kind_offset = offsetof(struct event, kind),
};

enum err_code event_encode(const struct event *events, size_t count,
                           struct buf *out, struct err *err)
{
    enum err_code rc;

    assert(count > 0 && count <= FORMAT_ROWS_MAX);
    rc = buf_varint(out, events[0].seq, err);
    if (rc == ERR_OK)
        rc = columns_encode(&event_layout, events, count, out, err);
    return rc;
}

static enum err_code make_room(struct event **events, size_t *cap, size_t count,
                               struct err *err)
{
    struct event *grown;

    if (count <= *cap)
        return ERR_OK;
    grown = realloc(*events, count * sizeof(**events));
    if (grown == NULL)
        return err_no_memory(err);
    *events = grown;
    *cap = count;
    return ERR_OK;
}

enum err_code event_decode(struct cursor *in, struct event **events,
                           size_t *cap, size_t *count, struct err *err)
{
    uint64_t seq;
    enum err_code rc;

    if (!cursor_varint(in, &seq))
        return err_set(err, ERR_BAD_FORMAT, "events without a number");
    rc = columns_take_count(&event_layout, in, count, err);
    if (rc == ERR_OK)
        rc = make_room(events, cap, *count, err);
    if (rc == ERR_OK)
        rc = columns_decode(&event_layout, in, *events, *count, err);
    if (rc != ERR_OK)
        return rc;
    if (!cursor_at_end(in))
        return err_set(err, ERR_BAD_FORMAT, "events with bytes after them");
    for (size_t i = 0; i < *count; i++)
        (*events)[i].seq = seq + i;
    return ERR_OK;
}
