#include "analysis/sites.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "analysis/asked.h"
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

/* How some blocks of a site ended, for the medians. */
struct ending {
    uint32_t site;
    uint32_t freed_in;
    uint16_t life;
    uint64_t count, sum;
};

struct builder {
    const struct tables *tables;
    const struct lives *lives;
    struct names names;
    uint64_t *origin_allocs; /* per origin; owned, as are the next four */
    uint32_t *site_of;       /* per origin */
    struct place *places;
    size_t place_count;
    struct draft *drafts;
    size_t draft_count, draft_cap;
    struct ending *endings;
    size_t ending_count, ending_cap;
};

static void builder_fini(struct builder *b)
{
    names_fini(&b->names);
    free(b->origin_allocs);
    free(b->site_of);
    free(b->places);
    free(b->drafts);
    free(b->endings);
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

    *out = (struct place){ .origin = origin, .via = asked_via(t, inside, o->text) };
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
    uint64_t allocs = b->origin_allocs[place->origin];
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
            b->origin_allocs[tally->cells[i].key.origin] +=
                tally->cells[i].count;
    for (size_t i = 0; rc == ERR_OK && i < origins; i++)
        if (b->origin_allocs[i] > 0)
            rc = locate(b, (uint32_t)i, &b->places[b->place_count++], err);
    if (rc != ERR_OK)
        return rc;
    qsort(b->places, b->place_count, sizeof(*b->places),
          compare_places_by_origin);
    for (size_t i = 0; rc == ERR_OK && i < b->place_count; i++)
        rc = add_to_draft(b, &b->places[i], err);
    return rc;
}

static void add_made(struct draft *d, const struct tally_cell *cell)
{
    d->site.allocs += cell->count;
    d->site.bytes = model_add_sizes(d->site.bytes, cell->sum);
    if ((cell->key.what & TALLY_GROWN) != 0)
        d->site.verdicts.grown += cell->count;
    if ((cell->key.what & TALLY_BOX) != 0)
        d->site.verdicts.boxes += cell->count;
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
    d->site.verdicts.by_kind[v.kind] += cell->count;
    if (v.kind == VERDICT_UP)
        d->site.verdicts.by_up[v.up < PROFILE_UP_MAX ? v.up : PROFILE_UP_MAX] +=
            cell->count;
    if (v.is_at_most)
        d->site.verdicts.at_most += cell->count;
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
        rc = vec_grow(&b->endings, b->ending_count, &b->ending_cap,
                      sizeof(*b->endings), err);
    if (rc == ERR_OK)
        b->endings[b->ending_count++] = e;
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
            add_made(d, cell);
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

static int compare_by_life(const void *va, const void *vb)
{
    const struct ending *a = va;
    const struct ending *b = vb;
    int c = compare_u64(a->site, b->site);

    return c != 0 ? c : compare_u64(a->life, b->life);
}

static int compare_by_freed_in(const void *va, const void *vb)
{
    const struct ending *a = va;
    const struct ending *b = vb;
    int c = compare_u64(a->site, b->site);

    return c != 0 ? c : compare_u64(a->freed_in, b->freed_in);
}

/* Joins neighbours that compare equal, in place. Gives how many are left. */
static size_t join(struct ending *e, size_t count,
                   int (*compare)(const void *, const void *))
{
    size_t kept = 0;

    qsort(e, count, sizeof(*e), compare);
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && compare(&e[kept - 1], &e[i]) == 0) {
            e[kept - 1].count += e[i].count;
            e[kept - 1].sum = model_add_sizes(e[kept - 1].sum, e[i].sum);
        } else {
            e[kept++] = e[i];
        }
    }
    return kept;
}

/* Sets each site's most frequent freer, then its median life; joining by
 * life forgets the freers, so on copies. */
static enum err_code add_medians(struct builder *b, struct err *err)
{
    size_t count = b->ending_count;
    struct ending *copy;
    uint64_t best = 0, passed = 0;

    if (count == 0)
        return ERR_OK;
    copy = malloc(count * sizeof(*copy));
    if (copy == NULL)
        return err_no_memory(err);
    memcpy(copy, b->endings, count * sizeof(*copy));
    count = join(copy, count, compare_by_freed_in);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || copy[i].site != copy[i - 1].site)
            best = 0;
        if (copy[i].count > best) {
            best = copy[i].count;
            b->drafts[copy[i].site].freed_in = copy[i].freed_in;
        }
    }
    free(copy);
    count = join(b->endings, b->ending_count, compare_by_life);
    for (size_t i = 0; i < count; i++) {
        const struct ending *e = &b->endings[i];
        struct site *s = &b->drafts[e->site].site;
        uint64_t half = (s->frees + 1) / 2; /* the lower one of two */

        if (i == 0 || e->site != b->endings[i - 1].site)
            passed = 0;
        if (passed < half && passed + e->count >= half)
            s->life_median_events = e->sum / e->count;
        passed += e->count;
    }
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
    b->origin_allocs = calloc(origins, sizeof(*b->origin_allocs));
    b->site_of = calloc(origins, sizeof(*b->site_of));
    b->places = calloc(origins, sizeof(*b->places));
    if (b->origin_allocs == NULL || b->site_of == NULL || b->places == NULL)
        return err_no_memory(err);
    return ERR_OK;
}

enum err_code sites_build(const struct tables *t, const struct lives *l,
                          struct sites *out, struct err *err)
{
    struct builder b;
    struct op_summary ops;
    struct site *rows = NULL;
    enum err_code rc = builder_init(&b, t, l, err);

    if (rc == ERR_OK)
        rc = draft_sites(&b, err);
    if (rc == ERR_OK)
        rc = add_cells(&b, err);
    if (rc == ERR_OK)
        rc = add_medians(&b, err);
    if (rc != ERR_OK)
        goto out;
    rows = calloc(b.draft_count + 1, sizeof(*rows));
    if (rows == NULL) {
        rc = err_no_memory(err);
        goto out;
    }
    set_keys(&b);
    lives_ops(l, &ops);
    for (size_t i = 0; i < b.draft_count; i++)
        finish_row(&b, &b.names, ops.count, &b.drafts[i], &rows[i]);
    qsort(rows, b.draft_count, sizeof(*rows), compare_rows);
    *out = (struct sites){ rows, b.draft_count, b.names };
    b.names = (struct names){ 0 }; /* now the caller's, as are the rows */
out:
    builder_fini(&b);
    return rc;
}

void sites_fini(struct sites *s)
{
    free(s->rows);
    names_fini(&s->names);
    *s = (struct sites){ 0 };
}
