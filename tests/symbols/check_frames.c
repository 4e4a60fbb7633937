/*
 * check_frames FILE... - compares every unwind row of the files with what
 * readelf --debug-dump=frames-interp says of them.
 *
 * One row of its tables looks like this, "u" meaning that no instruction
 * named the register so far, and the end of a row being the next LOC or the
 * end of the FDE:
 *
 *   00000018 ... FDE cie=00000000 pc=0000000000001070..0000000000001096
 *      LOC           CFA      rbx   rbp   ra
 *   0000000000001070 rsp+8    u     u     c-8
 *
 * An FDE without a table has the row of its CIE throughout.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "symbols/debug_frames.h"
#include "symbols/image.h"

enum { COLUMNS_MAX = 64, CIES_MAX = 256, WORD_MAX = 24, SHOWN_MAX = 20 };

struct text_row {
    uint64_t start;
    char cells[COLUMNS_MAX][WORD_MAX]; /* [0] is the CFA */
    size_t count;
};

struct cie {
    uint64_t offset;
    char headings[COLUMNS_MAX][WORD_MAX];
    struct text_row row;
};

struct check {
    const char *path;
    struct debug_frames *df;
    struct cie cies[CIES_MAX];
    size_t cie_count;
    bool in_cie;
    struct cie *cie;     /* the one being read, or of the FDE being read */
    uint64_t start, end; /* of the FDE; both 0: none */
    char headings[COLUMNS_MAX][WORD_MAX];
    struct text_row row; /* read and not compared; count 0: none */
    size_t compared, different, expressions;
};

static const char *const names[UNWIND_REG_MAX] = {
    "rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp", "r8",
    "r9",  "r10", "r11", "r12", "r13", "r14", "r15", "ra",
};

/* A rule in readelf's words: the CFA's register by name, one that another was
 * copied to by number. */
static void rule_text(const struct unwind_rule *rule, bool is_cfa,
                      char out[WORD_MAX])
{
    switch (rule->kind) {
    case UNWIND_UNDEFINED:
    case UNWIND_SAME:
        strcpy(out, "u");
        break;
    case UNWIND_CFA_OFFSET:
        snprintf(out, WORD_MAX, "c%+" PRId64, rule->offset);
        break;
    case UNWIND_CFA_VALUE:
        snprintf(out, WORD_MAX, "v%+" PRId64, rule->offset);
        break;
    case UNWIND_REG_OFFSET:
        if (is_cfa && rule->reg >= 0 && rule->reg < UNWIND_REG_MAX)
            snprintf(out, WORD_MAX, "%s%+" PRId64, names[rule->reg],
                     rule->offset);
        else
            snprintf(out, WORD_MAX, "r%d", rule->reg);
        break;
    case UNWIND_EXPR:
        strcpy(out, "exp");
        break;
    case UNWIND_VALUE_EXPR:
        strcpy(out, "vexp");
        break;
    }
}

/* "s" is DW_CFA_same_value, "u" that nothing was said: for a register that
 * is as good as the same, for the return address it is not. rsp is not saved
 * but was the CFA. */
static bool agrees(const char *heading, const struct unwind_rule *rule,
                   const char *want)
{
    char have[WORD_MAX];

    rule_text(rule, strcmp(heading, "CFA") == 0, have);
    if (strcmp(want, "s") == 0)
        want = "u";
    if (strcmp(heading, "ra") == 0 && rule->kind == UNWIND_SAME)
        return false;
    if (strcmp(heading, "rsp") == 0 && rule->kind == UNWIND_CFA_VALUE &&
        rule->offset == 0)
        strcpy(have, "u");
    return strcmp(have, want) == 0;
}

static const struct unwind_rule *rule_named(const struct unwind_row *row,
                                            const char *heading)
{
    if (strcmp(heading, "CFA") == 0)
        return &row->cfa;
    for (int i = 0; i < UNWIND_REG_MAX; i++)
        if (strcmp(names[i], heading) == 0)
            return &row->regs[i];
    return NULL; /* a vector register: no rule is kept */
}

static void complain(struct check *c, uint64_t addr, const char *what,
                     const char *have, const char *want)
{
    if (c->different++ < SHOWN_MAX)
        fprintf(stderr, "%s: 0x%" PRIx64 ": %s is %s, readelf says %s\n",
                c->path, addr, what, have, want);
}

static void compare_row(struct check *c, const struct text_row *want,
                        char headings[][WORD_MAX], uint64_t end)
{
    const struct unwind_row *row;
    struct err err = { 0 };
    char have[WORD_MAX];

    if (want->start >= end)
        return; /* two advances to one place: the later row counts */
    c->compared++;
    if (debug_frames_find(c->df, end - 1, &row, &err) != ERR_OK) {
        complain(c, want->start, "the row", "missing", err.text);
        return;
    }
    if (row->start != want->start || row->end != end)
        complain(c, want->start, "the row's range", "different", "this");
    for (size_t i = 0; i < want->count; i++) {
        const struct unwind_rule *rule = rule_named(row, headings[i]);

        if (rule == NULL)
            continue;
        rule_text(rule, i == 0, have);
        if (!agrees(headings[i], rule, want->cells[i]))
            complain(c, want->start, headings[i], have, want->cells[i]);
        if (strcmp(want->cells[i], "exp") == 0)
            c->expressions++;
    }
}

/* The row read last, whose end is known only now. */
static void flush_row(struct check *c, uint64_t end)
{
    if (c->row.count > 0 && c->end > c->start)
        compare_row(c, &c->row, c->headings, end);
    c->row.count = 0;
}

/* The table is over. */
static void flush_table(struct check *c, bool had_rows)
{
    if (c->in_cie || c->end <= c->start)
        return;
    if (had_rows) {
        flush_row(c, c->end);
    } else if (c->cie != NULL) {
        struct text_row row = c->cie->row;

        row.start = c->start;
        compare_row(c, &row, c->cie->headings, c->end);
    }
    c->end = c->start = 0;
}

/* "r5 (rdi)" is one cell: what is in brackets is dropped. */
static size_t split(char *line, char out[][WORD_MAX], size_t max)
{
    size_t count = 0;
    char *state = NULL;

    for (char *word = strtok_r(line, " \n", &state);
         word != NULL && count < max; word = strtok_r(NULL, " \n", &state))
        if (word[0] != '(')
            snprintf(out[count++], WORD_MAX, "%s", word);
    return count;
}

static struct cie *cie_at(struct check *c, uint64_t offset)
{
    for (size_t i = 0; i < c->cie_count; i++)
        if (c->cies[i].offset == offset)
            return &c->cies[i];
    return NULL;
}

static void begin_entry(struct check *c, const char *line)
{
    uint64_t offset = strtoull(line, NULL, 16);
    const char *cie = strstr(line, " cie=");
    const char *pc = strstr(line, " pc=");
    char *dots = NULL;

    c->in_cie = strstr(line, " CIE ") != NULL;
    if (c->in_cie && c->cie_count < CIES_MAX) {
        c->cie = &c->cies[c->cie_count++];
        c->cie->offset = offset;
    } else if (cie != NULL && pc != NULL) {
        c->cie = cie_at(c, strtoull(cie + 5, NULL, 16));
        c->start = strtoull(pc + 4, &dots, 16);
        c->end = strtoull(dots + 2, NULL, 16);
    }
}

static void read_row(struct check *c, char *line)
{
    char words[COLUMNS_MAX][WORD_MAX];
    struct text_row row = { .start = strtoull(line, NULL, 16) };
    size_t count = split(line, words, COLUMNS_MAX);

    row.count = count - 1;
    memcpy(row.cells, words + 1, row.count * WORD_MAX);
    if (c->in_cie) {
        c->cie->row = row;
        memcpy(c->cie->headings, c->headings, sizeof(c->headings));
        return;
    }
    flush_row(c, row.start);
    c->row = row;
}

static void read_headings(struct check *c, char *line)
{
    char words[COLUMNS_MAX][WORD_MAX];
    size_t count = split(line, words, COLUMNS_MAX);

    memset(c->headings, 0, sizeof(c->headings));
    memcpy(c->headings, words + 1, (count - 1) * WORD_MAX);
}

static void read_tables(struct check *c, FILE *in)
{
    static char line[1 << 16];
    bool had_rows = false;

    while (fgets(line, sizeof(line), in) != NULL) {
        bool is_entry =
            strstr(line, " CIE ") != NULL || strstr(line, " FDE ") != NULL;

        if (is_entry) {
            flush_table(c, had_rows);
            had_rows = false;
            begin_entry(c, line);
        } else if (strstr(line, " LOC ") != NULL) {
            read_headings(c, line);
        } else if (strspn(line, "0123456789abcdef") == 16) {
            had_rows = true;
            read_row(c, line);
        }
    }
    flush_table(c, had_rows);
}

/* True: all rows agree, and there were some. */
static bool check_file(const char *path)
{
    static struct check c;
    char *argv[] = { "readelf", "--debug-dump=frames-interp",
                     "--debug-dump=no-follow-links", (char *)path, NULL };
    struct image *img = NULL;
    struct child child;
    struct err err = { 0 };
    bool good = false;

    c = (struct check){ .path = path };
    if (image_open(path, &img, &err) != ERR_OK ||
        debug_frames_open(img, &c.df, &err) != ERR_OK) {
        fprintf(stderr, "%s\n", err.text);
    } else if (!child_start(argv, NULL, &child)) {
        fprintf(stderr, "readelf cannot be run\n");
    } else {
        read_tables(&c, child.out);
        good = child_finish(&child) && c.compared > 0 && c.different == 0;
        printf("%s: %zu rows, %zu expressions, %zu differences\n", path,
               c.compared, c.expressions, c.different);
    }
    debug_frames_close(c.df);
    image_close(img);
    return good;
}

int main(int argc, char **argv)
{
    char *probe[] = { "readelf", "--version", NULL };
    struct child child;
    bool good = argc > 1;

    if (!child_start(probe, NULL, &child) || !child_finish(&child)) {
        printf("skipped: no readelf here\n");
        return CHILD_SKIP;
    }
    for (int i = 1; i < argc; i++)
        good &= check_file(argv[i]);
    return good ? 0 : 1;
}
