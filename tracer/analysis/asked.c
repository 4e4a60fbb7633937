#include "analysis/asked.h"

#include <string.h>

uint32_t asked_via(const struct tables *t, uint32_t inside, uint32_t text)
{
    struct frame_call call;
    const struct trace_name *name;

    if (inside < STACK_FIRST)
        return text;
    call.frame = t->stacks[inside].frame;
    call.index = frames_call_count(t, call.frame) - 1;
    name = frames_name(t, &call);
    return name == NULL || name->function == 0 ? text : name->function;
}

void asked_find(const struct tables *t, uint32_t stack, uint32_t text,
                struct asked *out)
{
    uint32_t inside;
    uint32_t node = frames_site(t, stack, &inside);
    struct frame_call call = { 0 };
    const struct trace_name *name;

    *out = (struct asked){ .function = "(no stack)", .file = "" };
    out->via = tables_string(t, asked_via(t, inside, text));
    if (node < STACK_FIRST)
        return;
    call.frame = t->stacks[node].frame;
    name = frames_name(t, &call);
    if (name != NULL) {
        out->file = tables_string(t, name->file);
        out->line = name->line;
        out->column = name->column;
    }
    if (name != NULL)
        out->function = tables_string(t, name->function);
    if (name == NULL || out->function[0] == '\0')
        out->function =
            frames_unnamed(t, call.frame, out->unnamed, sizeof(out->unnamed));
}

bool asked_is(const struct asked *a, const struct site *site)
{
    return a->line == site->line && a->column == site->column &&
           strcmp(a->function, site->function) == 0 &&
           strcmp(a->file, site->file) == 0 && strcmp(a->via, site->via) == 0;
}
