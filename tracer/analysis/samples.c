#include "analysis/samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { EXACT_MAX = 50, HOLM_MAX = 64 };

static int compare_double(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

/*
 * The interval from the k-th smallest to the k-th greatest covers the median
 * unless fewer than k samples fall on one side of it: each falls on either
 * side like a coin. The greatest k for which that is likely enough.
 */
static size_t interval_rank(size_t n)
{
    double term = pow(0.5, (double)n); /* P(X = 0) */
    double below = term;               /* P(X <= k - 1) */
    size_t k = 0;

    while (2 * below <= 0.05 && k < n / 2) {
        k++;
        term = term * (double)(n - k + 1) / (double)k;
        below += term;
    }
    return k;
}

enum err_code samples_sum_up(const double *samples, size_t n,
                             struct sample_summary *out, struct err *err)
{
    double *sorted;
    size_t k;

    if (n > SAMPLES_MAX)
        n = SAMPLES_MAX;
    *out = (struct sample_summary){ .n = n };
    if (n == 0)
        return ERR_OK;
    sorted = malloc(n * sizeof(*sorted));
    if (sorted == NULL)
        return err_no_memory(err);
    memcpy(sorted, samples, n * sizeof(*sorted));
    qsort(sorted, n, sizeof(*sorted), compare_double);
    out->median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    k = interval_rank(n);
    out->has_interval = k > 0;
    if (k > 0) {
        out->low = sorted[k - 1];
        out->high = sorted[n - k];
    }
    free(sorted);
    return ERR_OK;
}

struct ranked {
    double value;
    bool is_a;
};

static int compare_ranked(const void *left, const void *right)
{
    return compare_double(&((const struct ranked *)left)->value,
                          &((const struct ranked *)right)->value);
}

/* U of side a, ties counting half; *ties is the sum of t^3 - t. */
static double u_of(struct ranked *all, size_t n, size_t na, double *ties)
{
    double rank_sum = 0;
    size_t first = 0;

    *ties = 0;
    qsort(all, n, sizeof(*all), compare_ranked);
    while (first < n) {
        size_t end = first + 1;
        double t;

        while (end < n && !(all[end].value > all[first].value))
            end++;
        t = (double)(end - first);
        *ties += t * t * t - t;
        for (size_t i = first; i < end; i++)
            if (all[i].is_a)
                rank_sum += ((double)first + 1 + (double)end) / 2;
        first = end;
    }
    return rank_sum - (double)na * ((double)na + 1) / 2;
}

/*
 * How many of all orders give each U, without ties: the recursion of Mann and
 * Whitney (1947), counts(m, n)[u] = counts(m - 1, n)[u - n] +
 * counts(m, n - 1)[u], one m after another; as shares, so that nothing
 * overflows.
 */
static enum err_code exact_p(size_t na, size_t nb, double u, double *p,
                             struct err *err)
{
    size_t top = na * nb;
    size_t width = top + 1;
    double *table = calloc((nb + 1) * width, sizeof(*table));
    double tail = 0;
    double low = u < (double)top - u ? u : (double)top - u;

    if (table == NULL)
        return err_no_memory(err);
    for (size_t n = 0; n <= nb; n++)
        table[n * width] = 1; /* m = 0: U is 0 */
    for (size_t m = 1; m <= na; m++) {
        memset(table, 0, width * sizeof(*table));
        table[0] = 1; /* n = 0 */
        for (size_t n = 1; n <= nb; n++) {
            double from_a = (double)m / (double)(m + n);
            double *row = table + n * width;
            const double *above = row - width; /* n - 1 */

            for (size_t k = width; k-- > 0;)
                row[k] = (k >= n ? row[k - n] * from_a : 0) +
                         above[k] * (1 - from_a);
        }
    }
    for (size_t k = 0; k < width && (double)k <= low; k++)
        tail += table[nb * width + k];
    free(table);
    *p = 2 * tail < 1 ? 2 * tail : 1;
    return ERR_OK;
}

static double normal_p(double na, double nb, double u, double ties)
{
    double n = na + nb;
    double variance = na * nb / 12 * (n + 1 - ties / (n * (n - 1)));
    double distance = fabs(u - na * nb / 2) - 0.5;
    double p;

    if (!(variance > 0) || distance <= 0)
        return 1;
    p = erfc(distance / sqrt(variance) / sqrt(2));
    return p < 1 ? p : 1;
}

enum err_code samples_u_test(const double *a, size_t na, const double *b,
                             size_t nb, double *p, struct err *err)
{
    struct ranked *all;
    double ties;
    double u;
    enum err_code rc = ERR_OK;

    na = na < SAMPLES_MAX ? na : SAMPLES_MAX;
    nb = nb < SAMPLES_MAX ? nb : SAMPLES_MAX;
    *p = 1;
    if (na == 0 || nb == 0)
        return ERR_OK;
    all = malloc((na + nb) * sizeof(*all));
    if (all == NULL)
        return err_no_memory(err);
    for (size_t i = 0; i < na; i++)
        all[i] = (struct ranked){ a[i], true };
    for (size_t i = 0; i < nb; i++)
        all[na + i] = (struct ranked){ b[i], false };
    u = u_of(all, na + nb, na, &ties);
    if (na + nb <= EXACT_MAX && ties <= 0)
        rc = exact_p(na, nb, u, p, err);
    else
        *p = normal_p((double)na, (double)nb, u, ties);
    free(all);
    return rc;
}

void samples_holm(double *p, size_t count)
{
    size_t order[HOLM_MAX];
    double before = 0;

    if (count > HOLM_MAX)
        count = HOLM_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t at = i;

        while (at > 0 && p[order[at - 1]] > p[i]) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
    for (size_t i = 0; i < count; i++) {
        double adjusted = p[order[i]] * (double)(count - i);

        adjusted = adjusted < 1 ? adjusted : 1;
        before = adjusted > before ? adjusted : before;
        p[order[i]] = before;
    }
}
