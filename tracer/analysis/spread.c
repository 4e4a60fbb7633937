#include "analysis/spread.h"

#include <stdlib.h>

#include "analysis/profile.h"
#include "base/vec.h"

void spread_fini(struct spread *s)
{
    free(s->low);
    free(s->high);
    *s = (struct spread){ 0 };
}

static void swap(uint64_t *a, uint64_t *b)
{
    uint64_t t = *a;

    *a = *b;
    *b = t;
}

/* There is room: spread_add saw to it. */
static void heap_push(uint64_t *heap, size_t *count, uint64_t value)
{
    size_t i = (*count)++;

    heap[i] = value;
    while (i > 0 && heap[(i - 1) / 2] < heap[i]) {
        swap(&heap[(i - 1) / 2], &heap[i]);
        i = (i - 1) / 2;
    }
}

static uint64_t heap_pop(uint64_t *heap, size_t *count)
{
    uint64_t top = heap[0];
    size_t i = 0;

    heap[0] = heap[--*count];
    for (;;) {
        size_t child = 2 * i + 1;

        if (child + 1 < *count && heap[child] < heap[child + 1])
            child++;
        if (child >= *count || heap[child] <= heap[i])
            return top;
        swap(&heap[i], &heap[child]);
        i = child;
    }
}

size_t spread_count(const struct spread *s)
{
    return s->low_count + s->high_count;
}

enum err_code spread_add(struct spread *s, uint64_t value, struct err *err)
{
    enum err_code rc =
        vec_grow(&s->low, s->low_count, &s->low_cap, sizeof(*s->low), err);

    if (rc == ERR_OK)
        rc = vec_grow(&s->high, s->high_count, &s->high_cap, sizeof(*s->high),
                      err);
    if (rc != ERR_OK)
        return rc;
    if (spread_count(s) == 0 || value < s->min)
        s->min = value;
    if (spread_count(s) == 0 || value > s->max)
        s->max = value;
    /* Through one heap into the other, so that low never holds more than the
     * least of high; low has as many as high, or one more. */
    if (s->low_count > s->high_count) {
        heap_push(s->low, &s->low_count, value);
        heap_push(s->high, &s->high_count, ~heap_pop(s->low, &s->low_count));
    } else {
        heap_push(s->high, &s->high_count, ~value);
        heap_push(s->low, &s->low_count, ~heap_pop(s->high, &s->high_count));
    }
    return ERR_OK;
}

void spread_get(const struct spread *s, struct op_stat *out)
{
    *out = (struct op_stat){ 0 };
    if (spread_count(s) > 0)
        *out = (struct op_stat){ s->min, s->low[0], s->max };
}
