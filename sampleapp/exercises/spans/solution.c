/*
 * A query such as "color=red;size=9;..." is read where it lies: a part of it
 * is a pointer and a length, which needs no NUL and owns nothing.
 */
#include <stdio.h>
#include <string.h>

enum { QUERIES = 20 };

static const char query[] = "color=red;size=9;shape=round;size=12;color=blue";

struct span {
    const char *text; /* borrowed from the query */
    size_t size;
};

/* The text up to the first `stop`, or to the end. */
static struct span cut(struct span from, char stop)
{
    const char *end = memchr(from.text, stop, from.size);

    if (end != NULL)
        from.size = (size_t)(end - from.text);
    return from;
}

static int matches(struct span pair, const char *wanted)
{
    struct span key = cut(pair, '=');

    return key.size == strlen(wanted) &&
           memcmp(key.text, wanted, key.size) == 0;
}

/* The operation: it allocates nothing. */
static int count_matches(const char *wanted)
{
    struct span rest = { query, sizeof(query) - 1 };
    int count = 0;

    while (rest.size > 0) {
        struct span pair = cut(rest, ';');
        size_t used = pair.size < rest.size ? pair.size + 1 : pair.size;

        count += matches(pair, wanted);
        rest.text += used;
        rest.size -= used;
    }
    return count;
}

int main(void)
{
    static const char *const wanted[] = { "size", "color", "shape", "col" };
    static char out[BUFSIZ]; /* else stdio would allocate one */

    setvbuf(stdout, out, _IOFBF, sizeof(out));
    for (int i = 0; i < QUERIES; i++)
        printf("%s: %d\n", wanted[i % 4], count_matches(wanted[i % 4]));
    return 0;
}
