#include "symbols/debug_open.h"

#include <libdwarf.h>
#include <stddef.h>
#include <unistd.h>

void debug_ignore(struct Dwarf_Debug_s *dbg, struct Dwarf_Error_s *e)
{
    if (e != NULL)
        dwarf_dealloc_error(dbg, e);
}

enum err_code debug_error(struct Dwarf_Debug_s *dbg, struct Dwarf_Error_s *e,
                          const char *what, struct err *err)
{
    enum err_code rc;

    if (e == NULL)
        return err_set(err, ERR_BAD_FORMAT, "%s cannot be read", what);
    if (dwarf_errno(e) == DW_DLE_ALLOC_FAIL)
        rc = err_no_memory(err);
    else
        rc = err_set(err, ERR_BAD_FORMAT, "%s: %s", what, dwarf_errmsg(e));
    dwarf_dealloc_error(dbg, e);
    return rc;
}

/* Without a buffer for the true path libdwarf follows no debug links: which
 * file to read was decided by image_debug_path. */
static int init(const char *path, Dwarf_Debug *out, Dwarf_Error *e)
{
#ifdef DW_LIBDWARF_VERSION_MAJOR /* 0.1.0 and later */
    return dwarf_init_path(path, NULL, 0, DW_GROUPNUMBER_ANY, NULL, NULL, out,
                           e);
#else
    return dwarf_init_path(path, NULL, 0, DW_DLC_READ, DW_GROUPNUMBER_ANY, NULL,
                           NULL, out, NULL, 0, NULL, e);
#endif
}

enum err_code debug_open(const char *path, struct Dwarf_Debug_s **out,
                         struct err *err)
{
    Dwarf_Error e = NULL;
    Dwarf_Debug dbg = NULL;
    int result;

    *out = NULL;
    /* libdwarf says "no entry" for a missing file and for one it has no use
     * for alike. */
    if (access(path, R_OK) != 0)
        return err_set(err, ERR_IO, "cannot open %s", path);
    result = init(path, &dbg, &e);
    if (result == DW_DLV_NO_ENTRY)
        return ERR_NOT_FOUND;
    if (result != DW_DLV_OK)
        return debug_error(NULL, e, path, err);
    *out = dbg;
    return ERR_OK;
}

void debug_close(struct Dwarf_Debug_s *dbg)
{
    if (dbg == NULL)
        return;
#ifdef DW_LIBDWARF_VERSION_MAJOR
    dwarf_finish(dbg);
#else
    Dwarf_Error e = NULL;

    if (dwarf_finish(dbg, &e) == DW_DLV_ERROR)
        debug_ignore(NULL, e);
#endif
}
