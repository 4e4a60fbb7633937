/*
 * format.h - the bytes of a trace file, .swt.
 *
 *   superblock (16 bytes)
 *     89 53 57 54 0d 0a 1a 0a   magic: "\x89SWT\r\n\x1a\n". As in PNG (RFC
 *                               2083, section 12.11) it catches transfers
 *                               that changed line ends or cleared bit 7
 *     u16 major  u16 minor      a reader refuses a later major
 *     u32 checksum              low half of XXH3-64 of the 12 bytes before
 *
 *   chunk, repeated
 *     u32 magic "SWCK"          to tell damage from an end
 *     u16 kind                  enum chunk_kind; unknown ones are skipped
 *     u16 flags                 0
 *     u64 number                0, 1, 2, ... within the file
 *     u32 raw_size              at most CHUNK_MAX
 *     u32 stored_size           bytes that follow, at most CHUNK_STORED_MAX
 *     u64 payload_checksum      XXH3-64 of the stored bytes
 *     u64 header_checksum       XXH3-64 of the 32 bytes before
 *     stored_size bytes         one zstd frame
 *
 * All integers little-endian. Inside payloads integers are varints (base/
 * buf.h), and rows are laid out as columns (columns.h). Tables are deltas:
 * rows that continue the numbering of the rows of that kind in earlier
 * chunks, written before their first use.
 *
 *   payload       holds
 *     HEADER      JSON text (header.h)
 *     STRINGS     (length, bytes) of each, to the end of the payload
 *     MODULES, FRAMES, STACKS
 *                 columns; one table of fields each (table_codec.c)
 *     NAMES       columns (frame, how many names), then columns of names
 *     SOURCES     path, 1 when it continues the source before, else 0; then
 *                 bytes of the text, to the end of the payload
 *     EVENTS      seq of the first, then columns (event_codec.c)
 *     LEDGER      JSON text (ledger.h)
 *     INDEX       how many entries are in later index chunks, then columns
 *                 (writer.c); a 0 there ends the file
 */
#ifndef TRACE_FORMAT_H
#define TRACE_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
    FORMAT_MAJOR = 1,
    FORMAT_MINOR = 0,
    FORMAT_ROWS_MAX = 8192, /* rows in one chunk of columns: whatever they
                               hold, they stay below CHUNK_MAX */
    SUPERBLOCK_SIZE = 16,
    CHUNK_HEADER_SIZE = 40,
    CHUNK_MAX = 1 << 20,                  /* raw bytes */
    CHUNK_STORED_MAX = CHUNK_MAX + 65536, /* incompressible, and a frame */
};

enum chunk_kind {
    CHUNK_HEADER = 1, /* JSON; always the first chunk */
    CHUNK_MODULES,
    CHUNK_STRINGS,
    CHUNK_FRAMES,  /* addresses */
    CHUNK_NAMES,   /* functions, files and lines of frames */
    CHUNK_STACKS,  /* (parent, frame) edges */
    CHUNK_EVENTS,  /* columns of deltas; ops and marks are events too */
    CHUNK_SOURCES, /* text of one source file, perhaps over several chunks */
    CHUNK_LEDGER,  /* JSON */
    CHUNK_INDEX,   /* places of the event chunks; closes the file */
};

struct chunk_header {
    uint16_t kind; /* enum chunk_kind, or one not known yet */
    uint64_t number;
    uint32_t raw_size;
    uint32_t stored_size;
    uint64_t payload_checksum;
};

void format_put_superblock(uint8_t out[SUPERBLOCK_SIZE]);

/* ERR_BAD_FORMAT: not a trace, or damaged. ERR_TOO_NEW: the text names the
 * version found and the one supported. */
enum err_code format_check_superblock(const uint8_t in[SUPERBLOCK_SIZE],
                                      struct err *err) MUST_CHECK;

void format_put_chunk_header(const struct chunk_header *h,
                             uint8_t out[CHUNK_HEADER_SIZE]);

/* ERR_BAD_FORMAT: the checksum is wrong, or a length is beyond its limit. */
enum err_code format_take_chunk_header(const uint8_t in[CHUNK_HEADER_SIZE],
                                       struct chunk_header *h,
                                       struct err *err) MUST_CHECK;

#endif
