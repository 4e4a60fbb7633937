#include "engine/modules.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "base/vec.h"
#include "symbols/debug_lines.h"
#include "symbols/image.h"

/* What the callbacks of the symbol walk need. */
struct planting {
    struct engine_run *run;
    const struct symbol_module *module;
    const struct probe *probe; /* NULL: the op */
    pid_t tid;
    enum err_code rc;
    struct err *err;
};

static void plant(struct planting *p, uint64_t vaddr, const char *name)
{
    struct engine_run *run = p->run;
    tracee_addr addr = vaddr + p->module->bias;
    struct breakpoint *bp = NULL;
    struct err why;
    enum err_code rc;

    if (p->rc != ERR_OK)
        return;
    rc =
        breakpoints_plant(&run->breakpoints, &run->target, p->tid, addr,
                          p->probe != NULL ? BREAK_PROBE : BREAK_OP, &bp, &why);
    if (rc == ERR_NOT_FOUND) {
        run->ledger->probes_refused++;
        return;
    }
    if (rc != ERR_OK) {
        *p->err = why;
        p->rc = rc;
        return;
    }
    if (p->probe == NULL)
        run->op_places++;
    else if (bp->probe == NULL)
        bp->probe = p->probe;
    if (bp->probe == p->probe && p->probe != NULL &&
        p->probe->kind == PROBE_FREE)
        run->free_places++;
    log_debug("breakpoint set addr=0x%llx symbol=%s module=%s",
              (unsigned long long)addr, name, p->module->path);
}

static void plant_probe(void *ctx, const struct image_symbol *s)
{
    if (!s->is_ifunc) /* the resolver runs once and allocates nothing */
        plant(ctx, s->vaddr, s->name);
}

/* Whether `symbol` is the function `name` or a specialised clone of it. gcc
 * appends .constprop.N and .isra.N to those; .part.N and .cold are pieces,
 * entered in its middle. */
static bool is_function(const char *symbol, const char *name)
{
    size_t size = strlen(name);

    if (strncmp(symbol, name, size) != 0)
        return false;
    symbol += size;
    return *symbol == '\0' ||
           ((strncmp(symbol, ".constprop.", 11) == 0 ||
             strncmp(symbol, ".isra.", 6) == 0) &&
            strstr(symbol, ".part") == NULL && strstr(symbol, ".cold") == NULL);
}

static void plant_op(void *ctx, const struct image_symbol *s)
{
    struct planting *p = ctx;

    if (!is_function(s->name, p->run->options.op))
        return;
    if (s->is_ifunc) /* the resolver is not what is called by that name */
        p->run->op_is_ifunc = true;
    else
        plant(p, s->vaddr, s->name);
}

static enum err_code plant_probes(struct planting *p, const struct probe *table,
                                  size_t count)
{
    enum err_code rc = ERR_OK;

    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        p->probe = &table[i];
        rc = image_find_functions(p->module->image, table[i].name, plant_probe,
                                  p, p->err);
        if (rc == ERR_OK)
            rc = p->rc;
    }
    return rc;
}

/* Whether C++ objects may be allocated here without malloc: an allocator of
 * its own. In a static program it cannot be told from libc's. */
static bool has_own_operators(const struct symbol_module *m)
{
    return !image_is_static(m->image) &&
           strncmp(image_soname(m->image), "libc.", 5) != 0;
}

static enum err_code plant_module(struct engine_run *run, pid_t tid,
                                  const struct symbol_module *m,
                                  struct err *err)
{
    struct planting p = { run, m, NULL, tid, ERR_OK, err };
    size_t free_places = run->free_places;
    enum err_code rc = plant_probes(&p, probes, probe_count);

    if (rc == ERR_OK && run->free_places > free_places && has_own_operators(m))
        rc = plant_probes(&p, probe_operators, probe_operator_count);
    if (rc == ERR_OK && run->options.op != NULL) {
        p.probe = NULL;
        rc = image_each_function(m->image, plant_op, &p, err);
        if (rc == ERR_OK)
            rc = p.rc;
    }
    if (rc == ERR_BAD_FORMAT) { /* damaged symbols: not our program's end */
        log_debug("symbols unreadable module=%s why=\"%s\"", m->path,
                  err->text);
        run->ledger->probes_refused++;
        rc = ERR_OK;
    }
    return rc;
}

/* Makes what is planted what is mapped. A library that comes back to where it
 * was keeps its number, but its code is fresh. */
static enum err_code follow_modules(struct engine_run *run, pid_t tid,
                                    struct err *err)
{
    size_t count = symbolizer_module_count(run->symbols);
    enum err_code rc = ERR_OK;

    while (rc == ERR_OK && run->module_count < count) {
        rc = vec_grow(&run->module_planted, run->module_count, &run->module_cap,
                      sizeof(*run->module_planted), err);
        if (rc == ERR_OK)
            run->module_planted[run->module_count++] = false;
    }
    /* First all that went, then all that came: they may overlap. */
    for (uint32_t i = 0; rc == ERR_OK && i < count; i++) {
        const struct symbol_module *m = symbolizer_module(run->symbols, i);

        if (!run->module_planted[i] ||
            symbolizer_module_is_mapped(run->symbols, i))
            continue;
        breakpoints_forget(&run->breakpoints, m->start, m->end);
        run->module_planted[i] = false;
    }
    for (uint32_t i = 0; rc == ERR_OK && i < count; i++) {
        const struct symbol_module *m = symbolizer_module(run->symbols, i);

        if (run->module_planted[i] ||
            !symbolizer_module_is_mapped(run->symbols, i))
            continue;
        run->module_planted[i] = true;
        rc = target_reserve(&run->target, tid, m->start, err);
        if (rc == ERR_OK)
            rc = plant_module(run, tid, m, err);
    }
    return rc;
}

enum err_code modules_refresh(struct engine_run *run, pid_t tid,
                              struct err *err)
{
    struct maps maps = { 0 };
    bool changed = false;
    enum err_code rc = target_maps(&run->target, &maps, err);

    if (rc == ERR_OK)
        rc = symbolizer_update(run->symbols, &maps, run->pid, &changed, err);
    maps_fini(&maps);
    if (rc != ERR_OK)
        return rc;
    if (changed)
        unwinder_reset(&run->unwinder);
    /* Also when nothing changed: a static program that runs itself again is
     * mapped as it was, and has lost its traps. */
    return follow_modules(run, tid, err);
}

/* Whether the main program has the op only as inlined copies. */
static bool is_only_inlined(struct engine_run *run)
{
    const struct symbol_module *m = symbolizer_module(run->symbols, 0);
    const char *path = m == NULL ? NULL : image_debug_path(m->image);
    struct debug_lines *lines = NULL;
    bool inlined = false;
    struct err err;

    if (path == NULL || debug_lines_open(path, &lines, &err) != ERR_OK)
        return false;
    if (debug_lines_only_inlined(lines, run->options.op, &inlined, &err) !=
        ERR_OK)
        inlined = false;
    debug_lines_close(lines);
    return inlined;
}

enum err_code modules_check_op(struct engine_run *run, struct err *err)
{
    const char *nearest[SUGGESTIONS_MAX];
    char name[64], clean[64], list[160] = "";
    size_t count;

    if (run->options.op == NULL || run->op_places > 0)
        return ERR_OK;
    text_clean(run->options.op, name, sizeof(name), false);
    if (is_only_inlined(run)) {
        err_set(err, ERR_USAGE,
                "every call of %s was inlined, so it cannot be seen "
                "entering: mark it __attribute__((noinline)), or name the "
                "function that calls it",
                name);
        return ERR_USAGE;
    }
    if (run->op_is_ifunc)
        return err_set(err, ERR_USAGE,
                       "%s is an IFUNC, resolved when the program starts: name "
                       "the function that it is resolved to",
                       name);
    count = symbolizer_suggest(run->symbols, run->options.op, nearest);
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(list);

        text_clean(nearest[i], clean, sizeof(clean), false);
        snprintf(list + used, sizeof(list) - used, "%s%s",
                 i == 0 ? "; did you mean " : ", ", clean);
    }
    return err_set(err, ERR_USAGE, "no function named %s in the program%s%s",
                   name, list, count > 0 ? "?" : "");
}
