/* Stage 1: the greeting is written into a buffer of its caller. */
#include <stdio.h>
#include <stdlib.h>

static void greet(const char *name)
{
    char whole[64];

    snprintf(whole, sizeof(whole), "hello, %s!", name);
    puts(whole);
}

int main(int argc, char **argv)
{
    int ops = argc > 1 ? atoi(argv[1]) : 1;

    for (int i = 0; i < ops; i++)
        greet("world");
    return 0;
}
