#include "analysis/report_print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

const char *report_clean(const char *name, struct report_name *n)
{
    return text_clean(name, n->text, sizeof(n->text), false);
}

const char *report_count(uint64_t value, struct report_number *n)
{
    char digits[24];
    int count = snprintf(digits, sizeof(digits), "%" PRIu64, value);
    char *at = n->text;

    for (int i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            *at++ = ',';
        *at++ = digits[i];
    }
    *at = '\0';
    return n->text;
}

const char *report_mean(double value, struct report_number *n)
{
    if (value < 1e15 && value == (double)(uint64_t)value)
        return report_count((uint64_t)value, n);
    snprintf(n->text, sizeof(n->text), "%.2f", value);
    return n->text;
}

static void add_share(struct report_share *shares, size_t *count, char letter,
                      uint32_t up, uint64_t blocks)
{
    struct report_share *s = &shares[*count];

    if (blocks == 0)
        return;
    s->blocks = blocks;
    snprintf(s->label, sizeof(s->label), up == 0 ? "%c" : "%c%u", letter,
             up % 10);
    ++*count;
}

size_t report_shares(const struct verdict_counts *v,
                     struct report_share out[REPORT_SHARES_MAX])
{
    size_t count = 0;

    for (int k = 0; k < VERDICT_KIND_COUNT; k++) {
        char letter = verdict_letter((enum verdict_kind)k);

        if (k != VERDICT_UP)
            add_share(out, &count, letter, 0, v->by_kind[k]);
        for (uint32_t up = 1; k == VERDICT_UP && up <= PROFILE_UP_MAX; up++)
            add_share(out, &count, letter, up, v->by_up[up]);
    }
    return count;
}

static int compare_shares(const void *va, const void *vb)
{
    const struct report_share *a = va;
    const struct report_share *b = vb;

    if (a->blocks != b->blocks)
        return a->blocks < b->blocks ? 1 : -1;
    return strcmp(a->label, b->label);
}

/* Appends to a text that has room for it: every part is short. */
static void append(struct report_mix *out, const char *part)
{
    size_t used = strlen(out->text);

    snprintf(out->text + used, sizeof(out->text) - used, "%s%s",
             used == 0 ? "" : " ", part);
}

const char *report_verdicts(const struct site *s, struct report_mix *out)
{
    struct report_share shares[REPORT_SHARES_MAX];
    size_t count = report_shares(&s->verdicts, shares);

    out->text[0] = '\0';
    qsort(shares, count, sizeof(*shares), compare_shares);
    for (size_t i = 0; i < count; i++) {
        double percent = 100.0 * (double)shares[i].blocks / (double)s->allocs;
        char part[24];

        if (percent > 100)
            percent = 100; /* of sums that ran over */
        if (count == 1)
            snprintf(part, sizeof(part), "%.3s", shares[i].label);
        else if (percent < 1)
            snprintf(part, sizeof(part), "%.3s <1%%", shares[i].label);
        else /* rounded down: only what is alone is all */
            snprintf(part, sizeof(part), "%.3s %u%%", shares[i].label,
                     (unsigned)percent);
        append(out, part);
    }
    if (s->verdicts.grown > 0)
        append(out, "+G");
    if (s->verdicts.boxes > 0)
        append(out, "+B");
    if (s->verdicts.at_most > 0)
        append(out, "(at most)");
    return out->text;
}

enum err_code report_finish(FILE *out, struct err *err)
{
    if (fflush(out) != 0 || ferror(out))
        return err_set(err, ERR_IO, "cannot write the report");
    return ERR_OK;
}
