#include "trace/tables.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/vec.h"

enum err_code tables_init(struct tables *t, struct err *err)
{
    uint32_t empty;
    enum err_code rc;

    *t = (struct tables){ 0 };
    rc = strtab_intern(&t->strings, "", 0, &empty, err);
    while (rc == ERR_OK && t->stack_count < STACK_FIRST) {
        rc = vec_grow(&t->stacks, t->stack_count, &t->stack_cap,
                      sizeof(*t->stacks), err);
        if (rc == ERR_OK)
            t->stacks[t->stack_count++] = (struct trace_stack){ 0 };
    }
    if (rc != ERR_OK)
        tables_fini(t);
    return rc;
}

void tables_fini(struct tables *t)
{
    strtab_fini(&t->strings);
    free(t->modules);
    free(t->frames);
    free(t->names);
    free(t->named);
    free(t->stacks);
    for (size_t i = 0; i < t->source_count; i++)
        free(t->sources[i].text);
    free(t->sources);
    map_fini(&t->frame_index);
    map_fini(&t->stack_index);
    *t = (struct tables){ 0 };
}

static bool is_same_module(const struct trace_module *a,
                           const struct trace_module *b)
{
    return a->path == b->path && a->build_id == b->build_id &&
           a->start == b->start && a->end == b->end && a->bias == b->bias &&
           a->is_runtime == b->is_runtime;
}

enum err_code tables_module(struct tables *t, const struct trace_module *m,
                            uint32_t *out, struct err *err)
{
    enum err_code rc;

    assert(m->path < t->strings.count && m->build_id < t->strings.count);
    assert(m->start <= m->end);
    /* A program has tens of modules: a search is as good as an index. */
    for (size_t i = 0; i < t->module_count; i++) {
        if (is_same_module(&t->modules[i], m)) {
            *out = (uint32_t)i;
            return ERR_OK;
        }
    }
    rc = vec_grow(&t->modules, t->module_count, &t->module_cap,
                  sizeof(*t->modules), err);
    if (rc != ERR_OK)
        return rc;
    *out = (uint32_t)t->module_count;
    t->modules[t->module_count++] = *m;
    return ERR_OK;
}

static uint64_t frame_hash(tracee_addr addr, uint32_t module, uint8_t flags)
{
    uint64_t words[] = { addr, module, flags };

    return XXH3_64bits(words, sizeof(words));
}

enum err_code tables_frame(struct tables *t, tracee_addr addr, uint32_t module,
                           uint8_t flags, uint32_t *out, struct err *err)
{
    uint64_t key = frame_hash(addr, module, flags);
    uint64_t number;
    enum err_code rc;

    assert(module == MODULE_NONE || module < t->module_count);
    /* Two frames with one hash sit under neighbouring keys. */
    for (; map_get(&t->frame_index, key, &number); key++) {
        const struct trace_frame *f = &t->frames[number];

        if (f->addr == addr && f->module == module && f->flags == flags) {
            *out = (uint32_t)number;
            return ERR_OK;
        }
    }
    rc = vec_grow(&t->frames, t->frame_count, &t->frame_cap, sizeof(*t->frames),
                  err);
    if (rc == ERR_OK)
        rc = map_put(&t->frame_index, key, t->frame_count, err);
    if (rc != ERR_OK)
        return rc;
    *out = (uint32_t)t->frame_count;
    t->frames[t->frame_count++] = (struct trace_frame){
        .addr = addr,
        .module = module,
        .flags = flags,
    };
    return ERR_OK;
}

enum err_code tables_stack(struct tables *t, uint32_t parent, uint32_t frame,
                           uint32_t *out, struct err *err)
{
    uint64_t key = (uint64_t)parent << 32 | frame;
    uint64_t number;
    enum err_code rc;

    assert(parent < t->stack_count && frame < t->frame_count);
    if (map_get(&t->stack_index, key, &number)) {
        *out = (uint32_t)number;
        return ERR_OK;
    }
    rc = vec_grow(&t->stacks, t->stack_count, &t->stack_cap, sizeof(*t->stacks),
                  err);
    if (rc == ERR_OK)
        rc = map_put(&t->stack_index, key, t->stack_count, err);
    if (rc != ERR_OK)
        return rc;
    *out = (uint32_t)t->stack_count;
    t->stacks[t->stack_count++] = (struct trace_stack){
        .parent = parent,
        .frame = frame,
        .depth = t->stacks[parent].depth + 1,
    };
    return ERR_OK;
}

enum err_code tables_name(struct tables *t, uint32_t frame,
                          const struct trace_name *names, size_t count,
                          struct err *err)
{
    size_t first = t->name_count;
    enum err_code rc;

    assert(frame < t->frame_count);
    if (count > NAMES_PER_FRAME_MAX)
        count = NAMES_PER_FRAME_MAX;
    rc = vec_grow(&t->named, t->named_count, &t->named_cap, sizeof(*t->named),
                  err);
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        assert(names[i].function < t->strings.count);
        assert(names[i].file < t->strings.count);
        rc = vec_grow(&t->names, first + i, &t->name_cap, sizeof(*t->names),
                      err);
        if (rc == ERR_OK)
            t->names[first + i] = names[i];
    }
    if (rc != ERR_OK)
        return rc;
    t->name_count += count;
    t->named[t->named_count++] = frame;
    t->frames[frame].name_first = (uint32_t)first;
    t->frames[frame].name_count = (uint32_t)count;
    return ERR_OK;
}

enum err_code tables_source(struct tables *t, uint32_t path, const char *text,
                            size_t size, struct err *err)
{
    char *copy;
    enum err_code rc;

    assert(path < t->strings.count);
    if (tables_find_source(t, path) != NULL)
        return ERR_OK;
    rc = vec_grow(&t->sources, t->source_count, &t->source_cap,
                  sizeof(*t->sources), err);
    if (rc != ERR_OK)
        return rc;
    copy = malloc(size + 1);
    if (copy == NULL)
        return err_no_memory(err);
    if (size > 0)
        memcpy(copy, text, size);
    copy[size] = '\0';
    t->sources[t->source_count++] =
        (struct trace_source){ .path = path, .text = copy, .size = size };
    return ERR_OK;
}

const struct trace_source *tables_find_source(const struct tables *t,
                                              uint32_t path)
{
    for (size_t i = 0; i < t->source_count; i++)
        if (t->sources[i].path == path)
            return &t->sources[i];
    return NULL;
}

bool tables_stack_is_whole(const struct tables *t, uint32_t stack)
{
    while (stack >= STACK_FIRST)
        stack = t->stacks[stack].parent;
    return stack == STACK_ROOT;
}

static uint64_t map_memory(const struct map *m)
{
    enum { SLOT_BYTES = 24 }; /* key, value and state, base/map.c */

    return m->cap * SLOT_BYTES;
}

uint64_t tables_memory(const struct tables *t)
{
    const struct strtab *s = &t->strings;
    uint64_t bytes = s->bytes.cap + s->cap * sizeof(*s->offsets) +
                     s->same_cap * sizeof(*s->same_hash) +
                     map_memory(&s->by_hash) + map_memory(&t->frame_index) +
                     map_memory(&t->stack_index);

    bytes += t->module_cap * sizeof(*t->modules);
    bytes += t->frame_cap * sizeof(*t->frames);
    bytes += t->name_cap * sizeof(*t->names);
    bytes += t->named_cap * sizeof(*t->named);
    bytes += t->stack_cap * sizeof(*t->stacks);
    bytes += t->source_cap * sizeof(*t->sources);
    for (size_t i = 0; i < t->source_count; i++)
        bytes += t->sources[i].size + 1;
    return bytes;
}
