#include "symbols/debug_rows.h"

#include <libdwarf.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/vec.h"
#include "symbols/debug_open.h"

struct sortable {
    struct line_row row;
    size_t index; /* qsort is not stable, and of equals the last counts */
};

/* One sequence may end where another begins: ends come first. */
static int compare(const void *left, const void *right)
{
    const struct sortable *a = left;
    const struct sortable *b = right;
    int order = (a->row.vaddr > b->row.vaddr) - (a->row.vaddr < b->row.vaddr);

    if (order == 0)
        order = (int)b->row.is_end - (int)a->row.is_end;
    if (order == 0)
        order = (a->index > b->index) - (a->index < b->index);
    return order;
}

/* By address, the last row of each address alone: the rows of one address are
 * views of it, and the last is where the code stands. */
static enum err_code sort_rows(struct line_rows *t, struct err *err)
{
    struct sortable *s;
    size_t kept = 0;

    if (t->count == 0)
        return ERR_OK;
    s = calloc(t->count, sizeof(*s));
    if (s == NULL)
        return err_no_memory(err);
    for (size_t i = 0; i < t->count; i++)
        s[i] = (struct sortable){ t->rows[i], i };
    qsort(s, t->count, sizeof(*s), compare);
    for (size_t i = 0; i < t->count; i++) {
        if (kept > 0 && t->rows[kept - 1].vaddr == s[i].row.vaddr)
            kept--;
        t->rows[kept++] = s[i].row;
    }
    t->count = kept;
    free(s);
    return ERR_OK;
}

/* libdwarf's context is the table's header; it is kept for names of files. */
static enum err_code read_table(struct debug_rows *r, Dwarf_Die die,
                                const struct line_section *lines,
                                struct err *err)
{
    struct err ignored;
    enum err_code rc;
    Dwarf_Error e = NULL;
    Dwarf_Unsigned version, offset;
    Dwarf_Small tables;
    int result = dwarf_srclines_b(die, &version, &tables, &r->files, &e);

    if (result == DW_DLV_NO_ENTRY)
        return ERR_OK;
    if (result != DW_DLV_OK ||
        dwarf_srclines_table_offset(r->files, &offset, &e) != DW_DLV_OK)
        return debug_error(r->dbg, e, "a line table", err);
    rc = line_program_run(lines->bytes, lines->size, offset, &r->table, err);
    if (rc != ERR_NO_MEMORY &&
        sort_rows(&r->table, rc == ERR_OK ? err : &ignored) != ERR_OK)
        return err_no_memory(err);
    return rc;
}

enum err_code debug_rows_read(struct debug_rows *r, struct Dwarf_Debug_s *dbg,
                              const struct line_section *lines, uint64_t offset,
                              struct err *err)
{
    enum err_code rc;
    Dwarf_Error e = NULL;
    Dwarf_Die die = NULL;

    *r = (struct debug_rows){ .dbg = dbg };
    if (dwarf_offdie_b(dbg, offset, true, &die, &e) != DW_DLV_OK)
        return debug_error(dbg, e, "a line table", err);
    rc = read_table(r, die, lines, err);
    dwarf_dealloc_die(die);
    if (rc == ERR_NO_MEMORY)
        debug_rows_fini(r);
    return rc;
}

const struct line_row *debug_rows_at(const struct debug_rows *r, uint64_t vaddr)
{
    const struct line_row *rows = r->table.rows;
    size_t low = 0;
    size_t high = r->table.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (rows[middle].vaddr <= vaddr)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || rows[low - 1].is_end)
        return NULL;
    return &rows[low - 1];
}

/* Removes "." and ".." and doubled slashes from an absolute or relative path
 * in place, by its text alone: the directories need not exist here. */
static void normalise(char *path)
{
    bool is_absolute = path[0] == '/';
    char *start = path + (is_absolute ? 1 : 0);
    char *to = start;
    char *floor = start; /* ".." may not cut below */

    for (const char *from = start; *from != '\0';) {
        size_t size = strcspn(from, "/");

        if (size == 2 && from[0] == '.' && from[1] == '.' && to > floor) {
            to--; /* the slash behind the last part */
            while (to > floor && to[-1] != '/')
                to--;
        } else if (size == 2 && from[0] == '.' && from[1] == '.' &&
                   !is_absolute) {
            memmove(to, "../", 3); /* fits: "..", and a slash or the end */
            to += 3;
            floor = to;
        } else if (size > 0 && !(size == 1 && from[0] == '.') &&
                   !(size == 2 && from[0] == '.' && from[1] == '.')) {
            memmove(to, from, size);
            to[size] = '/';
            to += size + 1;
        }
        from += size;
        from += strspn(from, "/");
    }
    if (to > start)
        to--; /* the last slash */
    *to = '\0';
}

struct file_name {
    const char *unit_folder; /* each NULL unknown */
    const char *folder;
    const char *name;
};

/* Before DWARF 5 folder 0 is the unit's own and not in the table. */
static bool find_name(const struct debug_rows *r, uint32_t file,
                      struct file_name *out)
{
    Dwarf_Error e = NULL;
    Dwarf_Unsigned folder = 0;
    Dwarf_Unsigned version = 0;
    Dwarf_Small tables;

    *out = (struct file_name){ 0 };
    if (dwarf_srclines_files_data_b(r->files, (Dwarf_Signed)file, &out->name,
                                    &folder, NULL, NULL, NULL,
                                    &e) != DW_DLV_OK ||
        out->name == NULL) {
        debug_ignore(r->dbg, e);
        return false;
    }
    if (dwarf_srclines_comp_dir(r->files, &out->unit_folder, &e) != DW_DLV_OK ||
        dwarf_srclines_version(r->files, &version, &tables, &e) != DW_DLV_OK ||
        (folder == 0 && version < 5) || folder > INT32_MAX ||
        dwarf_srclines_include_dir_data(r->files, (Dwarf_Signed)folder,
                                        &out->folder, &e) != DW_DLV_OK) {
        debug_ignore(r->dbg, e);
        out->folder = NULL;
    }
    if (folder == 0) /* DWARF 5 repeats the unit's folder as number 0 */
        out->unit_folder = out->folder == NULL ? out->unit_folder : NULL;
    return true;
}

static enum err_code append(struct buf *b, const char *text, struct err *err)
{
    return buf_bytes(b, text, strlen(text), err);
}

/* unit_folder/folder/name, from the last of them that is absolute. */
static enum err_code join(const struct file_name *f, char **out,
                          struct err *err)
{
    const char *parts[] = { f->unit_folder, f->folder, f->name };
    struct buf b = { 0 };
    size_t first = 0;
    enum err_code rc = ERR_OK;

    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (parts[i] != NULL && parts[i][0] == '/')
            first = i;
    for (size_t i = first; rc == ERR_OK && i < ARRAY_LEN(parts); i++) {
        if (parts[i] == NULL || parts[i][0] == '\0')
            continue;
        if (b.size > 0)
            rc = append(&b, "/", err);
        if (rc == ERR_OK)
            rc = append(&b, parts[i], err);
    }
    if (rc == ERR_OK) /* two: room for the slash normalise may write */
        rc = buf_le(&b, 0, 2, err);
    if (rc != ERR_OK) {
        buf_fini(&b);
        return rc;
    }
    *out = (char *)b.data; /* now the caller's, to free */
    normalise(*out);
    return ERR_OK;
}

enum err_code debug_rows_file(struct debug_rows *r, uint32_t file,
                              const char **out, struct err *err)
{
    struct file_name name;
    uint64_t index;
    enum err_code rc;

    *out = "";
    if (map_get(&r->path_by_file, file, &index)) {
        *out = r->paths[index];
        return ERR_OK;
    }
    if (r->files == NULL || !find_name(r, file, &name))
        return ERR_OK;
    rc = vec_grow(&r->paths, r->path_count, &r->path_cap, sizeof(char *), err);
    if (rc == ERR_OK)
        rc = map_put(&r->path_by_file, file, r->path_count, err);
    if (rc == ERR_OK)
        rc = join(&name, &r->paths[r->path_count], err);
    if (rc != ERR_OK) {
        map_take(&r->path_by_file, file, NULL);
        return rc;
    }
    *out = r->paths[r->path_count++];
    return ERR_OK;
}

void debug_rows_fini(struct debug_rows *r)
{
    if (r->files != NULL)
        dwarf_srclines_dealloc_b(r->files);
    for (size_t i = 0; i < r->path_count; i++)
        free(r->paths[i]);
    free(r->paths);
    free(r->table.rows);
    map_fini(&r->path_by_file);
    *r = (struct debug_rows){ 0 };
}
