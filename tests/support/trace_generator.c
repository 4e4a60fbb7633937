/*
 * trace_generator.c - a big trace, the same each time: what measurements of
 * everything that reads traces are made on.
 *
 *   trace_generator FILE EVENTS [KEPT]
 *
 * Two threads serve requests. Each op makes some tens of blocks under stacks
 * of 3 to 8 frames and frees most of them in it, at any height; of those that
 * outlive it some are freed soon and some go into a cache of KEPT blocks
 * (20000 by default), which pushes the oldest out.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/writer.h"

enum { THREADS = 2, SITES = 120, DEPTH_MAX = 8, HELD_MAX = 64 };

struct held {
    tracee_addr addr;
    int site;
};

struct worker {
    struct held held[HELD_MAX]; /* blocks of the op that is going on */
    size_t held_count;
    uint64_t path[DEPTH_MAX]; /* activations, the op's first */
    int steps;                /* of the op that are left; 0: no op */
};

struct generator {
    struct writer *writer;
    uint64_t seed, events, wanted, t_ns, next_activation;
    tracee_addr *unused; /* addresses that were freed; owned */
    size_t unused_count, unused_cap;
    tracee_addr next_addr;
    tracee_addr *kept; /* a ring; owned */
    size_t kept_cap, kept_at;
    uint32_t stacks[SITES][DEPTH_MAX]; /* [0] is the op's, the last the site */
    int depths[SITES];
    uint32_t malloc_text, free_text;
    struct worker workers[THREADS];
};

static void must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "trace_generator: %s\n", what);
    exit(1);
}

/* xorshift64 (Marsaglia 2003). */
static uint64_t next_random(struct generator *g)
{
    g->seed ^= g->seed << 13;
    g->seed ^= g->seed >> 7;
    g->seed ^= g->seed << 17;
    return g->seed;
}

static uint32_t intern(struct generator *g, const char *text)
{
    struct err err = { 0 };
    uint32_t number;

    must(strtab_intern(&writer_tables(g->writer)->strings, text, strlen(text),
                       &number, &err) == ERR_OK,
         err.text);
    return number;
}

static uint32_t add_frame(struct generator *g, uint32_t parent, uint32_t module,
                          uint32_t number, const char *function)
{
    struct tables *t = writer_tables(g->writer);
    struct trace_name name = { .function = intern(g, function),
                               .file = intern(g, "/src/server.c"),
                               .line = 10 + number };
    struct err err = { 0 };
    uint32_t frame = 0;
    uint32_t stack = STACK_ROOT;

    must(tables_frame(t, 0x400000 + 16 * number, module, 0, &frame, &err) ==
                 ERR_OK &&
             tables_name(t, frame, &name, 1, &err) == ERR_OK &&
             tables_stack(t, parent, frame, &stack, &err) == ERR_OK,
         err.text);
    return stack;
}

static void add_stacks(struct generator *g)
{
    struct trace_module module = { .path = intern(g, "/bin/server"),
                                   .start = 0x400000,
                                   .end = 0x800000 };
    struct err err = { 0 };
    uint32_t number, root, op;

    must(tables_module(writer_tables(g->writer), &module, &number, &err) ==
             ERR_OK,
         err.text);
    root = add_frame(g, STACK_ROOT, number, 0, "main");
    op = add_frame(g, root, number, 1, "serve");
    for (int i = 0; i < SITES; i++) {
        g->depths[i] = 3 + (int)(next_random(g) % (DEPTH_MAX - 2));
        g->stacks[i][0] = op;
        for (int d = 1; d < g->depths[i]; d++) {
            char name[32];
            uint32_t id =
                (uint32_t)(2 + d * SITES +
                           (d + 1 == g->depths[i] ? i : i / (4 * (8 - d))));

            snprintf(name, sizeof(name), "step_%u", id);
            g->stacks[i][d] =
                add_frame(g, g->stacks[i][d - 1], number, id, name);
        }
    }
}

static void put(struct generator *g, const struct event *ev)
{
    struct event copy = *ev;
    struct err err = { 0 };

    g->t_ns += 50 + next_random(g) % 900;
    copy.t_ns = g->t_ns;
    must(writer_event(g->writer, &copy, &err) == ERR_OK, err.text);
    g->events++;
}

static void put_free(struct generator *g, uint32_t thread, uint32_t stack,
                     tracee_addr addr)
{
    put(g, &(struct event){ .kind = EV_FREE,
                            .thread = thread,
                            .stack = stack,
                            .addr = addr,
                            .text = g->free_text });
    if (g->unused_count == g->unused_cap) {
        g->unused_cap = g->unused_cap == 0 ? 1024 : g->unused_cap * 2;
        g->unused = realloc(g->unused, g->unused_cap * sizeof(*g->unused));
        must(g->unused != NULL, "out of memory");
    }
    g->unused[g->unused_count++] = addr;
}

/* A block that outlives its op: freed at once after it, or kept. */
static void outlive(struct generator *g, uint32_t thread, tracee_addr addr)
{
    tracee_addr *slot = &g->kept[g->kept_at];

    if (g->kept_cap < 2 || next_random(g) % 2 == 0) {
        put_free(g, thread, g->stacks[0][0], addr);
        return;
    }
    if (*slot != 0)
        put_free(g, thread, g->stacks[0][0], *slot);
    *slot = addr;
    g->kept_at = (g->kept_at + 1) % g->kept_cap;
}

static void begin_op(struct generator *g, uint32_t thread)
{
    struct worker *w = &g->workers[thread];

    w->steps = 10 + (int)(next_random(g) % 60);
    w->path[0] = g->next_activation++;
    put(g, &(struct event){ .kind = EV_OP_BEGIN,
                            .thread = thread,
                            .stack = g->stacks[0][0],
                            .activation = w->path[0] });
}

static void end_op(struct generator *g, uint32_t thread)
{
    struct worker *w = &g->workers[thread];

    put(g, &(struct event){
               .kind = EV_OP_END, .thread = thread, .activation = w->path[0] });
    for (size_t i = 0; i < w->held_count; i++)
        outlive(g, thread, w->held[i].addr);
    w->held_count = 0;
}

/* Makes a block and lets it climb as far as it will live. */
static void make(struct generator *g, uint32_t thread)
{
    struct worker *w = &g->workers[thread];
    int site = (int)(next_random(g) % SITES);
    int depth = g->depths[site];
    int up = (int)(next_random(g) % 4);
    uint64_t owner = g->next_activation++;
    tracee_addr addr = g->unused_count > 0 && next_random(g) % 8 != 0
                           ? g->unused[--g->unused_count]
                           : (g->next_addr += 0x40);

    put(g, &(struct event){ .kind = EV_ALLOC,
                            .thread = thread,
                            .stack = g->stacks[site][depth - 1],
                            .addr = addr,
                            .size_bytes = 8 + next_random(g) % 500,
                            .text = g->malloc_text,
                            .activation = owner });
    if (up == 0) {
        put_free(g, thread, g->stacks[site][depth - 1], addr);
        return;
    }
    for (int d = depth - 1; d > 0 && up > 0; d--, up--) {
        uint64_t parent = d == 1 ? w->path[0] : g->next_activation++;

        put(g, &(struct event){ .kind = EV_RETURN,
                                .thread = thread,
                                .activation = owner,
                                .parent = parent });
        owner = parent;
    }
    w->held[w->held_count++] = (struct held){ addr, site };
}

static void step(struct generator *g, uint32_t thread)
{
    struct worker *w = &g->workers[thread];

    if (w->steps == 0) {
        begin_op(g, thread);
        return;
    }
    if (--w->steps == 0) {
        end_op(g, thread);
        return;
    }
    if (w->held_count > 0 &&
        (w->held_count == HELD_MAX || next_random(g) % 5 < 2)) {
        size_t at = (size_t)(next_random(g) % w->held_count);
        struct held h = w->held[at];

        w->held[at] = w->held[--w->held_count];
        put_free(g, thread, g->stacks[h.site][0], h.addr);
    } else {
        make(g, thread);
    }
}

static void generate(struct generator *g, const char *path)
{
    char program[] = "/bin/server", op[] = "serve", text[] = "test";
    char *argv[] = { program, NULL };
    const struct trace_header header = { .program = program,
                                         .argv = argv,
                                         .argc = 1,
                                         .op = op,
                                         .frames_exact = true,
                                         .engine = text,
                                         .version = text,
                                         .machine = text,
                                         .pid = 1 };
    struct ledger ledger = { 0 };
    struct err err = { 0 };

    must(writer_open(path, true, &header, &g->writer, &err) == ERR_OK,
         err.text);
    add_stacks(g);
    g->malloc_text = intern(g, "malloc");
    g->free_text = intern(g, "free");
    for (uint32_t i = 0; i < THREADS; i++)
        put(g, &(struct event){
                   .kind = EV_THREAD_BEGIN, .thread = i, .addr = 100 + i });
    while (g->events < g->wanted)
        step(g, (uint32_t)(next_random(g) / 7 % THREADS));
    must(writer_seal(g->writer, &ledger, &err) == ERR_OK, err.text);
    writer_close(g->writer);
}

int main(int argc, char **argv)
{
    struct generator g = { .seed = 20260718,
                           .next_activation = 1,
                           .next_addr = 0x555555560000,
                           .kept_cap = 20000 };

    must(argc == 3 || argc == 4, "give FILE EVENTS [KEPT]");
    g.wanted = strtoull(argv[2], NULL, 10);
    if (argc == 4)
        g.kept_cap = (size_t)strtoull(argv[3], NULL, 10);
    g.kept = calloc(g.kept_cap + 1, sizeof(*g.kept));
    must(g.kept != NULL, "out of memory");
    generate(&g, argv[1]);
    printf("%" PRIu64 " events\n", g.events);
    free(g.kept);
    free(g.unused);
    return 0;
}
