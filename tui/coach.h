/*
 * coach.h - who runs the exercises of a course for the explorer.
 *
 * The explorer neither builds nor traces anything; somebody outside it does,
 * in a work folder with a copy of each exercise's file. A coach is how the
 * Learn view asks that somebody to run one, and reads how it went.
 */
#ifndef TUI_COACH_H
#define TUI_COACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/course.h"
#include "base/err.h"

/* What a run consists of; each is only done when the one before is ok. */
enum coach_step {
    COACH_BUILD,  /* the file compiles */
    COACH_OUTPUT, /* run without the tracer, it prints what it must */
    COACH_RECORD, /* the tracer recorded all its ops */
    COACH_LEAKS,  /* nothing was left when it ended */
    COACH_ALLOCS, /* no op allocated more than the goal */
    COACH_STEP_COUNT
};

enum coach_state {
    COACH_NOT_YET,
    COACH_RUNNING,
    COACH_OK,
    COACH_FAILED,
};

/* Why a step failed; what the numbers and texts of a result then are. */
enum coach_trouble {
    TROUBLE_NONE,
    TROUBLE_TOLD,     /* want: one line that the compiler or recorder said */
    TROUBLE_STATUS,   /* number: exit status */
    TROUBLE_SIGNAL,   /* number: the signal that ended it */
    TROUBLE_TIMEOUT,  /* number: seconds */
    TROUBLE_DIFFERS,  /* number: line; want, got: what stands there */
    TROUBLE_OPS,      /* number: ops seen; other: ops there must be */
    TROUBLE_LEAKS,    /* number: blocks; other: bytes */
    TROUBLE_TOO_MANY, /* number: most allocations of an op; other: the goal */
};

enum { COACH_SITES_MAX = 4, COACH_TEXT_MAX = 160 };

struct coach_site {
    char function[64]; /* foreign */
    char place[80];    /* "spans.c:21", or "" */
    char verdict[16];
    double allocs_per_op;
};

struct coach_result {
    enum coach_state steps[COACH_STEP_COUNT];
    enum coach_trouble trouble; /* of the step that failed */
    uint64_t number, other;
    char want[COACH_TEXT_MAX], got[COACH_TEXT_MAX]; /* foreign */
    bool has_figures; /* the three below are known */
    uint64_t ops, allocs_median, allocs_max;
    struct coach_site sites[COACH_SITES_MAX]; /* most allocations first */
    size_t site_count;
    size_t sites_in_all;
};

/* The state of one exercise. */
struct coach_desk {
    const struct course_exercise *exercise;
    size_t stage;     /* index of the course's stage it belongs to */
    const char *path; /* of the copy to edit */
    bool is_running;
    bool has_passed; /* some time, here or in an earlier session */
    uint64_t runs;   /* ended ones, this session */
    struct coach_result last;
};

struct coach {
    void *ctx;
    size_t count; /* exercises, in the order of the stages */

    /* The exercise's state now. Drives its run forward; begins one when the
     * file was saved since the last. Never blocks. Borrowed until the next
     * call for the same exercise. */
    const struct coach_desk *(*look)(void *ctx, size_t exercise);
    /* Makes the copy to edit if there is none. ERR_IO, ERR_NO_MEMORY. */
    enum err_code (*prepare)(void *ctx, size_t exercise, struct err *err);
    /* Begins a run; nothing when one is under way. Errors as prepare. */
    enum err_code (*run)(void *ctx, size_t exercise, struct err *err);
    /* Puts the file back as it was shipped. ERR_IO, ERR_NO_MEMORY. */
    enum err_code (*reset)(void *ctx, size_t exercise, struct err *err);
    /* The text of the solution; NULL before the exercise is passed, or when
     * it cannot be read. Borrowed until the next call. */
    const char *(*solution)(void *ctx, size_t exercise);
};

/* How a step went, in a few words: "ok", "16, goal 0". Gives `out`. */
const char *coach_say(const struct coach_result *r, enum coach_step step,
                      enum language language, char *out, size_t cap);

bool coach_is_passed(const struct coach_result *r);

#endif
