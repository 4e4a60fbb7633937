/*
 * seeds_reader.c - writes the seeds of fuzz_reader: good traces, each as it
 * is and taken apart into the chunks that fuzz_reader puts together.
 *
 * usage: seeds_reader FOLDER
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/read_back.h"
#include "support/temp_file.h"
#include "support/trace_builder.h"
#include "trace/chunk.h"

static void must(bool ok, const char *what)
{
    if (ok)
        return;
    perror(what);
    exit(1);
}

static FILE *create(const char *folder, const char *name, const char *form)
{
    char path[4096];
    FILE *fp;

    snprintf(path, sizeof(path), "%s/%s.%s", folder, name, form);
    fp = fopen(path, "wb");
    must(fp != NULL, path);
    return fp;
}

static void put_chunk(FILE *fp, struct chunk_unpacker *u, const uint8_t *chunk)
{
    struct chunk_header h;
    struct err err = { 0 };

    must(format_take_chunk_header(chunk, &h, &err) == ERR_OK &&
             chunk_unpack(u, &h, chunk + CHUNK_HEADER_SIZE, &err) == ERR_OK,
         err.text);
    must(u->raw.size <= UINT16_MAX, "the seed is too large");
    fputc(h.kind, fp);
    fputc((int)(u->raw.size & 0xff), fp);
    fputc((int)(u->raw.size >> 8), fp);
    fwrite(u->raw.data, 1, u->raw.size, fp);
}

static void put_seed(const char *folder, const char *name, const char *trace)
{
    struct bytes file = read_file(trace);
    struct chunk_list chunks;
    struct chunk_unpacker u;
    struct err err = { 0 };
    FILE *fp = create(folder, name, "swt");

    fwrite(file.data, 1, file.size, fp);
    must(fclose(fp) == 0, name);
    must(chunk_unpacker_init(&u, &err) == ERR_OK, err.text);
    chunk_list_of(&file, &chunks);
    fp = create(folder, name, "chunks");
    for (size_t i = 0; i < chunks.count; i++)
        put_chunk(fp, &u, file.data + chunks.offsets[i]);
    must(fclose(fp) == 0, name);
    chunk_unpacker_fini(&u);
    free(file.data);
}

/* Recursion, many threads, and a run of like events. */
static void build_larger(const char *path)
{
    struct builder *b = builder_open(path, "serve");
    uint32_t stack = builder_stack(b, "main", "serve", "serve", "serve:9",
                                   "a<b<c:5", "@strdup", NULL);

    for (uint32_t i = 0; i < 200; i++) {
        builder_op_begin(b, i % 5, stack, i + 1);
        builder_alloc(b, i % 5, stack, 0x1000 + 32 * i, i, "calloc", i + 2);
        if (i % 3 == 0)
            builder_free(b, i % 4, stack, 0x1000 + 32 * i);
        builder_op_end(b, i % 5, i + 1);
        if (i % 60 == 59)
            builder_flush(b);
    }
    builder_close(b);
}

int main(int argc, char **argv)
{
    const char *path = temp_path("seed.swt");

    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    must(mkdir(argv[1], 0777) == 0 || errno == EEXIST, argv[1]);
    builder_close(builder_open(path, NULL));
    put_seed(argv[1], "empty", path);
    small_trace_build(path);
    put_seed(argv[1], "small", path);
    build_larger(path);
    put_seed(argv[1], "larger", path);
    return 0;
}
