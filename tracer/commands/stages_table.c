#include "commands/stages_table.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/profile.h"

struct stage_row {
    const struct course_stage *stage;
    struct feed_stage feed;
    bool has_figures;
    struct op_summary ops;
    char note[256];
};

/* Fills the row from the stage's trace; what is wrong with it becomes its
 * note. Only ERR_NO_MEMORY is an error. */
static enum err_code read_row(const struct course *c, const struct feed *feed,
                              size_t i, struct stage_row *row, struct err *err)
{
    struct profile *p = NULL;
    enum err_code rc;

    *row = (struct stage_row){ .stage = &c->stages[i] };
    feed->poll(feed->ctx, i, &row->feed);
    snprintf(row->note, sizeof(row->note), "%s", row->feed.note);
    if (row->feed.state != FEED_READY)
        return ERR_OK;
    rc = profile_open(row->feed.path, &p, err);
    while (rc == ERR_OK)
        rc = profile_advance(p, 0, err);
    if (rc == ERR_NOT_FOUND || rc == ERR_BAD_FORMAT) {
        row->has_figures = p != NULL;
        if (p != NULL) {
            profile_ops(p, &row->ops);
            snprintf(row->note, sizeof(row->note), "%s", profile_damage(p));
        }
    }
    if (p == NULL)
        snprintf(row->note, sizeof(row->note), "%s", err->text);
    profile_close(p);
    return rc == ERR_NO_MEMORY ? rc : ERR_OK;
}

static void print_row(const struct stage_row *row, FILE *out)
{
    fprintf(out, "S%-3u %-18s", row->stage->stage, row->stage->name);
    if (!row->has_figures) {
        fprintf(out, " %s\n", row->note);
        return;
    }
    fprintf(out, " %9llu %9llu", (unsigned long long)row->ops.allocs.median,
            (unsigned long long)row->ops.bytes.median);
    if (row->feed.ns_per_op > 0)
        fprintf(out, " %9.0f", row->feed.ns_per_op);
    else
        fprintf(out, " %9s", "-");
    if (row->ops.is_exact)
        fprintf(out, "  exact, %llu ops", (unsigned long long)row->ops.count);
    else
        fprintf(out, "  %llu to %llu, %llu ops",
                (unsigned long long)row->ops.allocs.min,
                (unsigned long long)row->ops.allocs.max,
                (unsigned long long)row->ops.count);
    fprintf(out, "%s%s\n", row->note[0] != '\0' ? "; " : "", row->note);
}

enum err_code stages_table_print(const struct course *c,
                                 const struct feed *feed, FILE *out,
                                 struct err *err)
{
    enum err_code rc = ERR_OK;

    if (feed->note[0] != '\0')
        fprintf(out, "%s\n\n", feed->note);
    fprintf(out, "%s\n\n", course_say(&c->title, LANG_EN));
    fprintf(out, "%-4s %-18s %9s %9s %9s\n", "", "stage", "allocs/op", "B/op",
            "ns/op");
    for (size_t i = 0; i < c->stage_count && rc == ERR_OK; i++) {
        struct stage_row row;

        rc = read_row(c, feed, i, &row, err);
        if (rc == ERR_OK)
            print_row(&row, out);
    }
    if (rc == ERR_OK)
        fprintf(out,
                "\nallocs/op and B/op are medians per call of %s, counted "
                "by the tracer;\nns/op is measured without it.\n",
                c->op);
    return rc;
}

static void add_number(cJSON *object, const char *key, bool known, double value)
{
    if (known)
        cJSON_AddNumberToObject(object, key, value);
    else
        cJSON_AddNullToObject(object, key);
}

static cJSON *row_to_json(const struct stage_row *row, bool is_replayed)
{
    cJSON *o = cJSON_CreateObject();
    const struct op_summary *ops = &row->ops;
    bool known = row->has_figures;

    if (o == NULL)
        return NULL;
    cJSON_AddNumberToObject(o, "stage", row->stage->stage);
    cJSON_AddStringToObject(o, "name", row->stage->name);
    cJSON_AddStringToObject(o, "title",
                            course_say(&row->stage->title, LANG_EN));
    add_number(o, "ops", known, (double)ops->count);
    add_number(o, "allocs_per_op", known, (double)ops->allocs.median);
    add_number(o, "allocs_min", known, (double)ops->allocs.min);
    add_number(o, "allocs_max", known, (double)ops->allocs.max);
    cJSON_AddBoolToObject(o, "exact", known && ops->is_exact);
    add_number(o, "bytes_per_op", known, (double)ops->bytes.median);
    add_number(o, "ns_per_op", row->feed.ns_per_op > 0, row->feed.ns_per_op);
    cJSON_AddBoolToObject(o, "recorded", !is_replayed);
    cJSON_AddStringToObject(o, "note", row->note);
    return o;
}

static enum err_code print_json(const cJSON *json, FILE *out, struct err *err)
{
    char *text = cJSON_Print(json);

    if (text == NULL)
        return err_no_memory(err);
    fprintf(out, "%s\n", text);
    cJSON_free(text);
    return ERR_OK;
}

enum err_code stages_table_json(const struct course *c, const struct feed *feed,
                                FILE *out, struct err *err)
{
    cJSON *all = cJSON_CreateArray();
    enum err_code rc = all == NULL ? err_no_memory(err) : ERR_OK;

    for (size_t i = 0; i < c->stage_count && rc == ERR_OK; i++) {
        struct stage_row row;

        rc = read_row(c, feed, i, &row, err);
        if (rc == ERR_OK &&
            !cJSON_AddItemToArray(all, row_to_json(&row, feed->is_replayed)))
            rc = err_no_memory(err);
    }
    if (rc == ERR_OK)
        rc = print_json(all, out, err);
    cJSON_Delete(all);
    return rc;
}
