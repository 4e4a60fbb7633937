#include "tui/line_diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* Lines that may differ before the texts count as too different: bounds both
 * the time, (2 * EDITS_MAX + 1) * LINES_MAX comparisons, and the memory,
 * EDITS_MAX * EDITS_MAX numbers. */
enum { EDITS_MAX = 1000 };

/* FNV-1a, 32 bits: it only spares comparing lines that differ. */
static uint32_t hash_of(const char *text, size_t size)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash;
}

void lines_fini(struct lines *l)
{
    free(l->lines);
    *l = (struct lines){ 0 };
}

enum err_code lines_split(const char *text, size_t size, struct lines *out,
                          struct err *err)
{
    size_t at = 0;

    *out = (struct lines){ 0 };
    while (at < size) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t length = end == NULL ? size - at : (size_t)(end - text) - at;
        size_t next = at + length + 1;
        enum err_code rc;

        if (out->count == LINES_MAX) {
            out->is_cut = true;
            break;
        }
        rc = vec_grow(&out->lines, out->count, &out->cap, sizeof(*out->lines),
                      err);
        if (rc != ERR_OK) {
            lines_fini(out);
            return rc;
        }
        if (length > 0 && text[at + length - 1] == '\r')
            length--;
        out->lines[out->count++] = (struct line){ text + at, (uint32_t)length,
                                                  hash_of(text + at, length) };
        at = next;
    }
    return ERR_OK;
}

/* What is left of both texts once the same lines at both ends are off. */
struct middle {
    const struct line *a, *b;
    int32_t na, nb;
};

static bool is_same(const struct line *a, const struct line *b)
{
    return a->hash == b->hash && a->size == b->size &&
           memcmp(a->text, b->text, a->size) == 0;
}

static enum err_code add(struct line_diff *d, uint32_t left, uint32_t right,
                         struct err *err)
{
    enum err_code rc =
        vec_grow(&d->rows, d->count, &d->cap, sizeof(*d->rows), err);

    if (rc != ERR_OK)
        return rc;
    d->rows[d->count++] = (struct diff_row){ left, right };
    d->gone += right == DIFF_NONE;
    d->added += left == DIFF_NONE;
    return ERR_OK;
}

/*
 * The furthest x reached with d edits on each diagonal k = x - y, as in the
 * paper; those of every d are kept one after another, row d beginning at
 * d * d and holding k = -d .. d.
 */
static int32_t *furthest(int32_t *v, int32_t d, int32_t k)
{
    return &v[(ptrdiff_t)d * d + d + k];
}

/* Whether the way to diagonal k with d edits comes down from k + 1 (a line
 * of b is added), else from k - 1 (a line of a is gone). */
static bool comes_down(int32_t *v, int32_t d, int32_t k)
{
    return k == -d ||
           (k != d && *furthest(v, d - 1, k - 1) < *furthest(v, d - 1, k + 1));
}

/* Steps with exactly d edits; true at the end of both. */
static bool step(const struct middle *m, int32_t *v, int32_t d)
{
    for (int32_t k = -d; k <= d; k += 2) {
        int32_t x = 0;

        if (d > 0 && comes_down(v, d, k))
            x = *furthest(v, d - 1, k + 1);
        else if (d > 0)
            x = *furthest(v, d - 1, k - 1) + 1;
        while (x < m->na && x - k < m->nb && x - k >= 0 &&
               is_same(&m->a[x], &m->b[x - k]))
            x++;
        *furthest(v, d, k) = x;
        if (x >= m->na && x - k >= m->nb)
            return true;
    }
    return false;
}

/* Walks the way back and marks what is gone and what was added. */
static void trace_back(const struct middle *m, int32_t *v, int32_t d,
                       bool *gone, bool *added)
{
    int32_t k = m->na - m->nb;

    for (; d > 0; d--) {
        bool down = comes_down(v, d, k);
        int32_t x;

        k = down ? k + 1 : k - 1;
        x = *furthest(v, d - 1, k);
        if (down && x - k >= 0 && x - k < m->nb)
            added[x - k] = true;
        if (!down && x < m->na)
            gone[x] = true;
    }
}

/* Marks the lines of the middle that differ; all when there are too many. */
static enum err_code mark(const struct middle *m, bool *gone, bool *added,
                          bool *is_rough, struct err *err)
{
    int32_t most = m->na + m->nb < EDITS_MAX ? m->na + m->nb : EDITS_MAX;
    int32_t *v = calloc((size_t)(most + 1) * (size_t)(most + 1), sizeof(*v));
    int32_t d = 0;

    if (v == NULL)
        return err_no_memory(err);
    while (d <= most && !step(m, v, d))
        d++;
    *is_rough = d > most;
    if (*is_rough) {
        memset(gone, true, (size_t)m->na);
        memset(added, true, (size_t)m->nb);
    } else {
        trace_back(m, v, d, gone, added);
    }
    free(v);
    return ERR_OK;
}

/* Both sides of a change are told before the next line they share. */
static enum err_code add_middle(struct line_diff *d, const struct middle *m,
                                uint32_t first, const bool *gone,
                                const bool *added, struct err *err)
{
    enum err_code rc = ERR_OK;
    int32_t x = 0;
    int32_t y = 0;

    while (rc == ERR_OK && (x < m->na || y < m->nb)) {
        uint32_t left = first + (uint32_t)x;
        uint32_t right = first + (uint32_t)y;

        if (x < m->na && gone[x]) {
            rc = add(d, left, DIFF_NONE, err);
            x++;
        } else if (y < m->nb && added[y]) {
            rc = add(d, DIFF_NONE, right, err);
            y++;
        } else {
            rc = add(d, left, right, err);
            x++;
            y++;
        }
    }
    return rc;
}

static enum err_code diff_middle(struct line_diff *d, const struct middle *m,
                                 uint32_t first, struct err *err)
{
    bool *gone = calloc((size_t)m->na + 1, sizeof(*gone));
    bool *added = calloc((size_t)m->nb + 1, sizeof(*added));
    enum err_code rc = ERR_OK;

    if (gone == NULL || added == NULL)
        rc = err_no_memory(err);
    if (rc == ERR_OK)
        rc = mark(m, gone, added, &d->is_rough, err);
    if (rc == ERR_OK)
        rc = add_middle(d, m, first, gone, added, err);
    free(gone);
    free(added);
    return rc;
}

enum err_code line_diff(const struct lines *a, const struct lines *b,
                        struct line_diff *out, struct err *err)
{
    size_t na = a->count;
    size_t nb = b->count;
    size_t head = 0;
    size_t tail = 0;
    enum err_code rc = ERR_OK;

    *out = (struct line_diff){ 0 };
    while (head < na && head < nb && is_same(&a->lines[head], &b->lines[head]))
        head++;
    while (tail < na - head && tail < nb - head &&
           is_same(&a->lines[na - 1 - tail], &b->lines[nb - 1 - tail]))
        tail++;
    for (size_t i = 0; i < head && rc == ERR_OK; i++)
        rc = add(out, (uint32_t)i, (uint32_t)i, err);
    if (rc == ERR_OK && (na > head + tail || nb > head + tail))
        rc = diff_middle(out,
                         &(struct middle){
                             .a = na > 0 ? a->lines + head : NULL,
                             .b = nb > 0 ? b->lines + head : NULL,
                             .na = (int32_t)(na - head - tail),
                             .nb = (int32_t)(nb - head - tail),
                         },
                         (uint32_t)head, err);
    for (size_t i = tail; i > 0 && rc == ERR_OK; i--)
        rc = add(out, (uint32_t)(na - i), (uint32_t)(nb - i), err);
    if (rc != ERR_OK)
        line_diff_fini(out);
    return rc;
}

void line_diff_fini(struct line_diff *d)
{
    free(d->rows);
    *d = (struct line_diff){ 0 };
}

size_t line_diff_pair(const struct line_diff *d, struct diff_row *out)
{
    size_t count = 0;
    size_t open = 0; /* the next row of a change that has no right side yet */

    for (size_t i = 0; i < d->count; i++) {
        const struct diff_row *r = &d->rows[i];

        if (r->left == DIFF_NONE && open < count &&
            out[open].right == DIFF_NONE) {
            out[open++].right = r->right;
            continue;
        }
        out[count++] = *r;
        /* A shared line, or one added without a partner, ends the change. */
        if (r->right != DIFF_NONE)
            open = count;
    }
    return count;
}
