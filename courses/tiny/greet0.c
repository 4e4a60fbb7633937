/* Stage 0: every greeting is built in blocks of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *join(const char *a, const char *b)
{
    char *text = malloc(strlen(a) + strlen(b) + 1);

    if (text == NULL)
        exit(1);
    strcpy(text, a);
    return strcat(text, b);
}

static void greet(const char *name)
{
    char *start = join("hello, ", name);
    char *whole = join(start, "!");

    puts(whole);
    free(start);
    free(whole);
}

int main(int argc, char **argv)
{
    int ops = argc > 1 ? atoi(argv[1]) : 1;

    for (int i = 0; i < ops; i++)
        greet("world");
    return 0;
}
