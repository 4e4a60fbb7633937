#include "support/trace_forge.h"

#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "trace/format.h"

static void must(enum err_code rc, const struct err *err)
{
    if (rc == ERR_OK)
        return;
    fprintf(stderr, "trace_forge: %s\n", err->text);
    abort();
}

static void append(struct forge *f, const void *bytes, size_t size)
{
    struct err err = { 0 };

    must(buf_bytes(&f->bytes, bytes, size, &err), &err);
}

void forge_init_bare(struct forge *f)
{
    uint8_t superblock[SUPERBLOCK_SIZE];
    struct err err = { 0 };

    *f = (struct forge){ 0 };
    must(chunk_packer_init(&f->packer, &err), &err);
    format_put_superblock(superblock);
    append(f, superblock, sizeof(superblock));
}

void forge_init(struct forge *f)
{
    forge_init_bare(f);
    forge_chunk(f, CHUNK_HEADER, "{}", 2);
}

void forge_fini(struct forge *f)
{
    chunk_packer_fini(&f->packer);
    buf_fini(&f->bytes);
}

void forge_chunk(struct forge *f, unsigned kind, const void *raw, size_t size)
{
    struct buf payload = { 0 };
    struct err err = { 0 };

    must(buf_bytes(&payload, raw, size, &err), &err);
    must(chunk_pack(&f->packer, (enum chunk_kind)kind, f->number++, &payload,
                    &err),
         &err);
    append(f, f->packer.bytes.data, f->packer.bytes.size);
    buf_fini(&payload);
}

void forge_stored(struct forge *f, unsigned kind, const void *stored,
                  size_t size, uint32_t raw_size)
{
    struct chunk_header h = {
        .kind = (uint16_t)kind,
        .number = f->number++,
        .raw_size = raw_size,
        .stored_size = (uint32_t)size,
        .payload_checksum = XXH3_64bits(stored, size),
    };
    uint8_t header[CHUNK_HEADER_SIZE];

    format_put_chunk_header(&h, header);
    append(f, header, sizeof(header));
    append(f, stored, size);
}
