#include "tui/filters.h"

#include <stdio.h>
#include <string.h>

#include "base/attrs.h"

/* clang-format off */
static const struct {
    char letter;
    enum verdict_kind kind;
} verdicts[] = {
    { 'T', VERDICT_TEMPORARY }, { 'U', VERDICT_UP },
    { 'O', VERDICT_OPERATION }, { 'C', VERDICT_CROSSES },
    { 'L', VERDICT_LIVE },
};
/* clang-format on */

bool filters_add(struct filters *f, const char *text)
{
    if (text[0] == '\0')
        return true;
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->chips[i], text) == 0)
            return true;
    if (f->count == FILTERS_MAX)
        return false;
    snprintf(f->chips[f->count++], FILTER_TEXT_MAX, "%s", text);
    return true;
}

void filters_drop(struct filters *f)
{
    if (f->count > 0)
        f->count--;
}

bool site_contains(const struct site *site, const char *part)
{
    return strcasestr(site->function, part) != NULL ||
           strcasestr(site->file, part) != NULL ||
           strcasestr(site->via, part) != NULL;
}

static bool chip_passes(const char *chip, const struct site *site)
{
    const struct verdict_counts *v = &site->verdicts;

    if (strcmp(chip, "+G") == 0)
        return v->grown > 0;
    if (strcmp(chip, "+B") == 0)
        return v->boxes > 0;
    if (chip[0] == 'U' && chip[1] >= '1' && chip[1] <= '0' + PROFILE_UP_MAX &&
        chip[2] == '\0')
        return v->by_up[chip[1] - '0'] > 0;
    for (size_t i = 0; i < ARRAY_LEN(verdicts); i++)
        if (chip[0] == verdicts[i].letter && chip[1] == '\0')
            return v->by_kind[verdicts[i].kind] > 0;
    return site_contains(site, chip);
}

bool filters_pass(const struct filters *f, size_t count,
                  const struct site *site)
{
    for (size_t i = 0; i < count; i++)
        if (!chip_passes(f->chips[i], site))
            return false;
    return true;
}

size_t filters_culprit(const struct filters *f, const struct site *sites,
                       size_t site_count)
{
    for (size_t n = 1; n <= f->count; n++) {
        bool any = false;

        for (size_t i = 0; i < site_count && !any; i++)
            any = filters_pass(f, n, &sites[i]);
        if (!any)
            return n - 1;
    }
    return f->count;
}

bool filters_equal(const struct filters *a, const struct filters *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->chips[i], b->chips[i]) != 0)
            return false;
    return true;
}
