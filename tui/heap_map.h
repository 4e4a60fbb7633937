/*
 * heap_map.h - which blocks lie where, at one moment: the blocks by address,
 * and the rows of the map in which any of them lies.
 */
#ifndef TUI_HEAP_MAP_H
#define TUI_HEAP_MAP_H

#include "tui/view.h"

struct heap_item {
    tracee_addr addr;
    uint64_t size_bytes;
    uint64_t seq; /* of its making */
    uint64_t number, op;
    uint32_t stack, text, thread;
    bool is_live; /* else freed in the op's events so far */
};

struct heap_line {
    tracee_addr base; /* of its first cell */
    uint64_t skipped; /* bytes left out before it; 0 none */
};

struct heap_map {
    struct heap_item
        *items; /* by address, freed ones before live ones; owned */
    size_t count, cap;
    struct heap_line *lines; /* by address; owned */
    size_t line_count, line_cap;
    uint64_t cell_bytes;        /* a power of two */
    int cells;                  /* in a line */
    uint64_t holes, hole_bytes; /* gaps between live neighbours that are more
                                   than an allocator's header and not more
                                   than HEAP_HOLE_MAX */
};

enum {
    HEAP_HOLE_MIN = 33,
    HEAP_HOLE_MAX = 65536,
    HEAP_LINES_PER_BLOCK = 8, /* of a bigger one the rest is left out */
};

void heap_map_fini(struct heap_map *m);

/* Makes it the map of the replay's moment. ERR_NO_MEMORY. */
enum err_code heap_map_build(struct heap_map *m, const struct world *w,
                             struct err *err) MUST_CHECK;

/* Bytes in a line. */
uint64_t heap_map_line_bytes(const struct heap_map *m);

/* The first line in which the item lies. */
size_t heap_map_line(const struct heap_map *m, const struct heap_item *item);

#endif
