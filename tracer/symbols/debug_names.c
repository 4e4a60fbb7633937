#include "symbols/debug_names.h"

#include <dwarf.h>
#include <libdwarf.h>
#include <stdbool.h>

#include "symbols/debug_dies.h"
#include "symbols/debug_open.h"

/* inlined call -> abstract instance -> declaration in a class: 3. A cycle,
 * which only a damaged file has, ends here too. */
enum { REFERENCES_MAX = 8 };

static bool linkage_name(Dwarf_Debug dbg, Dwarf_Die die, const char **out)
{
    return debug_die_text(dbg, die, DW_AT_linkage_name, out) ||
           debug_die_text(dbg, die, DW_AT_MIPS_linkage_name, out);
}

/* False at the end of the chain. */
static bool referred(Dwarf_Debug dbg, Dwarf_Die die, uint64_t *offset)
{
    return debug_die_reference(dbg, die, DW_AT_abstract_origin, offset) ||
           debug_die_reference(dbg, die, DW_AT_specification, offset);
}

/* Follows the chain to its end for a linkage name, keeping the first plain
 * name met. */
static const char *find(Dwarf_Debug dbg, uint64_t offset)
{
    const char *linkage = NULL;
    const char *plain = NULL;
    bool more = true;

    for (int i = 0; more && linkage == NULL && i < REFERENCES_MAX; i++) {
        Dwarf_Error e = NULL;
        Dwarf_Die die = NULL;

        if (dwarf_offdie_b(dbg, offset, true, &die, &e) != DW_DLV_OK) {
            debug_ignore(dbg, e);
            break;
        }
        linkage_name(dbg, die, &linkage);
        if (plain == NULL)
            debug_die_text(dbg, die, DW_AT_name, &plain);
        more = referred(dbg, die, &offset);
        dwarf_dealloc_die(die);
    }
    return linkage != NULL ? linkage : plain != NULL ? plain : "";
}

enum err_code debug_names_at(struct debug_names *n, struct Dwarf_Debug_s *dbg,
                             uint64_t offset, const char **out, struct err *err)
{
    uint64_t name;
    enum err_code rc;

    if (map_get(&n->by_die, offset, &name)) {
        *out = (const char *)(uintptr_t)name;
        return ERR_OK;
    }
    *out = find(dbg, offset);
    rc = map_put(&n->by_die, offset, (uintptr_t)*out, err);
    return rc;
}

void debug_names_fini(struct debug_names *n)
{
    map_fini(&n->by_die);
}
