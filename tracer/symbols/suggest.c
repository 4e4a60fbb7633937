#include "symbols/suggest.h"

#include <string.h>

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Three rows of the usual table are enough: a swap looks two rows back. */
size_t suggest_distance(const char *a, const char *b, size_t limit)
{
    size_t rows[3][SUGGEST_NAME_MAX + 1];
    size_t a_size = strnlen(a, SUGGEST_NAME_MAX + 1);
    size_t b_size = strnlen(b, SUGGEST_NAME_MAX + 1);
    size_t longer = a_size > b_size ? a_size : b_size;

    if (longer > SUGGEST_NAME_MAX || longer - least(a_size, b_size) > limit)
        return limit + 1;
    for (size_t j = 0; j <= b_size; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        size_t *now = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        size_t best = now[0] = i;

        for (size_t j = 1; j <= b_size; j++) {
            now[j] = least(least(above[j], now[j - 1]) + 1,
                           above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], rows[(i - 2) % 3][j - 2] + 1);
            best = least(best, now[j]);
        }
        if (best > limit)
            return limit + 1;
    }
    return least(rows[a_size % 3][b_size], limit + 1);
}

struct search {
    const char *name;
    const char **out;
    size_t distances[16];
    size_t count, max;
    size_t limit;
};

static void consider(void *ctx, const struct image_symbol *symbol)
{
    struct search *s = ctx;
    size_t distance = suggest_distance(s->name, symbol->name, s->limit);
    size_t at = s->count;

    if (distance > s->limit)
        return;
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->out[i], symbol->name) == 0)
            return;
    while (at > 0 && s->distances[at - 1] > distance)
        at--;
    if (at == s->max)
        return;
    if (s->count < s->max)
        s->count++;
    for (size_t i = s->count - 1; i > at; i--) {
        s->distances[i] = s->distances[i - 1];
        s->out[i] = s->out[i - 1];
    }
    s->distances[at] = distance;
    s->out[at] = symbol->name;
}

size_t suggest_functions(struct image *img, const char *name, const char **out,
                         size_t max)
{
    struct search s = {
        .name = name,
        .out = out,
        .max = least(max, ARRAY_LEN(s.distances)),
        .limit = strnlen(name, SUGGEST_NAME_MAX) / 3,
    };
    struct err ignored;

    if (image_each_function(img, consider, &s, &ignored) != ERR_OK)
        return 0;
    return s.count;
}
