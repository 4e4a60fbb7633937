/*
 * check_lines [--both] FILE... - compares function, file and line of every
 * inlined call at every address that the files' line tables and symbols name
 * with what addr2line -f -i says, through the symbolizer as a recording uses
 * it.
 *
 * addr2line answers an address with itself and then two lines per call:
 *
 *   0x0000000000001189
 *   innermost
 *   /src/shapes.c:17
 *   main
 *   /src/shapes.c:80 (discriminator 3)
 *
 * --both: of no use without both tools, see below.
 */
#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "child.h"
#include "symbols/demangle.h"
#include "symbols/image.h"
#include "symbols/symbolizer.h"

enum { TEXT_MAX = 8192, SHOWN_MAX = 20 };

struct answer {
    char function[TEXT_MAX];
    char file[TEXT_MAX];
    uint32_t line;
};

struct check {
    const char *path;
    struct symbolizer *symbolizer;
    struct image *image;
    const char *tool;
    bool is_last_tool; /* nobody else may agree: disagreement is shown */
    uint64_t *addrs;   /* to ask for */
    size_t count, cap;
    size_t left; /* the first of addrs, on which a tool disagreed */
    size_t calls, inlined;
};

static void add_addr(struct check *c, uint64_t addr)
{
    struct err err;

    if (vec_grow(&c->addrs, c->count, &c->cap, sizeof(addr), &err) != ERR_OK)
        abort();
    c->addrs[c->count++] = addr;
}

static void add_symbol(void *ctx, const struct image_symbol *s)
{
    add_addr(ctx, s->vaddr);
}

static int compare_addrs(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;

    return (*a > *b) - (*a < *b);
}

/* Each row: "shapes.c  17  0x1189  x". */
static bool add_rows(struct check *c, const char *debug_path)
{
    char *argv[] = { "readelf", "--debug-dump=decodedline", "-W",
                     (char *)debug_path, NULL };
    static char line[TEXT_MAX];
    struct child child;

    if (!child_start(argv, NULL, &child))
        return false;
    while (fgets(line, sizeof(line), child.out) != NULL) {
        const char *addr = strstr(line, " 0x");

        if (addr != NULL)
            add_addr(c, strtoull(addr, NULL, 16));
    }
    return child_finish(&child);
}

static void sort_addrs(struct check *c)
{
    size_t kept = 0;

    qsort(c->addrs, c->count, sizeof(*c->addrs), compare_addrs);
    for (size_t i = 0; i < c->count; i++)
        if (kept == 0 || c->addrs[kept - 1] != c->addrs[i])
            c->addrs[kept++] = c->addrs[i];
    c->count = kept;
}

/* Without "." and ".." parts, as ours come. */
static void tidy(char *path)
{
    bool is_absolute = path[0] == '/';
    char copy[TEXT_MAX];
    char *state = NULL;
    size_t at = 0;

    strcpy(copy, path);
    for (char *part = strtok_r(copy, "/", &state); part != NULL;
         part = strtok_r(NULL, "/", &state)) {
        if (strcmp(part, ".") == 0)
            continue;
        if (strcmp(part, "..") == 0) {
            while (at > 0 && path[--at] != '/')
                ;
            continue;
        }
        if (at > 0 || is_absolute)
            path[at++] = '/';
        strcpy(path + at, part);
        at += strlen(part);
    }
    path[at] = '\0';
}

/* "/src/a.c:80 (discriminator 3)", "/src/a.c:?", "??:0". */
static void read_place(char *text, struct answer *a)
{
    char *colon = strrchr(text, ':');

    a->line = 0;
    if (colon != NULL) {
        a->line = (uint32_t)strtoul(colon + 1, NULL, 10);
        *colon = '\0';
    }
    strcpy(a->file, strcmp(text, "??") == 0 ? "" : text);
    tidy(a->file);
}

static bool take_line(FILE *in, char text[TEXT_MAX])
{
    if (fgets(text, TEXT_MAX, in) == NULL)
        return false;
    text[strcspn(text, "\n")] = '\0';
    return true;
}

/* ".cold", ".part.3", ".isra.0": the compiler's own parts of a function have
 * symbols of their own, and addr2line prefers a symbol where it holds no more
 * than the address; DWARF says which function they are of. */
static void drop_suffix(char *function)
{
    char *clone = strstr(function, " [clone ");
    char *dot = strchr(function, '.');

    if (clone != NULL)
        *clone = '\0';
    else if (dot != NULL && dot > function && isalpha((unsigned char)dot[1]))
        *dot = '\0';
}

/* LLVM writes "operator< <char>" without the space. */
static void drop_spaces(char *function)
{
    char *to = function;

    for (const char *from = function; *from != '\0'; from++)
        if (*from != ' ')
            *to++ = *from;
    *to = '\0';
}

static void complain(const struct check *c, uint64_t addr, size_t call,
                     const struct answer *want, const struct line_call *have)
{
    if (c->left >= SHOWN_MAX)
        return;
    fprintf(stderr, "%s: 0x%" PRIx64 " call %zu: %s %s:%u, %s says %s %s:%u\n",
            c->path, addr, call, have == NULL ? "(none)" : have->function,
            have == NULL ? "" : have->file, have == NULL ? 0 : have->line,
            c->tool, want->function, want->file, want->line);
}

/* A unit compiled in the relative folder "csu" (glibc's) has "csu" as folder 0
 * of its line table too; tools join the two to "csu/csu/start.c". */
static bool same_file(const char *want, const char *have)
{
    size_t want_size = strlen(want);
    size_t have_size = strlen(have);

    if (strcmp(want, have) == 0)
        return true;
    return want[0] != '/' && have_size > 0 && want_size > have_size &&
           want[want_size - have_size - 1] == '/' &&
           strcmp(want + want_size - have_size, have) == 0;
}

struct alias_search {
    uint64_t vaddr;
    bool found;
};

static void compare_start(void *ctx, const struct image_symbol *s)
{
    struct alias_search *search = ctx;

    search->found |= s->vaddr == search->vaddr;
}

/* Several symbols may name one function (strdup, __strdup, __GI___strdup), and
 * each tool shows another one. */
static bool is_alias(struct image *img, uint64_t addr, const char *name)
{
    struct alias_search search = { 0 };
    struct image_symbol symbol;
    struct err err;

    if (image_function_at(img, addr, &symbol, &err) != ERR_OK)
        return false;
    search.vaddr = symbol.vaddr;
    return image_find_functions(img, name, compare_start, &search, &err) ==
               ERR_OK &&
           search.found;
}

/* Line 0 is code of no source line; which file it is then said to be of, if
 * any, differs from tool to tool. */
static bool same(const struct check *c, uint64_t addr, struct answer *want,
                 const struct line_call *have)
{
    char function[TEXT_MAX];

    snprintf(function, sizeof(function), "%s", have->function);
    if (!have->is_inlined && is_alias(c->image, addr, want->function))
        strcpy(function, want->function);
    drop_suffix(function);
    drop_suffix(want->function);
    drop_spaces(function);
    drop_spaces(want->function);
    return strcmp(want->function, function) == 0 && want->line == have->line &&
           (want->line == 0 || same_file(want->file, have->file));
}

/* No module has the address: it lies behind the end of a function, where
 * tools name the function before it, without a line. */
static bool is_past_all(const struct answer *want, size_t count)
{
    return count == 0 && want->line == 0;
}

/* Whether the tool's answer to one address is ours; `text` holds the line read
 * ahead. */
static bool compare_answer(struct check *c, FILE *in, uint64_t addr,
                           char text[TEXT_MAX], bool *more)
{
    static struct answer want;
    static struct line_call calls[LINE_CALLS_MAX];
    struct err err = { 0 };
    bool good = true;
    size_t count;
    size_t i = 0;

    if (symbolizer_name(c->symbolizer, 0, addr, calls, &count, &err) != ERR_OK)
        count = 0;
    *more = take_line(in, text);
    for (; *more && strncmp(text, "0x", 2) != 0; i++) {
        strcpy(want.function, strcmp(text, "??") == 0 ? "" : text);
        if (!take_line(in, text))
            break;
        read_place(text, &want);
        c->calls++;
        if (!is_past_all(&want, count) &&
            (i >= count || !same(c, addr, &want, &calls[i]))) {
            if (good && c->is_last_tool)
                complain(c, addr, i, &want, i < count ? &calls[i] : NULL);
            good = false;
        }
        *more = take_line(in, text);
    }
    c->inlined += i > 1;
    return good && i >= count;
}

static FILE *write_addrs(const struct check *c)
{
    FILE *in = tmpfile();

    if (in == NULL)
        return NULL;
    for (size_t i = 0; i < c->count; i++)
        fprintf(in, "0x%" PRIx64 "\n", c->addrs[i]);
    fflush(in);
    rewind(in);
    return in;
}

/* Asks one tool; the addresses it disagrees on are those that stay. */
static bool compare(struct check *c)
{
    char *argv[] = { (char *)c->tool,
                     "-a",
                     "-f",
                     "-i",
                     demangler_is_built_in() ? "-C" : "-f",
                     "-e",
                     (char *)c->path,
                     NULL };
    static char text[TEXT_MAX];
    FILE *in = write_addrs(c);
    struct child child;
    bool more = false;
    size_t i;

    if (in == NULL || !child_start(argv, in, &child)) {
        if (in != NULL)
            fclose(in);
        return false;
    }
    c->left = 0;
    more = take_line(child.out, text);
    for (i = 0; more && i < c->count; i++)
        if (!compare_answer(c, child.out, c->addrs[i], text, &more))
            c->addrs[c->left++] = c->addrs[i];
    fclose(in);
    return child_finish(&child) && i == c->count;
}

/* The file as module 0 of a process, mapped where it says itself: only the
 * page that decides the bias is needed. */
static bool map_file(struct check *c, struct err *err)
{
    struct maps maps = { 0 };
    char text[TEXT_MAX];
    char full[PATH_MAX];
    uint64_t vaddr;
    bool good;

    if (!image_vaddr_of_offset(c->image, 0, &vaddr) ||
        realpath(c->path, full) == NULL)
        return false;
    snprintf(text, sizeof(text),
             "%" PRIx64 "-%" PRIx64 " r-xp 00000000 00:00 1 %s\n", vaddr,
             vaddr + 4096, full);
    good = maps_parse(text, strlen(text), &maps, err) == ERR_OK &&
           symbolizer_new(&c->symbolizer, err) == ERR_OK &&
           symbolizer_update(c->symbolizer, &maps, 0, NULL, err) == ERR_OK &&
           symbolizer_module_count(c->symbolizer) == 1;
    maps_fini(&maps);
    return good;
}

/*
 * Each address has to agree with one of the two. Of DWARF 5, binutils 2.40
 * takes file 1 of a line table for file 0, and misses inlined calls whose
 * ranges clang put into .debug_rnglists by index. llvm-addr2line 14 leaves
 * functions without a name that it has no symbol for in the stripped file.
 */
static const char *const tools[] = { "addr2line", "llvm-addr2line" };

static bool can_run(const char *tool)
{
    char *argv[] = { (char *)tool, "--version", NULL };
    struct child child;

    return child_start(argv, NULL, &child) && child_finish(&child);
}

static bool check_with_tools(struct check *c)
{
    bool has_next = can_run(tools[1]);
    size_t all = c->count;

    c->left = c->count;
    for (size_t i = 0; i < ARRAY_LEN(tools) && c->left > 0; i++) {
        if (i > 0 && !has_next)
            break;
        c->tool = tools[i];
        c->is_last_tool = i == 1 || !has_next;
        c->count = c->left;
        if (!compare(c))
            return false;
        printf("%s: %zu of %zu addresses disagree with %s\n", c->path, c->left,
               c->count, c->tool);
    }
    printf("%s: %zu addresses, %zu calls, %zu with inlined ones\n", c->path,
           all, c->calls, c->inlined);
    return all > 0 && c->left == 0;
}

static bool check_file(const char *path)
{
    struct check c = { .path = path };
    struct err err = { 0 };
    const char *debug_path = NULL;
    bool good = false;

    if (image_open(path, &c.image, &err) == ERR_OK)
        debug_path = image_debug_path(c.image);
    if (debug_path == NULL || !map_file(&c, &err) ||
        image_each_function(c.image, add_symbol, &c, &err) != ERR_OK) {
        fprintf(stderr, "%s: no debug information: %s\n", path, err.text);
    } else if (add_rows(&c, strncmp(debug_path, "/proc/", 6) == 0
                                ? path
                                : debug_path)) {
        sort_addrs(&c);
        good = check_with_tools(&c);
    }
    symbolizer_free(c.symbolizer);
    image_close(c.image);
    free(c.addrs);
    return good;
}

int main(int argc, char **argv)
{
    bool needs_both = argc > 1 && strcmp(argv[1], "--both") == 0;
    bool good = argc > (needs_both ? 2 : 1);

    if (!can_run(tools[0]) || !can_run("readelf")) {
        printf("skipped: no addr2line and readelf here\n");
        return CHILD_SKIP;
    }
    if (needs_both && !can_run(tools[1])) {
        printf("skipped: no %s here\n", tools[1]);
        return CHILD_SKIP;
    }
    for (int i = needs_both ? 2 : 1; i < argc; i++)
        good &= check_file(argv[i]);
    return good ? 0 : 1;
}
