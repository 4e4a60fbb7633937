/*
 * course_parts.h - the pieces that course.json is made of, for the tables of
 * course.c and course_exercises.c. What a reader left in its struct is freed
 * by the function of the same piece, also after a failure.
 */
#ifndef ANALYSIS_COURSE_PARTS_H
#define ANALYSIS_COURSE_PARTS_H

#include "analysis/course.h"
#include "analysis/fields.h"

/* struct course_text. A missing language falls back to English, a missing
 * text is empty. */
enum err_code course_read_text(const struct field_place *at,
                               const struct field *f, const struct cJSON *value,
                               void *out, struct err *err) MUST_CHECK;

/* struct course_question; without answers when missing. */
enum err_code course_read_question(const struct field_place *at,
                                   const struct field *f,
                                   const struct cJSON *value, void *out,
                                   struct err *err) MUST_CHECK;

/* The exercises of the struct course_stage that `out` is. */
enum err_code course_read_exercises(const struct field_place *at,
                                    const struct field *f,
                                    const struct cJSON *value, void *out,
                                    struct err *err) MUST_CHECK;

void course_text_free(struct course_text *t);
void course_args_free(char **args); /* accepts NULL */
void course_question_free(struct course_question *q);
void course_exercise_free(struct course_exercise *e);

#endif
