/*
 * course_exercises.c - the exercises of course.json.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "analysis/course_parts.h"
#include "base/attrs.h"

enum { EXERCISES_MAX = 20, NAME_MAX_BYTES = 40 };

/* It names a folder too: letters, digits, '-' and '_'. */
static enum err_code read_exercise_name(const struct field_place *at,
                                        const struct field *f,
                                        const cJSON *value, void *out,
                                        struct err *err)
{
    enum err_code rc = field_name(at, f, value, out, err);
    const char *name;

    if (rc != ERR_OK)
        return rc;
    name = *(char **)out;
    for (const char *p = name; *p != '\0'; p++)
        if (!isalnum((unsigned char)*p) && *p != '-' && *p != '_')
            return field_complain(at, f->name, err,
                                  "may hold letters, digits, - and _ only");
    if (strlen(name) > NAME_MAX_BYTES)
        return field_complain(at, f->name, err, "must be at most %d letters",
                              NAME_MAX_BYTES);
    return ERR_OK;
}

static enum err_code read_command(const struct field_place *at,
                                  const struct field *f, const cJSON *value,
                                  void *out, struct err *err)
{
    enum err_code rc = field_args(at, f, value, out, err);

    if (rc == ERR_OK && **(char ***)out == NULL)
        rc = field_complain(at, f->name, err, "must name a program");
    return rc;
}

static enum err_code read_hints(const struct field_place *at,
                                const struct field *f, const cJSON *value,
                                void *out, struct err *err)
{
    struct course_exercise *e = out;
    int count = cJSON_GetArraySize(value);
    enum err_code rc = ERR_OK;

    if (!cJSON_IsArray(value) || count < 1 || count > COURSE_HINTS_MAX)
        return field_complain(at, f->name, err,
                              "must be a list of 1 to %d texts",
                              COURSE_HINTS_MAX);
    e->hint_count = (size_t)count;
    for (int i = 0; rc == ERR_OK && i < count; i++) {
        char name[32];
        const struct field one = { .name = name };

        snprintf(name, sizeof(name), "%s[%d]", f->name, i);
        rc = course_read_text(at, &one, cJSON_GetArrayItem(value, i),
                              &e->hints[i], err);
    }
    return rc;
}

/* clang-format off */
#define EXERCISE(m) offsetof(struct course_exercise, m)

static const struct field exercise_fields[] = {
    { "name",     EXERCISE(name),     read_exercise_name,   true },
    { "title",    EXERCISE(title),    course_read_text,     true },
    { "task",     EXERCISE(task),     course_read_text,     true },
    { "source",   EXERCISE(source),   field_name,           true },
    { "build",    EXERCISE(build),    read_command,         true },
    { "run",      EXERCISE(run),      read_command,         true },
    { "op",       EXERCISE(op),       field_name,           true },
    { "ops",      EXERCISE(ops),      field_count,          true },
    { "warmup",   EXERCISE(warmup),   field_count,          false },
    { "start",    EXERCISE(start),    field_count,          true },
    { "goal",     EXERCISE(goal),     field_count,          true },
    { "output",   EXERCISE(output),   field_name,           true },
    { "solution", EXERCISE(solution), field_name,           true },
    { "hints",    0,                  read_hints,           true },
    { "explain",  EXERCISE(explain),  course_read_text,     true },
    { "question", EXERCISE(question), course_read_question, false },
};
/* clang-format on */

static enum err_code check(const struct field_place *at,
                           const struct course_exercise *e, struct err *err)
{
    if (e->ops <= e->warmup)
        return field_complain(at, "ops", err,
                              "must be more than the warm-up, %llu",
                              (unsigned long long)e->warmup);
    if (e->goal >= e->start)
        return field_complain(at, "goal", err, "must be below start, %llu",
                              (unsigned long long)e->start);
    return ERR_OK;
}

enum err_code course_read_exercises(const struct field_place *at,
                                    const struct field *f, const cJSON *value,
                                    void *out, struct err *err)
{
    struct course_stage *s = out;
    int count = cJSON_GetArraySize(value);
    enum err_code rc = ERR_OK;

    if (value == NULL)
        return ERR_OK;
    if (!cJSON_IsArray(value) || count > EXERCISES_MAX)
        return field_complain(at, f->name, err,
                              "must be a list of at most %d exercises",
                              EXERCISES_MAX);
    s->exercises = calloc((size_t)count + 1, sizeof(*s->exercises));
    if (s->exercises == NULL)
        return err_no_memory(err);
    for (int i = 0; rc == ERR_OK && i < count; i++) {
        struct course_exercise *e = &s->exercises[s->exercise_count++];
        const cJSON *item = cJSON_GetArrayItem(value, i);
        struct field_place inner;
        char name[32];

        snprintf(name, sizeof(name), "%s[%d]", f->name, i);
        rc = field_enter(at, name, item, &inner, err);
        if (rc == ERR_OK)
            rc = fields_read(&inner, exercise_fields,
                             ARRAY_LEN(exercise_fields), item, e, err);
        if (rc == ERR_OK)
            rc = check(&inner, e, err);
    }
    return rc;
}

void course_exercise_free(struct course_exercise *e)
{
    free(e->name);
    course_text_free(&e->title);
    course_text_free(&e->task);
    free(e->source);
    course_args_free(e->build);
    course_args_free(e->run);
    free(e->op);
    free(e->output);
    free(e->solution);
    for (size_t i = 0; i < COURSE_HINTS_MAX; i++)
        course_text_free(&e->hints[i]);
    course_text_free(&e->explain);
    course_question_free(&e->question);
}
