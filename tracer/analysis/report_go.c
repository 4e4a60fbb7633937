/*
 * The report in the Go compiler's words, for editors and for benchstat.
 *
 * Lines of `go build -gcflags=-m` look like
 *
 *   a.go:7:9: make([]byte, 64) does not escape
 *   a.go:9:6: moved to heap: x
 *
 * and those of `go test -bench` (golang.org/design/14313-benchmark-format):
 * a name that begins with Benchmark and an upper case letter and holds no
 * blank, the iterations, then pairs of value and unit.
 */
#include <ctype.h>
#include <inttypes.h>

#include "analysis/report_print.h"

/* What the compiler would say of the longest life seen at a site: words
 * before and after "malloc in parse". */
/* clang-format off */
static const struct {
    const char *before, *after;
} words[VERDICT_KIND_COUNT] = {
    [VERDICT_TEMPORARY] = { "",                 " does not escape" },
    [VERDICT_UP]        = { "leaking result: ", "" },
    [VERDICT_OPERATION] = { "moved to heap: ",  "" },
    [VERDICT_CROSSES]   = { "moved to heap: ",  "" },
    [VERDICT_LIVE]      = { "moved to heap: ",  "" },
};
/* clang-format on */

static void print_site(FILE *out, const struct site *s, bool has_ops)
{
    struct report_name name;
    struct report_number number;
    struct report_mix mix;

    /* An editor that is sent to line 0 does not go anywhere. */
    fprintf(out, "%s:%" PRIu32 ":%" PRIu32 ": %s",
            s->file[0] == '\0' ? "?" : report_clean(s->file, &name),
            s->line == 0 ? 1 : s->line, s->column == 0 ? 1 : s->column,
            words[s->worst_kind].before);
    fprintf(out, "%s in ", report_clean(s->via, &name));
    fprintf(out, "%s%s", report_clean(s->function, &name),
            words[s->worst_kind].after);
    if (s->owner[0] != '\0' && s->worst_kind != VERDICT_TEMPORARY)
        fprintf(out, ", owned by %s", report_clean(s->owner, &name));
    fprintf(out, " (%s", report_verdicts(s, &mix));
    fprintf(out, "; %s %s",
            has_ops ? report_mean(s->allocs_per_op, &number)
                    : report_count(s->allocs, &number),
            has_ops ? "allocs/op" : "allocs");
    fprintf(out, ", %s %s)\n",
            has_ops ? report_mean(s->bytes_per_op, &number)
                    : report_count(s->bytes, &number),
            has_ops ? "B/op" : "B");
}

static void print_benchmark(FILE *out, const char *op,
                            const struct op_summary *ops)
{
    struct report_name name;

    report_clean(op, &name);
    for (char *c = name.text; *c != '\0'; c++)
        if (isspace((unsigned char)*c))
            *c = '_';
    name.text[0] = (char)toupper((unsigned char)name.text[0]);
    fprintf(out,
            "Benchmark%s %" PRIu64 " %" PRIu64 " B/op %" PRIu64 " allocs/op\n",
            name.text, ops->count, ops->bytes.median, ops->allocs.median);
}

enum err_code report_go(struct profile *p, FILE *out, struct err *err)
{
    const struct site *sites;
    size_t count;
    struct op_summary ops;
    enum err_code rc = profile_sites(p, &sites, &count, err);

    if (rc != ERR_OK)
        return rc;
    profile_ops(p, &ops);
    for (size_t i = 0; i < count; i++)
        print_site(out, &sites[i], ops.count > 0);
    if (ops.count > 0)
        print_benchmark(out, profile_header(p)->op, &ops);
    return report_finish(out, err);
}
