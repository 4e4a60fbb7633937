#include "analysis/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"

/* Averages that differ by less look the same when printed. */
static const double visible = 0.05;

void compare_value(const struct compare_trace *t, enum compare_figure figure,
                   struct compare_value *out)
{
    const struct op_stat *stat =
        figure == COMPARE_ALLOCS ? &t->ops.allocs : &t->ops.bytes;
    uint64_t once = figure == COMPARE_ALLOCS  ? t->totals.allocs
                    : figure == COMPARE_BYTES ? t->totals.bytes
                                              : t->totals.peak_live_bytes;

    *out = (struct compare_value){ .n = 1 };
    out->median = out->min = out->max = (double)once;
    if (figure == COMPARE_PEAK || !t->ops.has_ops)
        return;
    out->n = t->ops.count;
    out->median = (double)stat->median;
    out->min = (double)stat->min;
    out->max = (double)stat->max;
    out->is_exact = t->ops.count > 1 && stat->min == stat->max;
}

enum compare_outcome compare_outcome(const struct compare_value *a,
                                     const struct compare_value *b)
{
    if (a->is_exact && b->is_exact)
        return COMPARE_EXACT;
    if (a->n <= 1 && b->n <= 1)
        return COMPARE_ONCE;
    return a->max < b->min || b->max < a->min ? COMPARE_APART : COMPARE_OVERLAP;
}

enum err_code compare_times(const struct compare_trace *a,
                            const struct compare_trace *b,
                            struct compare_times *out, struct err *err)
{
    enum err_code rc;

    *out = (struct compare_times){ .p = 1 };
    rc = samples_sum_up(a->times, a->time_count, &out->a, err);
    if (rc == ERR_OK)
        rc = samples_sum_up(b->times, b->time_count, &out->b, err);
    if (rc != ERR_OK || a->time_count < SAMPLES_FOR_TEST ||
        b->time_count < SAMPLES_FOR_TEST)
        return rc;
    out->is_tested = true;
    return samples_u_test(a->times, a->time_count, b->times, b->time_count,
                          &out->p, err);
}

bool compare_is_possible(const struct compare_trace *traces, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (traces[i].ops.has_ops != traces[0].ops.has_ops)
            return false;
    return true;
}

static enum err_code row_of(struct compare_sites *s, struct map *by_key,
                            const struct site *site, struct compare_site **out,
                            struct err *err)
{
    uint64_t index;
    enum err_code rc;

    if (map_get(by_key, site->key, &index)) {
        *out = &s->rows[index];
        return ERR_OK;
    }
    rc = vec_grow(&s->rows, s->count, &s->cap, sizeof(*s->rows), err);
    if (rc == ERR_OK)
        rc = map_put(by_key, site->key, s->count, err);
    if (rc != ERR_OK)
        return rc;
    *out = &s->rows[s->count++];
    **out = (struct compare_site){ .key = site->key };
    return ERR_OK;
}

struct aligning {
    struct compare_sites *out;
    struct map by_key;
    compare_pass pass;
    const void *ctx;
};

static enum err_code add_trace(struct aligning *al,
                               const struct compare_trace *t, size_t column,
                               struct err *err)
{
    for (size_t i = 0; i < t->site_count; i++) {
        const struct site *site = &t->sites[i];
        struct compare_site *row;
        enum err_code rc;

        if (al->pass != NULL && !al->pass(al->ctx, site))
            continue;
        rc = row_of(al->out, &al->by_key, site, &row, err);
        if (rc != ERR_OK)
            return rc;
        /* The first of a trace is its biggest. */
        if (row->allocs[column] <= 0)
            row->site = site;
        row->allocs[column] +=
            t->ops.has_ops ? site->allocs_per_op : (double)site->allocs;
        row->bytes[column] +=
            t->ops.has_ops ? site->bytes_per_op : (double)site->bytes;
    }
    return ERR_OK;
}

struct pair {
    size_t a, b;
};

static double change_of(const struct compare_site *row, const struct pair *pair)
{
    return row->allocs[pair->b] - row->allocs[pair->a];
}

static bool is_changed(const struct compare_site *row, const struct pair *pair)
{
    return fabs(change_of(row, pair)) >= visible;
}

/* Changed ones first, by rising change; ties by name, so that it repeats. */
static int compare_rows(const void *left, const void *right, void *state)
{
    const struct compare_site *x = left;
    const struct compare_site *y = right;
    double dx = change_of(x, state);
    double dy = change_of(y, state);
    int order = is_changed(y, state) - is_changed(x, state);

    if (order == 0 && is_changed(x, state))
        order = (dx > dy) - (dx < dy);
    if (order == 0)
        order = (x->allocs[((const struct pair *)state)->b] <
                 y->allocs[((const struct pair *)state)->b]) -
                (x->allocs[((const struct pair *)state)->b] >
                 y->allocs[((const struct pair *)state)->b]);
    if (order == 0)
        order = strcmp(x->site->function, y->site->function);
    return order != 0 ? order : (x->key > y->key) - (x->key < y->key);
}

enum err_code compare_sites(const struct compare_trace *traces, size_t count,
                            size_t a, size_t b, compare_pass pass,
                            const void *ctx, struct compare_sites *out,
                            struct err *err)
{
    struct aligning al = { .out = out, .pass = pass, .ctx = ctx };
    struct pair pair = { a, b };
    enum err_code rc = ERR_OK;

    *out = (struct compare_sites){ 0 };
    for (size_t i = 0; i < count && i < COMPARE_TRACES_MAX && rc == ERR_OK; i++)
        rc = add_trace(&al, &traces[i], i, err);
    map_fini(&al.by_key);
    if (rc != ERR_OK) {
        compare_sites_fini(out);
        return rc;
    }
    if (out->count > 1)
        qsort_r(out->rows, out->count, sizeof(*out->rows), compare_rows, &pair);
    for (size_t i = 0; i < out->count; i++) {
        out->changed += is_changed(&out->rows[i], &pair);
        out->sum_allocs += change_of(&out->rows[i], &pair);
    }
    return ERR_OK;
}

void compare_sites_fini(struct compare_sites *s)
{
    free(s->rows);
    *s = (struct compare_sites){ 0 };
}
