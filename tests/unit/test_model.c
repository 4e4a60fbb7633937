#include "analysis/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/profile.h"
#include "support/temp_file.h"
#include "support/trace_builder.h"

/* Random events against a slow, obvious model: a list of all blocks there
 * ever were, in which each knows its owner, and a list of all ops. The events
 * are not those of a sane program; what they mean is defined all the same. */
enum {
    EVENTS = 1500,
    SEEDS = 60,
    THREADS = 3,
    ADDRESSES = 24,
    ACTIVATIONS = 12,
    STACKS = 5,
};

struct slow_block {
    tracee_addr addr;
    uint64_t size_bytes, seq;
    uint32_t thread, stack;
    size_t op; /* 1-based, 0 none */
    uint64_t owner, hops;
    bool is_live;
    char letter; /* once it was freed */
    uint64_t up;
};

struct slow_op {
    uint32_t thread;
    uint64_t activation;
    bool is_open, has_ended;
    uint64_t allocs, bytes;
};

struct slow {
    struct slow_block blocks[EVENTS];
    size_t block_count;
    struct slow_op ops[EVENTS + 1]; /* [0] is not used */
    size_t op_count;
    bool has_ops;
    uint64_t random;
    uint64_t live_bytes, peak_bytes, unknown;
};

static const struct {
    const char *function; /* the site's */
    uint32_t depth;
} sites[STACKS] = {
    { "serve", 2 }, { "a", 3 }, { "b", 4 }, { "c", 5 }, { "d", 7 },
};

static uint32_t stacks[STACKS];

static uint64_t draw(struct slow *s, uint64_t range)
{
    s->random = s->random * UINT64_C(6364136223846793005) +
                UINT64_C(1442695040888963407);
    return (s->random >> 33) % range;
}

static size_t open_op_of(const struct slow *s, uint32_t thread)
{
    for (size_t i = 1; i <= s->op_count; i++)
        if (s->ops[i].is_open && s->ops[i].thread == thread)
            return i;
    return 0;
}

static struct slow_block *live_at(struct slow *s, tracee_addr addr)
{
    for (size_t i = 0; i < s->block_count; i++)
        if (s->blocks[i].is_live && s->blocks[i].addr == addr)
            return &s->blocks[i];
    return NULL;
}

static void slow_alloc(struct slow *s, struct builder *b)
{
    struct slow_block n = { .addr = 16 * (1 + draw(s, ADDRESSES)),
                            .size_bytes = draw(s, 100),
                            .thread = (uint32_t)draw(s, THREADS),
                            .stack = (uint32_t)draw(s, STACKS),
                            .owner = 1 + draw(s, ACTIVATIONS),
                            .is_live = true };
    struct slow_block *old = live_at(s, n.addr);

    if (old != NULL) {
        old->is_live = false; /* its free was missed: stays without letter */
        s->live_bytes -= old->size_bytes;
    }
    n.op = s->has_ops ? open_op_of(s, n.thread) : 0;
    s->ops[n.op].allocs++;
    s->ops[n.op].bytes += n.size_bytes;
    s->live_bytes += n.size_bytes;
    if (s->live_bytes > s->peak_bytes)
        s->peak_bytes = s->live_bytes;
    builder_alloc(b, n.thread, stacks[n.stack], n.addr, n.size_bytes, "malloc",
                  n.owner);
    s->blocks[s->block_count++] = n;
}

static void slow_judge(const struct slow *s, struct slow_block *k,
                       uint32_t thread)
{
    uint64_t depth = sites[k->stack].depth;
    bool is_op = s->has_ops ? k->owner == s->ops[k->op].activation &&
                                  k->owner != ACTIVATION_NONE
                            : k->hops + 1 >= depth;

    k->up = k->hops < depth ? k->hops : depth - 1;
    if (thread != k->thread || (s->has_ops && !s->ops[k->op].is_open))
        k->letter = 'C';
    else if (k->hops == 0)
        k->letter = 'T';
    else
        k->letter = is_op ? 'O' : 'U';
}

static void slow_free(struct slow *s, struct builder *b)
{
    tracee_addr addr = 16 * (1 + draw(s, ADDRESSES));
    uint32_t thread = (uint32_t)draw(s, 8) == 0 ? 1 : 0;
    struct slow_block *k = live_at(s, addr);

    if (k == NULL) {
        s->unknown++;
    } else {
        /* Mostly by the thread that made it, or all would be C. */
        thread = draw(s, 4) > 0 ? k->thread : thread;
        k->is_live = false;
        s->live_bytes -= k->size_bytes;
        slow_judge(s, k, thread);
    }
    builder_free(b, thread, stacks[draw(s, STACKS)], addr);
}

static void slow_return(struct slow *s, struct builder *b)
{
    uint64_t id = 1 + draw(s, ACTIVATIONS);
    uint64_t parent = draw(s, ACTIVATIONS + 1); /* NONE, too */

    for (size_t i = 0; i < s->block_count; i++) {
        if (s->blocks[i].is_live && s->blocks[i].owner == id) {
            s->blocks[i].owner = parent;
            s->blocks[i].hops++;
        }
    }
    builder_return(b, 0, id, parent);
}

static void slow_op_step(struct slow *s, struct builder *b)
{
    uint32_t thread = (uint32_t)draw(s, THREADS);
    size_t open = open_op_of(s, thread);

    if (draw(s, 20) == 0) { /* the thread is gone, or so the trace says */
        s->ops[open].is_open = false;
        builder_event(
            b, &(struct event){ .kind = EV_THREAD_END, .thread = thread });
    } else if (open == 0 || draw(s, 10) == 0) { /* also without an end */
        s->ops[open].is_open = false;
        s->ops[++s->op_count] = (struct slow_op){
            .thread = thread,
            .activation = 1 + draw(s, ACTIVATIONS),
            .is_open = true,
        };
        builder_op_begin(b, thread, stacks[0], s->ops[s->op_count].activation);
    } else {
        s->ops[open].is_open = false;
        s->ops[open].has_ended = true;
        builder_op_end(b, thread, s->ops[open].activation);
    }
}

static const char *slow_write(struct slow *s, uint64_t warmup)
{
    const char *path = temp_path("random.swt");
    char op[] = "serve", empty[] = "";
    struct trace_header h = { .program = empty,
                              .op = s->has_ops ? op : NULL,
                              .warmup_ops = warmup,
                              .frames_exact = true,
                              .engine = empty,
                              .version = empty,
                              .machine = empty };
    struct builder *b = builder_open_with(path, &h);

    stacks[0] = builder_stack(b, "main", "serve", NULL);
    stacks[1] = builder_stack(b, "main", "serve", "a", NULL);
    stacks[2] = builder_stack(b, "main", "serve", "a:1", "b", NULL);
    stacks[3] =
        builder_stack(b, "main", "serve", "a:2", "b:2", "c", "@strdup", NULL);
    stacks[4] = builder_stack(b, "main", "serve", "a:3", "b:3", "c:3", "c:4",
                              "d", NULL);
    for (int i = 0; i < EVENTS; i++) {
        uint64_t dice = draw(s, 10);

        if (dice < 4)
            slow_alloc(s, b);
        else if (dice < 7)
            slow_free(s, b);
        else if (dice < 9)
            slow_return(s, b);
        else if (s->has_ops)
            slow_op_step(s, b);
    }
    builder_close(b);
    return path;
}

static void slow_counts(const struct slow *s, uint64_t warmup, uint32_t stack,
                        struct site *out)
{
    *out = (struct site){ 0 };
    for (size_t i = 0; i < s->block_count; i++) {
        const struct slow_block *k = &s->blocks[i];

        if (k->stack != stack)
            continue;
        if (s->has_ops && (k->op <= warmup || !s->ops[k->op].has_ended))
            continue;
        out->allocs++;
        out->bytes += k->size_bytes;
        out->frees += k->letter != '\0';
        for (int v = 0; v < VERDICT_KIND_COUNT; v++) {
            char letter = verdict_letter((enum verdict_kind)v);

            if (letter == (k->letter == '\0' ? 'L' : k->letter))
                out->verdicts.by_kind[v]++;
        }
        if (k->letter == 'U')
            out->verdicts.by_up[k->up > 0 ? k->up : 1]++;
    }
}

static void compare_sites(const struct slow *s, uint64_t warmup,
                          struct profile *p)
{
    const struct site *rows;
    size_t count, seen = 0;
    struct err err = { 0 };

    assert_int_equal(profile_sites(p, &rows, &count, &err), ERR_OK);
    for (uint32_t i = 0; i < STACKS; i++) {
        struct site want;
        size_t found = 0;

        slow_counts(s, warmup, i, &want);
        seen += want.allocs > 0;
        for (size_t r = 0; r < count; r++) {
            if (strcmp(rows[r].function, sites[i].function) != 0)
                continue;
            found++;
            assert_int_equal(rows[r].allocs, want.allocs);
            assert_int_equal(rows[r].bytes, want.bytes);
            assert_int_equal(rows[r].frees, want.frees);
            assert_memory_equal(rows[r].verdicts.by_kind, want.verdicts.by_kind,
                                sizeof(want.verdicts.by_kind));
            assert_memory_equal(rows[r].verdicts.by_up, want.verdicts.by_up,
                                sizeof(want.verdicts.by_up));
        }
        assert_int_equal(found, want.allocs > 0);
    }
    assert_int_equal(count, seen);
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static void compare_ops(const struct slow *s, uint64_t warmup,
                        const struct profile *p)
{
    static uint64_t allocs[EVENTS], bytes[EVENTS];
    struct op_summary got;
    size_t count = 0, cut = 0;

    for (size_t i = 1; i <= s->op_count; i++) {
        cut += !s->ops[i].has_ended;
        if (i <= warmup || !s->ops[i].has_ended)
            continue;
        allocs[count] = s->ops[i].allocs;
        bytes[count++] = s->ops[i].bytes;
    }
    qsort(allocs, count, sizeof(*allocs), compare_u64);
    qsort(bytes, count, sizeof(*bytes), compare_u64);
    profile_ops(p, &got);
    assert_int_equal(got.has_ops, s->has_ops);
    assert_int_equal(got.count, count);
    assert_int_equal(got.cut, cut);
    if (count == 0)
        return;
    assert_int_equal(got.allocs.min, allocs[0]);
    assert_int_equal(got.allocs.median, allocs[(count - 1) / 2]);
    assert_int_equal(got.allocs.max, allocs[count - 1]);
    assert_int_equal(got.bytes.median, bytes[(count - 1) / 2]);
    assert_int_equal(got.is_exact, allocs[0] == allocs[count - 1]);
}

static void compare_totals(const struct slow *s, const struct profile *p)
{
    struct totals got;
    uint64_t live = 0, freed = 0;

    for (size_t i = 0; i < s->block_count; i++) {
        live += s->blocks[i].is_live;
        freed += s->blocks[i].letter != '\0';
    }
    profile_totals(p, &got);
    assert_int_equal(got.allocs, s->block_count);
    assert_int_equal(got.frees, freed);
    assert_int_equal(got.frees_unknown, s->unknown);
    assert_int_equal(got.live_blocks, live);
    assert_int_equal(got.live_bytes, s->live_bytes);
    assert_int_equal(got.peak_live_bytes, s->peak_bytes);
}

static void run_seed(uint64_t seed, bool has_ops)
{
    struct slow *s = calloc(1, sizeof(*s));
    uint64_t warmup = has_ops ? seed % 4 : 0;
    struct profile *p;
    struct err err = { 0 };
    enum err_code rc;

    assert_non_null(s);
    s->random = seed;
    s->has_ops = has_ops;
    assert_int_equal(profile_open(slow_write(s, warmup), &p, &err), ERR_OK);
    do { /* in small steps, sites in between: they must not disturb */
        const struct site *rows;
        size_t count;

        rc = profile_advance(p, 400, &err);
        assert_int_equal(profile_sites(p, &rows, &count, &err), ERR_OK);
    } while (rc == ERR_OK);
    assert_int_equal(rc, ERR_NOT_FOUND);
    compare_sites(s, warmup, p);
    compare_ops(s, warmup, p);
    compare_totals(s, p);
    profile_close(p);
    free(s);
}

static void model__agrees_with_a_slow_one_on_ops(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        run_seed(seed, true);
}

static void model__agrees_with_a_slow_one_on_whole_runs(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        run_seed(seed + 1000, false);
}

static void model__keeps_live_bytes_beyond_64_bits(void **unused)
{
    struct model m;
    struct block b = { .size_bytes = UINT64_MAX - 5 };
    struct block out;
    struct err err = { 0 };

    (void)unused;
    model_init(&m);
    for (tracee_addr a = 1; a <= 4; a++)
        assert_int_equal(model_add(&m, a, &b, &err), ERR_OK);
    assert_true(model_live_bytes(&m) == UINT64_MAX);
    assert_true(m.peak_live_bytes == UINT64_MAX);
    b.size_bytes = 7;
    assert_int_equal(model_add(&m, 9, &b, &err), ERR_OK);
    for (tracee_addr a = 1; a <= 4; a++)
        assert_true(model_take(&m, a, &out));
    assert_int_equal(model_live_bytes(&m), 7);
    assert_int_equal(model_live_blocks(&m), 1);
    assert_false(model_take(&m, 1, &out));
    model_fini(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(model__agrees_with_a_slow_one_on_ops),
        cmocka_unit_test(model__agrees_with_a_slow_one_on_whole_runs),
        cmocka_unit_test(model__keeps_live_bytes_beyond_64_bits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
