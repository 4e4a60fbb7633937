#include "tui/view.h"

#include <stdio.h>
#include <string.h>

#include "analysis/verdict.h"
#include "base/attrs.h"

const struct view *const views[] = { &view_stages, &view_sites,   &view_ribbons,
                                     &view_replay, &view_heap,    &view_source,
                                     &view_flame,  &view_compare, &view_live,
                                     &view_learn,  &view_present, &view_help };
const size_t view_count = ARRAY_LEN(views);

const struct stage *world_stage(const struct world *w)
{
    return &w->story->stages[w->selection.stage];
}

const struct stage *world_stage_before(const struct world *w)
{
    return w->selection.stage == 0 ? NULL : world_stage(w) - 1;
}

bool world_move(enum command cmd, size_t count, int page, size_t *at)
{
    size_t last = count == 0 ? 0 : count - 1;
    size_t step = page > 1 ? (size_t)page - 1 : 1;

    switch (cmd) {
    case CMD_UP:
        *at -= *at > 0 ? 1 : 0;
        return true;
    case CMD_DOWN:
        *at += *at < last ? 1 : 0;
        return true;
    case CMD_PAGE_UP:
        *at -= *at > step ? step : *at;
        return true;
    case CMD_PAGE_DOWN:
        *at = last - *at > step ? *at + step : last;
        return true;
    case CMD_HOME:
        *at = 0;
        return true;
    case CMD_END:
        *at = last;
        return true;
    default:
        return false;
    }
}

/* One line per letter that a site's blocks can have. */
struct share {
    char name[4];
    uint64_t blocks;
};

static size_t shares(const struct verdict_counts *v, struct share *out)
{
    size_t count = 0;

    for (int kind = 0; kind < VERDICT_KIND_COUNT; kind++) {
        char letter = verdict_letter((enum verdict_kind)kind);

        if (kind != VERDICT_UP) {
            snprintf(out[count].name, sizeof(out->name), "%c", letter);
            out[count++].blocks = v->by_kind[kind];
            continue;
        }
        for (int up = 1; up <= PROFILE_UP_MAX; up++) {
            snprintf(out[count].name, sizeof(out->name), "%c%d", letter, up);
            out[count++].blocks = v->by_up[up];
        }
    }
    return count;
}

/* The biggest share not yet told (those are zero); NULL when none is left. */
static struct share *biggest(struct share *list, size_t count)
{
    struct share *best = NULL;

    for (size_t i = 0; i < count; i++)
        if (list[i].blocks > 0 &&
            (best == NULL || list[i].blocks > best->blocks))
            best = &list[i];
    return best;
}

const char *verdict_text(const struct verdict_counts *v,
                         char out[VERDICT_TEXT_MAX])
{
    struct share list[VERDICT_KIND_COUNT + PROFILE_UP_MAX];
    size_t count = shares(v, list);
    struct share *best;
    double all = 0;
    bool is_first = true;
    size_t at;

    for (size_t i = 0; i < count; i++)
        all += (double)list[i].blocks;
    at = (size_t)snprintf(out, VERDICT_TEXT_MAX, "%s",
                          v->at_most > 0 ? "<=" : "");
    while ((best = biggest(list, count)) != NULL && at + 20 < 64) {
        at += (size_t)snprintf(out + at, VERDICT_TEXT_MAX - at, "%s%s",
                               is_first ? "" : " ", best->name);
        is_first = false;
        /* A share below half a per cent must not read as none. */
        if ((double)best->blocks < all)
            at += (size_t)snprintf(out + at, VERDICT_TEXT_MAX - at, " %.0f%%",
                                   (double)best->blocks / all < 0.01
                                       ? 1.0
                                       : (double)best->blocks * 100 / all);
        best->blocks = 0;
    }
    snprintf(out + at, VERDICT_TEXT_MAX - at, "%s%s", v->grown > 0 ? " +G" : "",
             v->boxes > 0 ? " +B" : "");
    return out;
}

enum verdict_kind verdict_main(const struct verdict_counts *v)
{
    enum verdict_kind best = VERDICT_TEMPORARY;

    for (int kind = 1; kind < VERDICT_KIND_COUNT; kind++)
        if (v->by_kind[kind] > v->by_kind[best])
            best = (enum verdict_kind)kind;
    return best;
}

unsigned verdict_main_up(const struct verdict_counts *v)
{
    unsigned best = 1;

    for (unsigned up = 2; up <= PROFILE_UP_MAX; up++)
        if (v->by_up[up] > v->by_up[best])
            best = up;
    return best;
}

const char *verdict_main_text(const struct verdict_counts *v, char out[16])
{
    enum verdict_kind kind = verdict_main(v);
    unsigned up = verdict_main_up(v);

    if (kind == VERDICT_UP && v->by_up[up] == v->by_kind[kind])
        snprintf(out, 16, "%c%u", verdict_letter(kind), up);
    else
        snprintf(out, 16, "%c", verdict_letter(kind));
    return out;
}
