#include "analysis/timeline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "analysis/asked.h"
#include "analysis/profile.h"
#include "analysis/window.h"
#include "base/attrs.h"
#include "support/alloc_fail.h"
#include "support/recording.h"
#include "support/temp_file.h"
#include "support/trace_builder.h"

enum { THREADS = 2, BLOCKS = 64, FLUSH_EVERY = 50 };

/* A program that does anything, the same each time. */
struct script {
    struct builder *b;
    uint64_t seed, next_activation, steps;
    tracee_addr live[BLOCKS];
    uint64_t owner[BLOCKS]; /* of each, as far as is known */
    size_t live_count;
    uint64_t op[THREADS]; /* activation; 0 none */
    uint32_t at[4];       /* stacks of sites */
    uint32_t op_stack, late;
};

static uint64_t next_random(struct script *s)
{
    s->seed ^= s->seed << 13;
    s->seed ^= s->seed >> 7;
    s->seed ^= s->seed << 17;
    return s->seed;
}

static void make(struct script *s, uint32_t thread)
{
    static tracee_addr next = 0x1000;
    uint64_t owner = s->next_activation++;
    uint32_t stack = s->at[next_random(s) % ARRAY_LEN(s->at)];
    bool is_watched = next_random(s) % 8 != 0;

    next += 0x40;
    builder_alloc(s->b, thread, stack, next, next_random(s) % 100, "malloc",
                  is_watched ? owner : 0);
    s->live[s->live_count++] = next;
    for (uint64_t up = next_random(s) % 3; is_watched && up > 0; up--) {
        uint64_t parent = up == 1 && s->op[thread] != 0 ? s->op[thread]
                                                        : s->next_activation++;

        builder_return(s->b, thread, owner,
                       next_random(s) % 16 == 0 ? 0 : parent);
        owner = parent;
    }
    s->owner[s->live_count - 1] = owner;
}

/* The activation that owns a block of long ago returns. */
static void hand_on(struct script *s, uint32_t thread, size_t which)
{
    uint64_t parent = s->next_activation++;

    builder_return(s->b, thread, s->owner[which], parent);
    s->owner[which] = parent;
}

static void step(struct script *s)
{
    uint32_t thread = (uint32_t)(next_random(s) % THREADS);
    size_t which =
        s->live_count == 0 ? 0 : (size_t)(next_random(s) % s->live_count);
    uint64_t what = next_random(s) % 10;

    if (what == 0 && s->op[thread] == 0) {
        s->op[thread] = s->next_activation++;
        builder_op_begin(s->b, thread, s->op_stack, s->op[thread]);
    } else if (what == 1 && s->op[thread] != 0) {
        builder_op_end(s->b, thread, s->op[thread]);
        s->op[thread] = 0;
    } else if ((what >= 2 && what < 5 && s->live_count > BLOCKS / 2) ||
               s->live_count == BLOCKS) {
        builder_free(s->b, thread, what < 3 ? s->late : s->op_stack,
                     s->live[which]);
        s->live[which] = s->live[--s->live_count];
        s->owner[which] = s->owner[s->live_count];
    } else if (what == 5 && s->live_count > 0) {
        tracee_addr to = s->live[which] + (next_random(s) % 2) * 8;

        builder_realloc(s->b, thread, s->at[0], s->live[which], to,
                        next_random(s) % 200, s->next_activation++);
        s->live[which] = to;
    } else if (what == 6 && s->live_count > 0) {
        hand_on(s, thread, which);
    } else if (what == 7 && s->live_count > 0 && next_random(s) % 4 == 0) {
        builder_alloc(s->b, thread, s->at[1], s->live[which], 7, "malloc",
                      s->next_activation++); /* its free was missed */
    } else {
        make(s, thread);
    }
    if (++s->steps % FLUSH_EVERY == 0)
        builder_flush(s->b);
}

static const char *write_script(const char *op, size_t steps)
{
    const char *path = temp_path("t.swt");
    struct script s = { .b = builder_open(path, op),
                        .seed = 4711,
                        .next_activation = 1 };

    s.op_stack = builder_stack(s.b, "main", "serve", NULL);
    s.late = builder_stack(s.b, "main:9", "sweep", NULL);
    s.at[0] = builder_stack(s.b, "main", "serve:3", "parse:4", "grow", NULL);
    s.at[1] =
        builder_stack(s.b, "main", "serve:3", "copy<parse:5", "@strdup", NULL);
    s.at[2] = builder_stack(s.b, "main", "serve:8", "?", NULL);
    s.at[3] = builder_stack(s.b, "...", "log", NULL);
    for (size_t i = 0; i < steps; i++)
        step(&s);
    builder_close(s.b);
    return path;
}

static struct timeline *open_whole(const char *path, uint64_t bytes)
{
    const struct timeline_limits limits = { bytes, 32 };
    struct timeline *t;
    struct err err = { 0 };

    assert_int_equal(timeline_open(path, &limits, &t, &err), ERR_OK);
    assert_int_equal(timeline_advance(t, 0, &err), ERR_NOT_FOUND);
    return t;
}

static uint64_t hash_at(struct timeline *t, uint64_t seq)
{
    struct err err = { 0 };

    assert_int_equal(timeline_seek(t, seq, &err), ERR_OK);
    assert_int_equal(timeline_moment(t)->next_seq, seq + 1);
    return moment_hash(timeline_moment(t));
}

/* Forward, backward and anywhere: the same state, whatever the checkpoints. */
static void timeline__gives_the_same_state_from_every_side(void **unused)
{
    static const uint64_t budgets[] = { 0, 4000, 20000, 1 << 20 };
    const char *path = write_script("serve", 1500);

    (void)unused;
    for (size_t b = 0; b < ARRAY_LEN(budgets); b++) {
        struct timeline *t = open_whole(path, budgets[b]);
        uint64_t count = timeline_events(t);
        uint64_t *want = calloc(count, sizeof(*want));

        assert_non_null(want);
        assert_true(count > 1500);
        for (uint64_t i = 0; i < count; i++)
            want[i] = hash_at(t, i);
        for (uint64_t i = count; i-- > 0;)
            assert_int_equal(hash_at(t, i), want[i]);
        for (uint64_t i = 0; i < 500; i++)
            assert_int_equal(hash_at(t, i * 7919 % count),
                             want[i * 7919 % count]);
        free(want);
        timeline_close(t);
    }
}

/* The hash tells states apart. */
static void timeline__hashes_differ_from_event_to_event(void **unused)
{
    struct timeline *t = open_whole(write_script("serve", 200), 1 << 20);
    uint64_t last = 0;

    (void)unused;
    for (uint64_t i = 0; i < timeline_events(t); i++) {
        uint64_t hash = hash_at(t, i);

        assert_int_not_equal(hash, last);
        last = hash;
    }
    timeline_close(t);
}

/* The model of profile.c says the same of what is live. */
static void timeline__agrees_with_the_profile(void **unused)
{
    static const char *const ops[] = { "serve", NULL };

    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
        const char *path = write_script(ops[i], 3000);
        struct timeline *t = open_whole(path, 1 << 20);
        struct profile *p;
        struct err err = { 0 };

        assert_int_equal(profile_open(path, &p, &err), ERR_OK);
        for (uint64_t n = 0; n < timeline_events(t); n++) {
            struct totals totals;

            assert_int_equal(profile_advance(p, 1, &err), ERR_OK);
            profile_totals(p, &totals);
            if (n % 17 != 0 && n + 1 < timeline_events(t))
                continue;
            assert_int_equal(timeline_seek(t, n, &err), ERR_OK);
            assert_int_equal(moment_live_blocks(timeline_moment(t)),
                             totals.live_blocks);
            assert_int_equal(moment_live_bytes(timeline_moment(t)),
                             totals.live_bytes);
            assert_int_equal(timeline_moment(t)->allocs, totals.allocs);
            if (n + 1 == timeline_events(t))
                assert_int_equal(timeline_peak(t, 0, n),
                                 totals.peak_live_bytes);
        }
        profile_close(p);
        timeline_close(t);
    }
}

struct count {
    uint64_t allocs, bytes, grown, boxes, at_most;
    uint64_t by_kind[VERDICT_KIND_COUNT];
};

static void count_block(struct count *c, const struct window_block *b)
{
    c->allocs++;
    c->bytes += b->size_bytes;
    c->grown += b->is_grown;
    c->boxes += b->size_bytes <= 16;
    c->at_most += b->verdict.is_at_most;
    c->by_kind[b->verdict.kind]++;
}

static void count_op(struct timeline *t, uint64_t op, const struct site *sites,
                     size_t site_count, struct count *counts)
{
    struct window w = { 0 };
    struct err err = { 0 };
    struct timeline_op o = { 0 };

    timeline_op(t, op, &o);
    for (uint64_t at = o.first;; at = w.last + 1) {
        assert_int_equal(window_load(&w, t, op, at, &err), ERR_OK);
        assert_true(window_is(&w, op, w.last));
        for (size_t i = 0; i < w.block_count; i++) {
            struct asked asked;
            size_t s = 0;

            asked_find(timeline_tables(t), w.blocks[i].stack, w.blocks[i].text,
                       &asked);
            while (s < site_count && !asked_is(&asked, &sites[s]))
                s++;
            assert_true(s < site_count);
            count_block(&counts[s], &w.blocks[i]);
            assert_ptr_equal(window_block_of(&w, w.blocks[i].seq),
                             &w.blocks[i]);
        }
        if (w.last == w.op_last)
            break;
    }
    window_fini(&w);
}

/* Block by block the same verdicts as site by site, of the ops that count. */
static void compare(const char *path)
{
    struct timeline *t = open_whole(path, 1 << 20);
    struct count *counts;
    const struct site *sites;
    size_t site_count;
    struct profile *p;
    struct err err = { 0 };

    assert_int_equal(profile_open(path, &p, &err), ERR_OK);
    assert_int_equal(profile_advance(p, 0, &err), ERR_NOT_FOUND);
    assert_int_equal(profile_sites(p, &sites, &site_count, &err), ERR_OK);
    assert_true(site_count >= 3);
    counts = calloc(site_count, sizeof(*counts));
    assert_non_null(counts);
    if (timeline_header(t)->op == NULL)
        count_op(t, 0, sites, site_count, counts);
    for (uint64_t op = timeline_header(t)->warmup_ops + 1;
         op <= timeline_ops(t); op++) {
        struct timeline_op o;

        assert_true(timeline_op(t, op, &o));
        if (o.is_whole)
            count_op(t, op, sites, site_count, counts);
    }
    for (size_t s = 0; s < site_count; s++) {
        const struct verdict_counts *v = &sites[s].verdicts;

        assert_int_equal(counts[s].allocs, sites[s].allocs);
        assert_int_equal(counts[s].bytes, sites[s].bytes);
        assert_int_equal(counts[s].grown, v->grown);
        assert_int_equal(counts[s].boxes, v->boxes);
        assert_int_equal(counts[s].at_most, v->at_most);
        assert_memory_equal(counts[s].by_kind, v->by_kind, sizeof(v->by_kind));
    }
    free(counts);
    profile_close(p);
    timeline_close(t);
}

static void window__adds_up_to_the_report(void **unused)
{
    (void)unused;
    compare(write_script("serve", 3000));
    compare(write_script(NULL, 3000));
    compare(write_script(NULL, 24000)); /* in two parts */
}

/* The traces of the course, as they were recorded. */
static void window__adds_up_to_the_report_of_recorded_traces(void **unused)
{
    (void)unused;
    for (int i = 0; i < 7; i++) {
        char path[sizeof(TRACES) + 32];

        snprintf(path, sizeof(path), "%s/stage%d.swt", TRACES, i);
        compare(path);
    }
}

/* Events that make no sense together: it is the same nonsense from every
 * side. */
static void timeline__survives_any_events(void **unused)
{
    const char *path = temp_path("any.swt");
    const struct plan plan = { .events = 2000, .flush_every = 90 };
    struct recording made;
    struct window w = { 0 };
    struct timeline *t;
    uint64_t *want;
    struct err err = { 0 };

    (void)unused;
    recording_make(path, &plan, &made);
    t = open_whole(path, 20000);
    assert_int_equal(timeline_events(t), plan.events);
    want = calloc(plan.events, sizeof(*want));
    assert_non_null(want);
    for (uint64_t i = 0; i < plan.events; i++)
        want[i] = hash_at(t, i);
    for (uint64_t i = plan.events; i-- > 0;)
        assert_int_equal(hash_at(t, i), want[i]);
    for (uint64_t op = timeline_ops(t) == 0 ? 0 : 1; op <= timeline_ops(t);
         op++)
        assert_int_equal(window_load(&w, t, op, UINT64_MAX, &err), ERR_OK);
    window_fini(&w);
    free(want);
    timeline_close(t);
}

static enum err_code use_all(const char *path, struct err *err)
{
    const struct timeline_limits limits = { 6000, 32 };
    struct timeline *t = NULL;
    struct window w = { 0 };
    enum err_code rc = timeline_open(path, &limits, &t, err);

    if (rc == ERR_OK)
        rc = timeline_advance(t, 0, err);
    if (rc == ERR_NOT_FOUND)
        rc = timeline_seek(t, timeline_events(t) - 1, err);
    if (rc == ERR_OK)
        rc = timeline_seek(t, timeline_events(t) / 2, err);
    if (rc == ERR_OK)
        rc = window_load(&w, t, 1, 0, err);
    window_fini(&w);
    timeline_close(t);
    return rc;
}

static void timeline__survives_each_failed_allocation(void **unused)
{
    const char *path = write_script("serve", 300);
    bool happened = true;

    (void)unused;
    for (size_t nth = 1; happened; nth++) {
        struct err err = { 0 };
        enum err_code rc;

        alloc_fail_at(nth);
        rc = use_all(path, &err);
        happened = alloc_fail_happened();
        alloc_fail_at(0);
        assert_int_equal(rc, happened ? ERR_NO_MEMORY : ERR_OK);
    }
}

/* A recorder that ran out of disk cuts its newest chunks off again. */
static void timeline__says_when_events_are_gone(void **unused)
{
    const char *path = write_script("serve", 1000);
    struct timeline *t = open_whole(path, 1 << 20);
    struct err err = { 0 };
    struct event ev;

    (void)unused;
    assert_int_equal(truncate(path, 3000), 0);
    assert_int_equal(timeline_event(t, timeline_events(t) - 1, &ev, &err),
                     ERR_BAD_FORMAT);
    assert_int_equal(timeline_seek(t, timeline_events(t) - 1, &err),
                     ERR_BAD_FORMAT);
    assert_int_equal(timeline_seek(t, 3, &err), ERR_OK);
    timeline_close(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timeline__gives_the_same_state_from_every_side),
        cmocka_unit_test(timeline__hashes_differ_from_event_to_event),
        cmocka_unit_test(timeline__agrees_with_the_profile),
        cmocka_unit_test(window__adds_up_to_the_report),
        cmocka_unit_test(window__adds_up_to_the_report_of_recorded_traces),
        cmocka_unit_test(timeline__survives_any_events),
        cmocka_unit_test(timeline__survives_each_failed_allocation),
        cmocka_unit_test(timeline__says_when_events_are_gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
