/* Allocates in several threads for a while, checks what it was given, and
 * says in a file how it went. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int failed;

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *work(void *unused)
{
    double began = now_s();

    (void)unused;
    for (int i = 0; now_s() - began < 0.4; i++) {
        size_t size = 1 + (size_t)(i % 300);
        char *p = malloc(size);
        char *q;

        memset(p, 'x', size);
        q = realloc(p, size + 200);
        if (q == NULL || q[0] != 'x' || q[size - 1] != 'x')
            failed = 1;
        free(q);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[8];
    int count = argc > 1 ? atoi(argv[1]) : 0;
    FILE *fp = argc > 2 ? fopen(argv[2], "w") : NULL;

    if (fp == NULL || count > 8)
        return 2;
    for (int i = 0; i < count; i++)
        pthread_create(&threads[i], NULL, work, NULL);
    work(NULL);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    fputs(failed ? "corrupted\n" : "done\n", fp);
    return fclose(fp) != 0;
}
