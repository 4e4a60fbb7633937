#include "symbols/intervals.h"

#include <stdlib.h>

#include "base/vec.h"

enum err_code intervals_add(struct intervals *s, uint64_t low, uint64_t high,
                            uint32_t number, struct err *err)
{
    enum err_code rc;

    if (low == 0 || low >= high)
        return ERR_OK;
    rc = vec_grow(&s->items, s->count, &s->cap, sizeof(*s->items), err);
    if (rc == ERR_OK)
        s->items[s->count++] = (struct interval){ low, high, 0, number };
    return rc;
}

/* Of those that begin together the longest comes first, so that a walk from
 * the back meets the innermost first. */
static int compare(const void *left, const void *right)
{
    const struct interval *a = left;
    const struct interval *b = right;
    int order = (a->low > b->low) - (a->low < b->low);

    if (order == 0)
        order = (a->high < b->high) - (a->high > b->high);
    if (order == 0)
        order = (a->number > b->number) - (a->number < b->number);
    return order;
}

void intervals_sort(struct intervals *s)
{
    uint64_t reach = 0;

    if (s->count == 0)
        return;
    qsort(s->items, s->count, sizeof(*s->items), compare);
    for (size_t i = 0; i < s->count; i++) {
        if (s->items[i].high > reach)
            reach = s->items[i].high;
        s->items[i].reach = reach;
    }
}

bool intervals_find(const struct intervals *s, uint64_t addr, uint32_t *number)
{
    size_t low = 0;
    size_t high = s->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (s->items[middle].low <= addr)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low > 0 && s->items[low - 1].reach > addr; low--) {
        if (s->items[low - 1].high > addr) {
            *number = s->items[low - 1].number;
            return true;
        }
    }
    return false;
}

void intervals_fini(struct intervals *s)
{
    free(s->items);
    *s = (struct intervals){ 0 };
}
