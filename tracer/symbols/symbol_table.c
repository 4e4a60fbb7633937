#include "symbols/symbol_table.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/*
 * The bytes of a string section, with a NUL behind them, owned by the table.
 * Symbol versions end the name here: "malloc@@GLIBC_2.2.5" becomes "malloc"
 * by writing a NUL over each '@'. Names that share a tail share its version,
 * so none is cut short that should not be. Copying names one by one instead
 * would let a small hostile file name one long string a million times.
 */
static enum err_code take_strings(struct symbol_table *t, Elf *elf,
                                  size_t section, const char **out,
                                  size_t *size, struct err *err)
{
    Elf_Scn *scn = elf_getscn(elf, section);
    Elf_Data *data = scn == NULL ? NULL : elf_getdata(scn, NULL);
    char *copy;

    *out = NULL;
    *size = 0;
    if (data == NULL || data->d_buf == NULL || data->d_size == 0)
        return ERR_OK;
    copy = malloc(data->d_size + 1);
    if (copy == NULL)
        return err_no_memory(err);
    memcpy(copy, data->d_buf, data->d_size);
    copy[data->d_size] = '\0';
    for (char *at = copy;
         (at = memchr(at, '@', data->d_size - (size_t)(at - copy))) != NULL;)
        *at = '\0';
    t->strings[t->string_count++] = copy;
    *out = copy;
    *size = data->d_size;
    return ERR_OK;
}

/* Of several names at one address people expect the public one. In glibc that
 * is often the weak one (strdup) and the global one an internal name of it
 * (__strdup), so the underscores decide before the binding does. */
static uint8_t rank_of(const GElf_Sym *sym, const char *name)
{
    uint8_t binding = GELF_ST_BIND(sym->st_info);
    uint8_t underscores = 0;

    while (name[underscores] == '_' && underscores < 9)
        underscores++;
    return (uint8_t)((binding == STB_LOCAL ? 100 : 0) + 2 * underscores +
                     (binding == STB_GLOBAL ? 0 : 1));
}

static bool is_defined_function(const GElf_Sym *sym)
{
    uint8_t type = GELF_ST_TYPE(sym->st_info);

    return (type == STT_FUNC || type == STT_GNU_IFUNC) &&
           sym->st_shndx != SHN_UNDEF && sym->st_value != 0;
}

static enum err_code add_section(struct symbol_table *t, Elf *elf, Elf_Scn *scn,
                                 const GElf_Shdr *shdr, struct err *err)
{
    Elf_Data *data = elf_getdata(scn, NULL);
    const char *strings;
    size_t size;
    enum err_code rc;
    GElf_Sym sym;

    if (data == NULL || data->d_buf == NULL)
        return ERR_OK;
    rc = take_strings(t, elf, shdr->sh_link, &strings, &size, err);
    if (rc != ERR_OK || strings == NULL)
        return rc;
    for (int i = 0; gelf_getsym(data, i, &sym) != NULL; i++) {
        const char *name = sym.st_name < size ? strings + sym.st_name : "";

        if (!is_defined_function(&sym) || name[0] == '\0')
            continue;
        rc = vec_grow(&t->symbols, t->count, &t->cap, sizeof(*t->symbols), err);
        if (rc != ERR_OK)
            return rc;
        t->symbols[t->count++] = (struct symbol){
            .name = name,
            .vaddr = sym.st_value,
            .size_bytes = sym.st_size,
            .rank = rank_of(&sym, name),
            .is_ifunc = GELF_ST_TYPE(sym.st_info) == STT_GNU_IFUNC,
        };
    }
    return ERR_OK;
}

enum err_code symbol_table_add(struct symbol_table *t, Elf *elf,
                               struct err *err)
{
    bool seen_symtab = false;
    bool seen_dynsym = false;
    Elf_Scn *scn = NULL;

    while ((scn = elf_nextscn(elf, scn)) != NULL) {
        GElf_Shdr shdr;
        bool *seen;
        enum err_code rc;

        if (gelf_getshdr(scn, &shdr) == NULL ||
            (shdr.sh_type != SHT_SYMTAB && shdr.sh_type != SHT_DYNSYM))
            continue;
        /* One of each is all there may be (gabi, sh_type), and a hostile
         * file could list the same bytes thousands of times. */
        seen = shdr.sh_type == SHT_SYMTAB ? &seen_symtab : &seen_dynsym;
        if (*seen || t->string_count == SYMBOL_STRINGS_MAX)
            continue;
        *seen = true;
        rc = add_section(t, elf, scn, &shdr, err);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare(const void *left, const void *right)
{
    const struct symbol *a = left;
    const struct symbol *b = right;
    int order = compare_numbers(a->vaddr, b->vaddr);

    if (order == 0)
        order = strcmp(a->name, b->name);
    if (order == 0)
        order = compare_numbers(a->rank, b->rank);
    if (order == 0) /* the one with a size before the one without */
        order = compare_numbers(b->size_bytes, a->size_bytes);
    return order;
}

enum err_code symbol_table_sort(struct symbol_table *t, struct err *err)
{
    uint64_t reach = 0;
    size_t kept = 0;

    if (t->count == 0)
        return ERR_OK;
    qsort(t->symbols, t->count, sizeof(*t->symbols), compare);
    for (size_t i = 0; i < t->count; i++) {
        const struct symbol *s = &t->symbols[i];

        if (kept == 0 || t->symbols[kept - 1].vaddr != s->vaddr ||
            strcmp(t->symbols[kept - 1].name, s->name) != 0)
            t->symbols[kept++] = *s;
    }
    t->count = kept;
    t->reach = calloc(kept, sizeof(*t->reach));
    if (t->reach == NULL)
        return err_no_memory(err);
    for (size_t i = 0; i < kept; i++) {
        const struct symbol *s = &t->symbols[i];

        if (s->size_bytes <= UINT64_MAX - s->vaddr &&
            s->vaddr + s->size_bytes > reach)
            reach = s->vaddr + s->size_bytes;
        t->reach[i] = reach;
    }
    return ERR_OK;
}

/* Index of the first symbol above `vaddr`. */
static size_t first_above(const struct symbol_table *t, uint64_t vaddr)
{
    size_t low = 0;
    size_t high = t->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (t->symbols[middle].vaddr <= vaddr)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool holds(const struct symbol *s, uint64_t vaddr)
{
    return vaddr == s->vaddr || vaddr - s->vaddr < s->size_bytes;
}

/*
 * Walks down from the last symbol that begins at or below the address. The
 * nearest start wins, and the best rank among those that share it. A symbol
 * may lie inside another (an entry point in the middle of assembly), so the
 * walk goes on until nothing lower can reach up to the address.
 */
const struct symbol *symbol_table_at(const struct symbol_table *t,
                                     uint64_t vaddr)
{
    const struct symbol *best = NULL;

    for (size_t i = first_above(t, vaddr); i > 0; i--) {
        const struct symbol *s = &t->symbols[i - 1];

        if (best != NULL && s->vaddr != best->vaddr)
            break;
        if (s->vaddr != vaddr && t->reach[i - 1] <= vaddr)
            break;
        if (holds(s, vaddr) && (best == NULL || s->rank <= best->rank))
            best = s;
    }
    return best;
}

void symbol_table_fini(struct symbol_table *t)
{
    for (size_t i = 0; i < t->string_count; i++)
        free(t->strings[i]);
    free(t->symbols);
    free(t->reach);
    *t = (struct symbol_table){ 0 };
}
