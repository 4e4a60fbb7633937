#include "symbols/debug_scopes.h"

#include <dwarf.h>
#include <libdwarf.h>
#include <stdlib.h>

#include "base/vec.h"
#include "symbols/debug_dies.h"

/* Many DIEs of a hostile file may name one long list of ranges. */
enum { RANGES_MAX = 1 << 24 };

struct reading {
    struct debug_scopes *s;
    Dwarf_Debug dbg;
    uint64_t base;
    uint32_t scope_at[DIE_DEPTH_MAX];    /* of the DIE at each depth */
    uint32_t function_at[DIE_DEPTH_MAX]; /* index in functions */
    uint32_t scope;                      /* whose ranges are being read */
    uint32_t depth;
    uint32_t function;
    bool has_code;
};

static enum err_code add_scope(struct reading *r, Dwarf_Die die,
                               uint32_t parent, struct err *err)
{
    struct debug_scopes *s = r->s;
    struct scope scope = { .parent = parent };
    uint64_t file = 0;
    uint64_t line = 0;
    uint64_t column = 0;
    enum err_code rc = vec_grow(&s->scopes, s->scope_count, &s->scope_cap,
                                sizeof(*s->scopes), err);

    if (rc != ERR_OK)
        return rc;
    /* Most share the DIE they were made from, and with it a cached name. */
    if (!debug_die_reference(r->dbg, die, DW_AT_abstract_origin, &scope.die))
        scope.die = debug_die_offset(r->dbg, die);
    if (parent != SCOPE_NONE) {
        debug_die_number(r->dbg, die, DW_AT_call_file, &file);
        debug_die_number(r->dbg, die, DW_AT_call_line, &line);
        debug_die_number(r->dbg, die, DW_AT_call_column, &column);
    }
    scope.call_file = file <= UINT32_MAX ? (uint32_t)file : 0;
    scope.call_line = line <= UINT32_MAX ? (uint32_t)line : 0;
    scope.call_column = column <= UINT32_MAX ? (uint32_t)column : 0;
    r->scope = (uint32_t)s->scope_count;
    s->scopes[s->scope_count++] = scope;
    return ERR_OK;
}

static enum err_code add_inlined_range(void *ctx, uint64_t low, uint64_t high,
                                       struct err *err)
{
    struct reading *r = ctx;
    struct debug_scopes *s = r->s;
    enum err_code rc;

    if (s->range_count == RANGES_MAX)
        return err_set(err, ERR_BAD_FORMAT,
                       "a unit has more than %d address ranges", RANGES_MAX);
    rc = vec_grow(&s->ranges, s->range_count, &s->range_cap, sizeof(*s->ranges),
                  err);
    if (rc == ERR_OK)
        s->ranges[s->range_count++] =
            (struct scope_range){ low, high, r->scope, r->depth };
    return rc;
}

static enum err_code add_function_range(void *ctx, uint64_t low, uint64_t high,
                                        struct err *err)
{
    struct reading *r = ctx;

    r->has_code = true;
    if (r->s->by_addr.count == RANGES_MAX)
        return err_set(err, ERR_BAD_FORMAT,
                       "a unit has more than %d address ranges", RANGES_MAX);
    return intervals_add(&r->s->by_addr, low, high,
                         (uint32_t)r->s->function_count, err);
}

/* A declaration and an abstract instance have no code: no function then. */
static enum err_code enter_function(struct reading *r, Dwarf_Die die,
                                    size_t depth, struct err *err)
{
    struct debug_scopes *s = r->s;
    enum err_code rc = vec_grow(&s->functions, s->function_count,
                                &s->function_cap, sizeof(*s->functions), err);

    if (rc != ERR_OK)
        return rc;
    r->has_code = false;
    rc = debug_die_ranges(r->dbg, die, r->base, add_function_range, r, err);
    if (rc != ERR_OK || !r->has_code)
        return rc;
    rc = add_scope(r, die, SCOPE_NONE, err);
    if (rc != ERR_OK)
        return rc;
    r->scope_at[depth] = r->scope;
    r->function_at[depth] = (uint32_t)s->function_count;
    s->functions[s->function_count++] = (struct scope_function){
        .scope = r->scope,
        .first_range = (uint32_t)s->range_count,
    };
    return ERR_OK;
}

static uint32_t scopes_above(const struct debug_scopes *s, uint32_t scope)
{
    uint32_t depth = 0;

    for (; scope != SCOPE_NONE; scope = s->scopes[scope].parent)
        depth++;
    return depth;
}

/* Ranges of one function stay side by side only if no other function begins
 * between them. A nested function (GNU C) does, so that what its outer one
 * inlines after it is counted to the outer one's slice with the nested one's
 * in between: harmless, their addresses differ. */
static enum err_code enter_inlined(struct reading *r, Dwarf_Die die,
                                   size_t depth, struct err *err)
{
    uint32_t parent = r->scope_at[depth];
    struct scope_function *f;
    enum err_code rc;

    if (parent == SCOPE_NONE)
        return ERR_OK; /* in an abstract instance: no code here */
    rc = add_scope(r, die, parent, err);
    if (rc != ERR_OK)
        return rc;
    r->depth = scopes_above(r->s, parent);
    r->scope_at[depth] = r->scope;
    rc = debug_die_ranges(r->dbg, die, r->base, add_inlined_range, r, err);
    f = &r->s->functions[r->function_at[depth]];
    f->range_count = (uint32_t)r->s->range_count - f->first_range;
    return rc;
}

static enum err_code enter(void *ctx, Dwarf_Die die, uint16_t tag, size_t depth,
                           struct err *err)
{
    struct reading *r = ctx;

    r->scope_at[depth] = depth == 0 ? SCOPE_NONE : r->scope_at[depth - 1];
    r->function_at[depth] = depth == 0 ? 0 : r->function_at[depth - 1];
    switch (tag) {
    case DW_TAG_compile_unit:
    case DW_TAG_partial_unit:
        r->base = debug_die_low_pc(r->dbg, die);
        return ERR_OK;
    case DW_TAG_subprogram:
        r->scope_at[depth] = SCOPE_NONE;
        return enter_function(r, die, depth, err);
    case DW_TAG_inlined_subroutine:
        return enter_inlined(r, die, depth, err);
    default:
        return ERR_OK;
    }
}

enum err_code debug_scopes_read(struct debug_scopes *s,
                                struct Dwarf_Debug_s *dbg, uint64_t offset,
                                struct err *err)
{
    struct reading r = { .s = s, .dbg = dbg };
    enum err_code rc;

    *s = (struct debug_scopes){ 0 };
    rc = debug_dies_walk(dbg, offset, enter, &r, err);
    if (rc == ERR_NO_MEMORY)
        debug_scopes_fini(s);
    intervals_sort(&s->by_addr);
    return rc;
}

uint32_t debug_scopes_at(const struct debug_scopes *s, uint64_t vaddr)
{
    const struct scope_range *best = NULL;
    const struct scope_function *f;
    uint32_t number;

    /* A damaged unit may have ranges of a function that was not added. */
    if (!intervals_find(&s->by_addr, vaddr, &number) ||
        number >= s->function_count)
        return SCOPE_NONE;
    f = &s->functions[number];
    for (uint32_t i = 0; i < f->range_count; i++) {
        const struct scope_range *range = &s->ranges[f->first_range + i];

        if (vaddr >= range->low && vaddr < range->high &&
            (best == NULL || range->depth > best->depth))
            best = range;
    }
    return best == NULL ? f->scope : best->scope;
}

void debug_scopes_fini(struct debug_scopes *s)
{
    free(s->scopes);
    free(s->ranges);
    free(s->functions);
    intervals_fini(&s->by_addr);
    *s = (struct debug_scopes){ 0 };
}
