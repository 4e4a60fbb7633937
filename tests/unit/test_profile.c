#include "analysis/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/alloc_fail.h"
#include "support/temp_file.h"
#include "support/trace_builder.h"

enum { OP = 1 };

/* A sample with ops, threads, climbs, reallocs and a leak. */
static void write_sample(struct builder *b, uint64_t ops)
{
    uint32_t op = builder_stack(b, "main", "serve", NULL);
    uint32_t made =
        builder_stack(b, "main", "serve", "copy<parse:4", "@strdup", NULL);
    uint32_t freed = builder_stack(b, "main", "serve:9", NULL);

    for (uint64_t i = 0; i < ops; i++) {
        uint64_t a = 10 * (i + 1);

        builder_op_begin(b, i % 2, op, a);
        builder_alloc(b, i % 2, made, 0x100, 24, "malloc", a + 1);
        builder_realloc(b, i % 2, made, 0x100, 0x200, 48, a + 1);
        builder_return(b, i % 2, a + 1, a);
        builder_alloc(b, i % 2, made, 0x10000 + 32 * i, 8, "malloc", a + 2);
        builder_free(b, i % 2, freed, 0x200);
        builder_op_end(b, i % 2, a);
    }
}

static void profile__sums_up_ops(void **unused)
{
    const char *path = temp_path("t.swt");
    struct builder *b = builder_open(path, "serve");
    struct op_summary ops;
    struct totals totals;
    struct ledger ledger;
    struct profile *p;
    struct err err = { 0 };

    (void)unused;
    write_sample(b, 7);
    builder_close(b);
    assert_int_equal(profile_open(path, &p, &err), ERR_OK);
    assert_string_equal(profile_header(p)->op, "serve");
    assert_int_equal(profile_advance(p, 0, &err), ERR_NOT_FOUND);
    profile_ops(p, &ops);
    assert_true(ops.has_ops && ops.is_exact);
    assert_int_equal(ops.count, 7);
    assert_int_equal(ops.allocs.median, 3);
    assert_int_equal(ops.bytes.median, 24 + 48 + 8);
    profile_totals(p, &totals);
    assert_int_equal(totals.events, 7 * 8 + 2); /* and two threads */
    assert_int_equal(totals.allocs, 21);
    assert_int_equal(totals.frees, 14);
    assert_int_equal(totals.live_blocks, 7);
    assert_int_equal(totals.live_bytes, 56);
    assert_int_equal(totals.peak_live_bytes, 48 + 56);
    assert_int_equal(totals.allocs_outside_ops, 0);
    assert_string_equal(profile_damage(p), "");
    assert_true(profile_is_sealed(p));
    assert_true(profile_ledger(p, &ledger));
    assert_int_equal(ledger.events, totals.events);
    profile_close(p);
}

static void profile__stacks_add_up_to_their_sites(void **unused)
{
    const char *path = temp_path("t.swt");
    struct builder *b = builder_open(path, "serve");
    uint32_t op = builder_stack(b, "main", "serve", NULL);
    uint32_t here = builder_stack(b, "main", "serve", "parse:4", NULL);
    uint32_t deep = builder_stack(b, "main", "serve", "f:1", "parse:4", NULL);
    const struct stack_cost *costs;
    const struct site *sites;
    size_t site_count, count;
    struct profile *p;
    struct err err = { 0 };

    (void)unused;
    builder_op_begin(b, 0, op, 1);
    builder_alloc(b, 0, here, 0x100, 24, "malloc", 2);
    builder_free(b, 0, here, 0x100);
    builder_alloc(b, 0, deep, 0x200, 8, "malloc", 3);
    builder_alloc(b, 0, deep, 0x300, 8, "malloc", 4);
    builder_alloc(b, 0, here, 0x400, 5, "calloc", 5);
    builder_op_end(b, 0, 1);
    builder_close(b);
    assert_int_equal(profile_open(path, &p, &err), ERR_OK);
    assert_int_equal(profile_advance(p, 0, &err), ERR_NOT_FOUND);
    assert_int_equal(profile_stacks(p, &costs, &count, &err), ERR_OK);
    assert_int_equal(profile_sites(p, &sites, &site_count, &err), ERR_OK);
    assert_int_equal(site_count, 2); /* malloc and calloc */
    assert_int_equal(count, 3);
    assert_int_equal(costs[0].stack, here);
    assert_int_equal(costs[0].allocs, 1);
    assert_int_equal(costs[0].bytes, 24);
    assert_int_equal(costs[0].verdicts.by_kind[VERDICT_TEMPORARY], 1);
    assert_int_equal(costs[0].verdicts.by_kind[VERDICT_LIVE], 0);
    assert_int_equal(costs[1].stack, deep);
    assert_int_equal(costs[1].allocs, 2);
    assert_int_equal(costs[1].verdicts.by_kind[VERDICT_LIVE], 2);
    assert_int_equal(costs[1].verdicts.boxes, 2);
    assert_int_equal(costs[1].site, costs[0].site);
    assert_int_equal(sites[costs[0].site].allocs, 3);
    assert_int_equal(sites[costs[0].site].bytes, 24 + 16);
    assert_string_equal(sites[costs[2].site].via, "calloc");
    assert_int_equal(costs[2].bytes, sites[costs[2].site].bytes);
    profile_close(p);
}

static void profile__counts_a_whole_run_without_ops(void **unused)
{
    const char *path = temp_path("t.swt");
    struct builder *b = builder_open(path, NULL);
    const struct site *s;
    size_t count;
    struct op_summary ops;
    struct totals totals;
    struct profile *p;
    struct err err = { 0 };

    (void)unused;
    write_sample(b, 3); /* op events that nobody asked for */
    builder_close(b);
    assert_int_equal(profile_open(path, &p, &err), ERR_OK);
    assert_int_equal(profile_advance(p, 0, &err), ERR_NOT_FOUND);
    profile_ops(p, &ops);
    assert_false(ops.has_ops || ops.is_exact);
    assert_int_equal(ops.count, 0);
    assert_int_equal(profile_sites(p, &s, &count, &err), ERR_OK);
    assert_int_equal(count, 1); /* realloc, too, was called by strdup */
    assert_int_equal(s[0].allocs, 9);
    assert_true(s[0].allocs_per_op == 0);
    profile_totals(p, &totals);
    assert_int_equal(totals.allocs_outside_ops, 0);
    profile_close(p);
}

static void profile__reads_an_empty_trace(void **unused)
{
    const char *path = temp_path("t.swt");
    const struct site *s;
    size_t count;
    struct profile *p;
    struct err err = { 0 };

    (void)unused;
    builder_close(builder_open(path, "serve"));
    assert_int_equal(profile_open(path, &p, &err), ERR_OK);
    assert_int_equal(profile_sites(p, &s, &count, &err), ERR_OK);
    assert_int_equal(count, 0);
    assert_int_equal(profile_advance(p, 0, &err), ERR_NOT_FOUND);
    assert_int_equal(profile_sites(p, &s, &count, &err), ERR_OK);
    assert_int_equal(count, 0);
    profile_close(p);
}

static void profile__follows_a_growing_trace(void **unused)
{
    const char *path = temp_path("t.swt");
    struct builder *b = builder_open(path, "serve");
    uint32_t op = builder_stack(b, "main", "serve", NULL);
    const struct site *s;
    size_t count;
    struct op_summary ops;
    struct profile *p;
    struct err err = { 0 };

    (void)unused;
    builder_op_begin(b, 0, op, OP);
    builder_alloc(b, 0, op, 0x10, 8, "malloc", OP);
    builder_flush(b);
    assert_int_equal(profile_open(path, &p, &err), ERR_OK);
    assert_int_equal(profile_advance(p, 0, &err), ERR_NOT_FOUND);
    assert_int_equal(profile_sites(p, &s, &count, &err), ERR_OK);
    assert_int_equal(count, 0); /* the op has not ended: nothing counts yet */
    assert_string_not_equal(profile_damage(p), "");
    assert_false(profile_is_sealed(p));
    profile_ops(p, &ops);
    assert_int_equal(ops.cut, 1);

    builder_free(b, 0, op, 0x10);
    builder_op_end(b, 0, OP);
    builder_flush(b);
    assert_int_equal(profile_advance(p, 1, &err), ERR_OK);
    assert_int_equal(profile_advance(p, 0, &err), ERR_NOT_FOUND);
    assert_int_equal(profile_sites(p, &s, &count, &err), ERR_OK);
    assert_int_equal(count, 1);
    assert_int_equal(s[0].verdicts.by_kind[VERDICT_TEMPORARY], 1);

    builder_close(b);
    assert_int_equal(profile_advance(p, 0, &err), ERR_NOT_FOUND);
    assert_string_equal(profile_damage(p), "");
    profile_ops(p, &ops);
    assert_int_equal(ops.cut, 0);
    profile_close(p);
}

/* Each byte of a sealed trace damaged, and the file cut at each: no crash,
 * and what was read before is still there. */
static void profile__keeps_what_was_read_before_damage(void **unused)
{
    const char *whole = temp_path("whole.swt");
    const char *path = temp_path("bad.swt");
    struct builder *b = builder_open(whole, "serve");
    static char bytes[8192];
    size_t size;
    size_t damaged = 0;
    FILE *fp;

    (void)unused;
    write_sample(b, 3);
    builder_flush(b);
    write_sample(b, 3);
    builder_close(b);
    fp = fopen(whole, "rb");
    assert_non_null(fp);
    size = fread(bytes, 1, sizeof(bytes), fp);
    fclose(fp);
    assert_true(size > 500 && size < sizeof(bytes));
    for (size_t at = 0; at < 2 * size; at++) {
        struct profile *p;
        const struct site *s;
        size_t count;
        struct err err = { 0 };
        size_t keep = at < size ? size : at - size;

        if (at < size)
            bytes[at] ^= 0x40;
        fp = fopen(path, "wb");
        assert_non_null(fp);
        assert_int_equal(fwrite(bytes, 1, keep, fp), keep);
        fclose(fp);
        if (at < size)
            bytes[at] ^= 0x40;
        if (profile_open(path, &p, &err) != ERR_OK)
            continue;
        while (profile_advance(p, 5, &err) == ERR_OK)
            continue;
        damaged += profile_damage(p)[0] != '\0';
        assert_int_equal(profile_sites(p, &s, &count, &err), ERR_OK);
        profile_close(p);
    }
    assert_true(damaged > size / 2);
}

/* Events in orders that no program makes. */
static void profile__survives_hostile_orders(void **unused)
{
    const char *path = temp_path("t.swt");
    struct builder *b = builder_open(path, "serve");
    uint32_t at = builder_stack(b, "main", "serve", "f", NULL);
    const struct site *s;
    size_t count;
    struct op_summary ops;
    struct totals totals;
    struct profile *p;
    struct err err = { 0 };

    (void)unused;
    builder_op_end(b, 0, 77);
    builder_free(b, 0, at, 0x10);
    builder_op_begin(b, 0, STACK_CUT, ACTIVATION_NONE);
    builder_alloc(b, 0, at, 0x10, UINT64_MAX, "malloc", UINT64_MAX);
    builder_alloc(b, 0, at, 0x10, UINT64_MAX, "malloc", UINT64_MAX);
    builder_alloc(b, 0, STACK_ROOT, 0, UINT64_MAX, "", OP);
    builder_return(b, 0, UINT64_MAX, UINT64_MAX);
    builder_return(b, 0, ACTIVATION_NONE, OP);
    builder_free(b, 0, STACK_CUT, 0x10);
    builder_free(b, 0, at, 0x10); /* again */
    builder_free(b, 0, at, 0);
    builder_op_end(b, 0, 5);
    builder_op_end(b, 0, 5);
    builder_close(b);

    assert_int_equal(profile_open(path, &p, &err), ERR_OK);
    assert_int_equal(profile_advance(p, 0, &err), ERR_NOT_FOUND);
    assert_int_equal(profile_sites(p, &s, &count, &err), ERR_OK);
    assert_int_equal(count, 2);
    assert_int_equal(s[0].allocs, 2);
    assert_true(s[0].bytes == UINT64_MAX);
    assert_int_equal(s[0].verdicts.by_kind[VERDICT_LIVE], 1);
    profile_ops(p, &ops);
    assert_int_equal(ops.count, 1);
    assert_int_equal(ops.allocs.max, 3);
    profile_totals(p, &totals);
    assert_int_equal(totals.frees_unknown, 2);
    assert_int_equal(totals.live_blocks, 0);
    assert_true(totals.bytes == UINT64_MAX);
    profile_close(p);
}

static void profile__survives_each_failed_allocation(void **unused)
{
    const char *path = temp_path("t.swt");
    struct builder *b = builder_open(path, "serve");
    bool is_done = false;

    (void)unused;
    write_sample(b, 40);
    builder_close(b);
    for (size_t nth = 1; !is_done; nth++) {
        struct profile *p = NULL;
        const struct site *s;
        size_t count = 0;
        struct err err = { 0 };
        enum err_code rc;

        alloc_fail_at(nth);
        rc = profile_open(path, &p, &err);
        if (rc == ERR_OK)
            rc = profile_advance(p, 0, &err);
        if (rc == ERR_NOT_FOUND)
            rc = profile_sites(p, &s, &count, &err);
        is_done = !alloc_fail_happened();
        alloc_fail_at(0);
        assert_int_equal(rc, is_done ? ERR_OK : ERR_NO_MEMORY);
        assert_true(rc != ERR_OK || count == 1);
        if (p != NULL && rc != ERR_OK) /* what can be had again is had */
            assert_int_equal(profile_sites(p, &s, &count, &err), ERR_OK);
        profile_close(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(profile__sums_up_ops),
        cmocka_unit_test(profile__stacks_add_up_to_their_sites),
        cmocka_unit_test(profile__counts_a_whole_run_without_ops),
        cmocka_unit_test(profile__reads_an_empty_trace),
        cmocka_unit_test(profile__follows_a_growing_trace),
        cmocka_unit_test(profile__keeps_what_was_read_before_damage),
        cmocka_unit_test(profile__survives_hostile_orders),
        cmocka_unit_test(profile__survives_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
