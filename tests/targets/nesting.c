/* Functions of the C library that allocate on the way: who called them is the
 * site, and functions that they call back are sites of their own. */
#include <netdb.h>
#include <regex.h>
#include <search.h>
#include <string.h>
#include <sys/socket.h>

#include "expect.h"

enum { NUMBERS = 100 };

static int line, compared;

NOINLINE static int compare(const void *a, const void *b)
{
    line = __LINE__ + 1;
    char *text = keep(malloc(16));

    free(text);
    compared++;
    return *(const int *)a - *(const int *)b;
}

NOINLINE static int order(const void *a, const void *b)
{
    return strcmp(a, b);
}

NOINLINE static int texts(void)
{
    char *text = NULL;
    char *copy = NULL;
    size_t size = 0;
    FILE *fp;

    if (asprintf(&text, "%d and %s", 12, "more") < 0)
        return 2;
    free(text);
    fp = open_memstream(&text, &size);
    fprintf(fp, "%0500d\n", 1);
    fclose(fp);
    fp = fmemopen(text, size, "r");
    size = 0;
    if (getline(&copy, &size, fp) != 501)
        return 3;
    fclose(fp);
    free(copy);
    free(text);
    return 0;
}

NOINLINE static int libraries(void)
{
    struct addrinfo hints = { .ai_flags = AI_NUMERICHOST };
    struct addrinfo *found;
    regex_t regex;
    int matches;

    if (regcomp(&regex, "^[a-z]+(x|y)*$", REG_EXTENDED) != 0)
        return 4;
    matches = regexec(&regex, "abcxy", 0, NULL, 0) == 0;
    regfree(&regex);
    if (!matches || getaddrinfo("127.0.0.1", "80", &hints, &found) != 0)
        return 5;
    freeaddrinfo(found);
    return 0;
}

NOINLINE static void trees(void)
{
    static const char *const keys[] = { "b", "a", "c" };
    void *root = NULL;

    for (int i = 0; i < 3; i++)
        tsearch(keys[i], &root, order);
    for (int i = 0; i < 3; i++)
        tdelete(keys[i], &root, order);
}

int main(void)
{
    int numbers[NUMBERS];
    int failed;
    char verdicts[32];

    expect_begin();
    for (int i = 0; i < NUMBERS; i++)
        numbers[i] = i * 37 % NUMBERS;
    qsort(numbers, NUMBERS, sizeof(int), compare);
    trees();
    failed = texts();
    if (failed == 0)
        failed = libraries();
    snprintf(verdicts, sizeof(verdicts), "T:%d", compared);
    expect_site("compare", line, "malloc", compared, 16 * compared, verdicts);
    expect("ledger stacks_cut=0");
    expect("ledger frees_unknown=0");
    expect("ledger calls_abandoned=0");
    return failed;
}
