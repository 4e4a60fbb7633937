#include "analysis/report.h"

#include "analysis/report_print.h"

/* clang-format off */
const struct report_format report_formats[] = {
    { "text", "sites, ops and verdicts for people", report_text },
    { "json", "the same as one JSON object",        report_json },
    { "csv",  "one line per site (RFC 4180)",       report_csv },
    { "go",   "the Go compiler's words, and a line for benchstat",
      report_go },
};
/* clang-format on */

const size_t report_format_count = ARRAY_LEN(report_formats);
