/*
 * course.h - course.json: the stages of a program as the explorer tells them.
 *
 * The only thing that anybody but the sample knows of the sample, so that a
 * teacher can write one for another program. Paths in it are relative to the
 * file's own folder; the program is looked for beside our own executable,
 * then in PATH, unless it has a slash.
 */
#ifndef ANALYSIS_COURSE_H
#define ANALYSIS_COURSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum language { LANG_EN, LANG_ZH, LANG_COUNT };

enum { COURSE_ANSWERS_MAX = 6 };

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

struct course_stage {
    uint32_t stage; /* its number, as shown: S0, S1, ... */
    char *name;     /* short, for the bars */
    struct course_text title;
    char **record; /* arguments of the program, {ops} replaced, NULL-
                      terminated; owned */
    char **bench;  /* prints a Go benchmark line; NULL: no timing */
    char *source;  /* path relative to the course's folder; "" none */
    char *trace;   /* a recorded trace, likewise; "" none */
    struct course_text before, heap, change, risk; /* the lesson */
    struct course_question question;
    double expect_allocs_per_op; /* 0: not stated */
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
 * Reads a course. `lesson`, `question`, `bench`, `source`, `trace`, `expect`
 * and `warmup` may be missing, other keys are ignored; a missing text is "".
 *
 *   {"schema": 1, "title": {"en": "...", "zh": "..."},
 *    "op": "serve", "program": "sampleapp", "warmup": 10, "ops": 200,
 *    "stages": [{
 *      "stage": 0, "name": "initial", "title": {"en": ..., "zh": ...},
 *      "record": ["--stage", "0", "--ops", "{ops}"], "bench": [...],
 *      "source": "stages/stage0.c", "trace": "traces/stage0.swt",
 *      "lesson": {"before": {"en": ...}, "heap": {}, "change": {}, "risk": {}},
 *      "question": {"text": {...}, "answers": [{...}, {...}], "correct": 1,
 *                   "feedback": {...}},
 *      "expect": {"allocs_per_op": 127}}, ...]}
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

/* Joins the course's folder and a path of it. The caller frees. */
enum err_code course_path(const struct course *c, const char *relative,
                          char **out, struct err *err) MUST_CHECK;

static inline const char *course_say(const struct course_text *t,
                                     enum language lang)
{
    return t->by_language[lang];
}

#endif
