#include "analysis/course.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "analysis/course_parts.h"
#include "analysis/fields.h"
#include "base/buf.h"

enum {
    COURSE_SCHEMA = 1,
    COURSE_FILE_MAX = 4 << 20, /* bytes */
    COURSE_STAGES_MAX = 100,
};

static enum err_code read_lesson(const struct field_place *at,
                                 const struct field *f, const cJSON *value,
                                 void *out, struct err *err)
{
    static const struct field fields[] = {
        { "before", offsetof(struct course_stage, before), course_read_text,
          false },
        { "heap", offsetof(struct course_stage, heap), course_read_text,
          false },
        { "change", offsetof(struct course_stage, change), course_read_text,
          false },
        { "risk", offsetof(struct course_stage, risk), course_read_text,
          false },
    };
    struct field_place inner = *at;
    enum err_code rc = ERR_OK;

    if (value != NULL)
        rc = field_enter(at, f->name, value, &inner, err);
    if (rc != ERR_OK)
        return rc;
    return fields_read(&inner, fields, ARRAY_LEN(fields), value, out, err);
}

static enum err_code read_expect(const struct field_place *at,
                                 const struct field *f, const cJSON *value,
                                 void *out, struct err *err)
{
    const cJSON *allocs =
        cJSON_GetObjectItemCaseSensitive(value, "allocs_per_op");
    struct field_place inner;
    enum err_code rc;

    if (value == NULL)
        return ERR_OK;
    rc = field_enter(at, f->name, value, &inner, err);
    if (rc != ERR_OK || allocs == NULL)
        return rc;
    return field_number(&inner, "allocs_per_op", allocs, 1e15, out, err);
}

static enum err_code read_stage_number(const struct field_place *at,
                                       const struct field *f,
                                       const cJSON *value, void *out,
                                       struct err *err)
{
    double d;
    enum err_code rc = field_number(at, f->name, value, 999, &d, err);

    if (rc != ERR_OK)
        return rc;
    if (d != (double)(uint64_t)d)
        return field_complain(at, f->name, err, "must be a whole number");
    *(uint32_t *)out = (uint32_t)d;
    return ERR_OK;
}

/* clang-format off */
#define STAGE(m) offsetof(struct course_stage, m)

static const struct field stage_fields[] = {
    { "stage",    STAGE(stage),    read_stage_number, true },
    { "name",     STAGE(name),     field_name,         true },
    { "title",    STAGE(title),    course_read_text,         true },
    { "program",  STAGE(program),  field_string,       false },
    { "record",   STAGE(record),   field_args,         true },
    { "bench",    STAGE(bench),    field_args,         false },
    { "source",   STAGE(source),   field_string,       false },
    { "trace",    STAGE(trace),    field_string,       false },
    { "lesson",   0,               read_lesson,       false },
    { "question", STAGE(question), course_read_question,     false },
    { "expect",   STAGE(expect_allocs_per_op), read_expect, false },
    { "exercises", 0,              course_read_exercises, false },
};
/* clang-format on */

/* Replaces every "{ops}" of one argument. */
static enum err_code fill_in_ops(char **arg, uint64_t ops, struct err *err)
{
    static const char mark[] = "{ops}";
    struct buf b = { 0 };
    const char *from = *arg;
    enum err_code rc = ERR_OK;

    for (const char *at; rc == ERR_OK && (at = strstr(from, mark)) != NULL;
         from = at + strlen(mark)) {
        char number[24];
        int digits =
            snprintf(number, sizeof(number), "%llu", (unsigned long long)ops);

        rc = buf_bytes(&b, from, (size_t)(at - from), err);
        if (rc == ERR_OK)
            rc = buf_bytes(&b, number, (size_t)digits, err);
    }
    if (rc == ERR_OK)
        rc = buf_bytes(&b, from, strlen(from) + 1, err);
    if (rc != ERR_OK) {
        buf_fini(&b);
        return rc;
    }
    free(*arg);
    *arg = (char *)b.data; /* takes the memory over */
    return ERR_OK;
}

static enum err_code fill_in_args(char **args, uint64_t ops, struct err *err)
{
    enum err_code rc = ERR_OK;

    for (; rc == ERR_OK && args != NULL && *args != NULL; args++)
        rc = fill_in_ops(args, ops, err);
    return rc;
}

static enum err_code read_stages(const struct field_place *at,
                                 const struct field *f, const cJSON *value,
                                 void *out, struct err *err)
{
    struct course *c = out;
    int count = cJSON_GetArraySize(value);
    enum err_code rc = ERR_OK;

    if (!cJSON_IsArray(value) || count < 1 || count > COURSE_STAGES_MAX)
        return field_complain(at, f->name, err,
                              "must be a list of 1 to %d stages",
                              COURSE_STAGES_MAX);
    c->stages = calloc((size_t)count, sizeof(*c->stages));
    if (c->stages == NULL)
        return err_no_memory(err);
    for (int i = 0; rc == ERR_OK && i < count; i++) {
        struct course_stage *s = &c->stages[c->stage_count++];
        const cJSON *item = cJSON_GetArrayItem(value, i);
        struct field_place inner;
        char name[32];

        snprintf(name, sizeof(name), "%s[%d]", f->name, i);
        rc = field_enter(at, name, item, &inner, err);
        if (rc == ERR_OK)
            rc = fields_read(&inner, stage_fields, ARRAY_LEN(stage_fields),
                             item, s, err);
        if (rc == ERR_OK && i > 0 && s->stage <= s[-1].stage)
            rc = field_complain(&inner, "stage", err,
                                "must be greater than the one before, %u",
                                s[-1].stage);
        if (rc == ERR_OK)
            rc = fill_in_args(s->record, c->ops, err);
        if (rc == ERR_OK)
            rc = fill_in_args(s->bench, c->ops, err);
    }
    return rc;
}

static enum err_code read_schema(const struct field_place *at,
                                 const struct field *f, const cJSON *value,
                                 void *out, struct err *err)
{
    double d;
    enum err_code rc = field_number(at, f->name, value, 1e15, &d, err);

    (void)out;
    if (rc != ERR_OK || d == COURSE_SCHEMA)
        return rc;
    if (d > COURSE_SCHEMA)
        return err_set(err, ERR_TOO_NEW,
                       "%.100s: schema %.0f is later than %d, the latest known",
                       at->path, d, COURSE_SCHEMA);
    return field_complain(at, f->name, err, "must be %d", COURSE_SCHEMA);
}

/* clang-format off */
#define COURSE(m) offsetof(struct course, m)

static const struct field course_fields[] = {
    { "schema",  0,               read_schema, true },
    { "title",   COURSE(title),   course_read_text,   true },
    { "op",      COURSE(op),      field_name,   true },
    { "program", COURSE(program), field_name,   true },
    { "warmup",  COURSE(warmup),  field_count,  false },
    { "ops",     COURSE(ops),     field_count,  true },
    { "stages",  0,               read_stages, true }, /* after ops */
};
/* clang-format on */

/* The line that a byte stands on, 1-based. */
static unsigned line_at(const char *text, const char *at)
{
    unsigned line = 1;

    for (; text < at; text++)
        if (*text == '\n')
            line++;
    return line;
}

static enum err_code read_text_file(const char *path, struct buf *out,
                                    struct err *err)
{
    FILE *fp = fopen(path, "rbe");
    size_t got = 1;
    enum err_code rc = ERR_OK;

    if (fp == NULL)
        return err_set(err, ERR_IO, "cannot open %s", path);
    while (rc == ERR_OK && got > 0 && out->size <= COURSE_FILE_MAX) {
        rc = buf_reserve(out, 65536, err);
        if (rc != ERR_OK)
            break;
        got = fread(out->data + out->size, 1, 65536, fp);
        out->size += got;
    }
    if (rc == ERR_OK && ferror(fp))
        rc = err_set(err, ERR_IO, "cannot read %s", path);
    else if (rc == ERR_OK && out->size > COURSE_FILE_MAX)
        rc = err_set(err, ERR_BAD_FORMAT, "%.150s: more than %d bytes", path,
                     COURSE_FILE_MAX);
    fclose(fp); /* read-only: nothing buffered to lose */
    return rc;
}

static enum err_code copy_folder(const char *path, char **out, struct err *err)
{
    const char *slash = strrchr(path, '/');
    size_t size = slash == NULL ? 0 : (size_t)(slash - path);

    if (slash == NULL)
        *out = strdup(".");
    else if (size == 0)
        *out = strdup("/");
    else
        *out = strndup(path, size);
    return *out == NULL ? err_no_memory(err) : ERR_OK;
}

const struct course_exercise *course_find_exercise(const struct course *c,
                                                   const char *name,
                                                   size_t *stage)
{
    for (size_t i = 0; i < c->stage_count; i++) {
        const struct course_stage *s = &c->stages[i];

        for (size_t j = 0; j < s->exercise_count; j++) {
            if (strcmp(s->exercises[j].name, name) == 0) {
                *stage = i;
                return &s->exercises[j];
            }
        }
    }
    return NULL;
}

/* Their names are folders, and are what the command line takes: each once. */
static enum err_code check_names(const char *path, const struct course *c,
                                 struct err *err)
{
    size_t stage;

    for (size_t i = 0; i < c->stage_count; i++) {
        const struct course_stage *s = &c->stages[i];

        for (size_t j = 0; j < s->exercise_count; j++)
            if (course_find_exercise(c, s->exercises[j].name, &stage) !=
                &s->exercises[j])
                return err_set(err, ERR_BAD_FORMAT,
                               "%.100s: exercise %s: there are two of that "
                               "name",
                               path, s->exercises[j].name);
    }
    return ERR_OK;
}

static enum err_code read_course(const char *path, const cJSON *root,
                                 struct course *c, struct err *err)
{
    struct field_place at = { .path = path };
    enum err_code rc = copy_folder(path, &c->folder, err);

    if (rc != ERR_OK)
        return rc;
    if (!cJSON_IsObject(root))
        return err_set(err, ERR_BAD_FORMAT, "%.150s: must hold a JSON object",
                       path);
    rc =
        fields_read(&at, course_fields, ARRAY_LEN(course_fields), root, c, err);
    if (rc == ERR_OK && c->ops <= c->warmup)
        rc = field_complain(&at, "ops", err,
                            "must be more than the warm-up, %llu",
                            (unsigned long long)c->warmup);
    if (rc == ERR_OK)
        rc = check_names(path, c, err);
    return rc;
}

enum err_code course_open(const char *path, struct course **out,
                          struct err *err)
{
    struct buf text = { 0 };
    const char *stopped = NULL;
    cJSON *root = NULL;
    struct course *c = NULL;
    enum err_code rc = read_text_file(path, &text, err);

    *out = NULL;
    if (rc == ERR_OK)
        rc = buf_le(&text, 0, 1, err); /* the NUL that must follow the JSON */
    if (rc != ERR_OK)
        goto out;
    root = cJSON_ParseWithLengthOpts((const char *)text.data, text.size,
                                     &stopped, 1);
    if (root == NULL) {
        rc = err_set(err, ERR_BAD_FORMAT, "%.150s: line %u: not valid JSON",
                     path, line_at((const char *)text.data, stopped));
        goto out;
    }
    c = calloc(1, sizeof(*c));
    rc = c == NULL ? err_no_memory(err) : read_course(path, root, c, err);
    if (rc != ERR_OK)
        goto out;
    *out = c;
    c = NULL; /* now the caller's */
out:
    course_close(c);
    cJSON_Delete(root);
    buf_fini(&text);
    return rc;
}

static void stage_fini(struct course_stage *s)
{
    free(s->name);
    free(s->program);
    course_text_free(&s->title);
    course_args_free(s->record);
    course_args_free(s->bench);
    free(s->source);
    free(s->trace);
    course_text_free(&s->before);
    course_text_free(&s->heap);
    course_text_free(&s->change);
    course_text_free(&s->risk);
    course_question_free(&s->question);
    for (size_t i = 0; i < s->exercise_count; i++)
        course_exercise_free(&s->exercises[i]);
    free(s->exercises);
}

void course_close(struct course *c)
{
    if (c == NULL)
        return;
    free(c->folder);
    course_text_free(&c->title);
    free(c->op);
    free(c->program);
    for (size_t i = 0; i < c->stage_count; i++)
        stage_fini(&c->stages[i]);
    free(c->stages);
    free(c);
}

enum err_code course_path(const struct course *c, const char *relative,
                          char **out, struct err *err)
{
    size_t size = strlen(c->folder) + strlen(relative) + 2;

    *out = malloc(size);
    if (*out == NULL)
        return err_no_memory(err);
    if (relative[0] == '/') /* a teacher may well write a whole path */
        snprintf(*out, size, "%s", relative);
    else
        snprintf(*out, size, "%s/%s", c->folder, relative);
    return ERR_OK;
}
