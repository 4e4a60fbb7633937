#include "trace/writer.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/vec.h"
#include "trace/chunk.h"
#include "trace/columns.h"
#include "trace/event_codec.h"
#include "trace/format.h"
#include "trace/outfile.h"
#include "trace/table_codec.h"

/* A border between two chunks, to which the file can be cut back. */
struct place {
    uint64_t offset;           /* bytes before it */
    uint64_t chunk_number;     /* of the next chunk */
    struct table_marks tables; /* what is in the file before it */
};

struct event_chunk {
    uint64_t offset;
    uint64_t first_seq;
    uint64_t count;      /* events */
    struct place before; /* its tables are behind this place too */
};

struct writer {
    struct outfile file;
    struct tables tables;
    struct place place; /* where the next chunk goes */

    struct event *events; /* FORMAT_ROWS_MAX of them; owned */
    size_t gathered;      /* in events */
    uint64_t written;     /* in the file */
    uint64_t dropped;
    uint64_t last_t_ns;

    struct event_chunk *chunks; /* in the file; owned */
    size_t chunk_count, chunk_cap;

    struct chunk_packer packer;
    struct buf raw; /* the payload being made */

    struct err failure;   /* the first one: no event is taken after it */
    bool without_sources; /* given up for lack of room */
};

/* The payload of CHUNK_INDEX: how many entries come in later chunks, then
 * these columns. */
/* clang-format off */
static const struct column index_columns[] = {
    COLUMN(event_chunk, offset,    CODING_DELTA, UINT64_MAX),
    COLUMN(event_chunk, first_seq, CODING_DELTA, UINT64_MAX),
    COLUMN(event_chunk, count,     CODING_PLAIN, UINT64_MAX),
};
/* clang-format on */

static const struct column_layout index_layout = {
    .what = "index entry",
    .columns = index_columns,
    .column_count = ARRAY_LEN(index_columns),
    .row_size = sizeof(struct event_chunk),
};

/* Writes w->raw as the next chunk. */
static enum err_code write_chunk(struct writer *w, enum chunk_kind kind,
                                 struct err *err)
{
    const struct buf *bytes = &w->packer.bytes;
    enum err_code rc =
        chunk_pack(&w->packer, kind, w->place.chunk_number, &w->raw, err);

    if (rc == ERR_OK)
        rc = outfile_write(&w->file, w->place.offset, bytes->data, bytes->size,
                           err);
    if (rc != ERR_OK)
        return rc;
    w->place.offset += bytes->size;
    w->place.chunk_number++;
    return ERR_OK;
}

static enum err_code write_text(struct writer *w, enum chunk_kind kind,
                                const char *text, struct err *err)
{
    size_t size = strlen(text);
    enum err_code rc;

    if (size > CHUNK_MAX)
        return err_set(err, ERR_USAGE,
                       "the names of the program and its op are too long");
    buf_clear(&w->raw);
    rc = buf_bytes(&w->raw, text, size, err);
    return rc == ERR_OK ? write_chunk(w, kind, err) : rc;
}

/* Whether the next event chunk, if there will be one, needs this table, or
 * the ones who read the file do. */
static bool is_wanted(const struct writer *w, size_t table)
{
    if (w->failure.code != ERR_OK && table_kinds[table].serves_events)
        return false;
    return table != TABLE_SOURCES || !w->without_sources;
}

/* Writes what is new in the tables from `first` up to, not with, `end`. */
static enum err_code write_tables(struct writer *w, size_t first, size_t end,
                                  struct err *err)
{
    enum err_code rc = ERR_OK;

    for (size_t i = first; i < end; i++) {
        const struct table_kind *kind = &table_kinds[i];
        size_t count = kind->count(&w->tables);

        if (!is_wanted(w, i))
            continue;
        while (rc == ERR_OK && w->place.tables.done[i] < count) {
            struct table_marks marks = w->place.tables;

            buf_clear(&w->raw);
            rc = kind->encode(&w->tables, &marks, &w->raw, err);
            if (rc == ERR_OK)
                rc = write_chunk(w, kind->kind, err);
            if (rc == ERR_OK)
                w->place.tables = marks;
        }
    }
    return rc;
}

static enum err_code write_events(struct writer *w, const struct place *before,
                                  struct err *err)
{
    struct event_chunk chunk = {
        .offset = w->place.offset,
        .first_seq = w->written,
        .count = w->gathered,
        .before = *before,
    };
    enum err_code rc = vec_grow(&w->chunks, w->chunk_count, &w->chunk_cap,
                                sizeof(*w->chunks), err);

    buf_clear(&w->raw);
    if (rc == ERR_OK)
        rc = event_encode(w->events, w->gathered, &w->raw, err);
    if (rc == ERR_OK)
        rc = write_chunk(w, CHUNK_EVENTS, err);
    if (rc != ERR_OK)
        return rc;
    w->chunks[w->chunk_count++] = chunk;
    w->written += w->gathered;
    w->gathered = 0;
    return ERR_OK;
}

static enum err_code start_file(struct writer *w,
                                const struct trace_header *header,
                                struct err *err)
{
    uint8_t superblock[SUPERBLOCK_SIZE];
    char *text = NULL;
    enum err_code rc = header_to_text(header, &text, err);

    format_put_superblock(superblock);
    if (rc == ERR_OK)
        rc = outfile_write(&w->file, 0, superblock, sizeof(superblock), err);
    w->place.offset = sizeof(superblock);
    if (rc == ERR_OK)
        rc = write_text(w, CHUNK_HEADER, text, err);
    free(text);
    return rc;
}

enum err_code writer_open(const char *path, bool force,
                          const struct trace_header *header,
                          struct writer **out, struct err *err)
{
    enum err_code rc;
    struct writer *w = calloc(1, sizeof(*w));

    *out = NULL;
    if (w == NULL)
        return err_no_memory(err);
    w->file.fd = -1;
    rc = tables_init(&w->tables, err);
    if (rc != ERR_OK)
        goto out;
    for (size_t i = 0; i < TABLE_COUNT; i++) /* a reader's init has them too */
        w->place.tables.done[i] = table_kinds[i].count(&w->tables);
    w->events = calloc(FORMAT_ROWS_MAX, sizeof(*w->events));
    rc = w->events == NULL ? err_no_memory(err)
                           : buf_reserve(&w->raw, CHUNK_MAX, err);
    if (rc == ERR_OK)
        rc = vec_grow(&w->chunks, 0, &w->chunk_cap, sizeof(*w->chunks), err);
    if (rc == ERR_OK)
        rc = chunk_packer_init(&w->packer, err);
    if (rc == ERR_OK)
        rc = outfile_open(&w->file, path, force, err);
    if (rc == ERR_OK)
        rc = start_file(w, header, err);
    if (rc != ERR_OK)
        goto out;

    *out = w;
    w = NULL; /* now the caller's */
out:
    if (w != NULL)
        outfile_close(&w->file, true);
    writer_close(w);
    return rc;
}

struct tables *writer_tables(struct writer *w)
{
    return &w->tables;
}

const char *writer_path(const struct writer *w)
{
    return w->file.is_published ? w->file.path : w->file.partial;
}

/* What was the first failure is the answer from then on. */
static enum err_code fail(struct writer *w, const struct err *err)
{
    w->failure = *err;
    w->dropped += w->gathered;
    w->gathered = 0;
    return err->code;
}

/* Writes the events gathered, behind the tables they need. */
static enum err_code flush_events(struct writer *w, struct err *err)
{
    struct place before = w->place;
    enum err_code rc = w->failure.code;

    if (rc != ERR_OK) {
        *err = w->failure;
        return rc;
    }
    rc = write_tables(w, 0, TABLE_NAMES, err);
    if (rc == ERR_OK && w->gathered > 0)
        rc = write_events(w, &before, err);
    return rc == ERR_OK ? ERR_OK : fail(w, err);
}

enum err_code writer_flush(struct writer *w, struct err *err)
{
    enum err_code rc = flush_events(w, err);

    /* Names and sources come behind the events: on a full disk they are what
     * can be done without. */
    if (rc != ERR_OK)
        return rc;
    rc = write_tables(w, TABLE_NAMES, TABLE_COUNT, err);
    return rc == ERR_OK ? ERR_OK : fail(w, err);
}

enum err_code writer_event(struct writer *w, const struct event *ev,
                           struct err *err)
{
    struct event *slot = &w->events[w->gathered];

    if (w->failure.code != ERR_OK) {
        w->dropped++;
        *err = w->failure;
        return err->code;
    }
    assert(ev->kind < EV_KIND_COUNT);
    assert(ev->stack < w->tables.stack_count);
    assert(ev->text < w->tables.strings.count);
    *slot = *ev;
    slot->seq = w->written + w->gathered++;
    if (slot->t_ns < w->last_t_ns)
        slot->t_ns = w->last_t_ns;
    w->last_t_ns = slot->t_ns;
    return w->gathered == FORMAT_ROWS_MAX ? writer_flush(w, err) : ERR_OK;
}

static enum err_code write_index(struct writer *w, struct err *err)
{
    size_t done = 0;
    enum err_code rc = ERR_OK;

    do {
        size_t some = w->chunk_count - done;

        if (some > FORMAT_ROWS_MAX)
            some = FORMAT_ROWS_MAX;
        buf_clear(&w->raw);
        rc = buf_varint(&w->raw, w->chunk_count - done - some, err);
        if (rc == ERR_OK)
            rc = columns_encode(&index_layout, w->chunks + done, some, &w->raw,
                                err);
        if (rc == ERR_OK)
            rc = write_chunk(w, CHUNK_INDEX, err);
        done += some;
    } while (rc == ERR_OK && done < w->chunk_count);
    return rc;
}

static enum err_code write_end(struct writer *w, struct ledger *ledger,
                               struct err *err)
{
    char *text = NULL;
    enum err_code rc = write_tables(w, 0, TABLE_COUNT, err);

    ledger->events = w->written;
    ledger->events_dropped = w->dropped;
    if (rc == ERR_OK)
        rc = ledger_to_text(ledger, &text, err);
    if (rc == ERR_OK)
        rc = write_text(w, CHUNK_LEDGER, text, err);
    if (rc == ERR_OK)
        rc = write_index(w, err);
    free(text);
    return rc;
}

/* Makes room for the end of the file by cutting off something newer than
 * what is kept. False when there is nothing left to give up. */
static bool give_up_something(struct writer *w, struct place *end)
{
    size_t sources = table_kinds[TABLE_SOURCES].count(&w->tables);

    if (!w->without_sources && end->tables.done[TABLE_SOURCES] < sources) {
        w->without_sources = true;
    } else if (w->chunk_count > 0) {
        const struct event_chunk *last = &w->chunks[--w->chunk_count];

        w->written -= last->count;
        w->dropped += last->count;
        *end = last->before;
    } else {
        return false;
    }
    w->place = *end;
    outfile_cut(&w->file, end->offset);
    return true;
}

/* What to say of a file that was sealed without all that was recorded. */
static enum err_code report_loss(const struct writer *w, struct err *err)
{
    uint64_t all = w->written + w->dropped;

    if (w->dropped == 0 && !w->without_sources)
        return ERR_OK;
    errno = w->failure.sys_errno;
    if (w->dropped == 0)
        return err_set(err, ERR_IO, "the source texts could not be written");
    return err_set(err, ERR_IO,
                   "the last %" PRIu64 " of %" PRIu64
                   " events could not be written",
                   w->dropped, all);
}

enum err_code writer_seal(struct writer *w, struct ledger *ledger,
                          struct err *err)
{
    struct place end;
    enum err_code rc;

    assert(!w->file.is_published);
    if (flush_events(w, err) != ERR_OK)
        log_debug("events dropped count=%" PRIu64, w->dropped);
    end = w->place;
    for (;;) {
        rc = write_end(w, ledger, err);
        if (rc == ERR_OK || !outfile_is_full(err))
            break;
        if (w->failure.code == ERR_OK)
            w->failure = *err;
        if (!give_up_something(w, &end))
            break;
    }
    if (rc == ERR_OK)
        rc = outfile_publish(&w->file, err);
    return rc == ERR_OK ? report_loss(w, err) : rc;
}

void writer_close(struct writer *w)
{
    if (w == NULL)
        return;
    outfile_close(&w->file, false);
    tables_fini(&w->tables);
    free(w->events);
    free(w->chunks);
    chunk_packer_fini(&w->packer);
    buf_fini(&w->raw);
    free(w);
}
