#include "symbols/symbolizer.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/vec.h"
#include "symbols/demangle.h"
#include "symbols/module_open.h"
#include "symbols/suggest.h"

#define NO_MODULE UINT32_MAX

/* One file, however often it is mapped. */
struct file {
    char *path; /* as mapped */
    uint64_t inode;
    struct image *image; /* NULL: cannot be opened */
    struct debug_frames *frames;
    struct debug_lines *lines;
    bool frames_tried, lines_tried;
};

struct module {
    struct symbol_module shown;
    uint32_t file;
    bool is_mapped;
};

/* One executable mapping of a file, as the last update told of it. */
struct range {
    tracee_addr start, end;
    uint64_t file_offset;
    uint32_t file;
    uint32_t module; /* or NO_MODULE */
};

struct symbolizer {
    struct file *files;
    size_t file_count, file_cap;
    struct module *modules;
    size_t module_count, module_cap;
    struct range *ranges; /* by rising address, as in the maps */
    size_t range_count, range_cap;
    struct demangler demangler;
};

/* Libraries that allocate for others or make up the language: beginnings of
 * their sonames. */
static const char *const runtimes[] = {
    "libc.so",        "libc.musl-",    "ld-linux",
    "ld-musl-",       "ld64.so",       "libm.so",
    "libmvec.so",     "libpthread.so", "libdl.so",
    "librt.so",       "libutil.so",    "libanl.so",
    "libstdc++.so",   "libgcc_s.so",   "libc++.so",
    "libc++abi.so",   "libunwind.so",  "libatomic.so",
    "libasan.so",     "libubsan.so",   "libtsan.so",
    "liblsan.so",     "libhwasan.so",  "libclang_rt.",
    "libjemalloc.so", "libtcmalloc",   "libmimalloc",
    "librpmalloc",    "libsnmalloc",   "libhoard.so",
    "libefence.so",   "libdmalloc",    "libhardened_malloc",
};

enum err_code symbolizer_new(struct symbolizer **out, struct err *err)
{
    *out = calloc(1, sizeof(**out));
    return *out == NULL ? err_no_memory(err) : ERR_OK;
}

void symbolizer_free(struct symbolizer *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->file_count; i++) {
        debug_frames_close(s->files[i].frames);
        debug_lines_close(s->files[i].lines);
        image_close(s->files[i].image);
        free(s->files[i].path);
    }
    free(s->files);
    free(s->modules);
    free(s->ranges);
    demangler_fini(&s->demangler);
    free(s);
}

/* Code of a file. The vdso has no file, and code made at run time has none
 * either: their addresses have no module. */
static bool is_file_code(const struct map_entry *e)
{
    return e->executable && e->inode != 0 && e->path[0] == '/';
}

static bool is_of_file(const struct map_entry *e, const struct file *f)
{
    return e->inode == f->inode && strcmp(e->path, f->path) == 0;
}

static bool is_unchanged(const struct symbolizer *s, const struct maps *m)
{
    size_t at = 0;

    for (size_t i = 0; i < m->count; i++) {
        const struct map_entry *e = &m->entries[i];
        const struct range *r;

        if (!is_file_code(e))
            continue;
        if (at == s->range_count)
            return false;
        r = &s->ranges[at++];
        if (r->start != e->start || r->end != e->end ||
            r->file_offset != e->file_offset ||
            !is_of_file(e, &s->files[r->file]))
            return false;
    }
    return at == s->range_count;
}

/* A file that cannot be opened is remembered as such, so that it is not tried
 * again at every update. */
static enum err_code add_file(struct symbolizer *s, const struct map_entry *e,
                              pid_t pid, struct err *err)
{
    struct file file = { .inode = e->inode };
    enum err_code rc = vec_grow(&s->files, s->file_count, &s->file_cap,
                                sizeof(*s->files), err);

    if (rc != ERR_OK)
        return rc;
    file.path = strdup(e->path);
    if (file.path == NULL)
        return err_no_memory(err);
    rc = module_open(e, pid, &file.image, err);
    if (rc == ERR_NO_MEMORY) {
        free(file.path);
        return rc;
    }
    if (rc != ERR_OK)
        log_debug("module passed over why=%s", err->text);
    s->files[s->file_count++] = file;
    return ERR_OK;
}

static enum err_code file_of(struct symbolizer *s, const struct map_entry *e,
                             pid_t pid, uint32_t *out, struct err *err)
{
    enum err_code rc;

    for (size_t i = 0; i < s->file_count; i++) {
        if (is_of_file(e, &s->files[i])) {
            *out = (uint32_t)i;
            return ERR_OK;
        }
    }
    rc = add_file(s, e, pid, err);
    if (rc == ERR_OK)
        *out = (uint32_t)(s->file_count - 1);
    return rc;
}

static bool is_runtime(const char *soname)
{
    for (size_t i = 0; i < ARRAY_LEN(runtimes); i++)
        if (strncmp(soname, runtimes[i], strlen(runtimes[i])) == 0)
            return true;
    return false;
}

/* From the first to the last mapping of the file that belongs to this copy of
 * it, dlmopen(3) making more than one. */
static void find_extent(const struct maps *m, const struct file *f,
                        struct symbol_module *module)
{
    uint64_t low, high;

    image_span(f->image, &low, &high);
    for (size_t i = 0; i < m->count; i++) {
        const struct map_entry *e = &m->entries[i];

        if (e->start - module->bias < low || e->end - module->bias > high ||
            !is_of_file(e, f))
            continue;
        if (module->end == 0)
            module->start = e->start;
        module->end = e->end;
    }
}

static enum err_code add_module(struct symbolizer *s, uint32_t file,
                                tracee_addr bias, const struct maps *m,
                                struct err *err)
{
    const struct file *f = &s->files[file];
    struct module module = {
        .shown = {
            .image = f->image,
            .path = f->path,
            .bias = bias,
            .is_runtime = is_runtime(image_soname(f->image)),
            .number = (uint32_t)s->module_count,
        },
        .file = file,
    };
    enum err_code rc = vec_grow(&s->modules, s->module_count, &s->module_cap,
                                sizeof(*s->modules), err);

    if (rc != ERR_OK)
        return rc;
    find_extent(m, f, &module.shown);
    s->modules[s->module_count++] = module;
    return ERR_OK;
}

/* A module is a file at a place: what was unmapped and comes back to the same
 * place is the same module. */
static enum err_code module_of(struct symbolizer *s, uint32_t file,
                               const struct map_entry *e, const struct maps *m,
                               uint32_t *out, struct err *err)
{
    const struct file *f = &s->files[file];
    uint64_t vaddr;
    tracee_addr bias;
    enum err_code rc;

    *out = NO_MODULE;
    if (f->image == NULL ||
        !image_vaddr_of_offset(f->image, e->file_offset, &vaddr))
        return ERR_OK;
    bias = e->start - vaddr;
    for (size_t i = 0; i < s->module_count; i++) {
        if (s->modules[i].file == file && s->modules[i].shown.bias == bias) {
            *out = (uint32_t)i;
            return ERR_OK;
        }
    }
    rc = add_module(s, file, bias, m, err);
    if (rc == ERR_OK)
        *out = (uint32_t)(s->module_count - 1);
    return rc;
}

static enum err_code collect_ranges(struct symbolizer *s, const struct maps *m,
                                    pid_t pid, struct range **out,
                                    size_t *count, size_t *cap, struct err *err)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct map_entry *e = &m->entries[i];
        struct range r = { e->start, e->end, e->file_offset, 0, NO_MODULE };
        enum err_code rc;

        if (!is_file_code(e))
            continue;
        rc = file_of(s, e, pid, &r.file, err);
        if (rc == ERR_OK)
            rc = module_of(s, r.file, e, m, &r.module, err);
        if (rc == ERR_OK)
            rc = vec_grow(out, *count, cap, sizeof(r), err);
        if (rc != ERR_OK)
            return rc;
        (*out)[(*count)++] = r;
    }
    return ERR_OK;
}

enum err_code symbolizer_update(struct symbolizer *s, const struct maps *m,
                                pid_t pid, bool *changed, struct err *err)
{
    struct range *ranges = NULL;
    size_t count = 0;
    size_t cap = 0;
    enum err_code rc;

    if (changed != NULL)
        *changed = false;
    if (is_unchanged(s, m))
        return ERR_OK;
    rc = collect_ranges(s, m, pid, &ranges, &count, &cap, err);
    if (rc != ERR_OK) {
        free(ranges); /* the modules stay as they were mapped */
        return rc;
    }
    free(s->ranges);
    s->ranges = ranges;
    s->range_count = count;
    s->range_cap = cap;
    for (size_t i = 0; i < s->module_count; i++)
        s->modules[i].is_mapped = false;
    for (size_t i = 0; i < count; i++)
        if (ranges[i].module != NO_MODULE)
            s->modules[ranges[i].module].is_mapped = true;
    if (changed != NULL)
        *changed = true;
    return ERR_OK;
}

static const struct module *find_module(const struct symbolizer *s,
                                        tracee_addr addr)
{
    size_t low = 0;
    size_t high = s->range_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct range *r = &s->ranges[middle];

        if (addr < r->start)
            high = middle;
        else if (addr >= r->end)
            low = middle + 1;
        else
            return r->module == NO_MODULE ? NULL : &s->modules[r->module];
    }
    return NULL;
}

const struct symbol_module *symbolizer_module_at(const struct symbolizer *s,
                                                 tracee_addr addr)
{
    const struct module *m = find_module(s, addr);

    return m == NULL ? NULL : &m->shown;
}

size_t symbolizer_module_count(const struct symbolizer *s)
{
    return s->module_count;
}

const struct symbol_module *symbolizer_module(const struct symbolizer *s,
                                              uint32_t number)
{
    return number < s->module_count ? &s->modules[number].shown : NULL;
}

bool symbolizer_module_is_mapped(const struct symbolizer *s, uint32_t number)
{
    return number < s->module_count && s->modules[number].is_mapped;
}

/* Only running out of memory is passed up: a file whose tables are damaged
 * has none. */
static enum err_code open_frames(struct file *f, struct err *err)
{
    enum err_code rc;

    if (f->frames_tried)
        return ERR_OK;
    rc = debug_frames_open(f->image, &f->frames, err);
    if (rc == ERR_NO_MEMORY)
        return rc;
    if (rc != ERR_OK)
        log_debug("no unwind rows path=%s why=%s", f->path, err->text);
    f->frames_tried = true;
    return ERR_OK;
}

static enum err_code open_lines(struct file *f, struct err *err)
{
    const char *path;
    enum err_code rc;

    if (f->lines_tried)
        return ERR_OK;
    path = image_debug_path(f->image);
    rc = path == NULL ? ERR_NOT_FOUND : debug_lines_open(path, &f->lines, err);
    if (rc == ERR_NO_MEMORY)
        return rc;
    if (rc != ERR_OK && rc != ERR_NOT_FOUND)
        log_debug("no lines path=%s why=%s", f->path, err->text);
    f->lines_tried = true;
    return ERR_OK;
}

enum err_code symbolizer_row(struct symbolizer *s, tracee_addr addr,
                             const struct unwind_row **out, struct err *err)
{
    const struct module *m = find_module(s, addr);
    struct file *f;
    enum err_code rc;

    *out = NULL;
    if (m == NULL)
        return ERR_NOT_FOUND;
    f = &s->files[m->file];
    rc = open_frames(f, err);
    if (rc != ERR_OK)
        return rc;
    if (f->frames == NULL)
        return ERR_NOT_FOUND;
    return debug_frames_find(f->frames, addr - m->shown.bias, out, err);
}

/*
 * Whether the symbol table names a function better than DWARF does: where
 * DWARF has nothing (assembly); where gcc left out the linkage name (C++
 * functions of one file), as the symbol tells class and namespace; and in the
 * runtime, whose DWARF says __GI___strdup and whose symbols say strdup, so
 * that a name does not depend on whether its debug file is installed. A name
 * with a dot is of a part of a function ("f.cold").
 */
static bool is_better(const struct module *m, const char *symbol,
                      const char *function)
{
    if (function[0] == '\0')
        return true;
    if (strncmp(function, "_Z", 2) == 0)
        return false;
    if (m->shown.is_runtime)
        return strchr(symbol, '.') == NULL;
    return strncmp(symbol, "_Z", 2) == 0;
}

static enum err_code name_by_symbol(const struct module *m, uint64_t vaddr,
                                    struct line_call *call, struct err *err)
{
    struct image_symbol symbol;
    enum err_code rc = image_function_at(m->shown.image, vaddr, &symbol, err);

    if (rc == ERR_OK && is_better(m, symbol.name, call->function))
        call->function = symbol.name;
    return rc == ERR_NO_MEMORY ? rc : ERR_OK;
}

static enum err_code find_calls(struct symbolizer *s, const struct module *m,
                                uint64_t vaddr,
                                struct line_call calls[LINE_CALLS_MAX],
                                size_t *count, struct err *err)
{
    struct file *f = &s->files[m->file];
    enum err_code rc = open_lines(f, err);

    *count = 0;
    if (rc != ERR_OK)
        return rc;
    rc = ERR_NOT_FOUND;
    if (f->lines != NULL)
        rc = debug_lines_find(f->lines, vaddr, calls, count, err);
    if (rc == ERR_NO_MEMORY)
        return rc;
    if (rc != ERR_OK) {
        calls[0] = (struct line_call){ .function = "", .file = "" };
        *count = 1;
    }
    if (name_by_symbol(m, vaddr, &calls[*count - 1], err) != ERR_OK)
        return ERR_NO_MEMORY;
    if (rc != ERR_OK && calls[0].function[0] == '\0') {
        *count = 0;
        return ERR_NOT_FOUND;
    }
    return ERR_OK;
}

enum err_code symbolizer_name(struct symbolizer *s, uint32_t number,
                              uint64_t vaddr,
                              struct line_call calls[LINE_CALLS_MAX],
                              size_t *count, struct err *err)
{
    enum err_code rc;

    *count = 0;
    if (number >= s->module_count)
        return ERR_NOT_FOUND;
    rc = find_calls(s, &s->modules[number], vaddr, calls, count, err);
    for (size_t i = 0; rc == ERR_OK && i < *count; i++)
        rc = demangler_find(&s->demangler, calls[i].function,
                            &calls[i].function, err);
    return rc;
}

size_t symbolizer_suggest(struct symbolizer *s, const char *name,
                          const char *out[SUGGESTIONS_MAX])
{
    if (s->module_count == 0)
        return 0;
    return suggest_functions(s->modules[0].shown.image, name, out,
                             SUGGESTIONS_MAX);
}
