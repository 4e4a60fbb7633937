/*
 * driver.c - runs a fuzz target without libFuzzer.
 *
 * usage: fuzz_x FOLDER   each file of it as it is, then mutated
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "support/read_back.h"

enum { MUTATIONS = 1500 }; /* of each seed */

static uint64_t step(uint64_t *state) /* xorshift64*, Vigna 2016 */
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

/* One small change; gives the new size, never a larger one. */
static size_t mutate(uint8_t *data, size_t size, uint64_t *state)
{
    static const uint8_t edges[] = { 0, 1, 0x7f, 0x80, 0xff };
    size_t at = step(state) % size;
    size_t from = step(state) % size;
    size_t run = step(state) % 16 + 1;

    switch (step(state) % 5) {
    case 0:
        data[at] ^= (uint8_t)(1 << step(state) % 8);
        return size;
    case 1:
        data[at] = edges[step(state) % sizeof(edges)];
        return size;
    case 2:
        return step(state) % 8 == 0 ? at + 1 : size; /* cut */
    case 3:                                          /* copied from elsewhere */
        if (run > size - at)
            run = size - at;
        if (run > size - from)
            run = size - from;
        memmove(data + at, data + from, run);
        return size;
    default: /* taken out */
        if (run >= size - at)
            return size;
        memmove(data + at, data + at + run, size - at - run);
        return size - run;
    }
}

static void run(const struct bytes *seed, uint64_t *state)
{
    for (int i = 0; i < MUTATIONS; i++) {
        size_t size = seed->size;
        /* Exactly as large as it is, so that ASan sees a read beyond. */
        uint8_t *copy = malloc(size + 1);

        if (copy == NULL)
            abort();
        memcpy(copy, seed->data, size);
        for (uint64_t n = i == 0 ? 0 : step(state) % 4 + 1; n > 0; n--)
            size = size == 0 ? 0 : mutate(copy, size, state);
        LLVMFuzzerTestOneInput(copy, size);
        free(copy);
    }
}

int main(int argc, char **argv)
{
    struct dirent **entries;
    uint64_t state = 1;
    int count = argc == 2 ? scandir(argv[1], &entries, NULL, alphasort) : -1;
    int seeds = 0;

    if (count < 0) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    for (int i = 0; i < count; i++) {
        char path[4096];
        struct bytes seed;

        snprintf(path, sizeof(path), "%s/%s", argv[1], entries[i]->d_name);
        if (entries[i]->d_name[0] != '.') {
            seed = read_file(path);
            run(&seed, &state);
            free(seed.data);
            seeds++;
        }
        free(entries[i]);
    }
    free(entries);
    printf("%d seeds, %d runs\n", seeds, seeds * MUTATIONS);
    return seeds > 0 ? 0 : 1;
}
