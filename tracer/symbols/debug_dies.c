#include "symbols/debug_dies.h"

#include <dwarf.h>
#include <libdwarf.h>

#include "symbols/debug_open.h"

static bool leads_to_code(Dwarf_Half tag)
{
    switch (tag) {
    case DW_TAG_compile_unit:
    case DW_TAG_partial_unit:
    case DW_TAG_skeleton_unit:
    case DW_TAG_subprogram:
    case DW_TAG_inlined_subroutine:
    case DW_TAG_lexical_block:
    case DW_TAG_namespace:
    case DW_TAG_module:
    case DW_TAG_class_type:
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
    case DW_TAG_try_block:
    case DW_TAG_catch_block:
    case DW_TAG_with_stmt:
        return true;
    default:
        return false;
    }
}

struct walk {
    Dwarf_Debug dbg;
    die_visit visit;
    void *ctx;
    Dwarf_Die path[DIE_DEPTH_MAX]; /* from the unit's DIE down */
    size_t depth;                  /* DIEs in path */
    Dwarf_Off last;                /* offset of the DIE met last */
};

/* Takes `die` for the next one. In a well-formed unit each DIE lies behind
 * the one met before; a sibling reference that points back would lead round
 * in circles. */
static enum err_code push(struct walk *w, Dwarf_Die die, struct err *err)
{
    Dwarf_Off offset = debug_die_offset(w->dbg, die);

    if (offset <= w->last) {
        dwarf_dealloc_die(die);
        return err_set(err, ERR_BAD_FORMAT,
                       "debug information: entry 0x%llx leads backwards",
                       (unsigned long long)offset);
    }
    w->last = offset;
    w->path[w->depth++] = die;
    return ERR_OK;
}

static enum err_code visit_top(struct walk *w, bool *descend, struct err *err)
{
    Dwarf_Die die = w->path[w->depth - 1];
    Dwarf_Error e = NULL;
    Dwarf_Half tag;

    if (dwarf_tag(die, &tag, &e) != DW_DLV_OK)
        return debug_error(w->dbg, e, "debug information", err);
    *descend = leads_to_code(tag) && w->depth < DIE_DEPTH_MAX;
    if (!leads_to_code(tag))
        return ERR_OK;
    return w->visit(w->ctx, die, tag, w->depth - 1, err);
}

/* To the next DIE: the first child, else the next sibling of this one or of
 * the nearest ancestor that has one. w->depth is 0 at the end. */
static enum err_code step(struct walk *w, bool descend, struct err *err)
{
    Dwarf_Error e = NULL;
    Dwarf_Die next = NULL;
    int result = DW_DLV_NO_ENTRY;

    if (descend)
        result = dwarf_child(w->path[w->depth - 1], &next, &e);
    while (result == DW_DLV_NO_ENTRY && w->depth > 1) {
        Dwarf_Die die = w->path[w->depth - 1];

        result = dwarf_siblingof_b(w->dbg, die, true, &next, &e);
        w->depth--;
        dwarf_dealloc_die(die);
    }
    if (result == DW_DLV_ERROR)
        return debug_error(w->dbg, e, "debug information", err);
    if (result == DW_DLV_OK)
        return push(w, next, err);
    dwarf_dealloc_die(w->path[0]);
    w->depth = 0;
    return ERR_OK;
}

enum err_code debug_dies_walk(struct Dwarf_Debug_s *dbg, uint64_t offset,
                              die_visit visit, void *ctx, struct err *err)
{
    struct walk w = { .dbg = dbg, .visit = visit, .ctx = ctx };
    enum err_code rc = ERR_OK;
    Dwarf_Error e = NULL;

    if (dwarf_offdie_b(dbg, offset, true, &w.path[0], &e) != DW_DLV_OK)
        return debug_error(dbg, e, "debug information", err);
    w.depth = 1;
    w.last = offset;
    while (rc == ERR_OK && w.depth > 0) {
        bool descend = false;

        rc = visit_top(&w, &descend, err);
        if (rc == ERR_OK)
            rc = step(&w, descend, err);
    }
    while (w.depth > 0)
        dwarf_dealloc_die(w.path[--w.depth]);
    return rc;
}

uint64_t debug_die_offset(struct Dwarf_Debug_s *dbg, struct Dwarf_Die_s *die)
{
    Dwarf_Error e = NULL;
    Dwarf_Off offset = 0;

    if (dwarf_dieoffset(die, &offset, &e) != DW_DLV_OK) {
        debug_ignore(dbg, e);
        return 0;
    }
    return offset;
}

static Dwarf_Attribute attribute_of(Dwarf_Debug dbg, Dwarf_Die die,
                                    Dwarf_Half attribute)
{
    Dwarf_Error e = NULL;
    Dwarf_Attribute out = NULL;

    if (dwarf_attr(die, attribute, &out, &e) == DW_DLV_OK)
        return out;
    debug_ignore(dbg, e);
    return NULL;
}

bool debug_die_number(struct Dwarf_Debug_s *dbg, struct Dwarf_Die_s *die,
                      uint16_t attribute, uint64_t *out)
{
    Dwarf_Attribute attr = attribute_of(dbg, die, attribute);
    Dwarf_Error e = NULL;
    Dwarf_Unsigned value = 0;
    Dwarf_Signed signed_value = 0;
    bool good;

    if (attr == NULL)
        return false;
    good = dwarf_formudata(attr, &value, &e) == DW_DLV_OK;
    debug_ignore(dbg, e);
    if (!good) {
        e = NULL;
        good = dwarf_formsdata(attr, &signed_value, &e) == DW_DLV_OK &&
               signed_value >= 0;
        value = (Dwarf_Unsigned)signed_value;
        debug_ignore(dbg, e);
    }
    dwarf_dealloc_attribute(attr);
    if (good)
        *out = value;
    return good;
}

bool debug_die_text(struct Dwarf_Debug_s *dbg, struct Dwarf_Die_s *die,
                    uint16_t attribute, const char **out)
{
    Dwarf_Error e = NULL;
    char *text = NULL;

    if (dwarf_die_text(die, attribute, &text, &e) == DW_DLV_OK) {
        *out = text; /* points into a section */
        return true;
    }
    debug_ignore(dbg, e);
    return false;
}

/* References into a supplementary file (dwz -m) are not followed: what they
 * name stays without a name. */
bool debug_die_reference(struct Dwarf_Debug_s *dbg, struct Dwarf_Die_s *die,
                         uint16_t attribute, uint64_t *out)
{
    Dwarf_Attribute attr = attribute_of(dbg, die, attribute);
    Dwarf_Error e = NULL;
    Dwarf_Half form = 0;
    Dwarf_Off offset = 0;
    bool good;

    if (attr == NULL)
        return false;
    good = dwarf_whatform(attr, &form, &e) == DW_DLV_OK &&
           form != DW_FORM_GNU_ref_alt && form != DW_FORM_ref_sup4 &&
           form != DW_FORM_ref_sup8 && form != DW_FORM_ref_sig8 &&
           dwarf_global_formref(attr, &offset, &e) == DW_DLV_OK;
    debug_ignore(dbg, e);
    dwarf_dealloc_attribute(attr);
    if (good)
        *out = offset;
    return good;
}

uint64_t debug_die_low_pc(struct Dwarf_Debug_s *dbg, struct Dwarf_Die_s *die)
{
    Dwarf_Error e = NULL;
    Dwarf_Addr low = 0;

    if (dwarf_lowpc(die, &low, &e) != DW_DLV_OK)
        debug_ignore(dbg, e);
    return low;
}
