#include "tui/block_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analysis/asked.h"
#include "analysis/frames.h"
#include "tui/units.h"

enum { BOX_MAX_BYTES = 16 }; /* +B, as lives.c counts them */

static const struct tables *tables_of(const struct world *w)
{
    return timeline_tables(w->replay->timeline);
}

const char *block_name(const struct world *w, size_t block,
                       char out[BLOCK_NAME_MAX])
{
    const struct replay_block *b = &w->replay->blocks[block];

    if (b->site == 0)
        snprintf(out, BLOCK_NAME_MAX, "-.%" PRIu32, b->nth);
    else
        snprintf(out, BLOCK_NAME_MAX, "%" PRIu32 ".%" PRIu32, b->site, b->nth);
    return out;
}

const char *block_letter(const struct verdict *v, char out[16])
{
    uint32_t up = v->up < PROFILE_UP_MAX ? v->up : PROFILE_UP_MAX;
    int size = snprintf(out, 16, "%s%c", v->is_at_most ? "<=" : "",
                        verdict_letter(v->kind));

    if (v->kind == VERDICT_UP)
        snprintf(out + size, 16 - (size_t)size, "%" PRIu32, up);
    return out;
}

const char *block_verdict(const struct world *w, const struct window_block *b,
                          char out[64])
{
    bool is_late = b->freed_seq > w->replay->window.op_last;
    char letter[16];
    char life[UNITS_MAX];
    int size = snprintf(out, 64, "%-3s", block_letter(&b->verdict, letter));

    if (b->freed_seq == WINDOW_NEVER)
        size += snprintf(out + size, 64 - (size_t)size, " %s",
                         say(w->language, MSG_BLOCK_L));
    else if (window_outlives(b))
        size += snprintf(out + size, 64 - (size_t)size, " +%s",
                         units_count(b->freed_seq - b->maker_gone, life));
    else
        size += snprintf(out + size, 64 - (size_t)size, " %s",
                         units_count(b->freed_seq - b->seq, life));
    snprintf(out + size, 64 - (size_t)size, "%s%s%s", is_late ? ">" : "",
             b->is_grown ? " +G" : "",
             b->size_bytes <= BOX_MAX_BYTES ? " +B" : "");
    return out;
}

const char *block_maker(const struct world *w, uint32_t stack, uint32_t text,
                        char out[NAME_SHORT])
{
    struct asked asked;

    asked_find(tables_of(w), stack, text, &asked);
    return name_short(asked.function, out);
}

static const char *call_name(const struct world *w,
                             const struct frame_call *call,
                             char out[NAME_SHORT])
{
    const struct trace_name *name = frames_name(tables_of(w), call);
    const char *function =
        name == NULL ? "" : tables_string(tables_of(w), name->function);
    char unnamed[256];

    if (function[0] == '\0')
        function =
            frames_unnamed(tables_of(w), call->frame, unnamed, sizeof(unnamed));
    return name_short(function, out);
}

const char *block_function(const struct world *w, uint32_t stack,
                           char out[NAME_SHORT])
{
    uint32_t node = frames_site(tables_of(w), stack, NULL);
    struct frame_call call = { 0 };

    out[0] = '\0';
    if (node < STACK_FIRST)
        return out;
    call.frame = tables_of(w)->stacks[node].frame;
    return call_name(w, &call, out);
}

void block_story(const struct world *w, size_t block, char *out, size_t cap)
{
    const struct window_block *b = &w->replay->window.blocks[block];
    char name[BLOCK_NAME_MAX];
    char function[NAME_SHORT];
    char number[UNITS_MAX];

    say_to(out, cap, w->language, MSG_BLOCK_MADE, block_name(w, block, name),
           block_maker(w, b->stack, b->text, function),
           units_count(replay_relative(w, b->seq), number));
    if (window_outlives(b) && b->maker_gone < b->freed_seq)
        say_append(out, cap, w->language, MSG_BLOCK_GONE,
                   units_count(replay_relative(w, b->maker_gone), number));
    if (b->freed_seq == WINDOW_NEVER) {
        say_append(out, cap, w->language, MSG_BLOCK_NEVER);
        return;
    }
    block_function(w, b->freed_stack, function);
    units_count(replay_relative(w, b->freed_seq), number);
    say_append(out, cap, w->language,
               b->is_resized                              ? MSG_BLOCK_RESIZED
               : b->freed_seq > w->replay->window.op_last ? MSG_BLOCK_LATE
                                                          : MSG_BLOCK_FREED,
               number, function);
}

void block_why(const struct world *w, const struct window_block *b, char *out,
               size_t cap)
{
    char maker[NAME_SHORT];
    char owner[NAME_SHORT];

    block_maker(w, b->stack, b->text, maker);
    switch (b->verdict.kind) {
    case VERDICT_TEMPORARY:
        say_to(out, cap, w->language, MSG_WHY_T, maker);
        break;
    case VERDICT_UP:
        if (b->has_owner)
            say_to(out, cap, w->language, MSG_WHY_U, maker, b->verdict.up,
                   call_name(w, &b->owner, owner));
        else
            say_to(out, cap, w->language, MSG_WHY_U_NAMELESS, maker,
                   b->verdict.up);
        break;
    case VERDICT_OPERATION:
        say_to(out, cap, w->language, MSG_WHY_O, maker);
        break;
    case VERDICT_CROSSES:
        say_to(out, cap, w->language, MSG_WHY_C, maker);
        break;
    default:
        say_to(out, cap, w->language, MSG_WHY_L, maker);
        break;
    }
}

bool block_passes(const struct world *w, size_t block)
{
    const struct window_block *b = &w->replay->window.blocks[block];
    const struct site *site = replay_site(w, block);
    struct asked asked;
    struct site one = { .verdicts = { .grown = b->is_grown } };
    uint32_t up =
        b->verdict.up < PROFILE_UP_MAX ? b->verdict.up : PROFILE_UP_MAX;

    if (w->filters.count == 0)
        return true;
    asked_find(tables_of(w), b->stack, b->text, &asked);
    one.function = site == NULL ? asked.function : site->function;
    one.file = site == NULL ? asked.file : site->file;
    one.via = site == NULL ? asked.via : site->via;
    one.verdicts.by_kind[b->verdict.kind] = 1;
    if (b->verdict.kind == VERDICT_UP)
        one.verdicts.by_up[up] = 1;
    one.verdicts.boxes = b->size_bytes <= BOX_MAX_BYTES;
    return filters_pass(&w->filters, w->filters.count, &one);
}
