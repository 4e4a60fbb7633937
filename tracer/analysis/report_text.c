#include <inttypes.h>
#include <string.h>

#include "analysis/report_print.h"
#include "base/text.h"

/* Room for one line of the table, as columns of text. */
struct row {
    struct report_number allocs, bytes;
    struct report_mix verdicts;
    struct report_name function, where, via, owner;
};

enum { COLUMNS = 7 };

/* A wider cell pushes the rest of its line, not all lines. */
/* clang-format off */
static const struct column {
    const char *per_op, *whole_run; /* the heading */
    size_t max_cols;
    bool is_number; /* set to the right */
} columns[COLUMNS] = {
    { "allocs/op", "allocs",   20, true },
    { "B/op",      "bytes",    20, true },
    { "verdict",   "verdict",  24, false },
    { "function",  "function", 32, false },
    { "where",     "where",    32, false },
    { "via",       "via",      32, false },
    { "owned by",  "owned by", 32, false },
};
/* clang-format on */

static const char *const kind_words[VERDICT_KIND_COUNT] = {
    [VERDICT_TEMPORARY] =
        "temporary: freed before the function that asked for it returned",
    [VERDICT_UP] = "up n: outlived its maker, freed while the frame n levels "
                   "up was alive",
    [VERDICT_OPERATION] = "operation: outlived all frames below the op's own, "
                          "freed before the op ended",
    [VERDICT_CROSSES] =
        "crosses: freed after its op ended, or by another thread",
    [VERDICT_LIVE] = "live: never freed while recording",
};

static void print_run(FILE *out, const struct profile *p)
{
    const struct trace_header *h = profile_header(p);
    struct report_name name;

    if (profile_damage(p)[0] != '\0')
        fprintf(out, "INCOMPLETE: %s\n",
                report_clean(profile_damage(p), &name));
    fputs("ran ", out);
    if (h->argc == 0)
        fputs(report_clean(h->program == NULL ? "?" : h->program, &name), out);
    for (size_t i = 0; i < h->argc; i++)
        fprintf(out, "%s%s", i == 0 ? "" : " ",
                report_clean(h->argv[i], &name));
    if (h->op != NULL)
        fprintf(out, ", op %s", report_clean(h->op, &name));
    if (!h->frames_exact)
        fputs(", frames not watched: verdicts are \"at most\"", out);
    fputc('\n', out);
}

static void print_ops(FILE *out, const struct op_summary *ops)
{
    struct report_number n;

    if (ops->count == 0) {
        fprintf(out, "no whole op after the warm-up (%s)",
                report_count(ops->warmup, &n));
    } else {
        fprintf(out, "%s allocs/op ", report_count(ops->allocs.median, &n));
        fputs(ops->is_exact ? "exact" : "median", out);
        fprintf(out, " (min %s, ", report_count(ops->allocs.min, &n));
        fprintf(out, "max %s, ", report_count(ops->allocs.max, &n));
        fprintf(out, "%s ops after ", report_count(ops->count, &n));
        fprintf(out, "%s warm-up), ", report_count(ops->warmup, &n));
        fprintf(out, "%s B/op", report_count(ops->bytes.median, &n));
        if (ops->bytes.min != ops->bytes.max) {
            fprintf(out, " (min %s, ", report_count(ops->bytes.min, &n));
            fprintf(out, "max %s)", report_count(ops->bytes.max, &n));
        }
    }
    if (ops->cut > 0)
        fprintf(out, "; %s begun and not ended", report_count(ops->cut, &n));
    fputs("\n", out);
}

static void fill_row(struct row *r, const struct site *s, bool has_ops)
{
    const char *slash = strrchr(s->file, '/');
    char where[1024];

    if (has_ops) {
        report_mean(s->allocs_per_op, &r->allocs);
        report_mean(s->bytes_per_op, &r->bytes);
    } else {
        report_count(s->allocs, &r->allocs);
        report_count(s->bytes, &r->bytes);
    }
    report_verdicts(s, &r->verdicts);
    report_clean(s->function, &r->function);
    snprintf(where, sizeof(where), "%s", slash == NULL ? s->file : slash + 1);
    if (s->line > 0)
        snprintf(where + strlen(where), sizeof(where) - strlen(where),
                 ":%" PRIu32, s->line);
    report_clean(where, &r->where);
    report_clean(s->via, &r->via);
    report_clean(s->owner[0] == '\0' ? "-" : s->owner, &r->owner);
}

static void print_cells(FILE *out, const char *const cells[COLUMNS],
                        const size_t widths[COLUMNS])
{
    for (size_t c = 0; c < COLUMNS; c++) {
        size_t width = text_width(cells[c]);
        int pad = width < widths[c] ? (int)(widths[c] - width) : 0;
        bool is_last = c + 1 == COLUMNS;

        if (columns[c].is_number)
            fprintf(out, "%*s%s  ", pad, "", cells[c]);
        else
            fprintf(out, "%s%*s", cells[c], is_last ? 0 : pad + 2, "");
    }
    fputc('\n', out);
}

static void cells_of(const struct row *r, const char *cells[COLUMNS])
{
    cells[0] = r->allocs.text;
    cells[1] = r->bytes.text;
    cells[2] = r->verdicts.text;
    cells[3] = r->function.text;
    cells[4] = r->where.text;
    cells[5] = r->via.text;
    cells[6] = r->owner.text;
}

static void print_table(FILE *out, const struct site *sites, size_t count,
                        bool has_ops)
{
    size_t widths[COLUMNS];
    const char *cells[COLUMNS];
    struct row row;

    for (size_t c = 0; c < COLUMNS; c++) {
        cells[c] = has_ops ? columns[c].per_op : columns[c].whole_run;
        widths[c] = text_width(cells[c]);
    }
    for (size_t i = 0; i < count; i++) {
        const char *now[COLUMNS];

        fill_row(&row, &sites[i], has_ops);
        cells_of(&row, now);
        for (size_t c = 0; c < COLUMNS; c++) {
            size_t width = text_width(now[c]);

            if (width > widths[c] && width <= columns[c].max_cols)
                widths[c] = width;
        }
    }
    fputc('\n', out);
    print_cells(out, cells, widths);
    for (size_t i = 0; i < count; i++) {
        fill_row(&row, &sites[i], has_ops);
        cells_of(&row, cells);
        print_cells(out, cells, widths);
    }
}

static void print_legend(FILE *out, const struct site *sites, size_t count)
{
    bool grown = false, boxes = false;

    fputc('\n', out);
    for (int k = 0; k < VERDICT_KIND_COUNT; k++) {
        bool occurs = false;

        for (size_t i = 0; i < count; i++)
            occurs |= sites[i].verdicts.by_kind[k] > 0;
        if (occurs)
            fprintf(out, "%c   %s\n", verdict_letter((enum verdict_kind)k),
                    kind_words[k]);
    }
    for (size_t i = 0; i < count; i++) {
        grown |= sites[i].verdicts.grown > 0;
        boxes |= sites[i].verdicts.boxes > 0;
    }
    if (grown)
        fputs("+G  reached its size by realloc growth: size it once\n", out);
    if (boxes)
        fputs("+B  a box of 16 bytes or less\n", out);
    fputs("A tracer sees frees, not last reads: lifetimes are upper bounds.\n",
          out);
}

static void print_totals(FILE *out, const struct profile *p)
{
    struct totals t;
    struct report_number n;

    profile_totals(p, &t);
    fprintf(out, "\nwhole trace: %s events, ", report_count(t.events, &n));
    fprintf(out, "%s allocations, ", report_count(t.allocs, &n));
    fprintf(out, "%s frees, ", report_count(t.frees, &n));
    fprintf(out, "%s bytes asked for\n", report_count(t.bytes, &n));
    fprintf(out, "live at its end: %s blocks, ",
            report_count(t.live_blocks, &n));
    fprintf(out, "%s bytes; ", report_count(t.live_bytes, &n));
    fprintf(out, "most at once: %s bytes\n",
            report_count(t.peak_live_bytes, &n));
    if (profile_header(p)->op != NULL)
        fprintf(out,
                "not counted above (no op, warm-up, op not ended): %s "
                "allocations\n",
                report_count(t.allocs_outside_ops, &n));
    if (t.frees_unknown > 0)
        fprintf(out, "frees of blocks never seen allocated: %s\n",
                report_count(t.frees_unknown, &n));
}

static void print_ledger_field(FILE *out, const struct ledger *l,
                               const struct ledger_field *f)
{
    uint64_t value = ledger_get(l, f);
    struct report_number n;

    if (value == 0)
        return;
    if (f->is_signed && (int64_t)value < 0)
        fprintf(out, "%16" PRId64 "  %s\n", (int64_t)value, f->meaning);
    else
        fprintf(out, "%16s  %s\n", report_count(value, &n), f->meaning);
}

static void print_ledger(FILE *out, const struct profile *p)
{
    struct ledger l;

    fputs("\nledger: what was missed, and what recording cost\n", out);
    if (!profile_ledger(p, &l)) {
        fputs("  not in the trace: the recording was cut before it\n", out);
        return;
    }
    if (l.stacks_cut == 0)
        fputs("               0  stacks cut: every one is whole\n", out);
    if (l.events_dropped == 0)
        fputs("               0  events dropped\n", out);
    for (size_t i = 0; i < ledger_field_count; i++)
        print_ledger_field(out, &l, &ledger_fields[i]);
}

enum err_code report_text(struct profile *p, FILE *out, struct err *err)
{
    const struct site *sites;
    size_t count;
    struct op_summary ops;
    enum err_code rc = profile_sites(p, &sites, &count, err);

    if (rc != ERR_OK)
        return rc;
    profile_ops(p, &ops);
    print_run(out, p);
    if (ops.has_ops)
        print_ops(out, &ops);
    else
        fputs("no op was named: the whole run is one\n", out);
    if (count > 0) {
        print_table(out, sites, count, ops.count > 0);
        print_legend(out, sites, count);
    }
    print_totals(out, p);
    print_ledger(out, p);
    return report_finish(out, err);
}
