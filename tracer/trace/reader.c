#include "trace/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trace/chunk.h"
#include "trace/event_codec.h"
#include "trace/format.h"
#include "trace/table_codec.h"

/* Tables may take this much memory at first, and this much for each byte of
 * the file read: a page of file must not unfold to gigabytes. Real ones take
 * under 100 bytes for each of theirs, and events come on top of these. */
enum { TABLES_FLOOR = 64 << 20, TABLES_RATIO = 256 };

struct reader {
    int fd;
    uint64_t offset;       /* of the next chunk */
    uint64_t chunk_offset; /* of the one read last */
    uint64_t chunk_number; /* of the next */
    bool is_sealed;
    bool has_ledger;
    struct trace_header header;
    struct tables tables;
    struct ledger ledger;

    struct event *events; /* of the chunk read last; owned */
    size_t event_at, event_count, event_cap;
    struct reader_place place; /* of the chunk they came in */
    uint64_t next_seq;
    uint64_t last_t_ns;

    struct buf stored; /* as in the file */
    struct chunk_unpacker unpacker;

    struct err failure; /* the first one, for ever */
};

/* A file shorter than what was read of it was cut by a writer that had to
 * make room (writer_seal): what is there now is another trace. */
static enum err_code check_not_shortened(const struct reader *r,
                                         struct err *err)
{
    struct stat st;

    if (fstat(r->fd, &st) != 0)
        return err_set(err, ERR_IO, "cannot read");
    if ((uint64_t)st.st_size < r->offset)
        return err_set(err, ERR_BAD_FORMAT,
                       "the file was shortened while it was read");
    return ERR_NOT_FOUND;
}

/* ERR_NOT_FOUND when they are not all there (yet). */
static enum err_code read_at(const struct reader *r, uint64_t offset,
                             uint8_t *out, size_t size, struct err *err)
{
    size_t got = 0;

    while (got < size) {
        ssize_t n = pread(r->fd, out + got, size - got, (off_t)(offset + got));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set(err, ERR_IO, "cannot read");
        if (n == 0)
            return check_not_shortened(r, err);
        got += (size_t)n;
    }
    return ERR_OK;
}

/* Reads the next chunk into r->stored and steps behind it, also when only the
 * payload is damaged. Unless r->offset was moved, *h is not set. */
static enum err_code read_chunk(struct reader *r, struct chunk_header *h,
                                struct err *err)
{
    uint8_t bytes[CHUNK_HEADER_SIZE];
    enum err_code rc = read_at(r, r->offset, bytes, sizeof(bytes), err);

    if (rc == ERR_OK)
        rc = format_take_chunk_header(bytes, h, err);
    if (rc != ERR_OK)
        return rc;
    if (h->number != r->chunk_number)
        return err_set(err, ERR_BAD_FORMAT, "a chunk is missing before it");
    buf_clear(&r->stored);
    rc = buf_reserve(&r->stored, (size_t)h->stored_size + 1, err);
    if (rc == ERR_OK)
        rc = read_at(r, r->offset + sizeof(bytes), r->stored.data,
                     h->stored_size, err);
    if (rc != ERR_OK)
        return rc;
    r->offset += sizeof(bytes) + h->stored_size;
    r->chunk_number++;
    return chunk_check(h, r->stored.data, err);
}

static enum err_code take_header(struct reader *r, struct cursor *in,
                                 struct err *err)
{
    return header_from_text((const char *)in->data, in->size, &r->header, err);
}

static enum err_code take_ledger(struct reader *r, struct cursor *in,
                                 struct err *err)
{
    enum err_code rc =
        ledger_from_text((const char *)in->data, in->size, &r->ledger, err);

    r->has_ledger = rc == ERR_OK;
    return rc;
}

/* The entries themselves are for readers that jump. */
static enum err_code take_index(struct reader *r, struct cursor *in,
                                struct err *err)
{
    uint64_t in_later_chunks;

    if (!cursor_varint(in, &in_later_chunks))
        return err_set(err, ERR_BAD_FORMAT, "the index is cut short");
    r->is_sealed = in_later_chunks == 0;
    return ERR_OK;
}

static enum err_code check_event(const struct reader *r, uint64_t t_ns_before,
                                 const struct event *ev, struct err *err)
{
    if (ev->stack >= r->tables.stack_count ||
        ev->text >= r->tables.strings.count)
        return err_set(err, ERR_BAD_FORMAT,
                       "event %" PRIu64 " refers to nothing", ev->seq);
    /* Threads are numbered as they appear, so there are never more of them
     * than events: a consumer may index an array by thread. */
    if (ev->thread > ev->seq)
        return err_set(err, ERR_BAD_FORMAT,
                       "event %" PRIu64 " has an impossible thread", ev->seq);
    if (ev->t_ns < t_ns_before)
        return err_set(err, ERR_BAD_FORMAT,
                       "event %" PRIu64 " is before the one before it",
                       ev->seq);
    return ERR_OK;
}

/* Decodes the events of a chunk, the first of which is to be number
 * `place->seq`, and checks all they refer to. */
static enum err_code decode_events(const struct reader *r, struct cursor *in,
                                   const struct reader_place *place,
                                   struct event **events, size_t *cap,
                                   size_t *count, struct err *err)
{
    uint64_t t_ns = place->t_ns;
    enum err_code rc = event_decode(in, events, cap, count, err);

    if (rc == ERR_OK && *count > 0 && (*events)[0].seq != place->seq)
        rc = err_set(err, ERR_BAD_FORMAT, "events are missing before it");
    for (size_t i = 0; rc == ERR_OK && i < *count; i++) {
        rc = check_event(r, t_ns, &(*events)[i], err);
        t_ns = (*events)[i].t_ns;
    }
    return rc;
}

static enum err_code take_events(struct reader *r, struct cursor *in,
                                 struct err *err)
{
    struct reader_place place = { r->chunk_offset, r->chunk_number - 1,
                                  r->next_seq, r->last_t_ns };
    size_t count;
    enum err_code rc;

    rc = decode_events(r, in, &place, &r->events, &r->event_cap, &count, err);
    if (rc != ERR_OK)
        return rc;
    r->event_at = 0;
    r->event_count = count;
    if (count == 0)
        return ERR_OK;
    r->next_seq += count;
    r->last_t_ns = r->events[count - 1].t_ns;
    r->place = place;
    return ERR_OK;
}

/* The limit is checked before, so at most one chunk's worth goes beyond it. */
static enum err_code take_table(struct reader *r, const struct table_kind *kind,
                                struct cursor *in, struct err *err)
{
    enum err_code rc;

    if (tables_memory(&r->tables) > TABLES_FLOOR + TABLES_RATIO * r->offset)
        return err_set(err, ERR_BAD_FORMAT, "the tables are too large");
    rc = kind->decode(&r->tables, in, err);
    if (rc == ERR_OK && !cursor_at_end(in))
        rc = err_set(err, ERR_BAD_FORMAT, "a table with bytes after it");
    return rc;
}

/* What the reader itself takes; tables have their own list. */
/* clang-format off */
static const struct {
    enum chunk_kind kind;
    enum err_code (*take)(struct reader *r, struct cursor *in,
                          struct err *err);
} takers[] = {
    { CHUNK_HEADER, take_header },
    { CHUNK_EVENTS, take_events },
    { CHUNK_LEDGER, take_ledger },
    { CHUNK_INDEX,  take_index },
};
/* clang-format on */

/* Takes the chunk in r->stored, if its kind is known. */
static enum err_code take_chunk(struct reader *r, const struct chunk_header *h,
                                struct err *err)
{
    const struct table_kind *table = table_kind_find(h->kind);
    struct cursor in = { 0 };
    size_t i = 0;
    enum err_code rc;

    while (i < ARRAY_LEN(takers) && takers[i].kind != h->kind)
        i++;
    if (table == NULL && i == ARRAY_LEN(takers))
        return ERR_OK;
    if ((h->kind == CHUNK_HEADER) != (h->number == 0))
        return err_set(err, ERR_BAD_FORMAT, "the header is not the first");
    rc = chunk_unpack(&r->unpacker, h, r->stored.data, err);
    if (rc != ERR_OK)
        return rc;
    in.data = r->unpacker.raw.data;
    in.size = r->unpacker.raw.size;
    return table != NULL ? take_table(r, table, &in, err)
                         : takers[i].take(r, &in, err);
}

/* Whether chunks behind this one can still be understood: its bounds are
 * known (we are behind it), and nothing refers to it by number. */
static bool can_go_on(const struct reader *r, uint64_t offset,
                      const struct chunk_header *h)
{
    const struct table_kind *table;

    if (r->offset == offset || h->kind == CHUNK_HEADER)
        return false;
    table = table_kind_find(h->kind);
    return table == NULL || !table->is_numbered;
}

/* Takes what comes behind a damaged chunk, except events: names of frames,
 * sources and the ledger are worth having for the events before it. */
static void salvage_tables(struct reader *r)
{
    enum err_code rc = ERR_OK;

    while (!r->is_sealed) {
        uint64_t offset = r->offset;
        struct chunk_header h;
        struct err ignored = { 0 };

        rc = read_chunk(r, &h, &ignored);
        if (rc == ERR_OK && h.kind != CHUNK_EVENTS)
            rc = take_chunk(r, &h, &ignored);
        if (rc != ERR_OK && (rc != ERR_BAD_FORMAT || !can_go_on(r, offset, &h)))
            break;
    }
}

/* Reads and takes one chunk; failures but "not there yet" are for ever. */
static enum err_code advance(struct reader *r, struct err *err)
{
    uint64_t offset = r->offset;
    struct chunk_header h;
    enum err_code rc;

    if (r->is_sealed)
        return ERR_NOT_FOUND;
    r->chunk_offset = offset;
    rc = read_chunk(r, &h, err);
    if (rc == ERR_OK)
        rc = take_chunk(r, &h, err);
    if (rc == ERR_OK || rc == ERR_NOT_FOUND)
        return rc;
    err_prefix(err, "chunk at byte %" PRIu64, offset);
    r->failure = *err;
    if (rc == ERR_BAD_FORMAT && can_go_on(r, offset, &h))
        salvage_tables(r);
    return rc;
}

/* Opens `path`, or `path.partial`, or, should it have been sealed between the
 * two attempts, `path` after all. */
static enum err_code open_file(const char *path, int *fd, struct err *err)
{
    static const char suffix[] = ".partial";
    size_t size = strlen(path) + sizeof(suffix);
    char *partial = malloc(size);

    if (partial == NULL)
        return err_no_memory(err);
    snprintf(partial, size, "%s%s", path, suffix);
    for (int i = 0; i < 3; i++) {
        /* Without O_NONBLOCK a pipe of that name would hang us. */
        *fd = open(i == 1 ? partial : path,
                   O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (*fd >= 0 || errno != ENOENT)
            break;
    }
    free(partial);
    return *fd >= 0 ? ERR_OK : err_set(err, ERR_IO, "cannot open %s", path);
}

static enum err_code read_superblock(struct reader *r, struct err *err)
{
    uint8_t bytes[SUPERBLOCK_SIZE];
    struct stat st;
    enum err_code rc;

    if (fstat(r->fd, &st) != 0)
        return err_set(err, ERR_IO, "cannot read");
    if (!S_ISREG(st.st_mode))
        return err_set(err, ERR_BAD_FORMAT, "not a regular file");
    if (st.st_size == 0)
        return err_set(err, ERR_BAD_FORMAT, "the file is empty");
    rc = read_at(r, 0, bytes, sizeof(bytes), err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, ERR_BAD_FORMAT, "not a Stackward trace");
    if (rc == ERR_OK)
        rc = format_check_superblock(bytes, err);
    r->offset = sizeof(bytes);
    return rc;
}

static enum err_code read_header(struct reader *r, struct err *err)
{
    enum err_code rc = read_superblock(r, err);

    if (rc != ERR_OK)
        return rc;
    rc = advance(r, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, ERR_BAD_FORMAT, "the file ends in its header");
    if (rc == ERR_OK && r->header.argv == NULL)
        return err_set(err, ERR_BAD_FORMAT, "the header is missing");
    return rc;
}

enum err_code reader_open(const char *path, struct reader **out,
                          struct err *err)
{
    struct reader *r = calloc(1, sizeof(*r));
    enum err_code rc;

    *out = NULL;
    if (r == NULL)
        return err_no_memory(err);
    r->fd = -1;
    rc = open_file(path, &r->fd, err);
    if (rc != ERR_OK)
        goto out;
    rc = tables_init(&r->tables, err);
    if (rc == ERR_OK)
        rc = chunk_unpacker_init(&r->unpacker, err);
    if (rc == ERR_OK)
        rc = read_header(r, err);
    if (rc != ERR_OK) {
        err_prefix(err, "%s", path);
        goto out;
    }

    *out = r;
    r = NULL; /* now the caller's */
out:
    reader_close(r);
    return rc;
}

enum err_code reader_next(struct reader *r, struct event *ev, struct err *err)
{
    while (r->event_at == r->event_count) {
        enum err_code rc = r->failure.code;

        if (rc != ERR_OK)
            *err = r->failure;
        else
            rc = advance(r, err);
        if (rc != ERR_OK)
            return rc;
    }
    *ev = r->events[r->event_at++];
    return ERR_OK;
}

struct reader_place reader_place(const struct reader *r)
{
    return r->place;
}

enum err_code reader_again(struct reader *r, const struct reader_place *place,
                           struct event **events, size_t *cap, size_t *count,
                           struct err *err)
{
    uint64_t offset = r->offset;
    uint64_t number = r->chunk_number;
    struct chunk_header h;
    struct cursor in = { 0 };
    enum err_code rc;

    r->offset = place->offset;
    r->chunk_number = place->number;
    rc = read_chunk(r, &h, err);
    r->offset = offset;
    r->chunk_number = number;
    if (rc == ERR_OK && h.kind == CHUNK_EVENTS)
        rc = chunk_unpack(&r->unpacker, &h, r->stored.data, err);
    if (rc == ERR_NOT_FOUND || (rc == ERR_OK && h.kind != CHUNK_EVENTS))
        rc = err_set(err, ERR_BAD_FORMAT, "the events are no longer there");
    if (rc == ERR_OK) {
        in.data = r->unpacker.raw.data;
        in.size = r->unpacker.raw.size;
        rc = decode_events(r, &in, place, events, cap, count, err);
    }
    return rc == ERR_OK || rc == ERR_NO_MEMORY
               ? rc
               : err_prefix(err, "chunk at byte %" PRIu64, place->offset);
}

const struct trace_header *reader_header(const struct reader *r)
{
    return &r->header;
}

const struct tables *reader_tables(const struct reader *r)
{
    return &r->tables;
}

bool reader_ledger(const struct reader *r, struct ledger *out)
{
    *out = r->ledger;
    return r->has_ledger;
}

bool reader_sealed(const struct reader *r)
{
    return r->is_sealed;
}

void reader_progress(const struct reader *r, uint64_t *done_bytes,
                     uint64_t *all_bytes)
{
    struct stat st;

    *done_bytes = r->offset;
    *all_bytes = r->offset;
    if (!r->is_sealed && fstat(r->fd, &st) == 0 &&
        (uint64_t)st.st_size > r->offset)
        *all_bytes = (uint64_t)st.st_size;
}

void reader_close(struct reader *r)
{
    if (r == NULL)
        return;
    if (r->fd >= 0)
        close(r->fd); /* read-only: nothing to lose */
    header_fini(&r->header);
    tables_fini(&r->tables);
    free(r->events);
    buf_fini(&r->stored);
    chunk_unpacker_fini(&r->unpacker);
    free(r);
}
