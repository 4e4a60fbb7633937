#include "symbols/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/vec.h"
#include "symbols/debug_file.h"
#include "symbols/elf_file.h"
#include "symbols/symbol_table.h"

enum {
    SONAME_MAX = 256,
    LOADS_MAX = 1024, /* linkers make four or five */
    DYNAMIC_MAX = 1 << 16,
};

static const uint64_t page_mask = 4095;

struct load {
    uint64_t offset, file_size, vaddr, memory_size;
    bool executable;
};

struct image {
    char *path;
    char self_path[32];
    struct elf_file file;
    struct load *loads;
    size_t load_count, load_cap;
    bool is_static;
    char build_id[BUILD_ID_TEXT_MAX];
    char soname[SONAME_MAX];
    char *debug_path; /* NULL: none, or not looked for */
    bool debug_looked_for;
    struct symbol_table symbols;
    bool symbols_read;
};

static bool page_up(uint64_t value, uint64_t *out)
{
    if (value > UINT64_MAX - page_mask)
        return false;
    *out = (value + page_mask) & ~page_mask;
    return true;
}

/* A segment whose ends do not fit 64 bits is passed over, so that no later
 * sum can overflow. */
static enum err_code add_load(struct image *img, const GElf_Phdr *ph,
                              struct err *err)
{
    uint64_t ignored;
    enum err_code rc;

    if (ph->p_filesz > UINT64_MAX - ph->p_offset ||
        ph->p_memsz > UINT64_MAX - ph->p_vaddr ||
        !page_up(ph->p_offset + ph->p_filesz, &ignored) ||
        !page_up(ph->p_vaddr + ph->p_memsz, &ignored))
        return ERR_OK;
    if (img->load_count == LOADS_MAX)
        return err_set(err, ERR_BAD_FORMAT, "%s has more than %d segments",
                       img->path, LOADS_MAX);
    rc = vec_grow(&img->loads, img->load_count, &img->load_cap,
                  sizeof(*img->loads), err);
    if (rc != ERR_OK)
        return rc;
    img->loads[img->load_count++] = (struct load){
        .offset = ph->p_offset,
        .file_size = ph->p_filesz,
        .vaddr = ph->p_vaddr,
        .memory_size = ph->p_memsz,
        .executable = (ph->p_flags & PF_X) != 0,
    };
    return ERR_OK;
}

/* The string at `vaddr`, read from the file; "" when it is not there. */
static void read_string(const struct image *img, uint64_t vaddr, char *out,
                        size_t cap)
{
    out[0] = '\0';
    for (size_t i = 0; i < img->load_count; i++) {
        const struct load *l = &img->loads[i];
        uint64_t inside = vaddr - l->vaddr;
        ssize_t got;

        if (vaddr < l->vaddr || inside >= l->file_size ||
            l->offset + inside > INT64_MAX)
            continue;
        got = pread(img->file.fd, out, cap - 1, (off_t)(l->offset + inside));
        out[got > 0 ? got : 0] = '\0';
        return;
    }
}

/* What of PT_DYNAMIC matters here, gabi "Dynamic Section". */
struct dynamic {
    bool has_soname;
    uint64_t soname;  /* offset into the strings */
    uint64_t strings; /* vaddr */
    uint64_t flags_1;
};

static void read_dynamic(const struct image *img, const GElf_Phdr *ph,
                         struct dynamic *out)
{
    Elf_Data *data = NULL;
    GElf_Dyn dyn;

    if (ph->p_filesz <= DYNAMIC_MAX)
        data = elf_getdata_rawchunk(img->file.elf, (int64_t)ph->p_offset,
                                    ph->p_filesz, ELF_T_DYN);
    if (data == NULL || data->d_buf == NULL)
        return;
    for (int i = 0; gelf_getdyn(data, i, &dyn) != NULL; i++) {
        if (dyn.d_tag == DT_NULL)
            break;
        if (dyn.d_tag == DT_STRTAB)
            out->strings = dyn.d_un.d_ptr;
        if (dyn.d_tag == DT_FLAGS_1)
            out->flags_1 = dyn.d_un.d_val;
        if (dyn.d_tag == DT_SONAME) {
            out->soname = dyn.d_un.d_val;
            out->has_soname = true;
        }
    }
}

static enum err_code read_headers(struct image *img, struct err *err)
{
    const struct elf_file *f = &img->file;
    struct dynamic dynamic = { 0 };
    bool has_interpreter = false;
    size_t count = 0;

    if (elf_getphdrnum(f->elf, &count) != 0)
        return err_set(err, ERR_BAD_FORMAT, "%s: %s", img->path,
                       elf_errmsg(-1));
    for (int i = 0; (size_t)i < count; i++) {
        enum err_code rc = ERR_OK;
        GElf_Phdr ph;

        if (gelf_getphdr(f->elf, i, &ph) == NULL)
            return err_set(err, ERR_BAD_FORMAT, "%s: program header %d: %s",
                           img->path, i, elf_errmsg(-1));
        if (ph.p_type == PT_LOAD)
            rc = add_load(img, &ph, err);
        if (ph.p_type == PT_DYNAMIC)
            read_dynamic(img, &ph, &dynamic);
        if (ph.p_type == PT_INTERP)
            has_interpreter = true;
        if (rc != ERR_OK)
            return rc;
    }
    if (dynamic.has_soname && dynamic.soname <= UINT64_MAX - dynamic.strings)
        read_string(img, dynamic.strings + dynamic.soname, img->soname,
                    sizeof(img->soname));
    /* A static PIE has a dynamic section and no interpreter, like a library;
     * DF_1_PIE tells them apart. */
    img->is_static =
        !has_interpreter && img->soname[0] == '\0' &&
        (f->ehdr.e_type == ET_EXEC || (dynamic.flags_1 & DF_1_PIE) != 0);
    elf_file_build_id(f, img->build_id);
    return ERR_OK;
}

enum err_code image_open(const char *path, struct image **out, struct err *err)
{
    enum err_code rc = ERR_OK;
    struct image *img = NULL;

    *out = NULL;
    img = calloc(1, sizeof(*img));
    if (img == NULL) {
        rc = err_no_memory(err);
        goto out;
    }
    img->file = elf_file_none();
    img->path = strdup(path);
    if (img->path == NULL) {
        rc = err_no_memory(err);
        goto out;
    }
    rc = elf_file_open(path, &img->file, err);
    if (rc != ERR_OK)
        goto out;
    if (img->file.ehdr.e_type != ET_EXEC && img->file.ehdr.e_type != ET_DYN) {
        rc = err_set(err, ERR_BAD_FORMAT,
                     "%s is neither a program nor a shared library", path);
        goto out;
    }
    snprintf(img->self_path, sizeof(img->self_path), "/proc/self/fd/%d",
             img->file.fd);
    rc = read_headers(img, err);
    if (rc != ERR_OK)
        goto out;

    *out = img;
    img = NULL; /* now the caller's */
out:
    image_close(img);
    return rc;
}

void image_close(struct image *img)
{
    if (img == NULL)
        return;
    elf_file_close(&img->file);
    symbol_table_fini(&img->symbols);
    free(img->loads);
    free(img->debug_path);
    free(img->path);
    free(img);
}

const char *image_path(const struct image *img)
{
    return img->path;
}

const char *image_self_path(const struct image *img)
{
    return img->self_path;
}

const char *image_build_id(const struct image *img)
{
    return img->build_id;
}

const char *image_soname(const struct image *img)
{
    return img->soname;
}

bool image_is_static(const struct image *img)
{
    return img->is_static;
}

uint64_t image_entry(const struct image *img)
{
    return img->file.ehdr.e_entry;
}

bool image_vaddr_of_offset(const struct image *img, uint64_t file_offset,
                           uint64_t *vaddr)
{
    const struct load *best = NULL;

    for (size_t i = 0; i < img->load_count; i++) {
        const struct load *l = &img->loads[i];
        uint64_t end = 0;

        page_up(l->offset + l->file_size, &end);
        if (file_offset < (l->offset & ~page_mask) || file_offset >= end)
            continue;
        if (best == NULL || (l->executable && !best->executable))
            best = l;
    }
    if (best == NULL)
        return false;
    *vaddr = best->vaddr + (file_offset - best->offset);
    return true;
}

void image_span(const struct image *img, uint64_t *start, uint64_t *end)
{
    *start = img->load_count == 0 ? 0 : UINT64_MAX;
    *end = 0;
    for (size_t i = 0; i < img->load_count; i++) {
        const struct load *l = &img->loads[i];
        uint64_t load_end = 0;

        page_up(l->vaddr + l->memory_size, &load_end);
        if ((l->vaddr & ~page_mask) < *start)
            *start = l->vaddr & ~page_mask;
        if (load_end > *end)
            *end = load_end;
    }
}

static enum err_code look_for_debug(struct image *img, struct err *err)
{
    enum err_code rc = ERR_OK;

    if (img->debug_looked_for)
        return ERR_OK;
    if (elf_file_has_dwarf(&img->file)) {
        img->debug_path = strdup(img->self_path);
        if (img->debug_path == NULL)
            rc = err_no_memory(err);
    } else {
        rc = debug_file_find(&img->file, img->path, &img->debug_path, err);
    }
    img->debug_looked_for = rc == ERR_OK;
    return rc;
}

const char *image_debug_path(struct image *img)
{
    struct err ignored; /* out of memory: none for now, asked again later */

    if (look_for_debug(img, &ignored) != ERR_OK)
        return NULL;
    return img->debug_path;
}

static enum err_code add_debug_symbols(struct image *img,
                                       struct symbol_table *table,
                                       struct err *err)
{
    struct elf_file debug = elf_file_none();
    enum err_code rc = look_for_debug(img, err);

    if (rc != ERR_OK || img->debug_path == NULL ||
        strcmp(img->debug_path, img->self_path) == 0)
        return rc;
    if (elf_file_open(img->debug_path, &debug, err) == ERR_OK)
        rc = symbol_table_add(table, debug.elf, err);
    elf_file_close(&debug);
    return rc;
}

static enum err_code read_symbols(struct image *img, struct err *err)
{
    struct symbol_table table = { 0 };
    enum err_code rc;

    if (img->symbols_read)
        return ERR_OK;
    rc = symbol_table_add(&table, img->file.elf, err);
    if (rc == ERR_OK)
        rc = add_debug_symbols(img, &table, err);
    if (rc == ERR_OK)
        rc = symbol_table_sort(&table, err);
    if (rc != ERR_OK) {
        symbol_table_fini(&table);
        return rc;
    }
    img->symbols = table;
    img->symbols_read = true;
    return ERR_OK;
}

static struct image_symbol to_public(const struct symbol *s)
{
    return (struct image_symbol){
        .name = s->name,
        .vaddr = s->vaddr,
        .size_bytes = s->size_bytes,
        .is_ifunc = s->is_ifunc,
    };
}

enum err_code image_find_functions(struct image *img, const char *name,
                                   void (*each)(void *ctx,
                                                const struct image_symbol *s),
                                   void *ctx, struct err *err)
{
    enum err_code rc = read_symbols(img, err);

    if (rc != ERR_OK)
        return rc;
    /* Sorted by address, then by name with doubles dropped: no vaddr comes
     * twice for one name. */
    for (size_t i = 0; i < img->symbols.count; i++) {
        if (strcmp(img->symbols.symbols[i].name, name) == 0) {
            struct image_symbol s = to_public(&img->symbols.symbols[i]);

            each(ctx, &s);
        }
    }
    return ERR_OK;
}

enum err_code image_each_function(struct image *img,
                                  void (*each)(void *ctx,
                                               const struct image_symbol *s),
                                  void *ctx, struct err *err)
{
    enum err_code rc = read_symbols(img, err);

    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < img->symbols.count; i++) {
        struct image_symbol s = to_public(&img->symbols.symbols[i]);

        each(ctx, &s);
    }
    return ERR_OK;
}

enum err_code image_function_at(struct image *img, uint64_t vaddr,
                                struct image_symbol *out, struct err *err)
{
    enum err_code rc = read_symbols(img, err);
    const struct symbol *found;

    if (rc != ERR_OK)
        return rc;
    found = symbol_table_at(&img->symbols, vaddr);
    if (found == NULL)
        return ERR_NOT_FOUND;
    *out = to_public(found);
    return ERR_OK;
}
