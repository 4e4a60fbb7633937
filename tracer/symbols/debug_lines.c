#include "symbols/debug_lines.h"

#include <dwarf.h>
#include <libdwarf.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/vec.h"
#include "symbols/debug_dies.h"
#include "symbols/debug_names.h"
#include "symbols/debug_open.h"
#include "symbols/debug_rows.h"
#include "symbols/debug_scopes.h"
#include "symbols/elf_file.h"
#include "symbols/list_headers.h"
#include "symbols/intervals.h"

struct unit {
    uint64_t offset; /* of its DIE */
    bool is_read;
    struct debug_rows rows;
    struct debug_scopes scopes;
};

struct debug_lines {
    Dwarf_Debug dbg;
    struct elf_file file; /* the same one, for .debug_line */
    struct line_section lines;
    struct unit *units;
    size_t unit_count, unit_cap;
    struct intervals by_addr; /* to units */
    struct debug_names names;
};

enum { UNITS_MAX = 1 << 24, UNIT_RANGES_MAX = 1 << 24 };

static enum err_code add_range(void *ctx, uint64_t low, uint64_t high,
                               struct err *err)
{
    struct debug_lines *dl = ctx;

    if (dl->by_addr.count == UNIT_RANGES_MAX)
        return err_set(err, ERR_BAD_FORMAT,
                       "debug information: more than %d address ranges",
                       UNIT_RANGES_MAX);
    return intervals_add(&dl->by_addr, low, high,
                         (uint32_t)(dl->unit_count - 1), err);
}

/* Adds the unit whose header was read last. */
static enum err_code add_unit(struct debug_lines *dl, struct err *err)
{
    enum err_code rc;
    Dwarf_Error e = NULL;
    Dwarf_Die die = NULL;

    if (dl->unit_count == UNITS_MAX)
        return err_set(err, ERR_BAD_FORMAT,
                       "debug information: more than %d units", UNITS_MAX);
    rc = vec_grow(&dl->units, dl->unit_count, &dl->unit_cap, sizeof(*dl->units),
                  err);
    if (rc != ERR_OK)
        return rc;
    if (dwarf_siblingof_b(dl->dbg, NULL, true, &die, &e) != DW_DLV_OK)
        return debug_error(dl->dbg, e, "debug information", err);
    dl->units[dl->unit_count++] = (struct unit){
        .offset = debug_die_offset(dl->dbg, die),
    };
    rc = debug_die_ranges(dl->dbg, die, debug_die_low_pc(dl->dbg, die),
                          add_range, dl, err);
    dwarf_dealloc_die(die);
    if (rc == ERR_BAD_FORMAT) {
        log_debug("unit skipped offset=%llu why=%s",
                  (unsigned long long)dl->units[dl->unit_count - 1].offset,
                  err->text);
        rc = ERR_OK;
    }
    return rc;
}

/* Damage ends the list; what came before it is good. */
static enum err_code list_units(struct debug_lines *dl, struct err *err)
{
    enum err_code rc = ERR_OK;

    while (rc == ERR_OK) {
        Dwarf_Error e = NULL;
        Dwarf_Unsigned length, type_offset, next;
        Dwarf_Off abbreviations;
        Dwarf_Half version, address_size, offset_size, extension, type;
        Dwarf_Sig8 signature;
        int result = dwarf_next_cu_header_d(
            dl->dbg, true, &length, &version, &abbreviations, &address_size,
            &offset_size, &extension, &signature, &type_offset, &next, &type,
            &e);

        if (result == DW_DLV_NO_ENTRY)
            break;
        if (result == DW_DLV_OK)
            rc = add_unit(dl, err);
        else
            rc = debug_error(dl->dbg, e, "debug information", err);
    }
    if (rc == ERR_BAD_FORMAT && dl->unit_count > 0) {
        log_debug("units end early count=%zu why=%s", dl->unit_count,
                  err->text);
        rc = ERR_OK;
    }
    if (rc == ERR_OK && dl->unit_count == 0)
        rc = ERR_NOT_FOUND;
    return rc;
}

static bool is_sound(const struct elf_file *f, const char *section)
{
    const Elf_Data *data = elf_file_data(f, section);

    return data == NULL || list_headers_are_sound(data->d_buf, data->d_size);
}

/* Without .debug_line there are functions and no lines. */
static enum err_code open_sections(struct debug_lines *dl, const char *path,
                                   struct err *err)
{
    static const char *const lists[] = { ".debug_rnglists", ".zdebug_rnglists",
                                         ".debug_loclists",
                                         ".zdebug_loclists" };
    enum err_code rc = elf_file_open(path, &dl->file, err);
    Elf_Data *data;

    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        if (!is_sound(&dl->file, lists[i]))
            return err_set(err, ERR_BAD_FORMAT, "%s: %s is damaged", path,
                           lists[i]);
    data = elf_file_data(&dl->file, ".debug_line");
    if (data == NULL)
        data = elf_file_data(&dl->file, ".zdebug_line");
    if (data != NULL)
        dl->lines = (struct line_section){ data->d_buf, data->d_size };
    return ERR_OK;
}

enum err_code debug_lines_open(const char *path, struct debug_lines **out,
                               struct err *err)
{
    struct debug_lines *dl = calloc(1, sizeof(*dl));
    enum err_code rc = ERR_OK;

    *out = NULL;
    if (dl == NULL)
        return err_no_memory(err);
    dl->file = elf_file_none();
    rc = open_sections(dl, path, err);
    if (rc == ERR_OK)
        rc = debug_open(path, &dl->dbg, err);
    if (rc == ERR_OK)
        rc = list_units(dl, err);
    if (rc == ERR_OK) {
        intervals_sort(&dl->by_addr);
        *out = dl;
        dl = NULL; /* now the caller's */
    }
    debug_lines_close(dl);
    return rc;
}

static void clear_unit(struct unit *u)
{
    debug_rows_fini(&u->rows);
    debug_scopes_fini(&u->scopes);
    u->is_read = false;
}

void debug_lines_close(struct debug_lines *dl)
{
    if (dl == NULL)
        return;
    for (size_t i = 0; i < dl->unit_count; i++)
        clear_unit(&dl->units[i]);
    free(dl->units);
    intervals_fini(&dl->by_addr);
    debug_names_fini(&dl->names);
    debug_close(dl->dbg);
    elf_file_close(&dl->file);
    free(dl);
}

/* A damaged part is as good as a missing one: addresses keep what the other
 * part says. */
static enum err_code read_unit(struct debug_lines *dl, struct unit *u,
                               struct err *err)
{
    enum err_code rc;

    if (u->is_read)
        return ERR_OK;
    rc = debug_rows_read(&u->rows, dl->dbg, &dl->lines, u->offset, err);
    if (rc == ERR_BAD_FORMAT)
        log_debug("lines damaged unit=%llu why=%s",
                  (unsigned long long)u->offset, err->text);
    if (rc == ERR_OK || rc == ERR_BAD_FORMAT)
        rc = debug_scopes_read(&u->scopes, dl->dbg, u->offset, err);
    if (rc == ERR_BAD_FORMAT)
        log_debug("functions damaged unit=%llu why=%s",
                  (unsigned long long)u->offset, err->text);
    if (rc != ERR_OK && rc != ERR_BAD_FORMAT) {
        clear_unit(u);
        return rc;
    }
    u->is_read = true;
    return ERR_OK;
}

/* Where the walk outwards stands. */
struct place {
    uint32_t file, line, column;
};

static enum err_code fill_call(struct debug_lines *dl, struct unit *u,
                               uint32_t scope, const struct place *at,
                               struct line_call *call, struct err *err)
{
    const struct scope *s =
        scope == SCOPE_NONE ? NULL : &u->scopes.scopes[scope];
    enum err_code rc = ERR_OK;

    *call = (struct line_call){
        .function = "",
        .line = at->line,
        .column = at->column,
        .is_inlined = s != NULL && s->parent != SCOPE_NONE,
    };
    rc = debug_rows_file(&u->rows, at->file, &call->file, err);
    if (rc == ERR_OK && s != NULL)
        rc = debug_names_at(&dl->names, dl->dbg, s->die, &call->function, err);
    return rc;
}

/* From the innermost scope outwards. Of more calls than fit, those next to
 * the real function are left out. */
static enum err_code fill_calls(struct debug_lines *dl, struct unit *u,
                                uint32_t scope, struct place at,
                                struct line_call calls[LINE_CALLS_MAX],
                                size_t *count, struct err *err)
{
    enum err_code rc;

    *count = 0;
    for (;;) {
        const struct scope *s;

        rc = fill_call(dl, u, scope, &at, &calls[*count], err);
        if (rc != ERR_OK)
            return rc;
        if (!calls[*count].is_inlined)
            break;
        if (*count < LINE_CALLS_MAX - 1)
            (*count)++;
        s = &u->scopes.scopes[scope];
        at = (struct place){ s->call_file, s->call_line, s->call_column };
        scope = s->parent;
    }
    (*count)++;
    return ERR_OK;
}

enum err_code debug_lines_find(struct debug_lines *dl, uint64_t vaddr,
                               struct line_call calls[LINE_CALLS_MAX],
                               size_t *count, struct err *err)
{
    struct place at = { 0 };
    const struct line_row *row;
    uint32_t number;
    struct unit *u;
    enum err_code rc;

    *count = 0;
    if (!intervals_find(&dl->by_addr, vaddr, &number))
        return ERR_NOT_FOUND;
    u = &dl->units[number];
    rc = read_unit(dl, u, err);
    if (rc != ERR_OK)
        return rc;
    row = debug_rows_at(&u->rows, vaddr);
    if (row != NULL)
        at = (struct place){ row->file, row->line, row->column };
    return fill_calls(dl, u, debug_scopes_at(&u->scopes, vaddr), at, calls,
                      count, err);
}

struct inline_search {
    struct debug_lines *dl;
    const char *name;
    bool has_abstract; /* an instance without code */
    bool has_code;
};

static enum err_code note_range(void *ctx, uint64_t low, uint64_t high,
                                struct err *err)
{
    bool *has_code = ctx;

    (void)err;
    *has_code |= low != 0 && low < high;
    return ERR_OK;
}

static bool has_plain_name(struct inline_search *s, Dwarf_Die die)
{
    const char *name;

    return debug_die_text(s->dl->dbg, die, DW_AT_name, &name) &&
           strcmp(name, s->name) == 0;
}

static enum err_code look_at(void *ctx, Dwarf_Die die, uint16_t tag,
                             size_t depth, struct err *err)
{
    struct inline_search *s = ctx;
    uint64_t how = DW_INL_not_inlined;
    bool has_code = false;
    const char *name;
    enum err_code rc;

    (void)depth;
    if (tag != DW_TAG_subprogram)
        return ERR_OK;
    rc = debug_names_at(&s->dl->names, s->dl->dbg,
                        debug_die_offset(s->dl->dbg, die), &name, err);
    if (rc != ERR_OK || (strcmp(name, s->name) != 0 && !has_plain_name(s, die)))
        return rc;
    rc = debug_die_ranges(s->dl->dbg, die, 0, note_range, &has_code, err);
    debug_die_number(s->dl->dbg, die, DW_AT_inline, &how);
    s->has_code |= has_code;
    s->has_abstract |= how == DW_INL_inlined || how == DW_INL_declared_inlined;
    return rc;
}

enum err_code debug_lines_only_inlined(struct debug_lines *dl, const char *name,
                                       bool *out, struct err *err)
{
    struct inline_search s = { .dl = dl, .name = name };

    *out = false;
    for (size_t i = 0; i < dl->unit_count; i++) {
        enum err_code rc =
            debug_dies_walk(dl->dbg, dl->units[i].offset, look_at, &s, err);

        if (rc != ERR_OK && rc != ERR_BAD_FORMAT)
            return rc;
    }
    *out = s.has_abstract && !s.has_code;
    return ERR_OK;
}
