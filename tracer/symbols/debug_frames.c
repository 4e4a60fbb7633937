#include "symbols/debug_frames.h"

#include <libdwarf.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "symbols/debug_cfa.h"
#include "symbols/debug_open.h"

enum { RETURN_ADDRESS_REG = 16 }; /* psABI x86-64, figure 3.36 */

/* libdwarf 20210528 and later name the release of the two lists differently. */
#ifdef DW_LIBDWARF_VERSION_MAJOR
#define release_lists dwarf_dealloc_fde_cie_list
typedef Dwarf_Small *frame_bytes;
#else
#define release_lists dwarf_fde_cie_list_dealloc
typedef Dwarf_Ptr frame_bytes;
#endif

/* The frames of one section of one file. */
struct frame_list {
    Dwarf_Debug dbg;
    Dwarf_Cie *cies;
    Dwarf_Fde *fdes; /* sorted by address, by libdwarf */
    Dwarf_Signed cie_count, fde_count;
};

enum { LISTS_MAX = 3 };

struct debug_frames {
    struct frame_list lists[LISTS_MAX]; /* asked in this order */
    size_t list_count;
    struct unwind_row **rows; /* each allocated alone, so that it stays */
    size_t row_count, row_cap;
    struct unwind_op **expressions; /* likewise */
    size_t expression_count, expression_cap;
    struct map by_addr;  /* vaddr asked for -> index of its row */
    struct map by_start; /* a row's start -> its index */
};

/* What finds the FDEs of one section. */
typedef int (*list_fdes)(Dwarf_Debug dbg, Dwarf_Cie **cies,
                         Dwarf_Signed *cie_count, Dwarf_Fde **fdes,
                         Dwarf_Signed *fde_count, Dwarf_Error *e);

static void release(struct frame_list *l)
{
    if (l->fdes != NULL)
        release_lists(l->dbg, l->cies, l->cie_count, l->fdes, l->fde_count);
    debug_close(l->dbg);
}

/* Adds the frames of one section, when it has any. */
static enum err_code load(struct debug_frames *df, const char *path,
                          list_fdes list, struct err *err)
{
    struct frame_list l = { 0 };
    enum err_code rc = debug_open(path, &l.dbg, err);
    Dwarf_Error e = NULL;
    int result;

    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc != ERR_OK)
        return rc;
    result = list(l.dbg, &l.cies, &l.cie_count, &l.fdes, &l.fde_count, &e);
    if (result == DW_DLV_ERROR)
        rc = debug_error(l.dbg, e, path, err);
    if (result == DW_DLV_OK && l.fde_count > 0)
        df->lists[df->list_count++] = l;
    else
        release(&l);
    return rc;
}

/* .eh_frame is what the program itself unwinds by. It need not be complete:
 * code built without it is linked with start-up files that have it, and is
 * described by .debug_frame, which may have been moved to the debug file. */
static enum err_code load_any(struct debug_frames *df, struct image *img,
                              struct err *err)
{
    const char *self = image_self_path(img);
    const char *debug;
    enum err_code rc = load(df, self, dwarf_get_fde_list_eh, err);

    if (rc == ERR_OK)
        rc = load(df, self, dwarf_get_fde_list, err);
    if (rc != ERR_OK)
        return rc;
    debug = image_debug_path(img);
    if (debug == NULL || strcmp(debug, self) == 0)
        return ERR_OK;
    return load(df, debug, dwarf_get_fde_list, err);
}

enum err_code debug_frames_open(struct image *img, struct debug_frames **out,
                                struct err *err)
{
    struct debug_frames *df = calloc(1, sizeof(*df));
    enum err_code rc = ERR_OK;

    *out = NULL;
    if (df == NULL)
        return err_no_memory(err);
    rc = load_any(df, img, err);
    if (rc == ERR_OK) {
        *out = df;
        df = NULL; /* now the caller's */
    }
    debug_frames_close(df);
    return rc;
}

void debug_frames_close(struct debug_frames *df)
{
    if (df == NULL)
        return;
    for (size_t i = 0; i < df->list_count; i++)
        release(&df->lists[i]);
    for (size_t i = 0; i < df->row_count; i++)
        free(df->rows[i]);
    free(df->rows);
    for (size_t i = 0; i < df->expression_count; i++)
        free(df->expressions[i]);
    free(df->expressions);
    map_fini(&df->by_addr);
    map_fini(&df->by_start);
    free(df);
}

static enum err_code read_common(const struct frame_list *l, Dwarf_Fde fde,
                                 struct cfa_program *p, bool *is_signal_frame,
                                 struct err *err)
{
    Dwarf_Error e = NULL;
    Dwarf_Cie cie = NULL;
    Dwarf_Unsigned size, code_size;
    Dwarf_Signed data_align;
    Dwarf_Half return_reg;
    Dwarf_Small version;
    char *augmentation = NULL;
    frame_bytes code = NULL;
    Dwarf_Unsigned code_align;

    if (dwarf_get_cie_of_fde(fde, &cie, &e) != DW_DLV_OK ||
        dwarf_get_cie_info_b(cie, &size, &version, &augmentation, &code_align,
                             &data_align, &return_reg, &code, &code_size, NULL,
                             &e) != DW_DLV_OK)
        return debug_error(l->dbg, e, "unwind rules", err);
    if (return_reg != RETURN_ADDRESS_REG)
        return err_set(err, ERR_BAD_FORMAT,
                       "unwind rules: the return address is in register %u",
                       return_reg);
    p->common.bytes = (const uint8_t *)code;
    p->common.size = (size_t)code_size;
    p->code_align = code_align;
    p->data_align = data_align;
    /* "zRS": LSB Core 5.0, section 10.6.1, and gcc's 'S'. */
    *is_signal_frame = augmentation != NULL && augmentation[0] == 'z' &&
                       strchr(augmentation, 'S') != NULL;
    return ERR_OK;
}

static enum err_code read_program(const struct frame_list *l, uint64_t vaddr,
                                  struct cfa_program *p, bool *is_signal_frame,
                                  struct err *err)
{
    Dwarf_Error e = NULL;
    Dwarf_Fde fde = NULL;
    Dwarf_Addr first, last;
    frame_bytes code = NULL;
    Dwarf_Unsigned code_size = 0;
    int result = dwarf_get_fde_at_pc(l->fdes, vaddr, &fde, &first, &last, &e);

    if (result == DW_DLV_NO_ENTRY)
        return ERR_NOT_FOUND;
    if (result != DW_DLV_OK)
        return debug_error(l->dbg, e, "unwind rules", err);
    if (vaddr < first || vaddr > last || last == UINT64_MAX)
        return ERR_NOT_FOUND;
    if (dwarf_get_fde_instr_bytes(fde, &code, &code_size, &e) != DW_DLV_OK)
        return debug_error(l->dbg, e, "unwind rules", err);
    p->own.bytes = (const uint8_t *)code;
    p->own.size = (size_t)code_size;
    p->start = first;
    p->end = last + 1;
    return read_common(l, fde, p, is_signal_frame, err);
}

static enum err_code keep_expression(struct debug_frames *df,
                                     const struct cfa_code *code,
                                     struct unwind_rule *out, struct err *err)
{
    struct unwind_op ops[UNWIND_OPS_MAX];
    struct unwind_op *copy;
    size_t count;
    enum err_code rc = debug_cfa_decode(code, ops, &count, err);

    if (rc != ERR_OK)
        return rc;
    rc = vec_grow(&df->expressions, df->expression_count, &df->expression_cap,
                  sizeof(*df->expressions), err);
    if (rc != ERR_OK)
        return rc;
    copy = malloc(count * sizeof(*copy));
    if (copy == NULL)
        return err_no_memory(err);
    memcpy(copy, ops, count * sizeof(*copy));
    df->expressions[df->expression_count++] = copy;
    out->ops = copy;
    out->op_count = count;
    return ERR_OK;
}

static enum err_code keep_rule(struct debug_frames *df,
                               const struct cfa_rule *rule,
                               struct unwind_rule *out, struct err *err)
{
    *out = (struct unwind_rule){
        .kind = rule->kind,
        .reg = rule->reg,
        .offset = rule->offset,
    };
    if (rule->kind != UNWIND_EXPR && rule->kind != UNWIND_VALUE_EXPR)
        return ERR_OK;
    return keep_expression(df, &rule->code, out, err);
}

static enum err_code fill_row(struct debug_frames *df,
                              const struct cfa_row *from,
                              struct unwind_row *row, struct err *err)
{
    enum err_code rc = keep_rule(df, &from->cfa, &row->cfa, err);

    row->start = from->start;
    row->end = from->end;
    for (size_t i = 0; rc == ERR_OK && i < UNWIND_REG_MAX; i++) {
        rc = keep_rule(df, &from->regs[i], &row->regs[i], err);
        /* One register less is better than no caller at all. */
        if (rc == ERR_BAD_FORMAT && i != RETURN_ADDRESS_REG) {
            row->regs[i] = (struct unwind_rule){ .kind = UNWIND_UNDEFINED };
            rc = ERR_OK;
        }
    }
    return rc;
}

static enum err_code add_row(struct debug_frames *df,
                             const struct cfa_row *from, bool is_signal_frame,
                             uint64_t *index, struct err *err)
{
    struct unwind_row *row = NULL;
    enum err_code rc = vec_grow(&df->rows, df->row_count, &df->row_cap,
                                sizeof(struct unwind_row *), err);

    if (rc != ERR_OK)
        return rc;
    row = calloc(1, sizeof(*row));
    if (row == NULL)
        return err_no_memory(err);
    row->is_signal_frame = is_signal_frame;
    rc = fill_row(df, from, row, err);
    if (rc == ERR_OK)
        rc = map_put(&df->by_start, row->start, df->row_count, err);
    if (rc != ERR_OK) {
        free(row);
        return rc;
    }
    *index = df->row_count;
    df->rows[df->row_count++] = row;
    return ERR_OK;
}

/* The row of the first list that covers `vaddr`. */
static enum err_code read_row(struct debug_frames *df, uint64_t vaddr,
                              struct cfa_row *row, bool *is_signal_frame,
                              struct err *err)
{
    struct cfa_program program = { 0 };
    enum err_code rc = ERR_NOT_FOUND;

    for (size_t i = 0; rc == ERR_NOT_FOUND && i < df->list_count; i++)
        rc = read_program(&df->lists[i], vaddr, &program, is_signal_frame,
                          err);
    return rc == ERR_OK ? debug_cfa_run(&program, vaddr, row, err) : rc;
}

enum err_code debug_frames_find(struct debug_frames *df, uint64_t vaddr,
                                const struct unwind_row **out, struct err *err)
{
    struct cfa_row row;
    bool is_signal_frame = false;
    uint64_t index;
    enum err_code rc;

    *out = NULL;
    if (!map_get(&df->by_addr, vaddr, &index)) {
        rc = read_row(df, vaddr, &row, &is_signal_frame, err);
        if (rc != ERR_OK)
            return rc;
        /* In a damaged file two FDEs may claim the same start. */
        if (!map_get(&df->by_start, row.start, &index) ||
            df->rows[index]->end != row.end)
            rc = add_row(df, &row, is_signal_frame, &index, err);
        if (rc == ERR_OK)
            rc = map_put(&df->by_addr, vaddr, index, err);
        if (rc != ERR_OK)
            return rc;
    }
    *out = df->rows[index];
    return ERR_OK;
}
