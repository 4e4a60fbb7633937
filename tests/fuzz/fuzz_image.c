/*
 * Feeds bytes to image_open as an ELF file, and to what reads its unwind
 * tables, and uses what comes out.
 *
 * Not to debug_lines_open: libdwarf's reading of .debug_info is its own
 * affair, and has its own fuzzers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "symbols/debug_frames.h"
#include "symbols/image.h"

struct use {
    struct image *img;
    size_t looked_up;
};

static void look_up(void *ctx, const struct image_symbol *s)
{
    struct use *use = ctx;
    struct image_symbol found;
    struct err err = { 0 };

    if (use->looked_up++ > 100)
        return;
    if (s->name[0] == '\0' ||
        image_function_at(use->img, s->vaddr, &found, &err) != ERR_OK ||
        found.vaddr != s->vaddr)
        abort(); /* promised in image.h */
}

static void use_frames(struct image *img)
{
    struct debug_frames *df;
    const struct unwind_row *row;
    struct err err = { 0 };
    uint64_t start, end;

    if (debug_frames_open(img, &df, &err) != ERR_OK)
        return;
    image_span(img, &start, &end);
    for (uint64_t i = 0; i < 64; i++) {
        uint64_t at = start + (end - start) / 64 * i;

        if (debug_frames_find(df, at, &row, &err) == ERR_OK &&
            (at < row->start || at >= row->end))
            abort();
    }
    debug_frames_close(df);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = { 0 };
    struct use use = { 0 };
    char path[64];
    int fd = memfd_create("image", MFD_CLOEXEC);

    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    if (image_open(path, &use.img, &err) == ERR_OK) {
        image_debug_path(use.img);
        if (image_each_function(use.img, look_up, &use, &err) != ERR_OK)
            abort();
        use_frames(use.img);
    } else if (err.text[0] == '\0') {
        abort();
    }
    image_close(use.img);
    close(fd);
    return 0;
}
