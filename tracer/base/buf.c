#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

void buf_fini(struct buf *b)
{
    free(b->data);
    *b = (struct buf){ 0 };
}

void buf_clear(struct buf *b)
{
    b->size = 0;
}

enum err_code buf_reserve(struct buf *b, size_t extra, struct err *err)
{
    size_t cap = b->cap == 0 ? 64 : b->cap;
    uint8_t *data;

    if (extra <= b->cap - b->size)
        return ERR_OK;
    if (extra > SIZE_MAX / 2 - b->size)
        return err_no_memory(err);
    while (cap - b->size < extra)
        cap *= 2;
    data = realloc(b->data, cap);
    if (data == NULL)
        return err_no_memory(err);
    b->data = data;
    b->cap = cap;
    return ERR_OK;
}

enum err_code buf_bytes(struct buf *b, const void *bytes, size_t size,
                        struct err *err)
{
    enum err_code rc = buf_reserve(b, size, err);

    if (rc != ERR_OK || size == 0)
        return rc;
    memcpy(b->data + b->size, bytes, size);
    b->size += size;
    return ERR_OK;
}

enum err_code buf_le(struct buf *b, uint64_t value, size_t width,
                     struct err *err)
{
    enum err_code rc = buf_reserve(b, width, err);

    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < width; i++)
        b->data[b->size++] = (uint8_t)(value >> (8 * i));
    return ERR_OK;
}

enum err_code buf_varint(struct buf *b, uint64_t value, struct err *err)
{
    enum err_code rc = buf_reserve(b, BUF_VARINT_MAX, err);

    if (rc != ERR_OK)
        return rc;
    while (value >= 0x80) {
        b->data[b->size++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    b->data[b->size++] = (uint8_t)value;
    return ERR_OK;
}

enum err_code buf_zigzag(struct buf *b, int64_t value, struct err *err)
{
    uint64_t sign = value < 0 ? UINT64_MAX : 0;

    return buf_varint(b, ((uint64_t)value << 1) ^ sign, err);
}

bool cursor_bytes(struct cursor *c, size_t size, const uint8_t **out)
{
    if (size > c->size - c->offset)
        return false;
    *out = c->data + c->offset;
    c->offset += size;
    return true;
}

bool cursor_le(struct cursor *c, size_t width, uint64_t *out)
{
    const uint8_t *p;
    uint64_t value = 0;

    if (!cursor_bytes(c, width, &p))
        return false;
    for (size_t i = 0; i < width; i++)
        value |= (uint64_t)p[i] << (8 * i);
    *out = value;
    return true;
}

bool cursor_varint(struct cursor *c, uint64_t *out)
{
    uint64_t value = 0;
    size_t at = c->offset;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte;

        if (at == c->size)
            return false;
        byte = c->data[at++];
        if (shift == 63 && byte > 1)
            return false; /* more than 64 bits */
        value |= (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) {
            c->offset = at;
            *out = value;
            return true;
        }
    }
    return false;
}

bool cursor_zigzag(struct cursor *c, int64_t *out)
{
    uint64_t raw;

    if (!cursor_varint(c, &raw))
        return false;
    *out = (int64_t)(raw >> 1) ^ -(int64_t)(raw & 1);
    return true;
}

bool cursor_at_end(const struct cursor *c)
{
    return c->offset == c->size;
}
