#include "trace/columns.h"

#include <stdbool.h>
#include <string.h>

#include "trace/format.h"

/* What the deltas of one column are taken from: one value per kind of row,
 * or, when kinds do not matter, the first only. */
struct history {
    uint64_t last[UINT8_MAX + 1];
};

static size_t history_slot(const struct column_layout *l,
                           const struct column *c, const uint8_t *row)
{
    return c->coding == CODING_KIND_DELTA ? row[l->kind_offset] : 0;
}

static uint64_t load(const uint8_t *field, size_t width)
{
    uint64_t v8;
    uint32_t v4;

    switch (width) {
    case 8:
        memcpy(&v8, field, sizeof(v8));
        return v8;
    case 4:
        memcpy(&v4, field, sizeof(v4));
        return v4;
    default:
        return *field;
    }
}

static void store(uint8_t *field, size_t width, uint64_t value)
{
    uint32_t v4 = (uint32_t)value;

    switch (width) {
    case 8:
        memcpy(field, &value, sizeof(value));
        break;
    case 4:
        memcpy(field, &v4, sizeof(v4));
        break;
    default:
        *field = (uint8_t)value;
        break;
    }
}

static enum err_code encode_column(const struct column_layout *l,
                                   const struct column *c, const uint8_t *rows,
                                   size_t count, struct buf *out,
                                   struct err *err)
{
    struct history history = { 0 };

    for (size_t i = 0; i < count; i++) {
        const uint8_t *row = rows + i * l->row_size;
        uint64_t value = load(row + c->offset, c->width);
        uint64_t *last = &history.last[history_slot(l, c, row)];
        enum err_code rc;

        /* Differences wrap around, so every pair of values has one. */
        if (c->coding == CODING_PLAIN)
            rc = buf_varint(out, value, err);
        else
            rc = buf_zigzag(out, (int64_t)(value - *last), err);
        if (rc != ERR_OK)
            return rc;
        *last = value;
    }
    return ERR_OK;
}

enum err_code columns_encode(const struct column_layout *l, const void *rows,
                             size_t count, struct buf *out, struct err *err)
{
    enum err_code rc = buf_varint(out, count, err);

    for (size_t i = 0; rc == ERR_OK && i < l->column_count; i++)
        rc = encode_column(l, &l->columns[i], rows, count, out, err);
    return rc;
}

enum err_code columns_take_count(const struct column_layout *l,
                                 struct cursor *in, size_t *count,
                                 struct err *err)
{
    uint64_t value;

    if (!cursor_varint(in, &value) || value > FORMAT_ROWS_MAX ||
        value * l->column_count > in->size - in->offset)
        return err_set(err, ERR_BAD_FORMAT, "%ss are cut short or too many",
                       l->what);
    *count = (size_t)value;
    return ERR_OK;
}

static bool take_value(struct cursor *in, const struct column *c,
                       uint64_t *last, uint64_t *out)
{
    int64_t delta;

    if (c->coding == CODING_PLAIN)
        return cursor_varint(in, out);
    if (!cursor_zigzag(in, &delta))
        return false;
    *out = *last + (uint64_t)delta;
    *last = *out;
    return true;
}

static enum err_code decode_column(const struct column_layout *l,
                                   const struct column *c, struct cursor *in,
                                   uint8_t *rows, size_t count, struct err *err)
{
    struct history history = { 0 };

    for (size_t i = 0; i < count; i++) {
        uint8_t *row = rows + i * l->row_size;
        uint64_t value;

        if (!take_value(in, c, &history.last[history_slot(l, c, row)], &value))
            return err_set(err, ERR_BAD_FORMAT, "%s %zu is cut short in %s",
                           l->what, i, c->name);
        if (value > c->max)
            return err_set(err, ERR_BAD_FORMAT, "%s %zu has an impossible %s",
                           l->what, i, c->name);
        store(row + c->offset, c->width, value);
    }
    return ERR_OK;
}

enum err_code columns_decode(const struct column_layout *l, struct cursor *in,
                             void *rows, size_t count, struct err *err)
{
    enum err_code rc = ERR_OK;

    for (size_t i = 0; rc == ERR_OK && i < l->column_count; i++)
        rc = decode_column(l, &l->columns[i], in, rows, count, err);
    return rc;
}
