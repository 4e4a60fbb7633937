#include "analysis/course_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/attrs.h"

/* A missing language falls back to English, a missing text is empty. */
enum err_code course_read_text(const struct field_place *at,
                               const struct field *f, const cJSON *value,
                               void *out, struct err *err)
{
    static const char *const keys[LANG_COUNT] = {
        [LANG_EN] = "en", [LANG_ZH] = "zh"
    };
    struct course_text *t = out;
    bool has_english =
        cJSON_GetObjectItemCaseSensitive(value, keys[LANG_EN]) != NULL;
    enum err_code rc = ERR_OK;

    if (value != NULL && !cJSON_IsObject(value))
        return field_complain(at, f->name, err,
                              "must be an object {\"en\": ..., \"zh\": ...}");
    for (int i = 0; rc == ERR_OK && i < LANG_COUNT; i++) {
        const cJSON *s = cJSON_GetObjectItemCaseSensitive(value, keys[i]);
        const char *say = i == LANG_EN ? "" : t->by_language[LANG_EN];

        if (s != NULL && !cJSON_IsString(s))
            return field_complain(at, f->name, err, "\"%s\" must be a string",
                                  keys[i]);
        if (i == LANG_ZH && s != NULL && !has_english)
            return field_complain(at, f->name, err, "\"en\" is missing");
        t->by_language[i] = strdup(s != NULL ? s->valuestring : say);
        if (t->by_language[i] == NULL)
            rc = err_no_memory(err);
    }
    return rc;
}

static enum err_code read_answers(const struct field_place *at,
                                  const struct field *f, const cJSON *value,
                                  void *out, struct err *err)
{
    struct course_question *q = out;
    int count = cJSON_GetArraySize(value);
    enum err_code rc = ERR_OK;

    if (value != NULL &&
        (!cJSON_IsArray(value) || count < 2 || count > COURSE_ANSWERS_MAX))
        return field_complain(at, f->name, err,
                              "must be a list of 2 to %d texts",
                              COURSE_ANSWERS_MAX);
    q->answer_count = (size_t)count;
    for (int i = 0; rc == ERR_OK && i < COURSE_ANSWERS_MAX; i++) {
        char name[32];
        const struct field one = { .name = name };

        snprintf(name, sizeof(name), "%s[%d]", f->name, i);
        rc = course_read_text(at, &one, cJSON_GetArrayItem(value, i),
                              &q->answers[i], err);
    }
    return rc;
}

enum err_code course_read_question(const struct field_place *at,
                                   const struct field *f, const cJSON *value,
                                   void *out, struct err *err)
{
    static const struct field fields[] = {
        { "text", offsetof(struct course_question, text), course_read_text,
          false },
        { "answers", 0, read_answers, false },
        { "correct", offsetof(struct course_question, correct), field_count,
          false },
        { "feedback", offsetof(struct course_question, feedback),
          course_read_text, false },
    };
    struct course_question *q = out;
    struct field_place inner = *at;
    enum err_code rc = ERR_OK;

    if (value != NULL)
        rc = field_enter(at, f->name, value, &inner, err);
    if (rc == ERR_OK)
        rc = fields_read(&inner, fields, ARRAY_LEN(fields), value, out, err);
    if (rc != ERR_OK || value == NULL)
        return rc;
    if (q->answer_count == 0)
        return field_complain(&inner, "answers", err, "is missing");
    if (q->correct >= q->answer_count)
        return field_complain(&inner, "correct", err,
                              "must be below %zu, the number of answers",
                              q->answer_count);
    return ERR_OK;
}

void course_text_free(struct course_text *t)
{
    for (int i = 0; i < LANG_COUNT; i++)
        free(t->by_language[i]);
}

void course_args_free(char **args)
{
    for (size_t i = 0; args != NULL && args[i] != NULL; i++)
        free(args[i]);
    free(args);
}

void course_question_free(struct course_question *q)
{
    course_text_free(&q->text);
    for (size_t i = 0; i < COURSE_ANSWERS_MAX; i++)
        course_text_free(&q->answers[i]);
    course_text_free(&q->feedback);
}
