#include "analysis/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "analysis/report_print.h"
#include "support/alloc_fail.h"
#include "support/temp_file.h"
#include "support/trace_builder.h"

static const char *write_ops(void)
{
    const char *path = temp_path("ops.swt");
    struct builder *b = builder_open(path, "serve");
    uint32_t op = builder_stack(b, "main", "serve", NULL);
    uint32_t dup =
        builder_stack(b, "main", "serve", "parse:41", "@strdup", NULL);
    uint32_t odd = builder_stack(b, "main", "serve", "a\033[31m,\"b:7", NULL);

    for (uint64_t i = 0; i < 4; i++) {
        uint64_t a = 10 * (i + 1);

        builder_op_begin(b, 0, op, a);
        builder_alloc(b, 0, dup, 0x100, 1000, "malloc", a + 1);
        builder_return(b, 0, a + 1, a);
        builder_alloc(b, 0, odd, 0x1000 + 16 * i, 9, "malloc", a + 2);
        builder_free(b, 0, op, 0x100);
        builder_op_end(b, 0, a);
    }
    builder_close(b);
    return path;
}

static char *print(const char *option, const char *path)
{
    const struct report_format *f = NULL;
    struct profile *p;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    struct err err = { 0 };

    assert_non_null(out);
    for (size_t i = 0; i < report_format_count; i++)
        if (strcmp(report_formats[i].option, option) == 0)
            f = &report_formats[i];
    assert_non_null(f);
    assert_int_equal(profile_open(path, &p, &err), ERR_OK);
    while (profile_advance(p, 0, &err) == ERR_OK)
        continue;
    assert_int_equal(f->print(p, out, &err), ERR_OK);
    profile_close(p);
    fclose(out);
    return text;
}

/* A run that is cut, with a growing block, and no op. */
static const char *write_cut(void)
{
    const char *path = temp_path("cut.swt");
    struct builder *b = builder_open(path, NULL);
    uint32_t at = builder_stack(b, "main", "f:5", NULL);

    builder_alloc(b, 0, at, 0x10, 1, "malloc", 2);
    builder_realloc(b, 0, at, 0x10, 0x20, 99, 2);
    builder_free(b, 1, at, 0x20);
    builder_flush(b);
    builder_abandon(b);
    return path;
}

static void assert_report(const char *option, const char *path,
                          const char *want)
{
    char *got = print(option, path);

    assert_string_equal(got, want);
    free(got);
}

static void report__is_text_for_people(void **unused)
{
    (void)unused;
    assert_report(
        "text", write_ops(),
        "ran /bin/prog, op serve\n"
        "2 allocs/op exact (min 2, max 2, 4 ops after 0 warm-up), 1,009 B/op\n"
        "\n"
        "allocs/op   B/op  verdict  function   where      via     owned by\n"
        "        1  1,000  O        parse      prog.c:41  strdup  serve\n"
        "        1      9  L +B     a\xef\xbf\xbd[31m,\"b  prog.c:7   malloc  "
        "-\n"
        "\n"
        "O   operation: outlived all frames below the op's own, freed before "
        "the op ended\n"
        "L   live: never freed while recording\n"
        "+B  a box of 16 bytes or less\n"
        "A tracer sees frees, not last reads: lifetimes are upper bounds.\n"
        "\n"
        "whole trace: 25 events, 8 allocations, 4 frees, 4,036 bytes asked "
        "for\n"
        "live at its end: 4 blocks, 36 bytes; most at once: 1,036 bytes\n"
        "not counted above (no op, warm-up, op not ended): 0 allocations\n"
        "\n"
        "ledger: what was missed, and what recording cost\n"
        "               0  stacks cut: every one is whole\n"
        "               0  events dropped\n"
        "              25  events in the trace\n");
}

static void report__says_first_that_a_trace_was_cut(void **unused)
{
    (void)unused;
    assert_report(
        "text", write_cut(),
        "INCOMPLETE: the recording was cut short, or is still going on; all 6 "
        "events up to there are here\n"
        "ran /bin/prog\n"
        "no op was named: the whole run is one\n"
        "\n"
        "allocs  bytes  verdict  function  where     via      owned by\n"
        "     1     99  C +G     f         prog.c:5  realloc  -\n"
        "     1      1  T +B     f         prog.c:5  malloc   f\n"
        "\n"
        "T   temporary: freed before the function that asked for it returned\n"
        "C   crosses: freed after its op ended, or by another thread\n"
        "+G  reached its size by realloc growth: size it once\n"
        "+B  a box of 16 bytes or less\n"
        "A tracer sees frees, not last reads: lifetimes are upper bounds.\n"
        "\n"
        "whole trace: 6 events, 2 allocations, 2 frees, 100 bytes asked for\n"
        "live at its end: 0 blocks, 0 bytes; most at once: 99 bytes\n"
        "\n"
        "ledger: what was missed, and what recording cost\n"
        "  not in the trace: the recording was cut before it\n");
}

static void report__is_csv(void **unused)
{
    (void)unused;
    assert_report(
        "csv", write_ops(),
        "function,file,line,column,via,allocs,frees,bytes,allocs_per_op,"
        "bytes_per_op,T,U,O,C,L,grown,boxes,at_most,worst,owner,freed_in,"
        "life_median_events\r\n"
        "parse,/src/prog.c,41,0,strdup,4,4,4000,1.0000,1000.0000,0,0,4,0,0,0,"
        "0,0,O,serve,serve,3\r\n"
        "\"a\xef\xbf\xbd[31m,\"\"b\",/src/prog.c,7,0,malloc,4,0,36,1.0000,"
        "9.0000,0,0,0,0,4,0,4,0,L,,,0\r\n");
}

static void report__speaks_as_the_go_compiler(void **unused)
{
    (void)unused;
    assert_report("go", write_ops(),
                  "/src/prog.c:41:1: moved to heap: strdup in parse, owned by "
                  "serve (O; 1 allocs/op, 1,000 B/op)\n"
                  "/src/prog.c:7:1: moved to heap: malloc in "
                  "a\xef\xbf\xbd[31m,\"b (L +B; 1 allocs/op, 9 B/op)\n"
                  "BenchmarkServe 4 1009 B/op 2 allocs/op\n");
    assert_report("go", write_cut(),
                  "/src/prog.c:5:1: moved to heap: realloc in f (C +G; 1 "
                  "allocs, 99 B)\n"
                  "/src/prog.c:5:1: malloc in f does not escape (T +B; 1 "
                  "allocs, 1 B)\n");
}

static double number(const cJSON *json, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, key);

    assert_true(cJSON_IsNumber(item));
    return item->valuedouble;
}

static void report__is_json(void **unused)
{
    char *text = print("json", write_ops());
    cJSON *json = cJSON_Parse(text);
    const cJSON *site, *verdicts;

    (void)unused;
    assert_non_null(json);
    assert_true(number(json, "allocs") == 8);
    assert_true(number(json, "frees") == 4);
    assert_true(number(json, "bytes") == 4036);
    assert_true(number(json, "ops") == 4);
    assert_true(number(json, "allocs_per_op") == 2);
    assert_true(number(json, "bytes_per_op") == 1009);
    assert_true(cJSON_IsTrue(cJSON_GetObjectItem(json, "exact")));
    assert_true(cJSON_IsTrue(cJSON_GetObjectItem(json, "complete")));
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(json, "damage")));
    assert_true(number(cJSON_GetObjectItem(json, "totals"), "events") == 25);
    assert_true(number(cJSON_GetObjectItem(json, "ledger"), "events") == 25);
    site = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "sites"), 0);
    verdicts = cJSON_GetObjectItem(site, "verdicts");
    assert_true(number(verdicts, "O") == 4);
    assert_int_equal(cJSON_GetArraySize(verdicts), 1);
    assert_true(number(site, "line") == 41);
    assert_true(number(site, "allocs_per_op") == 1);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(site, "via")),
                        "strdup");
    cJSON_Delete(json);
    free(text);

    text = print("json", write_cut());
    json = cJSON_Parse(text);
    assert_non_null(json);
    assert_true(cJSON_IsFalse(cJSON_GetObjectItem(json, "complete")));
    assert_true(cJSON_IsString(cJSON_GetObjectItem(json, "damage")));
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(json, "allocs_per_op")));
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(json, "ledger")));
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(json, "op")));
    cJSON_Delete(json);
    free(text);
}

static void report__shares_add_up(void **unused)
{
    struct site s = { .allocs = 1000 };
    struct report_mix mix;

    (void)unused;
    s.verdicts.by_kind[VERDICT_TEMPORARY] = 4;
    s.verdicts.by_kind[VERDICT_UP] = 999 - 4;
    s.verdicts.by_up[1] = 700;
    s.verdicts.by_up[PROFILE_UP_MAX] = 295;
    s.verdicts.by_kind[VERDICT_LIVE] = 1;
    s.verdicts.grown = 1;
    s.verdicts.at_most = 3;
    assert_string_equal(report_verdicts(&s, &mix),
                        "U1 70% U8 29% T <1% L <1% +G (at most)");
    /* All at once, and more of each than there can be. */
    for (int k = 0; k < VERDICT_KIND_COUNT; k++)
        s.verdicts.by_kind[k] = UINT64_MAX;
    for (int up = 0; up <= PROFILE_UP_MAX; up++)
        s.verdicts.by_up[up] = UINT64_MAX;
    assert_true(strlen(report_verdicts(&s, &mix)) < sizeof(mix.text));
}

static void report__survives_a_full_disk_and_no_memory(void **unused)
{
    const char *path = write_ops();

    (void)unused;
    for (size_t i = 0; i < report_format_count; i++) {
        struct profile *p;
        struct err err = { 0 };
        FILE *full = fopen("/dev/full", "w");
        FILE *null = fopen("/dev/null", "w");
        enum err_code rc = ERR_NO_MEMORY;

        assert_true(full != NULL && null != NULL);
        assert_int_equal(profile_open(path, &p, &err), ERR_OK);
        assert_int_equal(profile_advance(p, 0, &err), ERR_NOT_FOUND);
        for (size_t nth = 1; rc == ERR_NO_MEMORY; nth++) {
            alloc_fail_at(nth);
            rc = report_formats[i].print(p, null, &err);
            alloc_fail_at(0);
        }
        assert_int_equal(rc, ERR_OK);
        assert_int_equal(report_formats[i].print(p, full, &err), ERR_IO);
        profile_close(p);
        fclose(full);
        fclose(null);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(report__is_text_for_people),
        cmocka_unit_test(report__says_first_that_a_trace_was_cut),
        cmocka_unit_test(report__is_csv),
        cmocka_unit_test(report__speaks_as_the_go_compiler),
        cmocka_unit_test(report__is_json),
        cmocka_unit_test(report__shares_add_up),
        cmocka_unit_test(report__survives_a_full_disk_and_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
