#include "trace/table_codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "trace/columns.h"

enum {
    STRING_MAX = 1 << 16,        /* bytes of one string; the rest is cut */
    SOURCE_PIECE = CHUNK_MAX / 2 /* bytes of a source text in one chunk */
};

/* Frames named by one chunk, each with so many of the names that follow. */
struct naming {
    uint32_t frame;
    uint32_t count;
};

/* clang-format off */
#define NUMBER UINT32_MAX /* checked against the tables once it is decoded */

static const struct column module_columns[] = {
    COLUMN(trace_module, path,       CODING_PLAIN, NUMBER),
    COLUMN(trace_module, build_id,   CODING_PLAIN, NUMBER),
    COLUMN(trace_module, start,      CODING_DELTA, UINT64_MAX),
    COLUMN(trace_module, end,        CODING_DELTA, UINT64_MAX),
    COLUMN(trace_module, bias,       CODING_DELTA, UINT64_MAX),
    COLUMN(trace_module, is_runtime, CODING_PLAIN, 1),
};
static const struct column frame_columns[] = {
    COLUMN(trace_frame, addr,   CODING_DELTA, UINT64_MAX),
    COLUMN(trace_frame, module, CODING_DELTA, MODULE_NONE),
    COLUMN(trace_frame, flags,  CODING_PLAIN, UINT8_MAX),
};
static const struct column stack_columns[] = {
    COLUMN(trace_stack, parent, CODING_DELTA, NUMBER),
    COLUMN(trace_stack, frame,  CODING_DELTA, NUMBER),
};
static const struct column naming_columns[] = {
    COLUMN(naming, frame, CODING_DELTA, NUMBER),
    COLUMN(naming, count, CODING_PLAIN, NAMES_PER_FRAME_MAX),
};
static const struct column name_columns[] = {
    COLUMN(trace_name, function,   CODING_DELTA, NUMBER),
    COLUMN(trace_name, file,       CODING_DELTA, NUMBER),
    COLUMN(trace_name, line,       CODING_DELTA, UINT32_MAX),
    COLUMN(trace_name, column,     CODING_PLAIN, UINT32_MAX),
    COLUMN(trace_name, is_inlined, CODING_PLAIN, 1),
};

#define LAYOUT(text, type, array) \
    { .what = text, .columns = array, .column_count = ARRAY_LEN(array), \
      .row_size = sizeof(struct type) }

static const struct column_layout
    module_layout = LAYOUT("module", trace_module, module_columns),
    frame_layout  = LAYOUT("frame",  trace_frame,  frame_columns),
    stack_layout  = LAYOUT("stack",  trace_stack,  stack_columns),
    naming_layout = LAYOUT("naming", naming,       naming_columns),
    name_layout   = LAYOUT("name",   trace_name,   name_columns);
/* clang-format on */

_Static_assert(((ARRAY_LEN(naming_columns) + ARRAY_LEN(name_columns)) *
                    FORMAT_ROWS_MAX +
                2) * BUF_VARINT_MAX <=
                   CHUNK_MAX,
               "a full chunk of names fits, and it has the most columns");

static enum err_code bad(struct err *err, const char *what, size_t row)
{
    return err_set(err, ERR_BAD_FORMAT, "%s %zu refers to nothing", what, row);
}

static enum err_code encode_rows(const struct column_layout *l,
                                 const void *rows, size_t count, size_t *done,
                                 struct buf *out, struct err *err)
{
    size_t some = count - *done;
    enum err_code rc;

    if (some > FORMAT_ROWS_MAX)
        some = FORMAT_ROWS_MAX;
    rc = columns_encode(l, (const char *)rows + *done * l->row_size, some, out,
                        err);
    if (rc == ERR_OK)
        *done += some;
    return rc;
}

/* Decodes rows to the end of an array without counting them in: the caller
 * does, once they are known to be good. */
static enum err_code decode_rows(const struct column_layout *l,
                                 struct cursor *in, void *items, size_t have,
                                 size_t *cap, size_t *added, struct err *err)
{
    enum err_code rc = columns_take_count(l, in, added, err);
    char *rows;

    /* Doubling, so that many small chunks do not copy each time. */
    while (rc == ERR_OK && *cap - have < *added)
        rc = vec_grow(items, *cap, cap, l->row_size, err);
    if (rc != ERR_OK || *added == 0)
        return rc;
    memcpy(&rows, items, sizeof(rows));
    rows += have * l->row_size;
    memset(rows, 0, *added * l->row_size);
    return columns_decode(l, in, rows, *added, err);
}

static size_t module_count(const struct tables *t)
{
    return t->module_count;
}

static enum err_code encode_modules(const struct tables *t,
                                    struct table_marks *marks, struct buf *out,
                                    struct err *err)
{
    return encode_rows(&module_layout, t->modules, t->module_count,
                       &marks->done[TABLE_MODULES], out, err);
}

static enum err_code decode_modules(struct tables *t, struct cursor *in,
                                    struct err *err)
{
    size_t added;
    enum err_code rc =
        decode_rows(&module_layout, in, &t->modules, t->module_count,
                    &t->module_cap, &added, err);

    for (size_t i = 0; rc == ERR_OK && i < added; i++) {
        const struct trace_module *m = &t->modules[t->module_count];

        if (m->path >= t->strings.count || m->build_id >= t->strings.count ||
            m->start > m->end)
            return bad(err, "module", t->module_count);
        t->module_count++;
    }
    return rc;
}

static size_t frame_count(const struct tables *t)
{
    return t->frame_count;
}

static enum err_code encode_frames(const struct tables *t,
                                   struct table_marks *marks, struct buf *out,
                                   struct err *err)
{
    return encode_rows(&frame_layout, t->frames, t->frame_count,
                       &marks->done[TABLE_FRAMES], out, err);
}

static enum err_code decode_frames(struct tables *t, struct cursor *in,
                                   struct err *err)
{
    size_t added;
    enum err_code rc = decode_rows(&frame_layout, in, &t->frames,
                                   t->frame_count, &t->frame_cap, &added, err);

    for (size_t i = 0; rc == ERR_OK && i < added; i++) {
        uint32_t module = t->frames[t->frame_count].module;

        if (module != MODULE_NONE && module >= t->module_count)
            return bad(err, "frame", t->frame_count);
        t->frame_count++;
    }
    return rc;
}

static size_t stack_count(const struct tables *t)
{
    return t->stack_count;
}

static enum err_code encode_stacks(const struct tables *t,
                                   struct table_marks *marks, struct buf *out,
                                   struct err *err)
{
    return encode_rows(&stack_layout, t->stacks, t->stack_count,
                       &marks->done[TABLE_STACKS], out, err);
}

/* A parent is older than its child, so walking up always ends. */
static enum err_code decode_stacks(struct tables *t, struct cursor *in,
                                   struct err *err)
{
    size_t added;
    enum err_code rc = decode_rows(&stack_layout, in, &t->stacks,
                                   t->stack_count, &t->stack_cap, &added, err);

    for (size_t i = 0; rc == ERR_OK && i < added; i++) {
        struct trace_stack *s = &t->stacks[t->stack_count];

        if (s->parent >= t->stack_count || s->frame >= t->frame_count)
            return bad(err, "stack", t->stack_count);
        s->depth = t->stacks[s->parent].depth + 1;
        t->stack_count++;
    }
    return rc;
}

static size_t string_count(const struct tables *t)
{
    return t->strings.count;
}

/* A string too long for any use is cut, and ends in its own number, because
 * two strings of a trace are never the same. */
static enum err_code encode_long_string(const char *text, size_t number,
                                        struct buf *out, struct err *err)
{
    char tail[40];
    int tail_size =
        snprintf(tail, sizeof(tail), "... (cut, string %zu)", number);
    size_t kept = STRING_MAX - (size_t)tail_size;
    enum err_code rc = buf_varint(out, STRING_MAX, err);

    if (rc == ERR_OK)
        rc = buf_bytes(out, text, kept, err);
    if (rc == ERR_OK)
        rc = buf_bytes(out, tail, (size_t)tail_size, err);
    return rc;
}

static enum err_code encode_string(const char *text, size_t number,
                                   struct buf *out, struct err *err)
{
    size_t size = strlen(text);
    enum err_code rc;

    if (size > STRING_MAX)
        return encode_long_string(text, number, out, err);
    rc = buf_varint(out, size, err);
    return rc == ERR_OK ? buf_bytes(out, text, size, err) : rc;
}

static enum err_code encode_strings(const struct tables *t,
                                    struct table_marks *marks, struct buf *out,
                                    struct err *err)
{
    size_t *done = &marks->done[TABLE_STRINGS];
    enum err_code rc = ERR_OK;

    while (rc == ERR_OK && *done < t->strings.count &&
           out->size + STRING_MAX + BUF_VARINT_MAX <= CHUNK_MAX) {
        rc = encode_string(strtab_get(&t->strings, (uint32_t)*done), *done, out,
                           err);
        if (rc == ERR_OK)
            ++*done;
    }
    return rc;
}

static enum err_code decode_strings(struct tables *t, struct cursor *in,
                                    struct err *err)
{
    while (!cursor_at_end(in)) {
        size_t number = t->strings.count;
        const uint8_t *text;
        uint64_t size;
        uint32_t got;
        enum err_code rc;

        if (!cursor_varint(in, &size) || size > STRING_MAX ||
            !cursor_bytes(in, (size_t)size, &text))
            return err_set(err, ERR_BAD_FORMAT, "string %zu is cut short",
                           number);
        if (memchr(text, '\0', (size_t)size) != NULL)
            return err_set(err, ERR_BAD_FORMAT, "string %zu has a NUL in it",
                           number);
        rc = strtab_intern(&t->strings, (const char *)text, (size_t)size, &got,
                           err);
        if (rc != ERR_OK)
            return rc;
        if (got != number)
            return err_set(err, ERR_BAD_FORMAT, "string %zu repeats another",
                           number);
    }
    return ERR_OK;
}

static size_t naming_count(const struct tables *t)
{
    return t->named_count;
}

/* Frames that are not in the file, because their events were given up, have
 * no names there either. */
static enum err_code encode_names(const struct tables *t,
                                  struct table_marks *marks, struct buf *out,
                                  struct err *err)
{
    struct naming *namings = calloc(FORMAT_ROWS_MAX, sizeof(*namings));
    struct trace_name *names = calloc(FORMAT_ROWS_MAX, sizeof(*names));
    size_t *done = &marks->done[TABLE_NAMES];
    size_t at = *done;
    size_t naming_count = 0, name_count = 0;
    enum err_code rc = ERR_OK;

    if (namings == NULL || names == NULL)
        rc = err_no_memory(err);
    for (; rc == ERR_OK && at < t->named_count; at++) {
        const struct trace_frame *f = &t->frames[t->named[at]];

        if (naming_count == FORMAT_ROWS_MAX ||
            name_count + f->name_count > FORMAT_ROWS_MAX)
            break;
        if (t->named[at] >= marks->done[TABLE_FRAMES])
            continue;
        namings[naming_count++] =
            (struct naming){ t->named[at], f->name_count };
        for (size_t i = 0; i < f->name_count; i++)
            names[name_count++] = t->names[f->name_first + i];
    }
    if (rc == ERR_OK)
        rc = columns_encode(&naming_layout, namings, naming_count, out, err);
    if (rc == ERR_OK)
        rc = columns_encode(&name_layout, names, name_count, out, err);
    if (rc == ERR_OK)
        *done = at;
    free(namings);
    free(names);
    return rc;
}

static enum err_code take_namings(struct tables *t,
                                  const struct naming *namings, size_t count,
                                  size_t names_left, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        const struct naming *n = &namings[i];

        if (n->frame >= t->frame_count || n->count > names_left)
            return bad(err, "naming", i);
        t->frames[n->frame].name_first = (uint32_t)t->name_count;
        t->frames[n->frame].name_count = n->count;
        t->name_count += n->count;
        names_left -= n->count;
    }
    return ERR_OK;
}

static enum err_code decode_names(struct tables *t, struct cursor *in,
                                  struct err *err)
{
    struct naming *namings = NULL;
    size_t naming_cap = 0, naming_count, added = 0;
    enum err_code rc = decode_rows(&naming_layout, in, &namings, 0, &naming_cap,
                                   &naming_count, err);

    if (rc == ERR_OK)
        rc = decode_rows(&name_layout, in, &t->names, t->name_count,
                         &t->name_cap, &added, err);
    for (size_t i = 0; rc == ERR_OK && i < added; i++) {
        const struct trace_name *n = &t->names[t->name_count + i];

        if (n->function >= t->strings.count || n->file >= t->strings.count)
            rc = bad(err, "name", i);
    }
    if (rc == ERR_OK)
        rc = take_namings(t, namings, naming_count, added, err);
    free(namings);
    return rc;
}

static size_t piece_count(const struct trace_source *s)
{
    return s->size == 0 ? 1 : (s->size + SOURCE_PIECE - 1) / SOURCE_PIECE;
}

static size_t source_piece_count(const struct tables *t)
{
    size_t pieces = 0;

    for (size_t i = 0; i < t->source_count; i++)
        pieces += piece_count(&t->sources[i]);
    return pieces;
}

static enum err_code encode_source(const struct tables *t,
                                   struct table_marks *marks, struct buf *out,
                                   struct err *err)
{
    const struct trace_source *s = t->sources;
    size_t piece = marks->done[TABLE_SOURCES];
    size_t offset, size;
    enum err_code rc;

    for (; piece >= piece_count(s); s++)
        piece -= piece_count(s);
    offset = piece * SOURCE_PIECE;
    size = s->size - offset;
    if (size > SOURCE_PIECE)
        size = SOURCE_PIECE;
    rc = buf_varint(out, s->path, err);
    if (rc == ERR_OK)
        rc = buf_varint(out, piece > 0, err);
    if (rc == ERR_OK)
        rc = buf_bytes(out, s->text + offset, size, err);
    if (rc == ERR_OK)
        marks->done[TABLE_SOURCES]++;
    return rc;
}

static enum err_code continue_source(struct tables *t, uint32_t path,
                                     const uint8_t *text, size_t size,
                                     struct err *err)
{
    struct trace_source *s;
    char *grown;

    if (t->source_count == 0 || t->sources[t->source_count - 1].path != path)
        return err_set(err, ERR_BAD_FORMAT, "a source continues nothing");
    s = &t->sources[t->source_count - 1];
    grown = realloc(s->text, s->size + size + 1);
    if (grown == NULL)
        return err_no_memory(err);
    memcpy(grown + s->size, text, size);
    s->text = grown;
    s->size += size;
    s->text[s->size] = '\0';
    return ERR_OK;
}

static enum err_code decode_source(struct tables *t, struct cursor *in,
                                   struct err *err)
{
    uint64_t path, continues;
    const uint8_t *text;
    size_t size;

    if (!cursor_varint(in, &path) || !cursor_varint(in, &continues))
        return err_set(err, ERR_BAD_FORMAT, "a source is cut short");
    size = in->size - in->offset;
    if (path >= t->strings.count || continues > 1 ||
        !cursor_bytes(in, size, &text))
        return bad(err, "source", t->source_count);
    if (continues == 1)
        return continue_source(t, (uint32_t)path, text, size, err);
    return tables_source(t, (uint32_t)path, (const char *)text, size, err);
}

/* clang-format off */
const struct table_kind table_kinds[TABLE_COUNT] = {
    [TABLE_STRINGS] = { CHUNK_STRINGS, true,  false, string_count,
                        encode_strings, decode_strings },
    [TABLE_MODULES] = { CHUNK_MODULES, true,  true,  module_count,
                        encode_modules, decode_modules },
    [TABLE_FRAMES]  = { CHUNK_FRAMES,  true,  true,  frame_count,
                        encode_frames,  decode_frames },
    [TABLE_STACKS]  = { CHUNK_STACKS,  true,  true,  stack_count,
                        encode_stacks,  decode_stacks },
    [TABLE_NAMES]   = { CHUNK_NAMES,   false, false, naming_count,
                        encode_names,   decode_names },
    [TABLE_SOURCES] = { CHUNK_SOURCES, false, false, source_piece_count,
                        encode_source,  decode_source },
};
/* clang-format on */

const struct table_kind *table_kind_find(enum chunk_kind kind)
{
    for (size_t i = 0; i < TABLE_COUNT; i++)
        if (table_kinds[i].kind == kind)
            return &table_kinds[i];
    return NULL;
}
