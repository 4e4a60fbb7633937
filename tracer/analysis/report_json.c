/*
 * The report as one JSON object:
 *
 *   program, argv, op (null without), complete (bool), damage (null: none)
 *   has_ops, ops, ops_cut, warmup, exact
 *   allocs, frees, bytes            what counts, as the sites add up to
 *   allocs_per_op, allocs_min, allocs_max, bytes_per_op, bytes_min,
 *   bytes_max                       medians; null without ops
 *   totals { events, allocs, frees, ... }     of the whole trace
 *   sites [ { function, file, line, column, via, key, allocs, frees, bytes,
 *             allocs_per_op, bytes_per_op, verdicts { "T": n, "U": n,
 *             "U1": n, ... only what occurs }, grown, boxes, at_most, worst,
 *             owner, freed_in, life_median_events } ]
 *   ledger { ... }                  null when the recording was cut
 */
#include <inttypes.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "analysis/report_print.h"

/* Adds members to objects; `failed` remembers that memory ran out, so that
 * it is asked about once. */
struct json {
    bool failed;
};

static void put_number(struct json *j, cJSON *object, const char *key,
                       double value)
{
    if (cJSON_AddNumberToObject(object, key, value) == NULL)
        j->failed = true;
}

static void put_count(struct json *j, cJSON *object, const char *key,
                      uint64_t value)
{
    put_number(j, object, key, (double)value);
}

/* A number, or null when there is nothing that it could be of. */
static void put_if(struct json *j, cJSON *object, const char *key,
                   bool is_known, double value)
{
    if (is_known)
        put_number(j, object, key, value);
    else if (cJSON_AddNullToObject(object, key) == NULL)
        j->failed = true;
}

static void put_bool(struct json *j, cJSON *object, const char *key, bool value)
{
    if (cJSON_AddBoolToObject(object, key, value) == NULL)
        j->failed = true;
}

static void put_text(struct json *j, cJSON *object, const char *key,
                     const char *text)
{
    struct report_name name;

    if (cJSON_AddStringToObject(object, key, report_clean(text, &name)) == NULL)
        j->failed = true;
}

static void put_text_or_null(struct json *j, cJSON *object, const char *key,
                             const char *text)
{
    if (text != NULL && text[0] != '\0')
        put_text(j, object, key, text);
    else if (cJSON_AddNullToObject(object, key) == NULL)
        j->failed = true;
}

static void put_verdicts(struct json *j, cJSON *object,
                         const struct verdict_counts *v)
{
    struct report_share shares[REPORT_SHARES_MAX];
    size_t count = report_shares(v, shares);
    cJSON *verdicts = cJSON_AddObjectToObject(object, "verdicts");

    for (size_t i = 0; i < count; i++)
        put_count(j, verdicts, shares[i].label, shares[i].blocks);
    if (v->by_kind[VERDICT_UP] > 0)
        put_count(j, verdicts, "U", v->by_kind[VERDICT_UP]);
    put_count(j, object, "grown", v->grown);
    put_count(j, object, "boxes", v->boxes);
    put_count(j, object, "at_most", v->at_most);
}

static void put_site(struct json *j, cJSON *list, const struct site *s,
                     bool has_ops)
{
    cJSON *o = cJSON_CreateObject();
    char key[24];
    char worst[16];

    if (o == NULL || !cJSON_AddItemToArray(list, o)) {
        cJSON_Delete(o);
        j->failed = true;
        return;
    }
    put_text(j, o, "function", s->function);
    put_text(j, o, "file", s->file);
    put_count(j, o, "line", s->line);
    put_count(j, o, "column", s->column);
    put_text(j, o, "via", s->via);
    /* As text: a double would lose its last bits. */
    snprintf(key, sizeof(key), "%016" PRIx64, s->key);
    put_text(j, o, "key", key);
    put_count(j, o, "allocs", s->allocs);
    put_count(j, o, "frees", s->frees);
    put_count(j, o, "bytes", s->bytes);
    put_if(j, o, "allocs_per_op", has_ops, s->allocs_per_op);
    put_if(j, o, "bytes_per_op", has_ops, s->bytes_per_op);
    put_verdicts(j, o, &s->verdicts);
    snprintf(worst, sizeof(worst), "%c", verdict_letter(s->worst_kind));
    if (s->worst_kind == VERDICT_UP)
        snprintf(worst, sizeof(worst), "U%" PRIu32, s->worst_up);
    put_text(j, o, "worst", worst);
    put_text(j, o, "owner", s->owner);
    put_text(j, o, "freed_in", s->freed_in);
    put_count(j, o, "life_median_events", s->life_median_events);
}

static void put_run(struct json *j, cJSON *root, const struct profile *p)
{
    const struct trace_header *h = profile_header(p);
    cJSON *argv;

    put_text(j, root, "program", h->program == NULL ? "" : h->program);
    argv = cJSON_AddArrayToObject(root, "argv");
    for (size_t i = 0; i < h->argc; i++) {
        struct report_name name;
        cJSON *arg = cJSON_CreateString(report_clean(h->argv[i], &name));

        if (arg == NULL || !cJSON_AddItemToArray(argv, arg)) {
            cJSON_Delete(arg);
            j->failed = true;
        }
    }
    put_text_or_null(j, root, "op", h->op);
    put_bool(j, root, "complete",
             profile_is_sealed(p) && profile_damage(p)[0] == '\0');
    put_text_or_null(j, root, "damage", profile_damage(p));
    put_bool(j, root, "frames_exact", h->frames_exact);
}

static void put_ops(struct json *j, cJSON *root, const struct op_summary *ops)
{
    bool is_known = ops->count > 0;

    put_bool(j, root, "has_ops", ops->has_ops);
    put_count(j, root, "ops", ops->count);
    put_count(j, root, "ops_cut", ops->cut);
    put_count(j, root, "warmup", ops->warmup);
    put_bool(j, root, "exact", ops->is_exact);
    put_if(j, root, "allocs_per_op", is_known, (double)ops->allocs.median);
    put_if(j, root, "allocs_min", is_known, (double)ops->allocs.min);
    put_if(j, root, "allocs_max", is_known, (double)ops->allocs.max);
    put_if(j, root, "bytes_per_op", is_known, (double)ops->bytes.median);
    put_if(j, root, "bytes_min", is_known, (double)ops->bytes.min);
    put_if(j, root, "bytes_max", is_known, (double)ops->bytes.max);
}

static void put_totals(struct json *j, cJSON *root, const struct totals *t)
{
    cJSON *o = cJSON_AddObjectToObject(root, "totals");

    put_count(j, o, "events", t->events);
    put_count(j, o, "allocs", t->allocs);
    put_count(j, o, "frees", t->frees);
    put_count(j, o, "frees_unknown", t->frees_unknown);
    put_count(j, o, "bytes", t->bytes);
    put_count(j, o, "live_blocks", t->live_blocks);
    put_count(j, o, "live_bytes", t->live_bytes);
    put_count(j, o, "peak_live_bytes", t->peak_live_bytes);
    put_count(j, o, "allocs_outside_ops", t->allocs_outside_ops);
}

static void put_sites(struct json *j, cJSON *root, const struct site *sites,
                      size_t count, bool has_ops)
{
    uint64_t allocs = 0, frees = 0;
    double bytes = 0;
    cJSON *list;

    for (size_t i = 0; i < count; i++) {
        allocs += sites[i].allocs;
        frees += sites[i].frees;
        bytes += (double)sites[i].bytes;
    }
    put_count(j, root, "allocs", allocs);
    put_count(j, root, "frees", frees);
    put_number(j, root, "bytes", bytes);
    list = cJSON_AddArrayToObject(root, "sites");
    if (list == NULL)
        j->failed = true;
    for (size_t i = 0; i < count && !j->failed; i++)
        put_site(j, list, &sites[i], has_ops);
}

static void put_ledger(struct json *j, cJSON *root, const struct profile *p)
{
    struct ledger ledger;
    cJSON *o = profile_ledger(p, &ledger) ? ledger_to_json(&ledger)
                                          : cJSON_CreateNull();

    if (o == NULL || !cJSON_AddItemToObject(root, "ledger", o)) {
        cJSON_Delete(o);
        j->failed = true;
    }
}

enum err_code report_json(struct profile *p, FILE *out, struct err *err)
{
    struct json j = { false };
    const struct site *sites;
    size_t count;
    struct op_summary ops;
    struct totals totals;
    cJSON *root = NULL;
    char *text = NULL;
    enum err_code rc = profile_sites(p, &sites, &count, err);

    if (rc != ERR_OK)
        return rc;
    root = cJSON_CreateObject();
    profile_ops(p, &ops);
    profile_totals(p, &totals);
    put_run(&j, root, p);
    put_ops(&j, root, &ops);
    put_totals(&j, root, &totals);
    put_sites(&j, root, sites, count, ops.count > 0);
    put_ledger(&j, root, p);
    if (!j.failed)
        text = cJSON_Print(root);
    if (text == NULL) {
        rc = err_no_memory(err);
        goto out;
    }
    fprintf(out, "%s\n", text);
    rc = report_finish(out, err);
out:
    free(text);
    cJSON_Delete(root);
    return rc;
}
