/*
 * chunk.h - one chunk: a payload compressed, summed and put behind its
 * header, and taken out again.
 *
 * Knows nothing of what payloads mean. The zstd contexts are kept from chunk
 * to chunk: making one costs more than compressing a small chunk.
 */
#ifndef TRACE_CHUNK_H
#define TRACE_CHUNK_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "trace/format.h"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

struct chunk_packer {
    struct ZSTD_CCtx_s *zstd; /* owned */
    struct buf bytes;         /* the chunk made last: header and payload */
};

/* Takes all memory that packing needs, so that it rarely fails later.
 * ERR_NO_MEMORY. */
enum err_code chunk_packer_init(struct chunk_packer *p,
                                struct err *err) MUST_CHECK;
void chunk_packer_fini(struct chunk_packer *p);

/* Makes p->bytes a chunk of at most CHUNK_MAX raw bytes. ERR_NO_MEMORY. */
enum err_code chunk_pack(struct chunk_packer *p, enum chunk_kind kind,
                         uint64_t number, const struct buf *raw,
                         struct err *err) MUST_CHECK;

struct chunk_unpacker {
    struct ZSTD_DCtx_s *zstd; /* owned */
    struct buf raw;           /* the payload taken last */
};

enum err_code chunk_unpacker_init(struct chunk_unpacker *u,
                                  struct err *err) MUST_CHECK;
void chunk_unpacker_fini(struct chunk_unpacker *u);

/* Checks h->stored_size bytes against their checksum. ERR_BAD_FORMAT. */
enum err_code chunk_check(const struct chunk_header *h, const uint8_t *stored,
                          struct err *err) MUST_CHECK;

/* Makes u->raw the payload of such bytes, h->raw_size of it and not a byte
 * more, whatever the frame claims. ERR_BAD_FORMAT, ERR_NO_MEMORY. */
enum err_code chunk_unpack(struct chunk_unpacker *u,
                           const struct chunk_header *h, const uint8_t *stored,
                           struct err *err) MUST_CHECK;

#endif
