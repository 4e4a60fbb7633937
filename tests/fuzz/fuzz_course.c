/*
 * Feeds bytes to course_open as a file, and uses what comes out.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "analysis/course.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t read_exercise(const struct course_exercise *e)
{
    size_t sum = strlen(e->name) + strlen(e->source) + strlen(e->output) +
                 strlen(e->solution) + strlen(e->op);

    for (int l = 0; l < LANG_COUNT; l++) {
        enum language language = (enum language)l;

        sum += strlen(course_say(&e->title, language)) +
               strlen(course_say(&e->task, language)) +
               strlen(course_say(&e->explain, language));
        for (size_t i = 0; i < e->hint_count; i++)
            sum += strlen(course_say(&e->hints[i], language));
        for (size_t i = 0; i < e->question.answer_count; i++)
            sum += strlen(course_say(&e->question.answers[i], language));
    }
    for (char **arg = e->build; *arg != NULL; arg++)
        sum += strlen(*arg);
    for (char **arg = e->run; *arg != NULL; arg++)
        sum += strlen(*arg);
    return sum;
}

/* Reads every text there is, so that a sanitizer sees a bad one. */
static size_t read_stage(const struct course_stage *s)
{
    size_t sum = strlen(s->name) + strlen(s->source) + strlen(s->trace);

    for (int l = 0; l < LANG_COUNT; l++) {
        enum language language = (enum language)l;

        sum += strlen(course_say(&s->title, language)) +
               strlen(course_say(&s->before, language)) +
               strlen(course_say(&s->heap, language)) +
               strlen(course_say(&s->change, language)) +
               strlen(course_say(&s->risk, language)) +
               strlen(course_say(&s->question.text, language)) +
               strlen(course_say(&s->question.feedback, language));
        for (size_t i = 0; i < s->question.answer_count; i++)
            sum += strlen(course_say(&s->question.answers[i], language));
    }
    for (size_t i = 0; i < s->exercise_count; i++)
        sum += read_exercise(&s->exercises[i]);
    sum += strlen(s->program);
    for (char **arg = s->record; *arg != NULL; arg++)
        sum += strlen(*arg);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct course *c;
    struct err err = { 0 };
    char path[64];
    int fd = memfd_create("course", MFD_CLOEXEC);

    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    if (course_open(path, &c, &err) == ERR_OK) {
        size_t sum = 0;

        for (size_t i = 0; i < c->stage_count; i++)
            sum += read_stage(&c->stages[i]);
        if (c->stage_count == 0 || c->ops <= c->warmup)
            abort();         /* promised in course.h */
        if (sum == SIZE_MAX) /* what was read must be used */
            abort();
    } else if (err.text[0] == '\0') {
        abort();
    }
    course_close(c);
    close(fd);
    return 0;
}
