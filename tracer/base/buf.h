/*
 * buf.h - growing bytes to write, and a bounds-checked cursor to read them.
 *
 *   struct buf     owns memory; appends little-endian and varint integers
 *   struct cursor  borrows memory; every take checks the end first
 *
 * Varints are LEB128, as in the DWARF standard, section 7.6: seven bits a
 * byte, least significant first, the top bit meaning "more follows". Signed
 * values are zigzag-coded first, so that small negatives stay small.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { BUF_VARINT_MAX = 10 }; /* bytes a 64-bit varint may take */

struct buf {
    uint8_t *data; /* owned; NULL while empty */
    size_t size;   /* bytes in use */
    size_t cap;    /* bytes allocated */
};

void buf_fini(struct buf *b);  /* leaves it empty and usable */
void buf_clear(struct buf *b); /* keeps the memory */

/* Makes room for `extra` more bytes. ERR_NO_MEMORY leaves it unchanged. The
 * appends below do the same and fail the same way. */
enum err_code buf_reserve(struct buf *b, size_t extra,
                          struct err *err) MUST_CHECK;
enum err_code buf_bytes(struct buf *b, const void *bytes, size_t size,
                        struct err *err) MUST_CHECK;
enum err_code buf_le(struct buf *b, uint64_t value, size_t width,
                     struct err *err) MUST_CHECK;
enum err_code buf_varint(struct buf *b, uint64_t value,
                         struct err *err) MUST_CHECK;
enum err_code buf_zigzag(struct buf *b, int64_t value,
                         struct err *err) MUST_CHECK;

struct cursor {
    const uint8_t *data; /* borrowed */
    size_t size;
    size_t offset; /* of the next byte to take */
};

/* Each returns false, and takes nothing, when too few bytes are left or the
 * varint does not fit 64 bits. */
bool cursor_bytes(struct cursor *c, size_t size, const uint8_t **out);
bool cursor_le(struct cursor *c, size_t width, uint64_t *out);
bool cursor_varint(struct cursor *c, uint64_t *out);
bool cursor_zigzag(struct cursor *c, int64_t *out);
bool cursor_at_end(const struct cursor *c);

#endif
