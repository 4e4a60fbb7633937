#include "analysis/profile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/frames.h"
#include "analysis/lives.h"
#include "analysis/sites.h"
#include "trace/reader.h"

struct profile {
    struct reader *reader;
    struct lives lives;
    struct sites sites;
    bool sites_are_new; /* nothing was read since they were built */
    struct err failed;  /* ERR_OK, or why nothing can be read any more */
    char damage[256];   /* as profile_damage gives it */
};

enum err_code profile_open(const char *path, struct profile **out,
                           struct err *err)
{
    const struct trace_header *h;
    struct profile *p = calloc(1, sizeof(*p));
    enum err_code rc;

    *out = NULL;
    if (p == NULL)
        return err_no_memory(err);
    rc = reader_open(path, &p->reader, err);
    if (rc != ERR_OK) {
        free(p);
        return rc;
    }
    h = reader_header(p->reader);
    lives_init(&p->lives, h->op != NULL, h->warmup_ops);
    *out = p;
    return ERR_OK;
}

void profile_close(struct profile *p)
{
    if (p == NULL)
        return;
    sites_fini(&p->sites);
    lives_fini(&p->lives);
    reader_close(p->reader);
    free(p);
}

static void note_end(struct profile *p, enum err_code rc)
{
    p->damage[0] = '\0';
    if (rc == ERR_NOT_FOUND && !reader_sealed(p->reader))
        snprintf(
            p->damage, sizeof(p->damage),
            "the recording was cut short, or is still going on; all %" PRIu64
            " events up to there are here",
            p->lives.totals.events);
    else if (rc != ERR_OK && rc != ERR_NOT_FOUND)
        snprintf(p->damage, sizeof(p->damage),
                 "%.150s; the %" PRIu64 " events before it are here",
                 p->failed.text, p->lives.totals.events);
}

enum err_code profile_advance(struct profile *p, uint64_t max_events,
                              struct err *err)
{
    const struct tables *t = reader_tables(p->reader);
    enum err_code rc = p->failed.code;
    uint64_t done = 0;

    if (rc != ERR_OK) {
        *err = p->failed;
        return rc;
    }
    p->sites_are_new = false; /* names may come without an event */
    while (rc == ERR_OK && (max_events == 0 || done < max_events)) {
        struct event ev;

        rc = reader_next(p->reader, &ev, err);
        if (rc == ERR_OK)
            rc = lives_event(&p->lives, t, &ev, err);
        done++;
    }
    if (rc != ERR_OK && rc != ERR_NOT_FOUND)
        p->failed = *err;
    note_end(p, rc);
    return rc;
}

const char *profile_damage(const struct profile *p)
{
    return p->damage;
}

const struct trace_header *profile_header(const struct profile *p)
{
    return reader_header(p->reader);
}

const struct tables *profile_tables(const struct profile *p)
{
    return reader_tables(p->reader);
}

bool profile_ledger(const struct profile *p, struct ledger *out)
{
    return reader_ledger(p->reader, out);
}

bool profile_is_sealed(const struct profile *p)
{
    return reader_sealed(p->reader);
}

void profile_ops(const struct profile *p, struct op_summary *out)
{
    lives_ops(&p->lives, out);
}

void profile_totals(const struct profile *p, struct totals *out)
{
    lives_totals(&p->lives, out);
}

size_t profile_recent(const struct profile *p,
                      struct recent_op out[PROFILE_RECENT_MAX])
{
    return ops_recent(&p->lives.ops, out);
}

static enum err_code bring_sites(struct profile *p, struct err *err)
{
    enum err_code rc;

    if (p->sites_are_new)
        return ERR_OK;
    sites_fini(&p->sites);
    rc = sites_build(reader_tables(p->reader), &p->lives, &p->sites, err);
    p->sites_are_new = rc == ERR_OK;
    return rc;
}

enum err_code profile_stacks(struct profile *p, const struct stack_cost **out,
                             size_t *count, struct err *err)
{
    enum err_code rc = bring_sites(p, err);

    *out = p->sites.stacks;
    *count = p->sites.stack_count;
    return rc;
}

enum err_code profile_sites(struct profile *p, const struct site **out,
                            size_t *count, struct err *err)
{
    enum err_code rc = bring_sites(p, err);

    *out = NULL;
    *count = 0;
    if (rc != ERR_OK)
        return rc;
    *out = p->sites.rows;
    *count = p->sites.count;
    return ERR_OK;
}

bool profile_call(const struct profile *p, uint32_t stack, size_t index,
                  struct trace_name *name, const char **function, char *unnamed,
                  size_t cap)
{
    const struct tables *t = reader_tables(p->reader);
    struct frame_call call = { 0 };
    const struct trace_name *found;

    if (stack >= t->stack_count)
        return false;
    for (; stack >= STACK_FIRST; stack = t->stacks[stack].parent) {
        uint32_t count = frames_call_count(t, t->stacks[stack].frame);

        if (index < count)
            break;
        index -= count;
    }
    if (stack < STACK_FIRST)
        return false;
    call.frame = t->stacks[stack].frame;
    call.index = (uint32_t)index;
    found = frames_name(t, &call);
    *name = found == NULL ? (struct trace_name){ 0 } : *found;
    *function = tables_string(t, name->function);
    if ((*function)[0] == '\0')
        *function = frames_unnamed(t, call.frame, unnamed, cap);
    return true;
}
