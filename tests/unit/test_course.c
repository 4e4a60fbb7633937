#include "analysis/course.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/alloc_fail.h"
#include "support/temp_file.h"

#define TITLE "\"title\": {\"en\": \"T\"}"
#define STAGE_FIELDS(n) \
    "\"stage\": " n ", \"name\": \"initial\", " TITLE ", \"record\": []"
#define HEAD                                                             \
    "{\"schema\": 1, " TITLE ", \"op\": \"serve\", \"program\": \"p\", " \
    "\"ops\": 20, \"warmup\": 10, \"stages\": "
#define WITH(fields) HEAD "[{" STAGE_FIELDS("0") ", " fields "}]}"

#define EXERCISE_HEAD                                                  \
    "\"name\": \"copies\", " TITLE ", \"task\": {\"en\": \"Do it\"}, " \
    "\"source\": \"e/c.c\", \"build\": [\"cc\", \"{source}\"], "       \
    "\"run\": [\"{program}\"], \"op\": \"answer\", "                   \
    "\"output\": \"e/out.txt\", \"solution\": \"e/s.c\", "             \
    "\"explain\": {\"en\": \"so\"}, "
#define EXERCISE  \
    EXERCISE_HEAD \
    "\"hints\": [{\"en\": \"h1\"}], \"ops\": 20, \"start\": 6, \"goal\": 1"
#define EXERCISES(list) WITH("\"exercises\": [" list "]")

static const char whole[] =
    "{\"schema\": 1, \"unknown\": [1, {}],\n"
    " \"title\": {\"en\": \"Course\", \"zh\": \"\xe8\xaf\xbe\xe7\xa8\x8b\"},\n"
    " \"op\": \"serve\", \"program\": \"sampleapp\", \"ops\": 200,\n"
    " \"stages\": [\n"
    "  {\"stage\": 0, \"name\": \"initial\", \"title\": {\"en\": \"First\"},\n"
    "   \"record\": [\"--stage\", \"0\", \"--ops={ops}\", \"{ops}{ops}\"],\n"
    "   \"program\": \"./own\", \"bench\": [\"--bench\"], \"source\": "
    "\"stages/a.c\",\n"
    "   \"trace\": \"/abs/stage0.swt\",\n"
    "   \"lesson\": {\"before\": {\"en\": \"B\", \"zh\": \"Z\"}, \"heap\": "
    "{}},\n"
    "   \"question\": {\"text\": {\"en\": \"Q?\"}, \"correct\": 1,\n"
    "    \"answers\": [{\"en\": \"no\"}, {\"en\": \"yes\"}],\n"
    "    \"feedback\": {\"en\": \"so\"}},\n"
    "   \"expect\": {\"allocs_per_op\": 127}},\n"
    "  {\"stage\": 4, \"name\": \"late\", \"title\": {\"en\": \"Later\"},\n"
    "   \"record\": [], \"exercises\": [{" EXERCISE ",\n"
    "   \"warmup\": 2, \"question\": {\"answers\": [{}, {}]}}]}\n"
    " ]}\n";

static void check_exercise(const struct course_exercise *e)
{
    assert_string_equal(e->name, "copies");
    assert_string_equal(course_say(&e->task, LANG_EN), "Do it");
    assert_string_equal(e->source, "e/c.c");
    assert_string_equal(e->build[1], "{source}");
    assert_null(e->build[2]);
    assert_string_equal(e->run[0], "{program}");
    assert_string_equal(e->op, "answer");
    assert_string_equal(e->output, "e/out.txt");
    assert_string_equal(e->solution, "e/s.c");
    assert_int_equal(e->ops, 20);
    assert_int_equal(e->warmup, 2);
    assert_int_equal(e->start, 6);
    assert_int_equal(e->goal, 1);
    assert_int_equal(e->hint_count, 1);
    assert_string_equal(course_say(&e->hints[0], LANG_ZH), "h1");
    assert_string_equal(course_say(&e->explain, LANG_EN), "so");
    assert_int_equal(e->question.answer_count, 2);
}

static void course__reads_all_its_fields(void **unused)
{
    const char *path = temp_file(whole, strlen(whole));
    struct course *c;
    const struct course_stage *s;
    struct err err = { 0 };
    char *joined;

    (void)unused;
    assert_int_equal(course_open(path, &c, &err), ERR_OK);
    assert_string_equal(course_say(&c->title, LANG_ZH),
                        "\xe8\xaf\xbe\xe7\xa8\x8b");
    assert_string_equal(c->op, "serve");
    assert_string_equal(c->program, "sampleapp");
    assert_int_equal(c->warmup, 0);
    assert_int_equal(c->ops, 200);
    assert_int_equal(c->stage_count, 2);
    s = &c->stages[0];
    assert_int_equal(s->stage, 0);
    assert_string_equal(s->name, "initial");
    assert_string_equal(course_say(&s->title, LANG_ZH), "First");
    assert_string_equal(s->record[2], "--ops=200");
    assert_string_equal(s->record[3], "200200");
    assert_null(s->record[4]);
    assert_string_equal(s->bench[0], "--bench");
    assert_string_equal(s->program, "./own");
    assert_string_equal(c->stages[1].program, "");
    assert_string_equal(course_say(&s->before, LANG_ZH), "Z");
    assert_string_equal(course_say(&s->heap, LANG_EN), "");
    assert_string_equal(course_say(&s->risk, LANG_ZH), "");
    assert_int_equal(s->question.answer_count, 2);
    assert_int_equal(s->question.correct, 1);
    assert_string_equal(course_say(&s->question.answers[1], LANG_EN), "yes");
    assert_true(s->expect_allocs_per_op == 127);
    assert_int_equal(course_path(c, s->source, &joined, &err), ERR_OK);
    assert_int_equal(strncmp(joined, path, strlen(c->folder)), 0);
    assert_string_equal(joined + strlen(c->folder), "/stages/a.c");
    free(joined);
    assert_int_equal(course_path(c, s->trace, &joined, &err), ERR_OK);
    assert_string_equal(joined, "/abs/stage0.swt");
    free(joined);
    s = &c->stages[1];
    assert_int_equal(s->stage, 4);
    assert_null(s->record[0]);
    assert_null(s->bench);
    assert_string_equal(s->source, "");
    assert_int_equal(s->question.answer_count, 0);
    assert_string_equal(course_say(&s->question.text, LANG_EN), "");
    assert_true(s->expect_allocs_per_op == 0);
    assert_int_equal(c->stages[0].exercise_count, 0);
    assert_int_equal(s->exercise_count, 1);
    check_exercise(&s->exercises[0]);
    course_close(c);
}

/* clang-format off */
static const struct {
    const char *what;
    const char *text;
    enum err_code want;
    const char *says; /* in the error's text */
} courses[] = {
    { "smallest good", HEAD "[{" STAGE_FIELDS("0") "}]}", ERR_OK, "" },
    { "empty file", "", ERR_BAD_FORMAT, "line 1: not valid JSON" },
    { "cut on line 3", "{\n\"schema\": 1,\n\"title\"", ERR_BAD_FORMAT,
      "line 3: not valid JSON" },
    { "more after the end", "{}\n\n{", ERR_BAD_FORMAT,
      "line 3: not valid JSON" },
    { "not an object", "[1]", ERR_BAD_FORMAT, "must hold a JSON object" },
    { "no schema", "{}", ERR_BAD_FORMAT, "schema: is missing" },
    { "schema of later", "{\"schema\": 2}", ERR_TOO_NEW, "later than 1" },
    { "schema of old", "{\"schema\": 0}", ERR_BAD_FORMAT, "schema: must be 1" },
    { "no title", "{\"schema\": 1}", ERR_BAD_FORMAT, "title: is missing" },
    { "title is a string", "{\"schema\": 1, \"title\": \"x\"}",
      ERR_BAD_FORMAT, "title: must be an object" },
    { "title in one language that is not English",
      "{\"schema\": 1, \"title\": {\"zh\": \"x\"}}",
      ERR_BAD_FORMAT, "title: \"en\" is missing" },
    { "op is empty", "{\"schema\": 1, " TITLE ", \"op\": \"\"}",
      ERR_BAD_FORMAT, "op: must be a string that is not empty" },
    { "stages is no list", HEAD "{}}", ERR_BAD_FORMAT,
      "stages: must be a list" },
    { "no stages", HEAD "[]}", ERR_BAD_FORMAT, "stages: must be a list" },
    { "stage is no object", HEAD "[[]]}", ERR_BAD_FORMAT,
      "stages[0]: must be an object" },
    { "stages that do not rise",
      HEAD "[{" STAGE_FIELDS("3") "}, {" STAGE_FIELDS("3") "}]}",
      ERR_BAD_FORMAT, "stages[1].stage: must be greater" },
    { "stage below 0", HEAD "[{" STAGE_FIELDS("-1") "}]}",
      ERR_BAD_FORMAT, "stages[0].stage: must be a number from 0" },
    { "stage with a fraction", HEAD "[{" STAGE_FIELDS("0.5") "}]}",
      ERR_BAD_FORMAT, "must be a whole number" },
    { "stage beyond all", HEAD "[{" STAGE_FIELDS("1e300") "}]}",
      ERR_BAD_FORMAT, "stages[0].stage: must be a number from 0 to 999" },
    { "lesson of numbers", WITH("\"lesson\": {\"heap\": 4}"),
      ERR_BAD_FORMAT, "stages[0].lesson.heap: must be an object" },
    { "lesson is a list", WITH("\"lesson\": []"),
      ERR_BAD_FORMAT, "stages[0].lesson: must be an object" },
    { "arguments are not strings", WITH("\"bench\": [\"a\", 1]"),
      ERR_BAD_FORMAT, "stages[0].bench: item 1 must be a string" },
    { "arguments are an object", WITH("\"bench\": {\"a\": \"b\"}"),
      ERR_BAD_FORMAT, "stages[0].bench: must be a list" },
    { "one answer",
      WITH("\"question\": {\"answers\": [{\"en\": \"a\"}], \"correct\": 0}"),
      ERR_BAD_FORMAT, "stages[0].question.answers: must be a list of 2 to 6" },
    { "seven answers",
      WITH("\"question\": {\"answers\": [{},{},{},{},{},{},{}]}"),
      ERR_BAD_FORMAT, "stages[0].question.answers: must be a list of 2 to 6" },
    { "an answer that is a number",
      WITH("\"question\": {\"answers\": [{}, 7]}"),
      ERR_BAD_FORMAT, "stages[0].question.answers[1]: must be an object" },
    { "no answers", WITH("\"question\": {\"correct\": 0}"),
      ERR_BAD_FORMAT, "stages[0].question.answers: is missing" },
    { "correct is not among the answers",
      WITH("\"question\": {\"answers\": [{}, {}], \"correct\": 2}"),
      ERR_BAD_FORMAT, "stages[0].question.correct: must be below 2" },
    { "expects a string", WITH("\"expect\": {\"allocs_per_op\": \"1\"}"),
      ERR_BAD_FORMAT, "stages[0].expect.allocs_per_op: must be a number" },
    { "source is null", WITH("\"source\": null"),
      ERR_BAD_FORMAT, "stages[0].source: must be a string" },
    { "a good exercise", EXERCISES("{" EXERCISE "}"), ERR_OK, "" },
    { "exercises are an object", WITH("\"exercises\": {}"),
      ERR_BAD_FORMAT, "stages[0].exercises: must be a list" },
    { "exercise is a number", EXERCISES("1"),
      ERR_BAD_FORMAT, "stages[0].exercises[0]: must be an object" },
    { "exercise without a name", EXERCISES("{}"),
      ERR_BAD_FORMAT, "stages[0].exercises[0].name: is missing" },
    { "exercise that names another folder", EXERCISES("{\"name\": \"../x\"}"),
      ERR_BAD_FORMAT, "exercises[0].name: may hold letters, digits" },
    { "exercise with a long name",
      EXERCISES("{\"name\": \"abcdefghijklmnopqrstuvwxyzabcdefghijklmno\"}"),
      ERR_BAD_FORMAT, "exercises[0].name: must be at most 40" },
    { "two exercises of one name",
      EXERCISES("{" EXERCISE "}, {" EXERCISE "}"),
      ERR_BAD_FORMAT, "exercise copies: there are two of that name" },
    { "empty build command",
      EXERCISES("{\"name\": \"x\", " TITLE ", \"task\": {}, "
                "\"source\": \"a\", \"build\": []}"),
      ERR_BAD_FORMAT, "exercises[0].build: must name a program" },
    { "four hints",
      EXERCISES("{" EXERCISE_HEAD "\"ops\": 9, \"start\": 2, \"goal\": 1, "
                "\"hints\": [{}, {}, {}, {}]}"),
      ERR_BAD_FORMAT, "exercises[0].hints: must be a list of 1 to 3" },
    { "goal that is no progress",
      EXERCISES("{" EXERCISE_HEAD "\"ops\": 9, \"start\": 2, \"goal\": 2, "
                "\"hints\": [{}]}"),
      ERR_BAD_FORMAT, "exercises[0].goal: must be below start, 2" },
    { "exercise that only warms up",
      EXERCISES("{" EXERCISE_HEAD "\"ops\": 9, \"start\": 2, \"goal\": 1, "
                "\"warmup\": 9, \"hints\": [{}]}"),
      ERR_BAD_FORMAT, "exercises[0].ops: must be more than the warm-up" },
    { "fewer ops than warm-up",
      "{\"schema\": 1, " TITLE ", \"op\": \"serve\", \"program\": \"p\", "
      "\"ops\": 10, \"warmup\": 10, \"stages\": [{" STAGE_FIELDS("0") "}]}",
      ERR_BAD_FORMAT, "ops: must be more than the warm-up" },
};
/* clang-format on */

static void course__says_what_is_wrong_and_where(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(courses); i++) {
        const char *path = temp_file(courses[i].text, strlen(courses[i].text));
        struct course *c;
        struct err err = { 0 };

        print_message("  %s\n", courses[i].what);
        assert_int_equal(course_open(path, &c, &err), courses[i].want);
        assert_true((c == NULL) == (courses[i].want != ERR_OK));
        if (strstr(err.text, courses[i].says) == NULL)
            fail_msg("\"%s\" is not in \"%s\"", courses[i].says, err.text);
        if (c == NULL)
            assert_non_null(strstr(err.text, path));
        course_close(c);
    }
}

static void course__refuses_what_is_deep_or_huge(void **unused)
{
    enum { SIZE = 5 << 20 };
    char *text = malloc(SIZE);
    struct course *c;
    struct err err = { 0 };

    (void)unused;
    assert_non_null(text);
    memset(text, '[', SIZE);
    assert_int_equal(course_open(temp_file(text, SIZE), &c, &err),
                     ERR_BAD_FORMAT);
    assert_non_null(strstr(err.text, "more than"));
    assert_int_equal(course_open(temp_file(text, 1 << 20), &c, &err),
                     ERR_BAD_FORMAT);
    assert_non_null(strstr(err.text, "not valid JSON"));
    free(text);
    assert_int_equal(course_open("/nowhere/course.json", &c, &err), ERR_IO);
    assert_null(c);
    assert_int_equal(course_open("/", &c, &err), ERR_IO);
}

/* Each prefix, and each byte replaced. */
static void course__survives_damage(void **unused)
{
    char text[sizeof(whole)];

    (void)unused;
    for (size_t i = 0; i + 2 < sizeof(whole); i++) { /* without its newline */
        struct course *c;
        struct err err = { 0 };

        assert_int_equal(course_open(temp_file(whole, i), &c, &err),
                         ERR_BAD_FORMAT);
        assert_null(c);
        memcpy(text, whole, sizeof(whole));
        text[i] = "{}[]\"\\9-\0a"[i % 10];
        if (course_open(temp_file(text, sizeof(whole) - 1), &c, &err) == ERR_OK)
            course_close(c);
        else
            assert_string_not_equal(err.text, "");
    }
}

static void course__survives_each_failed_allocation(void **unused)
{
    const char *path = temp_file(whole, strlen(whole));
    enum err_code rc = ERR_NO_MEMORY;

    (void)unused;
    for (size_t nth = 1; rc == ERR_NO_MEMORY; nth++) {
        struct course *c;
        struct err err = { 0 };

        alloc_fail_at(nth);
        rc = course_open(path, &c, &err);
        alloc_fail_at(0);
        assert_true((c == NULL) == (rc != ERR_OK));
        course_close(c);
    }
    assert_int_equal(rc, ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(course__reads_all_its_fields),
        cmocka_unit_test(course__says_what_is_wrong_and_where),
        cmocka_unit_test(course__refuses_what_is_deep_or_huge),
        cmocka_unit_test(course__survives_damage),
        cmocka_unit_test(course__survives_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
