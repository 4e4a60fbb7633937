#include <inttypes.h>
#include <string.h>

#include "analysis/report_print.h"

/* A field is quoted when it holds what would end it (RFC 4180, 2.6). Line
 * breaks do not come this far: names are clean. */
static void print_field(FILE *out, const char *name)
{
    struct report_name clean;
    const char *text = report_clean(name, &clean);

    if (strpbrk(text, ",\"") == NULL) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void print_site(FILE *out, const struct site *s, bool has_ops)
{
    const struct verdict_counts *v = &s->verdicts;

    print_field(out, s->function);
    fputc(',', out);
    print_field(out, s->file);
    fprintf(out, ",%" PRIu32 ",%" PRIu32 ",", s->line, s->column);
    print_field(out, s->via);
    fprintf(out, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64, s->allocs, s->frees,
            s->bytes);
    if (has_ops)
        fprintf(out, ",%.4f,%.4f", s->allocs_per_op, s->bytes_per_op);
    else
        fputs(",,", out);
    for (int k = 0; k < VERDICT_KIND_COUNT; k++)
        fprintf(out, ",%" PRIu64, v->by_kind[k]);
    fprintf(out, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%c", v->grown, v->boxes,
            v->at_most, verdict_letter(s->worst_kind));
    if (s->worst_kind == VERDICT_UP)
        fprintf(out, "%" PRIu32, s->worst_up);
    fputc(',', out);
    print_field(out, s->owner);
    fputc(',', out);
    print_field(out, s->freed_in);
    fprintf(out, ",%" PRIu64 "\r\n", s->life_median_events);
}

enum err_code report_csv(struct profile *p, FILE *out, struct err *err)
{
    const struct site *sites;
    size_t count;
    struct op_summary ops;
    enum err_code rc = profile_sites(p, &sites, &count, err);

    if (rc != ERR_OK)
        return rc;
    profile_ops(p, &ops);
    fputs("function,file,line,column,via,allocs,frees,bytes,allocs_per_op,"
          "bytes_per_op,T,U,O,C,L,grown,boxes,at_most,worst,owner,freed_in,"
          "life_median_events\r\n",
          out);
    for (size_t i = 0; i < count; i++)
        print_site(out, &sites[i], ops.count > 0);
    return report_finish(out, err);
}
