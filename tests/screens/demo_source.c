#include "screens/demo_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attrs.h"

/* A line of some stages, one bit each. Lines without an entry are empty. */
static const struct {
    int line;
    unsigned stages;
    const char *text;
} entries[] = {
    { 1, 15, "/* prog.c - answers one request. */" },
    { 9, 15, "int main(void) { while (next()) handle(); }" },
    { 10, 7, "static struct box *box_new(int value)" },
    { 11, 7, "{" },
    { 12, 7, "\tstruct box *b = malloc(sizeof(*b));" },
    { 13, 7, "\tb->value = value;" },
    { 14, 7, "\treturn b;" },
    { 15, 7, "}" },
    { 18, 15, "static struct session *session_new(void)" },
    { 19, 15, "{" },
    { 20, 15, "    return calloc(1, sizeof(struct session));" },
    { 21, 15, "}" },
    { 30, 15, "    parse(request);" },
    { 41, 15, "    read_claims(request);" },
    { 49, 7, "static void claims_push(struct claims *c, char *name)" },
    { 50, 7, "{" },
    { 51, 7, "    c->list[c->count++] = malloc(CLAIM_BYTES);" },
    { 52, 7, "}" },
    { 68, 8, "static void cache_grow(struct cache *c)" },
    { 69, 8, "{" },
    { 70, 8, "    c->slots = realloc(c->slots, 64);" },
    { 71, 8, "}" },
    { 86, 3, "static struct node *json_node_new(void)" },
    { 87, 3, "{" },
    { 88, 3, "    return calloc(1, sizeof(struct node));" },
    { 89, 3, "}" },
    { 95, 1, "static void copy_header(const char *text)" },
    { 96, 1, "{" },
    { 97, 1, "    char *copy = strdup(text); /* \xe5\xa4\x8d\xe5\x88\xb6 */" },
    { 98, 1, "    check(copy);" },
    { 99, 1, "    free(copy);" },
    { 100, 1, "}" },
    { 95, 14, "static void check_header(struct span header)" },
    { 96, 14, "{" },
    { 97, 14, "    check(header.text, header.size);" },
    { 98, 14, "}" },
};

const char *demo_source(size_t stage, char *out, size_t cap)
{
    size_t at = 0;
    int line = 1;

    for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
        int size;

        if ((entries[i].stages >> stage & 1) == 0)
            continue;
        while (line < entries[i].line && at < cap) {
            out[at++] = '\n';
            line++;
        }
        size = snprintf(out + at, cap - at, "%s", entries[i].text);
        if (size < 0 || at + (size_t)size + 1 >= cap)
            abort();
        at += (size_t)size;
    }
    return out;
}
