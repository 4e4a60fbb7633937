#include "analysis/lives.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/temp_file.h"
#include "support/trace_builder.h"

/*
 * A program is played: threads call, return, jump out of several frames, go
 * into inlined calls, allocate and free, at random. Each call has a number of
 * its own, so the truth about a block is plain: which of the calls that made
 * it is still there. The events are those a recorder would write of it. What
 * the profile says must be the truth.
 */
enum {
    STEPS = 2500,
    SEEDS = 40,
    THREADS = 2,
    DEPTH_MAX = 8,
    BLOCKS = 30,   /* live at most */
    FUNCTIONS = 4, /* f0 to f3: recursion happens */
    CALLS_MAX = 2 * DEPTH_MAX,
};

struct frame {
    char function[16];
    unsigned line;
    uint64_t number;     /* of this call */
    uint64_t activation; /* 0: not watched */
    unsigned owns;       /* blocks */
    uint64_t inlined;    /* number of a call inlined into it; 0 none */
    unsigned inlined_kind;
    unsigned inlined_from; /* the line it was called from */
};

struct call {
    uint64_t number;
    bool is_op; /* the op's own function, or main */
};

struct made {
    bool is_live;
    uint32_t thread;
    uint64_t op;                  /* 0: in none */
    unsigned function;            /* index into the counts: who asked for it */
    struct call calls[CALLS_MAX]; /* innermost first */
    size_t call_count;
    uint64_t owner;
};

/* What is expected of the blocks that one function asked for. */
struct truth {
    uint64_t allocs;
    uint64_t by_kind[VERDICT_KIND_COUNT];
    uint64_t by_up[PROFILE_UP_MAX + 1];
};

enum { NAMES = 2 + 2 * FUNCTIONS }; /* main, serve, f0..., i0... */

struct play {
    struct builder *b;
    bool has_ops;
    uint64_t random, last_number, last_activation, last_line;
    struct frame stack[THREADS][DEPTH_MAX];
    size_t depth[THREADS];
    uint64_t op[THREADS]; /* number of the op's call; 0 none */
    struct made blocks[BLOCKS];
    struct truth truth[NAMES];
    /* What open ops did counts only once they end. */
    struct truth pending[THREADS][NAMES];
};

static unsigned draw(struct play *g, unsigned range)
{
    g->random = g->random * UINT64_C(6364136223846793005) +
                UINT64_C(1442695040888963407);
    return (unsigned)((g->random >> 33) % range);
}

static const char *name_of(unsigned index, char room[16])
{
    if (index < 2)
        snprintf(room, 16, "%s", index == 0 ? "main" : "serve");
    else
        snprintf(room, 16, "%c%u", index < 2 + FUNCTIONS ? 'f' : 'i',
                 (index - 2) % FUNCTIONS);
    return room;
}

static struct frame *top(struct play *g, uint32_t thread)
{
    return &g->stack[thread][g->depth[thread] - 1];
}

static uint32_t stack_of(struct play *g, uint32_t thread)
{
    char text[DEPTH_MAX][64];
    const char *t[DEPTH_MAX] = { NULL };

    for (size_t i = 0; i < g->depth[thread]; i++) {
        const struct frame *f = &g->stack[thread][i];

        if (f->inlined != 0)
            snprintf(text[i], sizeof(text[i]), "i%u:%u<%s:%u", f->inlined_kind,
                     f->line, f->function, f->inlined_from);
        else
            snprintf(text[i], sizeof(text[i]), "%s:%u", f->function, f->line);
        t[i] = text[i];
    }
    return builder_stack(g->b, t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7],
                         NULL);
}

static void push(struct play *g, uint32_t thread, const char *function)
{
    struct frame *f = &g->stack[thread][g->depth[thread]++];

    *f = (struct frame){ .number = ++g->last_number, .line = 1 };
    snprintf(f->function, sizeof(f->function), "%s", function);
}

static void watch(struct play *g, struct frame *f)
{
    if (f->activation == 0)
        f->activation = ++g->last_activation;
}

/* The innermost frame ends; its blocks climb, but not out of the op. */
static void pop(struct play *g, uint32_t thread, bool is_inferred)
{
    struct frame *f = top(g, thread);
    bool is_op = f->number == g->op[thread];
    struct event ev = { .kind = EV_RETURN,
                        .flags = is_inferred ? EV_INFERRED : 0,
                        .thread = thread,
                        .activation = f->activation };

    if (!is_op && f->owns > 0) {
        watch(g, f - 1);
        ev.parent = f[-1].activation;
        f[-1].owns += f->owns;
    }
    for (size_t i = 0; i < BLOCKS; i++)
        if (g->blocks[i].is_live && f->activation != 0 &&
            g->blocks[i].owner == f->activation)
            g->blocks[i].owner = ev.parent;
    g->depth[thread]--;
    if (f->activation != 0)
        builder_event(g->b, &ev);
    if (!is_op)
        return;
    ev.kind = EV_OP_END;
    ev.parent = ACTIVATION_NONE;
    builder_event(g->b, &ev);
    g->op[thread] = 0;
    for (size_t n = 0; n < NAMES; n++) {
        struct truth *from = &g->pending[thread][n];

        g->truth[n].allocs += from->allocs;
        for (int k = 0; k < VERDICT_KIND_COUNT; k++)
            g->truth[n].by_kind[k] += from->by_kind[k];
        for (int k = 0; k <= PROFILE_UP_MAX; k++)
            g->truth[n].by_up[k] += from->by_up[k];
        *from = (struct truth){ 0 };
    }
}

static void call(struct play *g, uint32_t thread)
{
    char room[16];

    if (g->depth[thread] == DEPTH_MAX)
        return;
    top(g, thread)->line = 1 + draw(g, 3);
    if (g->has_ops && g->depth[thread] == 1) {
        push(g, thread, "serve");
        g->op[thread] = top(g, thread)->number;
        watch(g, top(g, thread));
        builder_op_begin(g->b, thread, stack_of(g, thread),
                         top(g, thread)->activation);
        return;
    }
    push(g, thread, name_of(2 + draw(g, FUNCTIONS), room));
}

static void leave(struct play *g, uint32_t thread)
{
    struct frame *f = top(g, thread);
    unsigned frames = draw(g, 10) == 0 ? 3 : 1; /* longjmp now and then */

    if (f->inlined != 0 && frames == 1) {
        f->inlined = 0;
        return;
    }
    for (unsigned i = 0; i < frames && g->depth[thread] > 1; i++)
        pop(g, thread, frames > 1);
}

static void go_inline(struct play *g, uint32_t thread)
{
    struct frame *f = top(g, thread);

    if (f->inlined != 0)
        return;
    f->inlined = ++g->last_number;
    f->inlined_kind = draw(g, FUNCTIONS);
    /* Never twice from one line: such runs cannot be told apart. */
    f->inlined_from = (unsigned)(100 + ++g->last_line);
}

static struct truth *truth_of(struct play *g, const struct made *m)
{
    if (!g->has_ops)
        return &g->truth[m->function];
    if (m->op == 0)
        return NULL;
    return g->op[m->thread] == m->op ? &g->pending[m->thread][m->function]
                                     : &g->truth[m->function];
}

static unsigned site_name(const struct frame *f)
{
    if (f->inlined != 0)
        return 2 + FUNCTIONS + f->inlined_kind;
    if (f->function[0] == 'f')
        return 2 + (unsigned)(f->function[1] - '0');
    return strcmp(f->function, "main") == 0 ? 0 : 1;
}

static void allocate(struct play *g, uint32_t thread)
{
    unsigned at = draw(g, BLOCKS);
    struct made *m = &g->blocks[at];
    struct truth *t;

    if (m->is_live)
        return;
    *m = (struct made){ .is_live = true,
                        .thread = thread,
                        .op = g->op[thread],
                        .function = site_name(top(g, thread)) };
    for (size_t i = g->depth[thread]; i-- > 0;) {
        const struct frame *f = &g->stack[thread][i];

        if (f->inlined != 0)
            m->calls[m->call_count++] = (struct call){ f->inlined, false };
        m->calls[m->call_count++] =
            (struct call){ f->number,
                           g->has_ops ? f->number == g->op[thread] : i == 0 };
    }
    top(g, thread)->line = 1 + draw(g, 3);
    watch(g, top(g, thread));
    m->owner = top(g, thread)->activation;
    top(g, thread)->owns++;
    builder_alloc(g->b, thread, stack_of(g, thread), 0x1000 + 16 * at, 64,
                  "malloc", m->owner);
    t = truth_of(g, m);
    if (t != NULL)
        t->allocs++;
}

static bool is_alive(const struct play *g, uint32_t thread, uint64_t number)
{
    for (size_t i = 0; i < g->depth[thread]; i++)
        if (g->stack[thread][i].number == number ||
            g->stack[thread][i].inlined == number)
            return true;
    return false;
}

static void release(struct play *g, uint32_t thread)
{
    unsigned at = draw(g, BLOCKS);
    struct made *m = &g->blocks[at];
    struct truth *t = truth_of(g, m);
    enum verdict_kind kind = VERDICT_UP;
    size_t up = 0;

    if (!m->is_live)
        return;
    if (draw(g, 8) > 0)
        thread = m->thread; /* or nearly all would be by another thread */
    m->is_live = false;
    for (size_t i = 0; i < g->depth[m->thread]; i++)
        if (g->stack[m->thread][i].activation == m->owner && m->owner != 0)
            g->stack[m->thread][i].owns--;
    while (up < m->call_count && !is_alive(g, m->thread, m->calls[up].number))
        up++;
    if (thread != m->thread || m->op != g->op[m->thread])
        kind = VERDICT_CROSSES;
    else if (up == 0)
        kind = VERDICT_TEMPORARY;
    else if (m->calls[up].is_op)
        kind = VERDICT_OPERATION;
    top(g, thread)->line = 1 + draw(g, 3);
    builder_free(g->b, thread, stack_of(g, thread), 0x1000 + 16 * at);
    if (t == NULL)
        return;
    t->by_kind[kind]++;
    if (kind == VERDICT_UP)
        t->by_up[up < PROFILE_UP_MAX ? up : PROFILE_UP_MAX]++;
}

/* clang-format off */
static void (*const moves[])(struct play *g, uint32_t thread) = {
    call, call, call, leave, leave, go_inline, allocate, allocate, allocate,
    release, release,
};
/* clang-format on */

static void assert_truth(const struct play *g, struct profile *p)
{
    struct truth got[NAMES] = { 0 };
    const struct site *s;
    size_t count;
    struct err err = { 0 };

    assert_int_equal(profile_sites(p, &s, &count, &err), ERR_OK);
    for (size_t i = 0; i < count; i++) {
        unsigned n = 0;
        char room[16];

        while (strcmp(s[i].function, name_of(n, room)) != 0)
            assert_true(++n < NAMES);
        got[n].allocs += s[i].allocs;
        for (int k = 0; k < VERDICT_KIND_COUNT; k++)
            if (k != VERDICT_LIVE)
                got[n].by_kind[k] += s[i].verdicts.by_kind[k];
        for (int k = 0; k <= PROFILE_UP_MAX; k++)
            got[n].by_up[k] += s[i].verdicts.by_up[k];
        assert_int_equal(s[i].verdicts.at_most, 0);
    }
    assert_memory_equal(got, g->truth, sizeof(got));
}

static void run(uint64_t seed, bool has_ops, uint64_t kinds[VERDICT_KIND_COUNT])
{
    const char *path = temp_path("play.swt");
    struct play *g = calloc(1, sizeof(*g));
    struct profile *p;
    struct err err = { 0 };

    assert_non_null(g);
    g->b = builder_open(path, has_ops ? "serve" : NULL);
    g->random = seed;
    g->has_ops = has_ops;
    for (uint32_t t = 0; t < THREADS; t++)
        push(g, t, "main");
    for (int i = 0; i < STEPS; i++)
        moves[draw(g, ARRAY_LEN(moves))](g, draw(g, THREADS));
    builder_close(g->b);
    assert_int_equal(profile_open(path, &p, &err), ERR_OK);
    assert_int_equal(profile_advance(p, 0, &err), ERR_NOT_FOUND);
    assert_truth(g, p);
    profile_close(p);
    for (size_t n = 0; n < NAMES; n++)
        for (int k = 0; k < VERDICT_KIND_COUNT; k++)
            kinds[k] += g->truth[n].by_kind[k];
    free(g);
}

static void lives__tell_the_truth_about_ops(void **unused)
{
    uint64_t kinds[VERDICT_KIND_COUNT] = { 0 };

    (void)unused;
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        run(seed, true, kinds);
    for (int k = 0; k < VERDICT_LIVE; k++)
        assert_true(kinds[k] > 100); /* each was put to the test */
}

static void lives__tell_the_truth_about_whole_runs(void **unused)
{
    uint64_t kinds[VERDICT_KIND_COUNT] = { 0 };

    (void)unused;
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        run(seed + 1000, false, kinds);
    for (int k = 0; k < VERDICT_LIVE; k++)
        assert_true(kinds[k] > 100);
}

/* A foreign trace in which blocks climb ever more frames than there are: each
 * life is another one, but memory follows the stacks. */
static void lives__bound_what_they_keep(void **unused)
{
    struct tables t;
    struct lives l;
    struct err err = { 0 };
    uint32_t frame, stack;

    (void)unused;
    assert_int_equal(tables_init(&t, &err), ERR_OK);
    assert_int_equal(tables_frame(&t, 0x400000, MODULE_NONE, 0, &frame, &err),
                     ERR_OK);
    assert_int_equal(tables_stack(&t, STACK_ROOT, frame, &stack, &err), ERR_OK);
    lives_init(&l, false, 0);
    for (uint64_t i = 1; i <= 1000; i++) {
        struct event ev = {
            .kind = EV_ALLOC, .addr = 16, .stack = stack, .activation = 7
        };

        assert_int_equal(lives_event(&l, &t, &ev, &err), ERR_OK);
        ev.kind = EV_RETURN;
        ev.parent = 7;
        for (uint64_t k = 0; k < i; k++)
            assert_int_equal(lives_event(&l, &t, &ev, &err), ERR_OK);
        ev.kind = EV_FREE;
        assert_int_equal(lives_event(&l, &t, &ev, &err), ERR_OK);
    }
    assert_true(lives_counted(&l)->count < 20);
    assert_int_equal(l.origin_count, 1);
    assert_int_equal(l.model.count, 1);
    assert_int_equal(l.climbs.count, 1);
    lives_fini(&l);
    tables_fini(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lives__tell_the_truth_about_ops),
        cmocka_unit_test(lives__tell_the_truth_about_whole_runs),
        cmocka_unit_test(lives__bound_what_they_keep),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
