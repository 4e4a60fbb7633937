/*
 * timeline_cost.c - what random access to a trace costs.
 *
 *   timeline_cost TRACE [SEEKS]
 *
 * Prints the time of the first pass, the time of seeks to random events (each
 * far from the one before, as `g` goes) and of single steps back, and memory.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "analysis/timeline.h"

static double now_ms(void)
{
    struct timespec t = { 0 };

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Goes to `count` events: at random, or (is_back) each one before the last. */
static void measure(struct timeline *t, size_t count, bool is_back)
{
    double *ms = calloc(count, sizeof(*ms));
    uint64_t events = timeline_events(t);
    uint64_t seq = events / 2 + count;
    struct err err = { 0 };

    srand(1);
    for (size_t i = 0; ms != NULL && i < count; i++) {
        double begun = now_ms();

        seq = is_back && seq > 0 ? seq - 1
                                 : ((uint64_t)rand() << 20 ^ (uint64_t)rand());
        seq %= events;
        if (timeline_seek(t, seq, &err) != ERR_OK) {
            fprintf(stderr, "timeline_cost: %s\n", err.text);
            exit(1);
        }
        ms[i] = now_ms() - begun;
    }
    if (ms == NULL || count == 0)
        return;
    qsort(ms, count, sizeof(*ms), compare);
    printf("%s: median %.2f ms, p99 %.2f ms, max %.2f ms\n",
           is_back ? "step back" : "seek", ms[count / 2], ms[count * 99 / 100],
           ms[count - 1]);
    free(ms);
}

int main(int argc, char **argv)
{
    size_t seeks = argc > 2 ? (size_t)strtoull(argv[2], NULL, 10) : 500;
    struct err err = { 0 };
    struct rusage use = { 0 };
    struct timeline *t;
    double begun = now_ms();
    enum err_code rc;

    if (argc < 2 ||
        timeline_open(argv[1], &timeline_default, &t, &err) != ERR_OK) {
        fprintf(stderr, "timeline_cost: %s\n",
                argc < 2 ? "give TRACE [SEEKS]" : err.text);
        return 1;
    }
    rc = timeline_advance(t, 0, &err);
    printf("first pass: %" PRIu64 " events, %.0f ms%s%s\n", timeline_events(t),
           now_ms() - begun, rc == ERR_NOT_FOUND ? "" : ": ",
           rc == ERR_NOT_FOUND ? "" : err.text);
    if (timeline_events(t) > 0) {
        measure(t, seeks, false);
        measure(t, seeks, true);
    }
    getrusage(RUSAGE_SELF, &use);
    printf("memory: timeline %.0f MB, process at most %.0f MB\n",
           (double)timeline_memory(t) / 1e6, (double)use.ru_maxrss / 1e3);
    timeline_close(t);
    return 0;
}
