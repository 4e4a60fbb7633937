/*
 * trace_forge.h - trace files made by hand: chunks with right checksums and
 * whatever payload a test likes to see refused.
 *
 *   struct forge f;
 *   forge_init(&f);
 *   forge_chunk(&f, CHUNK_STACKS, "\x01\x09\x00", 3);
 *   reader_open(temp_file(f.bytes.data, f.bytes.size), ...);
 *   forge_fini(&f);
 */
#ifndef SUPPORT_TRACE_FORGE_H
#define SUPPORT_TRACE_FORGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "trace/chunk.h"

struct forge {
    struct chunk_packer packer;
    struct buf bytes; /* the file so far */
    uint64_t number;  /* of the next chunk */
};

/* A superblock and nothing else; forge_init adds an empty header chunk. */
void forge_init_bare(struct forge *f);
void forge_init(struct forge *f);
void forge_fini(struct forge *f);

/* Appends a chunk; `kind` may be one that does not exist. */
void forge_chunk(struct forge *f, unsigned kind, const void *raw, size_t size);

/* The same, `raw` being at most CHUNK_STORED_MAX stored bytes, perhaps no
 * zstd frame at all, and `raw_size` what the chunk header claims. */
void forge_stored(struct forge *f, unsigned kind, const void *stored,
                  size_t size, uint32_t raw_size);

#endif
