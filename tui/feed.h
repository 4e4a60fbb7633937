/*
 * feed.h - where the explorer's stages come from.
 *
 * The explorer reads trace files and nothing else. Somebody outside it may be
 * recording them at this moment; a feed is how it asks that somebody how far
 * each one is. Recorded traces on disk are a feed whose stages are all ready.
 */
#ifndef TUI_FEED_H
#define TUI_FEED_H

#include <stdbool.h>
#include <stddef.h>

enum feed_state {
    FEED_WAITING,   /* not begun; no file yet */
    FEED_RECORDING, /* path grows */
    FEED_READY,     /* path is whole */
    FEED_FAILED,    /* note says why; path may hold a part, or be NULL */
};

struct feed_stage {
    enum feed_state state;
    const char *path; /* borrowed from the feed; NULL while there is none */
    double ns_per_op; /* without the tracer; 0 unknown */
    const char *note; /* one line, or "" */
};

struct feed {
    void *ctx;
    size_t stage_count;
    const char *note; /* one line about all of them ("tracing is not permitted:
                         ...; these are recorded traces"), or "" */

    /* Fills *out with the state of one stage now; never blocks. Called a few
     * times a second, and drives the recording forward. */
    void (*poll)(void *ctx, size_t stage, struct feed_stage *out);

    bool is_replayed; /* recorded earlier, not now */
};

#endif
