#include "tui/text_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

enum { ARGS_MAX = 8 };

/* The type of each argument a format takes, by position: 's', 'd', 'u', or
 * 'z' for %zu; 0 none. False for a conversion that is none of ours, and when
 * positions are named for some arguments and not for others. */
static bool arguments(const char *format, char types[ARGS_MAX])
{
    size_t count = 0;
    size_t named = 0;

    memset(types, 0, ARGS_MAX);
    for (const char *p = strchr(format, '%'); p != NULL;
         p = strchr(p + 1, '%')) {
        size_t at = count;

        if (p[1] == '%') {
            p++;
            continue;
        }
        if (p[1] >= '1' && p[1] <= '9' && p[2] == '$') {
            at = (size_t)(p[1] - '1');
            named++;
            p += 2;
        }
        if (p[1] == '\0' || strchr("sduz", p[1]) == NULL || at >= ARGS_MAX ||
            (p[1] == 'z' && p[2] != 'u'))
            return false;
        types[at] = p[1];
        count++;
    }
    return named == 0 || named == count;
}

static void text_table__has_every_sentence_in_every_language(void **unused)
{
    (void)unused;
    for (int id = MSG_NONE + 1; id < MSG_COUNT; id++) {
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            const char *text = say((enum language)lang, (enum message)id);

            if (text == NULL || text[0] == '\0')
                fail_msg("sentence %d is missing in language %d", id, lang);
        }
    }
}

static void text_table__languages_take_the_same_arguments(void **unused)
{
    (void)unused;
    for (int id = MSG_NONE; id < MSG_COUNT; id++) {
        const char *sentence = say(LANG_EN, (enum message)id);
        char en[ARGS_MAX];
        char zh[ARGS_MAX];

        if (!arguments(sentence, en) ||
            !arguments(say(LANG_ZH, (enum message)id), zh))
            fail_msg("not a format of ours: %s", sentence);
        if (memcmp(en, zh, ARGS_MAX) != 0)
            fail_msg("takes other arguments in Chinese: %s", sentence);
    }
}

/* The check above is only worth what it can tell apart. */
static void text_table__formats_are_told_apart(void **unused)
{
    char a[ARGS_MAX];
    char b[ARGS_MAX];

    (void)unused;
    assert_true(arguments("100%% of %s, %zu", a));
    assert_true(arguments("%2$zu, %1$s", b));
    assert_memory_equal(a, b, ARGS_MAX);
    assert_true(arguments("%s, %u", b));
    assert_memory_not_equal(a, b, ARGS_MAX);
    assert_false(arguments("%1$s, %s", b));
    assert_false(arguments("%n", b));
    assert_false(arguments("50%", b));
}

static void text_table__english_is_ascii_and_all_is_printable(void **unused)
{
    (void)unused;
    for (int id = MSG_NONE; id < MSG_COUNT; id++) {
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            const char *text = say((enum language)lang, (enum message)id);
            char clean[1024];

            text_clean(text, clean, sizeof(clean), lang == LANG_EN);
            assert_string_equal(text, clean);
        }
    }
}

static void text_table__fills_in_and_appends(void **unused)
{
    char out[64];

    (void)unused;
    assert_string_equal(
        say_to(out, sizeof(out), LANG_EN, MSG_LESSON, "S3", "pools"),
        "S3: pools");
    say_plain(out, sizeof(out), "; ");
    say_append(out, sizeof(out), LANG_EN, MSG_PREDICT_TITLE, "S4");
    assert_string_equal(out, "S3: pools; predict S4");
    for (int i = 0; i < 20; i++)
        say_plain(out, sizeof(out), "too long");
    assert_int_equal(strlen(out), sizeof(out) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_table__has_every_sentence_in_every_language),
        cmocka_unit_test(text_table__languages_take_the_same_arguments),
        cmocka_unit_test(text_table__formats_are_told_apart),
        cmocka_unit_test(text_table__english_is_ascii_and_all_is_printable),
        cmocka_unit_test(text_table__fills_in_and_appends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
