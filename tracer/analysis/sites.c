#include "analysis/sites.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "analysis/asked.h"
#include "analysis/endings.h"
#include "base/vec.h"

/* Where an origin's frames say that its blocks were asked for. */
struct place {
    uint32_t origin;
    uint32_t function, file, line, column, via; /* names.h, and numbers */
};

/* A site while it is added up. */
struct draft {
    struct site site;
    struct place place;
    uint64_t origin_allocs; /* of the origin that site.stack is of */
    uint32_t owner, freed_in;
};

struct builder {
    const struct tables *tables;
    const struct lives *lives;
    struct names names;
    struct stack_cost *costs; /* per origin; owned, as are the next four */
    uint32_t *site_of;        /* per origin: its draft */
    struct place *places;
    size_t place_count;
    struct draft *drafts;
    size_t draft_count, draft_cap;
    struct endings endings;
};

static void builder_fini(struct builder *b)
{
    names_fini(&b->names);
    free(b->costs);
    free(b->site_of);
    free(b->places);
    free(b->drafts);
    endings_fini(&b->endings);
}

static enum err_code locate(struct builder *b, uint32_t origin,
                            struct place *out, struct err *err)
{
    const struct tables *t = b->tables;
    const struct origin *o = &b->lives->origins[origin];
    uint32_t inside;
    uint32_t node = frames_site(t, o->stack, &inside);
    struct frame_call call = { 0 };
    const struct trace_name *name;

    *out = (struct place){ .origin = origin,
                           .via = asked_via(t, inside, o->text) };
    if (node < STACK_FIRST)
        return names_make_up(&b->names, "(no stack)", &out->function, err);
    call.frame = t->stacks[node].frame;
    name = frames_name(t, &call);
    if (name != NULL) {
        out->file = name->file;
        out->line = name->line;
        out->column = name->column;
    }
    return names_of_call(&b->names, &call, &out->function, err);
}

static int compare_u64(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_places(const void *va, const void *vb)
{
    const struct place *a = va;
    const struct place *b = vb;
    int c = compare_u64(a->function, b->function);

    if (c == 0)
        c = compare_u64(a->via, b->via);
    if (c == 0)
        c = compare_u64(a->file, b->file);
    if (c == 0)
        c = compare_u64(a->line, b->line);
    return c != 0 ? c : compare_u64(a->column, b->column);
}

static int compare_places_by_origin(const void *va, const void *vb)
{
    const struct place *a = va;
    const struct place *b = vb;
    int c = compare_places(a, b);

    return c != 0 ? c : compare_u64(a->origin, b->origin);
}

/* Index of the site's call among those of the stack, from the innermost. */
static uint32_t site_frame(const struct tables *t, uint32_t stack)
{
    uint32_t site = frames_site(t, stack, NULL);
    uint32_t index = 0;

    for (; stack != site; stack = t->stacks[stack].parent)
        index += frames_call_count(t, t->stacks[stack].frame);
    return index;
}

static enum err_code add_to_draft(struct builder *b, const struct place *place,
                                  struct err *err)
{
    uint64_t allocs = b->costs[place->origin].allocs;
    struct draft *d = NULL;

    if (b->draft_count > 0)
        d = &b->drafts[b->draft_count - 1];
    if (d == NULL || compare_places(&d->place, place) != 0) {
        enum err_code rc = vec_grow(&b->drafts, b->draft_count, &b->draft_cap,
                                    sizeof(*b->drafts), err);

        if (rc != ERR_OK)
            return rc;
        d = &b->drafts[b->draft_count++];
        *d = (struct draft){ .place = *place };
    }
    if (allocs > d->origin_allocs) {
        d->origin_allocs = allocs;
        d->site.stack = b->lives->origins[place->origin].stack;
    }
    b->site_of[place->origin] = (uint32_t)(b->draft_count - 1);
    return ERR_OK;
}

/* One draft per place, for the origins of blocks that count. */
static enum err_code draft_sites(struct builder *b, struct err *err)
{
    const struct tally *tally = lives_counted(b->lives);
    size_t origins = b->lives->origin_count;
    enum err_code rc = ERR_OK;

    for (size_t i = 0; i < tally->count; i++)
        if ((tally->cells[i].key.what & TALLY_MADE) != 0)
            b->costs[tally->cells[i].key.origin].allocs +=
                tally->cells[i].count;
    for (size_t i = 0; rc == ERR_OK && i < origins; i++)
        if (b->costs[i].allocs > 0)
            rc = locate(b, (uint32_t)i, &b->places[b->place_count++], err);
    if (rc != ERR_OK)
        return rc;
    qsort(b->places, b->place_count, sizeof(*b->places),
          compare_places_by_origin);
    for (size_t i = 0; rc == ERR_OK && i < b->place_count; i++)
        rc = add_to_draft(b, &b->places[i], err);
    return rc;
}

static void mark_blocks(struct verdict_counts *v, const struct tally_cell *cell)
{
    if ((cell->key.what & TALLY_GROWN) != 0)
        v->grown += cell->count;
    if ((cell->key.what & TALLY_BOX) != 0)
        v->boxes += cell->count;
}

static void add_made(struct draft *d, struct stack_cost *cost,
                     const struct tally_cell *cell)
{
    d->site.allocs += cell->count;
    d->site.bytes = model_add_sizes(d->site.bytes, cell->sum);
    cost->bytes = model_add_sizes(cost->bytes, cell->sum);
    mark_blocks(&d->site.verdicts, cell);
    mark_blocks(&cost->verdicts, cell);
}

static void judge_blocks(struct verdict_counts *counts, const struct verdict *v,
                         uint64_t blocks)
{
    counts->by_kind[v->kind] += blocks;
    if (v->kind == VERDICT_UP)
        counts->by_up[v->up < PROFILE_UP_MAX ? v->up : PROFILE_UP_MAX] +=
            blocks;
    if (v->is_at_most)
        counts->at_most += blocks;
}

/* Keeps the longest life: by kind, among U by frames. */
static void keep_worst(struct draft *d, const struct verdict *v, uint32_t owner)
{
    struct site *s = &d->site;

    if (v->kind < s->worst_kind ||
        (v->kind == s->worst_kind && v->up < s->worst_up))
        return;
    s->worst_kind = v->kind;
    s->worst_up = v->up;
    d->owner = owner;
}

static enum err_code add_verdict(struct builder *b, struct draft *d,
                                 const struct tally_cell *cell, struct err *err)
{
    const struct origin *o = &b->lives->origins[cell->key.origin];
    struct verdict_life life = {
        .made_stack = o->stack,
        .freed_stack = cell->key.freed_stack,
        .op_depth = o->op_depth,
        .is_whole_run = !b->lives->has_ops,
        .is_watched = (cell->key.what & TALLY_WATCHED) != 0,
        .hops = cell->key.hops,
        .owner_is_op = (cell->key.what & TALLY_OWNER_OP) != 0,
        .owner_unknown = (cell->key.what & TALLY_OWNER_NONE) != 0,
    };
    struct verdict v = { .kind = VERDICT_CROSSES };
    struct frame_call call;
    uint32_t owner = 0;
    enum err_code rc = ERR_OK;

    if ((cell->key.what & TALLY_CROSSED) == 0 &&
        verdict_judge(b->tables, &life, &v, &call))
        rc = names_of_call(&b->names, &call, &owner, err);
    if (rc != ERR_OK)
        return rc;
    judge_blocks(&d->site.verdicts, &v, cell->count);
    judge_blocks(&b->costs[cell->key.origin].verdicts, &v, cell->count);
    keep_worst(d, &v, owner);
    return ERR_OK;
}

static enum err_code add_ending(struct builder *b, uint32_t site,
                                const struct tally_cell *cell, struct err *err)
{
    uint32_t node = frames_site(b->tables, cell->key.freed_stack, NULL);
    struct ending e = { .site = site,
                        .life = cell->key.life,
                        .count = cell->count,
                        .sum = cell->sum };
    enum err_code rc = ERR_OK;

    if (node >= STACK_FIRST) {
        struct frame_call call = { b->tables->stacks[node].frame, 0 };

        rc = names_of_call(&b->names, &call, &e.freed_in, err);
    }
    if (rc == ERR_OK)
        rc = endings_add(&b->endings, &e, err);
    return rc;
}

static enum err_code add_cells(struct builder *b, struct err *err)
{
    const struct tally *tally = lives_counted(b->lives);
    const struct verdict never = { .kind = VERDICT_LIVE };
    enum err_code rc = ERR_OK;

    for (size_t i = 0; rc == ERR_OK && i < tally->count; i++) {
        const struct tally_cell *cell = &tally->cells[i];
        uint32_t site = b->site_of[cell->key.origin];
        struct draft *d = &b->drafts[site];

        if ((cell->key.what & TALLY_MADE) != 0) {
            add_made(d, &b->costs[cell->key.origin], cell);
            continue;
        }
        d->site.frees += cell->count;
        rc = add_verdict(b, d, cell, err);
        if (rc == ERR_OK)
            rc = add_ending(b, site, cell, err);
    }
    for (size_t i = 0; i < b->draft_count; i++) {
        struct site *s = &b->drafts[i].site;

        if (s->allocs <= s->frees) /* fewer: only after ERR_NO_MEMORY */
            continue;
        s->verdicts.by_kind[VERDICT_LIVE] = s->allocs - s->frees;
        keep_worst(&b->drafts[i], &never, 0);
    }
    return rc;
}

static enum err_code add_endings(struct builder *b, struct err *err)
{
    struct ending_summary *sums = calloc(b->draft_count + 1, sizeof(*sums));

    if (sums == NULL)
        return err_no_memory(err);
    endings_sum_up(&b->endings, sums);
    for (size_t i = 0; i < b->draft_count; i++) {
        b->drafts[i].freed_in = sums[i].freed_in;
        b->drafts[i].site.life_median_events = sums[i].life_median_events;
    }
    free(sums);
    return ERR_OK;
}

/* `drafts` are still in the order of compare_places: sites of one function
 * and via are neighbours, by rising line. */
static void set_keys(struct builder *b)
{
    uint64_t ordinal = 0;

    for (size_t i = 0; i < b->draft_count; i++) {
        struct draft *d = &b->drafts[i];
        const char *function = names_text(&b->names, d->place.function);
        const char *via = names_text(&b->names, d->place.via);
        uint64_t seed;

        ordinal++;
        if (i == 0 || d[-1].place.function != d->place.function ||
            d[-1].place.via != d->place.via)
            ordinal = 0;
        seed = XXH3_64bits_withSeed(via, strlen(via), ordinal);
        d->site.key = XXH3_64bits_withSeed(function, strlen(function), seed);
    }
}

static void finish_row(const struct builder *b, const struct names *names,
                       uint64_t ops, const struct draft *d, struct site *row)
{
    *row = d->site;
    row->function = names_text(names, d->place.function);
    row->file = names_text(names, d->place.file);
    row->line = d->place.line;
    row->column = d->place.column;
    row->via = names_text(names, d->place.via);
    row->owner = names_text(names, d->owner);
    row->freed_in = names_text(names, d->freed_in);
    row->site_frame = site_frame(b->tables, row->stack);
    if (ops > 0) {
        row->allocs_per_op = (double)row->allocs / (double)ops;
        row->bytes_per_op = (double)row->bytes / (double)ops;
    }
}

static int compare_rows(const void *va, const void *vb)
{
    const struct site *a = va;
    const struct site *b = vb;
    int c = compare_u64(b->allocs, a->allocs);

    if (c == 0)
        c = compare_u64(b->bytes, a->bytes);
    if (c == 0)
        c = strcmp(a->function, b->function);
    if (c == 0)
        c = strcmp(a->file, b->file);
    if (c == 0)
        c = compare_u64(a->line, b->line);
    if (c == 0)
        c = compare_u64(a->column, b->column);
    return c != 0 ? c : strcmp(a->via, b->via);
}

static enum err_code builder_init(struct builder *b, const struct tables *t,
                                  const struct lives *l, struct err *err)
{
    size_t origins = l->origin_count + 1; /* none is an answer too */

    *b = (struct builder){ .tables = t, .lives = l, .names.tables = t };
    b->costs = calloc(origins, sizeof(*b->costs));
    b->site_of = calloc(origins, sizeof(*b->site_of));
    b->places = calloc(origins, sizeof(*b->places));
    if (b->costs == NULL || b->site_of == NULL || b->places == NULL)
        return err_no_memory(err);
    return ERR_OK;
}

/* A row on its way to its rank; the row comes first, for compare_rows. */
struct ranked {
    struct site row;
    uint32_t draft;
};

/* The costs of the origins that count come first, with what is still to be
 * said of them; `rank` is where each draft's row ended up. */
static size_t finish_costs(struct builder *b, const uint32_t *rank)
{
    size_t kept = 0;

    for (size_t i = 0; i < b->lives->origin_count; i++) {
        struct stack_cost cost = b->costs[i];
        uint64_t freed = 0;

        if (cost.allocs == 0)
            continue;
        for (int kind = 0; kind < VERDICT_LIVE; kind++)
            freed += cost.verdicts.by_kind[kind];
        if (cost.allocs > freed)
            cost.verdicts.by_kind[VERDICT_LIVE] = cost.allocs - freed;
        cost.stack = b->lives->origins[i].stack;
        cost.site = rank[b->site_of[i]];
        b->costs[kept++] = cost;
    }
    return kept;
}

/* Hands over what the builder has: rows in their order, costs by stack. */
static enum err_code finish(struct builder *b, struct sites *out,
                            struct err *err)
{
    struct op_summary ops;
    size_t count = b->draft_count;
    struct ranked *ranked = calloc(count + 1, sizeof(*ranked));
    struct site *rows = calloc(count + 1, sizeof(*rows));
    uint32_t *rank = calloc(count + 1, sizeof(*rank));
    enum err_code rc = ERR_OK;

    if (ranked == NULL || rows == NULL || rank == NULL) {
        rc = err_no_memory(err);
        goto out;
    }
    set_keys(b);
    lives_ops(b->lives, &ops);
    for (size_t i = 0; i < count; i++) {
        finish_row(b, &b->names, ops.count, &b->drafts[i], &ranked[i].row);
        ranked[i].draft = (uint32_t)i;
    }
    qsort(ranked, count, sizeof(*ranked), compare_rows);
    for (size_t i = 0; i < count; i++) {
        rows[i] = ranked[i].row;
        rank[ranked[i].draft] = (uint32_t)i;
    }
    *out = (struct sites){ .rows = rows, .count = count, .names = b->names };
    out->stack_count = finish_costs(b, rank);
    out->stacks = b->costs;
    b->names = (struct names){ 0 }; /* now the caller's, as are rows, costs */
    b->costs = NULL;
    rows = NULL;
out:
    free(ranked);
    free(rows);
    free(rank);
    return rc;
}

enum err_code sites_build(const struct tables *t, const struct lives *l,
                          struct sites *out, struct err *err)
{
    struct builder b;
    enum err_code rc = builder_init(&b, t, l, err);

    if (rc == ERR_OK)
        rc = draft_sites(&b, err);
    if (rc == ERR_OK)
        rc = add_cells(&b, err);
    if (rc == ERR_OK)
        rc = add_endings(&b, err);
    if (rc == ERR_OK)
        rc = finish(&b, out, err);
    builder_fini(&b);
    return rc;
}

void sites_fini(struct sites *s)
{
    free(s->rows);
    free(s->stacks);
    names_fini(&s->names);
    *s = (struct sites){ 0 };
}
