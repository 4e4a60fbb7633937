#include "tui/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

bool stage_has_data(const struct stage *s)
{
    return s->ops.has_ops ? s->ops.count > 0 : s->totals.allocs > 0;
}

double stage_allocs(const struct stage *s)
{
    return (double)(s->ops.has_ops ? s->ops.allocs.median : s->totals.allocs);
}

double stage_bytes(const struct stage *s)
{
    return (double)(s->ops.has_ops ? s->ops.bytes.median : s->totals.bytes);
}

double stage_site_allocs(const struct stage *s, const struct site *site)
{
    return s->ops.has_ops ? site->allocs_per_op : (double)site->allocs;
}

double stage_site_bytes(const struct stage *s, const struct site *site)
{
    return s->ops.has_ops ? site->bytes_per_op : (double)site->bytes;
}

double stage_key_allocs(const struct stage *s, uint64_t key)
{
    double sum = 0;

    for (size_t i = 0; i < s->site_count; i++)
        if (s->sites[i].key == key)
            sum += stage_site_allocs(s, &s->sites[i]);
    return sum;
}

double stage_share_outliving(const struct stage *s)
{
    uint64_t all = 0;
    uint64_t outliving = 0;

    for (size_t i = 0; i < s->site_count; i++) {
        const struct verdict_counts *v = &s->sites[i].verdicts;

        for (int kind = 0; kind < VERDICT_KIND_COUNT; kind++) {
            all += v->by_kind[kind];
            if (kind != VERDICT_TEMPORARY)
                outliving += v->by_kind[kind];
        }
    }
    return all == 0 ? 0 : (double)outliving / (double)all;
}

const char *name_short(const char *name, char out[NAME_SHORT])
{
    text_clean(name, out, NAME_SHORT - 3, false);
    if (strlen(name) > NAME_SHORT - 4)
        strcat(out, "...");
    return out;
}

size_t stage_calls(const struct stage *s, const struct site *site,
                   char (*out)[NAME_SHORT], size_t max, bool *more)
{
    const char *op = s->profile == NULL ? NULL : profile_header(s->profile)->op;
    size_t count = 0;
    bool at_op = false;

    *more = false;
    name_short(site->function, out[count++]);
    while (s->profile != NULL && !at_op) {
        struct trace_name name;
        const char *function;
        char unnamed[64];

        if (!profile_call(s->profile, site->stack, site->site_frame + count,
                          &name, &function, unnamed, sizeof(unnamed)))
            break;
        *more = count == max;
        if (*more)
            break;
        name_short(function, out[count++]);
        at_op = op != NULL && strcmp(function, op) == 0;
    }
    return count;
}

const char *site_place(const struct site *site, char out[NAME_SHORT])
{
    const char *slash = strrchr(site->file, '/');
    const char *base = slash == NULL ? site->file : slash + 1;
    size_t used;

    name_short(base, out);
    out[NAME_SHORT - 16] = '\0'; /* a cut character is drawn as U+FFFD */
    used = strlen(out);
    if (used > 0 && site->line > 0)
        snprintf(out + used, NAME_SHORT - used, ":%u", site->line);
    return out;
}

enum err_code story_init(struct story *story, const struct feed *feed,
                         const struct course *course, const char *const *titles,
                         struct err *err)
{
    *story = (struct story){ .feed = feed, .count = feed->stage_count };
    story->note = feed->note == NULL ? "" : feed->note;
    story->title = course == NULL ? "" : course_say(&course->title, LANG_EN);
    if (story->count == 0)
        return err_set(err, ERR_USAGE, "there is no trace to show");
    story->stages = calloc(story->count, sizeof(*story->stages));
    if (story->stages == NULL) {
        story->count = 0;
        return err_no_memory(err);
    }
    for (size_t i = 0; i < story->count; i++) {
        struct stage *s = &story->stages[i];

        s->number = (uint32_t)i;
        s->name = titles == NULL ? "" : titles[i];
        if (course != NULL && i < course->stage_count) {
            s->lesson = &course->stages[i];
            s->number = s->lesson->stage;
            s->name = s->lesson->name;
            s->ops_wanted = course->ops;
        }
    }
    return ERR_OK;
}

void story_fini(struct story *story)
{
    for (size_t i = 0; i < story->count; i++) {
        free(story->stages[i].changes);
        profile_close(story->stages[i].profile);
        free(story->stages[i].path);
    }
    free(story->stages);
    *story = (struct story){ 0 };
}

/* Reads on. A file that grows faster than the slice is read to the end by
 * later calls. */
static enum err_code read_on(struct stage *s, uint64_t max_events,
                             struct err *err)
{
    enum err_code rc = profile_advance(s->profile, max_events, err);

    if (rc == ERR_NO_MEMORY)
        return rc;
    if (rc != ERR_OK && (rc != ERR_NOT_FOUND || s->state != FEED_RECORDING)) {
        s->is_whole = true;
        /* What the feed says about the stage goes first. */
        if (s->note[0] == '\0')
            snprintf(s->note, sizeof(s->note), "%s",
                     profile_damage(s->profile));
    }
    profile_ops(s->profile, &s->ops);
    profile_totals(s->profile, &s->totals);
    s->has_ledger = profile_ledger(s->profile, &s->ledger);
    rc = profile_stacks(s->profile, &s->stacks, &s->stack_count, err);
    if (rc == ERR_OK)
        rc = profile_sites(s->profile, &s->sites, &s->site_count, err);
    return rc;
}

/* Opens the stage's file once there is one. While it is being recorded it
 * may not be there yet, or have no header: asked again later. */
static enum err_code open_profile(struct stage *s, const char *path,
                                  struct err *err)
{
    enum err_code rc = ERR_NOT_FOUND;

    if (path != NULL)
        rc = profile_open(path, &s->profile, err);
    if (rc == ERR_OK) {
        s->path = strdup(path);
        if (s->path == NULL)
            rc = err_no_memory(err);
    }
    if (rc == ERR_OK || rc == ERR_NO_MEMORY)
        return rc;
    if (s->state != FEED_RECORDING) {
        s->is_whole = true;
        if (s->state == FEED_READY && path != NULL) {
            s->state = FEED_FAILED;
            snprintf(s->note, sizeof(s->note), "%s", err->text);
        }
    }
    return ERR_OK;
}

/* *read: the sites moved. *changed: something to be seen is new. */
static enum err_code poll_stage(struct story *story, size_t i,
                                uint64_t max_events, bool *read, bool *changed,
                                struct err *err)
{
    struct stage *s = &story->stages[i];
    struct feed_stage now = { .note = "" };
    uint64_t events = s->totals.events;
    enum err_code rc = ERR_OK;

    *read = false;
    *changed = false;
    if (s->is_whole)
        return ERR_OK;
    story->feed->poll(story->feed->ctx, i, &now);
    *changed = now.state != s->state;
    s->state = now.state;
    if (now.state == FEED_WAITING)
        return ERR_OK;
    s->ns_per_op = now.ns_per_op;
    snprintf(s->note, sizeof(s->note), "%s", now.note == NULL ? "" : now.note);
    if (s->profile == NULL)
        rc = open_profile(s, now.path, err);
    *read = s->profile != NULL;
    if (rc == ERR_OK && s->profile != NULL)
        rc = read_on(s, max_events, err);
    *changed = *changed || s->is_whole || s->totals.events != events;
    return rc;
}

enum err_code story_poll(struct story *story, uint64_t max_events, bool *busy,
                         struct err *err)
{
    enum err_code rc = ERR_OK;
    bool read_before = false; /* the stage before this one */

    *busy = false;
    for (size_t i = 0; i < story->count && rc == ERR_OK; i++) {
        bool read;
        bool changed;

        rc = poll_stage(story, i, max_events, &read, &changed, err);
        /* Reading on moved the sites that the changes point into. */
        if (rc == ERR_OK && (read || read_before))
            rc = story_compare(story, i, err);
        if (changed)
            story->version++;
        read_before = read;
        if (!story->stages[i].is_whole)
            *busy = true;
    }
    return rc;
}
