#include "tui/site_text.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
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

/* U+2026; the grid knows what stands for it in ASCII. */
static const char ellipsis[] = "\xe2\x80\xa6";

static size_t char_size(const char *text)
{
    uint32_t c;
    size_t size = text_decode(text, strlen(text), &c);

    return size == 0 ? 1 : size;
}

/* Where the last `cols` columns of a text begin. */
static const char *text_tail(const char *text, int cols)
{
    while (*text != '\0' && (int)text_width(text) > cols)
        text += char_size(text);
    return text;
}

/* Cuts a text to its first `cols` columns, the last of them an ellipsis. */
static void text_head(char text[NAME_SHORT], int cols)
{
    size_t at = 0;
    size_t next = char_size(text);
    int width = 0;

    if (cols < 1)
        cols = 1;
    while (text[at] != '\0') {
        char one[8] = "";

        next = char_size(text + at);
        memcpy(one, text + at, next);
        width += (int)text_width(one);
        if (width > cols - 1)
            break;
        at += next;
    }
    snprintf(text + at, NAME_SHORT - at, "%s", ellipsis);
}

void site_label(const struct site *site, char out[SITE_LABEL_MAX])
{
    site_label_fit(site, SITE_LABEL_MAX, out);
}

void site_label_fit(const struct site *site, int width,
                    char out[SITE_LABEL_MAX])
{
    char function[NAME_SHORT];
    char place[NAME_SHORT];
    const char *shown = site_place(site, place);
    const char *colon = strrchr(place, ':');
    const char *cut = "";
    int left; /* for the place */

    name_short(site->function, function);
    left = width - (int)text_width(function) - 2;
    if (colon != NULL && left < (int)text_width(place)) {
        cut = ellipsis;
        shown = text_tail(place, left - 1);
        if (shown > colon)
            shown = colon;
        left = (int)text_width(shown) + 1;
        if (width - left - 2 < (int)text_width(function))
            text_head(function, width - left - 2);
    }
    snprintf(out, SITE_LABEL_MAX, "%s  %s%s", function, cut, shown);
}

/* The fewest and the most frames that its U blocks climbed; 0 none. */
static void up_range(const struct verdict_counts *v, unsigned *least,
                     unsigned *most)
{
    *least = *most = 0;
    for (unsigned up = PROFILE_UP_MAX; up >= 1; up--) {
        if (v->by_up[up] == 0)
            continue;
        *least = up;
        *most = *most == 0 ? up : *most;
    }
}

/* The owner is known for the worst verdict only: of several U the one that
 * climbed most. */
static bool knows_owner(const struct site *site)
{
    return site->worst_kind == VERDICT_UP && site->owner[0] != '\0';
}

void site_why(const struct world *w, const struct site *site,
              enum verdict_kind kind, char *out, size_t cap)
{
    char maker[NAME_SHORT];
    char owner[NAME_SHORT];
    unsigned least, most;

    name_short(site->function, maker);
    name_short(site->owner, owner);
    up_range(&site->verdicts, &least, &most);
    if (kind != VERDICT_UP)
        say_to(out, cap, w->language, kinds[kind].why, maker);
    else if (least != most && knows_owner(site))
        say_to(out, cap, w->language, MSG_WHY_U_RANGE, maker, least, most,
               owner);
    else if (least != most)
        say_to(out, cap, w->language, MSG_WHY_U_RANGE_NAMELESS, maker, least,
               most);
    else if (knows_owner(site))
        say_to(out, cap, w->language, MSG_WHY_U, maker, most, owner);
    else
        say_to(out, cap, w->language, MSG_WHY_U_NAMELESS, maker, most);
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
    unsigned least, most;

    up_range(v, &least, &most);
    line(w, out, MSG_HEAP_WHY);
    for (int kind = 0; kind < VERDICT_KIND_COUNT; kind++)
        all += (double)v->by_kind[kind];
    for (int kind = 0; kind < VERDICT_KIND_COUNT; kind++) {
        char share[16];
        char letter[16] = { verdict_letter((enum verdict_kind)kind) };

        if (v->by_kind[kind] == 0)
            continue;
        if (kind == VERDICT_UP)
            snprintf(letter + 1, sizeof(letter) - 1,
                     least < most ? "%u-U%u" : "%u", least, most);
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
    else if (knows_owner(site))
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
