/*
 * report_print.h - what the report formats share: names, numbers, verdicts.
 */
#ifndef ANALYSIS_REPORT_PRINT_H
#define ANALYSIS_REPORT_PRINT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "analysis/profile.h"
#include "base/err.h"

/* The formats, for the table in report.c. */
enum err_code report_text(struct profile *p, FILE *out, struct err *err);
enum err_code report_json(struct profile *p, FILE *out, struct err *err);
enum err_code report_csv(struct profile *p, FILE *out, struct err *err);
enum err_code report_go(struct profile *p, FILE *out, struct err *err);

/* Room for one foreign name made clean; longer ones are cut. */
struct report_name {
    char text[2048];
};

/* Makes a foreign name fit to print. Gives n->text. */
const char *report_clean(const char *name, struct report_name *n);

/* Room for the longest number. */
struct report_number {
    char text[48];
};

/* "1,234,567". Gives n->text. */
const char *report_count(uint64_t value, struct report_number *n);

/* "18", or "17.95" when it is not whole. Gives n->text. */
const char *report_mean(double value, struct report_number *n);

/* One kind of verdict at a site: T, U1 ... U8, O, C, L. */
struct report_share {
    char label[4];
    uint64_t blocks; /* never 0 */
};

enum { REPORT_SHARES_MAX = VERDICT_KIND_COUNT + PROFILE_UP_MAX };

/* The kinds that occur, by rising length of life. Gives how many. */
size_t report_shares(const struct verdict_counts *v,
                     struct report_share out[REPORT_SHARES_MAX]);

/* "U1 75% T 25% +G", the commonest first. */
struct report_mix {
    char text[160];
};
const char *report_verdicts(const struct site *s, struct report_mix *out);

/* ERR_IO when something that was printed to `out` was not taken. */
enum err_code report_finish(FILE *out, struct err *err) MUST_CHECK;

#endif
