#include "trace/chunk.h"

#include <assert.h>
#include <xxhash.h>
#include <zstd.h>

/* Level 3 makes events 4 % smaller, and writing them a fifth slower. */
enum { CHUNK_LEVEL = 1 };

_Static_assert(CHUNK_STORED_MAX >= ZSTD_COMPRESSBOUND(CHUNK_MAX),
               "any payload fits, also one that does not compress");

enum err_code chunk_packer_init(struct chunk_packer *p, struct err *err)
{
    *p = (struct chunk_packer){ 0 };
    p->zstd = ZSTD_createCCtx();
    if (p->zstd == NULL)
        return err_no_memory(err);
    return buf_reserve(&p->bytes, CHUNK_HEADER_SIZE + CHUNK_STORED_MAX, err);
}

void chunk_packer_fini(struct chunk_packer *p)
{
    ZSTD_freeCCtx(p->zstd);
    buf_fini(&p->bytes);
    p->zstd = NULL;
}

enum err_code chunk_pack(struct chunk_packer *p, enum chunk_kind kind,
                         uint64_t number, const struct buf *raw,
                         struct err *err)
{
    uint8_t *stored = p->bytes.data + CHUNK_HEADER_SIZE;
    struct chunk_header h = { .kind = (uint16_t)kind, .number = number };
    size_t size;

    assert(raw->size <= CHUNK_MAX);
    size = ZSTD_compressCCtx(p->zstd, stored, CHUNK_STORED_MAX, raw->data,
                             raw->size, CHUNK_LEVEL);
    if (ZSTD_isError(size)) /* room is enough: only memory can be short */
        return err_no_memory(err);
    h.raw_size = (uint32_t)raw->size;
    h.stored_size = (uint32_t)size;
    h.payload_checksum = XXH3_64bits(stored, size);
    format_put_chunk_header(&h, p->bytes.data);
    p->bytes.size = CHUNK_HEADER_SIZE + size;
    return ERR_OK;
}

enum err_code chunk_unpacker_init(struct chunk_unpacker *u, struct err *err)
{
    *u = (struct chunk_unpacker){ 0 };
    u->zstd = ZSTD_createDCtx();
    return u->zstd == NULL ? err_no_memory(err) : ERR_OK;
}

void chunk_unpacker_fini(struct chunk_unpacker *u)
{
    ZSTD_freeDCtx(u->zstd);
    buf_fini(&u->raw);
    u->zstd = NULL;
}

enum err_code chunk_check(const struct chunk_header *h, const uint8_t *stored,
                          struct err *err)
{
    if (XXH3_64bits(stored, h->stored_size) != h->payload_checksum)
        return err_set(err, ERR_BAD_FORMAT, "the payload is damaged");
    return ERR_OK;
}

enum err_code chunk_unpack(struct chunk_unpacker *u,
                           const struct chunk_header *h, const uint8_t *stored,
                           struct err *err)
{
    size_t size = h->stored_size;
    enum err_code rc;

    /* Both lengths are in the chunk header and in the frame. A frame that
     * says something else is not ours: what it unfolds to is not looked at. */
    if (ZSTD_getFrameContentSize(stored, size) != h->raw_size ||
        ZSTD_findFrameCompressedSize(stored, size) != size)
        return err_set(err, ERR_BAD_FORMAT, "the payload has a wrong length");
    buf_clear(&u->raw);
    rc = buf_reserve(&u->raw, (size_t)h->raw_size + 1, err);
    if (rc != ERR_OK)
        return rc;
    size = ZSTD_decompressDCtx(u->zstd, u->raw.data, h->raw_size, stored, size);
    if (size != h->raw_size) /* also every error code */
        return err_set(err, ERR_BAD_FORMAT, "the payload does not unpack: %s",
                       ZSTD_getErrorName(size));
    u->raw.size = size;
    return ERR_OK;
}
