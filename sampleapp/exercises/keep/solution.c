/*
 * A visitor's visit is logged when it is over. The line is written while the
 * visitor is still there: nothing needs to be kept.
 */
#include <stdio.h>
#include <stdlib.h>

enum { VISITS = 20 };

struct visitor {
    char name[24];
    char path[32];
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

static void entry_write(const struct visitor *v)
{
    printf("%s asked for %s\n", v->name, v->path);
}

/* The operation: the visitor alone. It is freed a line later than before, so
 * that the log can read what belongs to it. */
static void serve_visit(int visit)
{
    struct visitor *v = visitor_new(visit);

    entry_write(v);
    free(v);
}

int main(void)
{
    static char out[BUFSIZ]; /* else stdio would allocate one */

    setvbuf(stdout, out, _IOFBF, sizeof(out));
    for (int visit = 0; visit < VISITS; visit++)
        serve_visit(visit);
    return 0;
}
