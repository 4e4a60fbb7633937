/*
 * A visitor's visit is logged when it is over. The log keeps copies of what
 * it will need, because the visitor is freed before the line is written.
 *
 * Change this file so that serve_visit allocates the visitor alone: one
 * block. The output must stay as it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VISITS = 20 };

struct visitor {
    char name[24];
    char path[32];
};

struct entry {
    char *name;
    char *path;
};

static struct visitor *visitor_new(int visit)
{
    static const char *const names[] = { "ada", "barbara", "grace" };
    struct visitor *v = malloc(sizeof(*v));

    if (v == NULL)
        exit(1);
    snprintf(v->name, sizeof(v->name), "%s", names[visit % 3]);
    snprintf(v->path, sizeof(v->path), "/page/%d", visit);
    return v;
}

static struct entry *entry_keep(const struct visitor *v)
{
    struct entry *e = malloc(sizeof(*e));

    if (e == NULL)
        exit(1);
    e->name = strdup(v->name);
    e->path = strdup(v->path);
    if (e->name == NULL || e->path == NULL)
        exit(1);
    return e;
}

static void entry_write(const struct entry *e)
{
    printf("%s asked for %s\n", e->name, e->path);
}

static void entry_drop(struct entry *e)
{
    free(e->name);
    free(e->path);
    free(e);
}

/* The operation: the visitor, the entry and its two copies: 4 allocations. */
static void serve_visit(int visit)
{
    struct visitor *v = visitor_new(visit);
    struct entry *e = entry_keep(v);

    free(v);
    entry_write(e);
    entry_drop(e);
}

int main(void)
{
    static char out[BUFSIZ]; /* else stdio would allocate one */

    setvbuf(stdout, out, _IOFBF, sizeof(out));
    for (int visit = 0; visit < VISITS; visit++)
        serve_visit(visit);
    return 0;
}
