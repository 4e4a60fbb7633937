#include "analysis/endings.h"

#include <stdlib.h>

#include "analysis/model.h"
#include "base/vec.h"

void endings_fini(struct endings *e)
{
    free(e->list);
    *e = (struct endings){ 0 };
}

enum err_code endings_add(struct endings *e, const struct ending *ending,
                          struct err *err)
{
    enum err_code rc =
        vec_grow(&e->list, e->count, &e->cap, sizeof(*e->list), err);

    if (rc == ERR_OK)
        e->list[e->count++] = *ending;
    return rc;
}

static int compare_u64(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int by_freed_in_and_life(const void *va, const void *vb)
{
    const struct ending *a = va;
    const struct ending *b = vb;
    int c = compare_u64(a->site, b->site);

    if (c == 0)
        c = compare_u64(a->freed_in, b->freed_in);
    return c != 0 ? c : compare_u64(a->life, b->life);
}

static int by_life(const void *va, const void *vb)
{
    const struct ending *a = va;
    const struct ending *b = vb;
    int c = compare_u64(a->site, b->site);

    return c != 0 ? c : compare_u64(a->life, b->life);
}

/* Counts what each site's freers freed; of equals the first one counts. */
static void find_freers(const struct endings *e, struct ending_summary *out)
{
    uint64_t blocks = 0;

    for (size_t i = 0; i < e->count; i++) {
        const struct ending *here = &e->list[i];
        struct ending_summary *sum = &out[here->site];

        if (i == 0 || here->site != here[-1].site ||
            here->freed_in != here[-1].freed_in)
            blocks = 0;
        blocks += here->count;
        sum->blocks += here->count;
        if (blocks > sum->most) {
            sum->most = blocks;
            sum->freed_in = here->freed_in;
        }
    }
}

/* Joins neighbours of one site and life. */
static void join(struct endings *e)
{
    size_t kept = 0;

    for (size_t i = 0; i < e->count; i++) {
        struct ending *last = kept > 0 ? &e->list[kept - 1] : NULL;

        if (last != NULL && by_life(last, &e->list[i]) == 0) {
            last->count += e->list[i].count;
            last->sum = model_add_sizes(last->sum, e->list[i].sum);
        } else {
            e->list[kept++] = e->list[i];
        }
    }
    e->count = kept;
}

static void find_medians(const struct endings *e, struct ending_summary *out)
{
    uint64_t passed = 0;

    for (size_t i = 0; i < e->count; i++) {
        const struct ending *here = &e->list[i];
        struct ending_summary *sum = &out[here->site];
        uint64_t half = (sum->blocks + 1) / 2; /* the lower one of two */

        if (i == 0 || here->site != here[-1].site)
            passed = 0;
        if (passed < half && passed + here->count >= half)
            sum->life_median_events = here->sum / here->count;
        passed += here->count;
    }
}

void endings_sum_up(struct endings *e, struct ending_summary *out)
{
    if (e->count == 0)
        return;
    qsort(e->list, e->count, sizeof(*e->list), by_freed_in_and_life);
    find_freers(e, out);
    qsort(e->list, e->count, sizeof(*e->list), by_life);
    join(e);
    find_medians(e, out);
}
