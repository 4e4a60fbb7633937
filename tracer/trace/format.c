#include "trace/format.h"

#include <stdbool.h>
#include <string.h>
#include <xxhash.h>

static const uint8_t superblock_magic[8] = "\x89SWT\r\n\x1a\n";

enum {
    CHUNK_MAGIC = 0x4b435753, /* "SWCK" */
    SUPERBLOCK_SUMMED = 12,   /* bytes before its checksum */
    CHUNK_HEADER_SUMMED = 32,
};

/* A chunk header as it is on disk. Encoder and decoder walk the table, so
 * the order of fields is written down here only. */
struct disk_header {
    uint64_t magic, kind, flags, number, raw_size, stored_size;
    uint64_t payload_checksum, header_checksum;
};

/* clang-format off */
static const struct {
    size_t offset; /* in struct disk_header */
    size_t width;  /* bytes on disk */
} header_fields[] = {
    { offsetof(struct disk_header, magic),            4 },
    { offsetof(struct disk_header, kind),             2 },
    { offsetof(struct disk_header, flags),            2 },
    { offsetof(struct disk_header, number),           8 },
    { offsetof(struct disk_header, raw_size),         4 },
    { offsetof(struct disk_header, stored_size),      4 },
    { offsetof(struct disk_header, payload_checksum), 8 },
    { offsetof(struct disk_header, header_checksum),  8 },
};
/* clang-format on */

static void put_le(uint8_t *out, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t take_le(const uint8_t *in, size_t width)
{
    uint64_t value = 0;

    for (size_t i = 0; i < width; i++)
        value |= (uint64_t)in[i] << (8 * i);
    return value;
}

static uint32_t superblock_checksum(const uint8_t *bytes)
{
    return (uint32_t)XXH3_64bits(bytes, SUPERBLOCK_SUMMED);
}

void format_put_superblock(uint8_t out[SUPERBLOCK_SIZE])
{
    memcpy(out, superblock_magic, sizeof(superblock_magic));
    put_le(out + 8, FORMAT_MAJOR, 2);
    put_le(out + 10, FORMAT_MINOR, 2);
    put_le(out + SUPERBLOCK_SUMMED, superblock_checksum(out), 4);
}

enum err_code format_check_superblock(const uint8_t in[SUPERBLOCK_SIZE],
                                      struct err *err)
{
    unsigned major = (unsigned)take_le(in + 8, 2);
    unsigned minor = (unsigned)take_le(in + 10, 2);

    if (memcmp(in, superblock_magic, sizeof(superblock_magic)) != 0)
        return err_set(err, ERR_BAD_FORMAT, "not a Stackward trace");
    if (take_le(in + SUPERBLOCK_SUMMED, 4) != superblock_checksum(in))
        return err_set(err, ERR_BAD_FORMAT, "its first 16 bytes are damaged");
    if (major > FORMAT_MAJOR)
        return err_set(err, ERR_TOO_NEW,
                       "has format %u.%u, and this program reads up to %d.x",
                       major, minor, FORMAT_MAJOR);
    return ERR_OK;
}

void format_put_chunk_header(const struct chunk_header *h,
                             uint8_t out[CHUNK_HEADER_SIZE])
{
    struct disk_header disk = {
        .magic = CHUNK_MAGIC,
        .kind = h->kind,
        .number = h->number,
        .raw_size = h->raw_size,
        .stored_size = h->stored_size,
        .payload_checksum = h->payload_checksum,
    };
    uint8_t *at = out;

    for (size_t i = 0; i < ARRAY_LEN(header_fields); i++) {
        uint64_t value;

        if (at == out + CHUNK_HEADER_SUMMED)
            disk.header_checksum = XXH3_64bits(out, CHUNK_HEADER_SUMMED);
        memcpy(&value, (const char *)&disk + header_fields[i].offset,
               sizeof(value));
        put_le(at, value, header_fields[i].width);
        at += header_fields[i].width;
    }
}

enum err_code format_take_chunk_header(const uint8_t in[CHUNK_HEADER_SIZE],
                                       struct chunk_header *h, struct err *err)
{
    struct disk_header disk;
    const uint8_t *at = in;

    for (size_t i = 0; i < ARRAY_LEN(header_fields); i++) {
        uint64_t value = take_le(at, header_fields[i].width);

        memcpy((char *)&disk + header_fields[i].offset, &value, sizeof(value));
        at += header_fields[i].width;
    }
    if (disk.magic != CHUNK_MAGIC)
        return err_set(err, ERR_BAD_FORMAT, "no chunk begins here");
    if (disk.header_checksum != XXH3_64bits(in, CHUNK_HEADER_SUMMED))
        return err_set(err, ERR_BAD_FORMAT, "the chunk header is damaged");
    if (disk.flags != 0)
        return err_set(err, ERR_BAD_FORMAT, "the chunk has unknown flags");
    if (disk.raw_size > CHUNK_MAX || disk.stored_size > CHUNK_STORED_MAX)
        return err_set(err, ERR_BAD_FORMAT, "the chunk is too large");
    *h = (struct chunk_header){
        .kind = (uint16_t)disk.kind,
        .number = disk.number,
        .raw_size = (uint32_t)disk.raw_size,
        .stored_size = (uint32_t)disk.stored_size,
        .payload_checksum = disk.payload_checksum,
    };
    return ERR_OK;
}
