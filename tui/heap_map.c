#include "tui/heap_map.h"

#include <stdlib.h>

#include "base/vec.h"

void heap_map_fini(struct heap_map *m)
{
    free(m->items);
    free(m->lines);
    *m = (struct heap_map){ 0 };
}

uint64_t heap_map_line_bytes(const struct heap_map *m)
{
    return m->cell_bytes * (uint64_t)m->cells;
}

static enum err_code add_item(struct heap_map *m, const struct heap_item *item,
                              struct err *err)
{
    enum err_code rc =
        vec_grow(&m->items, m->count, &m->cap, sizeof(*m->items), err);

    if (rc == ERR_OK)
        m->items[m->count++] = *item;
    return rc;
}

static enum err_code add_live(struct heap_map *m, const struct moment *now,
                              struct err *err)
{
    const struct moment_block *b;
    enum err_code rc = ERR_OK;

    for (size_t at = 0; rc == ERR_OK && (b = moment_next(now, &at)) != NULL;)
        rc = add_item(m,
                      &(struct heap_item){ b->addr, b->size_bytes, b->seq,
                                           b->number, b->op, b->stack, b->text,
                                           b->thread, true },
                      err);
    return rc;
}

static enum err_code add_freed(struct heap_map *m, const struct world *w,
                               struct err *err)
{
    const struct window *win = &w->replay->window;
    enum err_code rc = ERR_OK;

    for (size_t i = 0; rc == ERR_OK && i < win->block_count; i++) {
        const struct window_block *b = &win->blocks[i];

        if (b->freed_seq <= replay_event(w))
            rc = add_item(m,
                          &(struct heap_item){ b->addr, b->size_bytes, b->seq,
                                               b->number, win->op, b->stack,
                                               b->text, b->thread, false },
                          err);
    }
    return rc;
}

static int compare_items(const void *va, const void *vb)
{
    const struct heap_item *a = va;
    const struct heap_item *b = vb;

    if (a->addr != b->addr)
        return a->addr < b->addr ? -1 : 1;
    if (a->is_live != b->is_live)
        return a->is_live - b->is_live;
    return a->seq < b->seq ? -1 : a->seq > b->seq;
}

static enum err_code add_line(struct heap_map *m, tracee_addr base,
                              struct err *err)
{
    struct heap_line line = { .base = base };
    enum err_code rc;

    if (m->line_count > 0) {
        tracee_addr last = m->lines[m->line_count - 1].base;

        if (base <= last)
            return ERR_OK;
        line.skipped = base - last - heap_map_line_bytes(m);
    }
    rc = vec_grow(&m->lines, m->line_count, &m->line_cap, sizeof(*m->lines),
                  err);
    if (rc == ERR_OK)
        m->lines[m->line_count++] = line;
    return rc;
}

static enum err_code find_lines(struct heap_map *m, struct err *err)
{
    uint64_t bytes = heap_map_line_bytes(m);
    enum err_code rc = ERR_OK;

    m->line_count = 0;
    for (size_t i = 0; rc == ERR_OK && i < m->count; i++) {
        const struct heap_item *b = &m->items[i];
        tracee_addr first = b->addr - b->addr % bytes;
        uint64_t covered = bytes - b->addr % bytes; /* by the lines so far */

        rc = add_line(m, first, err);
        for (uint64_t n = 1;
             rc == ERR_OK && n < HEAP_LINES_PER_BLOCK &&
             covered < b->size_bytes && first <= UINT64_MAX - bytes * (n + 1);
             n++) {
            rc = add_line(m, first + bytes * n, err);
            covered += bytes;
        }
    }
    return rc;
}

static void find_holes(struct heap_map *m)
{
    tracee_addr end = 0; /* of the live blocks so far */
    bool is_first = true;

    m->holes = 0;
    m->hole_bytes = 0;
    for (size_t i = 0; i < m->count; i++) {
        const struct heap_item *b = &m->items[i];
        tracee_addr last = b->size_bytes > UINT64_MAX - b->addr
                               ? UINT64_MAX
                               : b->addr + b->size_bytes;

        if (!b->is_live)
            continue;
        if (!is_first && b->addr > end && b->addr - end >= HEAP_HOLE_MIN &&
            b->addr - end <= HEAP_HOLE_MAX) {
            m->holes++;
            m->hole_bytes += b->addr - end;
        }
        if (is_first || last > end)
            end = last;
        is_first = false;
    }
}

enum err_code heap_map_build(struct heap_map *m, const struct world *w,
                             struct err *err)
{
    enum err_code rc;

    m->count = 0;
    rc = add_live(m, timeline_moment(w->replay->timeline), err);
    if (rc == ERR_OK)
        rc = add_freed(m, w, err);
    if (rc != ERR_OK)
        return rc;
    if (m->count > 1)
        qsort(m->items, m->count, sizeof(*m->items), compare_items);
    find_holes(m);
    return find_lines(m, err);
}

size_t heap_map_line(const struct heap_map *m, const struct heap_item *item)
{
    tracee_addr base = item->addr - item->addr % heap_map_line_bytes(m);
    size_t low = 0;
    size_t high = m->line_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (m->lines[middle].base < base)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
