/*
 * debug_ranges.c - the address ranges of a DIE: .debug_ranges of DWARF 3 and
 * 4, .debug_rnglists of DWARF 5, or low_pc and high_pc.
 */
#include "symbols/debug_dies.h"

#include <dwarf.h>
#include <libdwarf.h>

#include "symbols/debug_open.h"

#ifdef DW_LIBDWARF_VERSION_MAJOR
#define release_ranges dwarf_dealloc_ranges
#else
#define release_ranges dwarf_ranges_dealloc
#endif

struct visit {
    Dwarf_Debug dbg;
    Dwarf_Die die;
    uint64_t base;
    range_visit each;
    void *ctx;
};

static enum err_code each_rnglist(const struct visit *v, Dwarf_Attribute attr,
                                  Dwarf_Half form, Dwarf_Unsigned value,
                                  struct err *err)
{
    enum err_code rc = ERR_OK;
    Dwarf_Error e = NULL;
    Dwarf_Rnglists_Head head = NULL;
    Dwarf_Unsigned count = 0;
    Dwarf_Unsigned place;

    if (dwarf_rnglists_get_rle_head(attr, form, value, &head, &count, &place,
                                    &e) != DW_DLV_OK)
        return debug_error(v->dbg, e, "address ranges", err);
    for (Dwarf_Unsigned i = 0; rc == ERR_OK && i < count; i++) {
        Dwarf_Unsigned raw_low, raw_high;
        Dwarf_Unsigned low = 0;
        Dwarf_Unsigned high = 0;
        Dwarf_Bool missing = false;
        unsigned size, kind;

        if (dwarf_get_rnglists_entry_fields_a(head, i, &size, &kind, &raw_low,
                                              &raw_high, &missing, &low, &high,
                                              &e) != DW_DLV_OK) {
            rc = debug_error(v->dbg, e, "address ranges", err);
            break;
        }
        if (kind == DW_RLE_end_of_list)
            break;
        if (kind != DW_RLE_base_address && kind != DW_RLE_base_addressx &&
            !missing)
            rc = v->each(v->ctx, low, high, err);
    }
    dwarf_dealloc_rnglists_head(head);
    return rc;
}

static enum err_code each_old_range(const struct visit *v, Dwarf_Unsigned place,
                                    struct err *err)
{
    enum err_code rc = ERR_OK;
    uint64_t base = v->base;
    Dwarf_Error e = NULL;
    Dwarf_Ranges *ranges = NULL;
    Dwarf_Signed count = 0;
    Dwarf_Off real_place;

    if (dwarf_get_ranges_b(v->dbg, place, v->die, &real_place, &ranges, &count,
                           NULL, &e) != DW_DLV_OK)
        return debug_error(v->dbg, e, "address ranges", err);
    for (Dwarf_Signed i = 0; rc == ERR_OK && i < count; i++) {
        const Dwarf_Ranges *r = &ranges[i];

        if (r->dwr_type == DW_RANGES_END)
            break;
        if (r->dwr_type == DW_RANGES_ADDRESS_SELECTION)
            base = r->dwr_addr2;
        else if (r->dwr_addr1 != 0 || base != 0 || r->dwr_addr2 != 0)
            rc = v->each(v->ctx, base + r->dwr_addr1, base + r->dwr_addr2, err);
    }
    release_ranges(v->dbg, ranges, count);
    return rc;
}

static enum err_code each_listed(const struct visit *v, Dwarf_Attribute attr,
                                 struct err *err)
{
    Dwarf_Error e = NULL;
    Dwarf_Half form = 0;
    Dwarf_Half version = 0;
    Dwarf_Half offset_size = 0;
    Dwarf_Unsigned value = 0;
    int result;

    if (dwarf_whatform(attr, &form, &e) != DW_DLV_OK ||
        dwarf_get_version_of_die(v->die, &version, &offset_size) != DW_DLV_OK)
        return debug_error(v->dbg, e, "address ranges", err);
    if (form == DW_FORM_sec_offset)
        result = dwarf_global_formref(attr, &value, &e);
    else /* rnglistx, or DWARF 3's data4 and data8 */
        result = dwarf_formudata(attr, &value, &e);
    if (result != DW_DLV_OK)
        return debug_error(v->dbg, e, "address ranges", err);
    if (version >= 5)
        return each_rnglist(v, attr, form, value, err);
    return each_old_range(v, value, err);
}

static enum err_code each_plain(const struct visit *v, struct err *err)
{
    enum Dwarf_Form_Class class = DW_FORM_CLASS_UNKNOWN;
    Dwarf_Error e = NULL;
    Dwarf_Half form;
    Dwarf_Addr low = 0;
    Dwarf_Addr high = 0;

    if (dwarf_lowpc(v->die, &low, &e) != DW_DLV_OK ||
        dwarf_highpc_b(v->die, &high, &form, &class, &e) != DW_DLV_OK) {
        debug_ignore(v->dbg, e);
        return ERR_OK; /* has no code */
    }
    if (class == DW_FORM_CLASS_CONSTANT) /* since DWARF 4: a length */
        high += low;
    return v->each(v->ctx, low, high, err);
}

enum err_code debug_die_ranges(struct Dwarf_Debug_s *dbg,
                               struct Dwarf_Die_s *die, uint64_t base,
                               range_visit each, void *ctx, struct err *err)
{
    const struct visit v = { dbg, die, base, each, ctx };
    Dwarf_Attribute attr = NULL;
    Dwarf_Error e = NULL;
    enum err_code rc;

    if (dwarf_attr(die, DW_AT_ranges, &attr, &e) != DW_DLV_OK) {
        debug_ignore(dbg, e);
        return each_plain(&v, err);
    }
    rc = each_listed(&v, attr, err);
    dwarf_dealloc_attribute(attr);
    return rc;
}
