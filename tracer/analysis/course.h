/*
 * course.h - course.json: the stages of a program as the explorer tells them.
 *
 * The only thing that anybody but the sample knows of the sample, so that a
 * teacher can write one for another program. Paths in it are relative to the
 * file's own folder. So is a program with a slash; one without is looked for
 * beside our own executable, then in PATH.
 */
#ifndef ANALYSIS_COURSE_H
#define ANALYSIS_COURSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum language { LANG_EN, LANG_ZH, LANG_COUNT };

enum { COURSE_ANSWERS_MAX = 6, COURSE_HINTS_MAX = 3 };

struct course_text {
    char *by_language[LANG_COUNT]; /* owned; never NULL: a missing one is a
                                      copy of the English */
};

struct course_question {
    struct course_text text;
    struct course_text answers[COURSE_ANSWERS_MAX];
    size_t answer_count; /* 0: the stage has no question */
    size_t correct;      /* 0-based */
    struct course_text feedback;
};

/*
 * A small program of its own to be changed until it allocates no more than
 * its goal and still prints the same. {source} and {program} in the commands
 * stand for the file that was edited and the program made of it.
 */
struct course_exercise {
    char *name; /* unique in the course; letters, digits, - and _ */
    struct course_text title, task;
    char *source; /* to be copied and edited; path relative to the course */
    char **build; /* compiles {source} to {program}; NULL-terminated */
    char **run;   /* runs it */
    char *op;
    uint64_t ops;    /* calls of it in one run, warm-up included */
    uint64_t warmup; /* of these, at the start, left out of the figures */
    uint64_t start;  /* allocs/op as shipped */
    uint64_t goal;   /* at most; less than start */
    char *output;    /* file that holds what it must print */
    char *solution;  /* file, shown once the exercise is passed */
    struct course_text hints[COURSE_HINTS_MAX];
    size_t hint_count;               /* at least 1 */
    struct course_text explain;      /* why it could go */
    struct course_question question; /* to predict; answer_count 0: none */
};

struct course_stage {
    uint32_t stage; /* its number, as shown: S0, S1, ... */
    char *name;     /* short, for the bars */
    char *program;  /* instead of the course's; "" that one */
    struct course_text title;
    char **record; /* arguments of the program, {ops} replaced, NULL-
                      terminated; owned */
    char **bench;  /* prints a Go benchmark line; NULL: no timing */
    char *source;  /* path relative to the course's folder; "" none */
    char *trace;   /* a recorded trace, likewise; "" none */
    struct course_text before, heap, change, risk; /* the lesson */
    struct course_question question;
    double expect_allocs_per_op;       /* 0: not stated */
    struct course_exercise *exercises; /* owned; NULL none */
    size_t exercise_count;
};

struct course {
    char *folder; /* where course.json lies; owned */
    struct course_text title;
    char *op;
    char *program; /* as written */
    uint64_t warmup;
    uint64_t ops; /* recorded per stage, warm-up included */
    struct course_stage *stages;
    size_t stage_count;
};

/*
 * Reads a course. `lesson`, `question`, `bench`, a stage's `program`, `source`,
 * `trace`, `expect`, `exercises` and `warmup` may be missing, other keys are
 * ignored; a missing text is "". Of an exercise only `warmup` and `question`
 * may be missing.
 *
 *   {"schema": 1, "title": {"en": "...", "zh": "..."},
 *    "op": "serve", "program": "sampleapp", "warmup": 10, "ops": 200,
 *    "stages": [{
 *      "stage": 0, "name": "initial", "title": {"en": ..., "zh": ...},
 *      "program": "./sample0",
 *      "record": ["--stage", "0", "--ops", "{ops}"], "bench": [...],
 *      "source": "stages/stage0.c", "trace": "traces/stage0.swt",
 *      "lesson": {"before": {"en": ...}, "heap": {}, "change": {}, "risk": {}},
 *      "question": {"text": {...}, "answers": [{...}, {...}], "correct": 1,
 *                   "feedback": {...}},
 *      "expect": {"allocs_per_op": 127},
 *      "exercises": [{"name": "copies", "title": {...}, "task": {...},
 *        "source": "exercises/copies/copies.c",
 *        "build": ["cc", "-g", "-o", "{program}", "{source}"],
 *        "run": ["{program}"], "op": "answer", "ops": 20, "warmup": 1,
 *        "start": 6, "goal": 0, "output": "exercises/copies/output.txt",
 *        "solution": "exercises/copies/solution.c",
 *        "hints": [{...}, {...}, {...}], "explain": {...},
 *        "question": {...}}, ...]}, ...]}
 *
 *   ERR_IO          cannot read the file
 *   ERR_BAD_FORMAT  the text names the file and the line, or the field, and
 *                   what is wrong with it
 *   ERR_TOO_NEW     a later schema
 *   ERR_NO_MEMORY
 */
enum err_code course_open(const char *path, struct course **out,
                          struct err *err) MUST_CHECK;
void course_close(struct course *c); /* accepts NULL */

/* The exercise of that name and the index of its stage; NULL: none. */
const struct course_exercise *course_find_exercise(const struct course *c,
                                                   const char *name,
                                                   size_t *stage);

/* Joins the course's folder and a path of it. The caller frees. */
enum err_code course_path(const struct course *c, const char *relative,
                          char **out, struct err *err) MUST_CHECK;

static inline const char *course_say(const struct course_text *t,
                                     enum language lang)
{
    return t->by_language[lang];
}

#endif
