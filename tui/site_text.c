#include "tui/site_text.h"

#include <stdio.h>
#include <string.h>

#include "tui/units.h"

enum { CHAIN_MAX = 12 }; /* calls in the made-by line */

/* clang-format off */
static const struct {
    enum message name, why, fix;
} kinds[VERDICT_KIND_COUNT] = {
    [VERDICT_TEMPORARY] = { MSG_NAME_T, MSG_WHY_T, MSG_FIX_T },
    [VERDICT_UP]        = { MSG_NAME_U, MSG_WHY_U, MSG_FIX_U },
    [VERDICT_OPERATION] = { MSG_NAME_O, MSG_WHY_O, MSG_FIX_O },
    [VERDICT_CROSSES]   = { MSG_NAME_C, MSG_WHY_C, MSG_FIX_C },
    [VERDICT_LIVE]      = { MSG_NAME_L, MSG_WHY_L, MSG_FIX_L },
};
/* clang-format on */

static void line(const struct world *w, char *out, enum message id)
{
    say_append(out, SITE_TEXT_MAX, w->language, id);
    say_plain(out, SITE_TEXT_MAX, "\n");
}

void site_label(const struct site *site, char *out, size_t cap)
{
    char function[NAME_SHORT];
    char place[NAME_SHORT];

    snprintf(out, cap, "%s  %s", name_short(site->function, function),
             site_place(site, place));
}

/* The owner is known for the worst verdict only. */
static bool knows_owner(const struct site *site, unsigned up)
{
    return site->worst_kind == VERDICT_UP && site->owner[0] != '\0' &&
           site->worst_up == up;
}

void site_why(const struct world *w, const struct site *site,
              enum verdict_kind kind, char *out, size_t cap)
{
    char maker[NAME_SHORT];
    char owner[NAME_SHORT];
    unsigned up = verdict_main_up(&site->verdicts);

    name_short(site->function, maker);
    if (kind != VERDICT_UP)
        say_to(out, cap, w->language, kinds[kind].why, maker);
    else if (knows_owner(site, up))
        say_to(out, cap, w->language, MSG_WHY_U, maker, up,
               name_short(site->owner, owner));
    else
        say_to(out, cap, w->language, MSG_WHY_U_NAMELESS, maker, up);
}

static void append_made_by(const struct world *w, const struct stage *s,
                           const struct site *site, char *out)
{
    char calls[CHAIN_MAX][NAME_SHORT];
    char chain[CHAIN_MAX * (NAME_SHORT + 4) + 8] = "";
    char via[NAME_SHORT];
    bool more;
    size_t count = stage_calls(s, site, calls, CHAIN_MAX, &more);

    for (size_t i = 0; i < count; i++) {
        say_plain(chain, sizeof(chain), i > 0 ? " <- " : "");
        say_plain(chain, sizeof(chain), calls[i]);
    }
    say_plain(chain, sizeof(chain), more ? " <- ..." : "");
    say_append(out, SITE_TEXT_MAX, w->language, MSG_MADE_BY, chain);
    say_append(out, SITE_TEXT_MAX, w->language, MSG_ASKED_WITH,
               name_short(site->via, via));
    say_plain(out, SITE_TEXT_MAX, "\n");
}

static void append_reasons(const struct world *w, const struct site *site,
                           char *out)
{
    const struct verdict_counts *v = &site->verdicts;
    char text[512];
    double all = 0;

    line(w, out, MSG_HEAP_WHY);
    for (int kind = 0; kind < VERDICT_KIND_COUNT; kind++)
        all += (double)v->by_kind[kind];
    for (int kind = 0; kind < VERDICT_KIND_COUNT; kind++) {
        char share[16];
        char letter[16] = { verdict_letter((enum verdict_kind)kind) };

        if (v->by_kind[kind] == 0)
            continue;
        if (kind == VERDICT_UP)
            snprintf(letter + 1, sizeof(letter) - 1, "%u",
                     verdict_main_up(&site->verdicts));
        snprintf(share, sizeof(share), "%.0f%%",
                 (double)v->by_kind[kind] * 100 / all);
        say_append(out, SITE_TEXT_MAX, w->language, MSG_BLOCKS, share, letter,
                   say(w->language, kinds[kind].name));
        site_why(w, site, (enum verdict_kind)kind, text, sizeof(text));
        say_plain(out, SITE_TEXT_MAX, text);
        say_plain(out, SITE_TEXT_MAX, "\n");
    }
    if (site->freed_in[0] != '\0') {
        char name[NAME_SHORT];

        say_append(out, SITE_TEXT_MAX, w->language, MSG_FREED_MOSTLY,
                   name_short(site->freed_in, name));
        say_plain(out, SITE_TEXT_MAX, "\n");
    }
    if (v->at_most > 0)
        line(w, out, MSG_AT_MOST);
}

static void append_advice(const struct world *w, const struct site *site,
                          char *out)
{
    enum verdict_kind kind = verdict_main(&site->verdicts);
    char owner[NAME_SHORT];

    line(w, out, MSG_FIX);
    if (kind != VERDICT_UP)
        say_append(out, SITE_TEXT_MAX, w->language, kinds[kind].fix);
    else if (knows_owner(site, verdict_main_up(&site->verdicts)))
        say_append(out, SITE_TEXT_MAX, w->language, MSG_FIX_U,
                   name_short(site->owner, owner));
    else
        say_append(out, SITE_TEXT_MAX, w->language, MSG_FIX_U_NAMELESS);
    say_plain(out, SITE_TEXT_MAX, "\n");
    if (site->verdicts.grown > 0)
        line(w, out, MSG_FIX_GROWN);
    if (site->verdicts.boxes > 0)
        line(w, out, MSG_FIX_BOX);
}

static void append_seen_in(const struct world *w, const struct site *site,
                           char *out)
{
    const struct story *story = w->story;

    say_append(out, SITE_TEXT_MAX, w->language, MSG_SEEN_IN);
    for (size_t i = 0; i < story->count; i++) {
        const struct stage *s = &story->stages[i];
        char number[UNITS_MAX];
        char entry[UNITS_MAX + 24];

        if (!stage_has_data(s))
            continue;
        snprintf(entry, sizeof(entry), "  S%u %s", s->number,
                 units_tenths(stage_key_allocs(s, site->key), number));
        say_plain(out, SITE_TEXT_MAX, entry);
    }
    say_plain(out, SITE_TEXT_MAX, "\n");
}

void site_text(const struct world *w, const struct site *site,
               const struct change *gone, char out[SITE_TEXT_MAX])
{
    const struct stage *s = world_stage(w);

    out[0] = '\0';
    if (gone != NULL) {
        const struct stage *before = s - 1;
        char name[NAME_SHORT];
        char was[16], now[16];
        char number[UNITS_MAX];

        snprintf(was, sizeof(was), "S%u", before->number);
        snprintf(now, sizeof(now), "S%u", s->number);
        say_append(out, SITE_TEXT_MAX, w->language, MSG_WAS_GONE,
                   name_short(site->function, name), was,
                   units_tenths(gone->allocs_before, number), now);
        say_plain(out, SITE_TEXT_MAX, "\n");
        s = before;
    }
    append_made_by(w, s, site, out);
    append_reasons(w, site, out);
    append_advice(w, site, out);
    append_seen_in(w, site, out);
}
