#include "tui/keymap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attrs.h"
#include "base/text.h"
#include "tui/key.h"

static void keymap__binds_each_key_once_per_scope(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < binding_count; i++)
        for (size_t j = i + 1; j < binding_count; j++)
            assert_false(bindings[i].key == bindings[j].key &&
                         bindings[i].scope == bindings[j].scope);
}

static void keymap__says_what_each_bound_command_does(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < binding_count; i++) {
        size_t described = 0;

        for (size_t j = 0; j < command_words_count; j++) {
            if (command_words[j].cmd != bindings[i].cmd)
                continue;
            described++;
            for (int lang = 0; lang < LANG_COUNT; lang++)
                assert_true(say((enum language)lang, command_words[j].help)[0]);
        }
        assert_int_equal(described, 1);
    }
}

static void keymap__binds_each_described_command(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < command_words_count; i++) {
        char keys[64];

        keys[0] = '\0';
        for (int scope = 1; keys[0] == '\0' && scope < SCOPE_END; scope <<= 1)
            keymap_keys((unsigned)scope, command_words[i].cmd, 9, keys,
                        sizeof(keys));
        assert_true(keys[0] != '\0');
    }
}

static void keymap__lets_the_narrower_scope_win(void **unused)
{
    (void)unused;
    assert_int_equal(keymap_find(SCOPE_GLOBAL, '2'), CMD_GO_SITES);
    assert_int_equal(keymap_find(SCOPE_GLOBAL | SCOPE_QUESTION, '2'),
                     CMD_ANSWER);
    assert_int_equal(keymap_find(SCOPE_GLOBAL, 'p'), CMD_NONE);
    assert_int_equal(keymap_find(SCOPE_GLOBAL | SCOPE_STAGES, 'p'),
                     CMD_PREDICT);
    assert_int_equal(keymap_find(SCOPE_PROMPT, 'q'), CMD_NONE);
}

static void keymap__footer_fits_and_keeps_help_and_quit(void **unused)
{
    (void)unused;
    for (int cols = 16; cols < 200; cols++) {
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            char text[1024];

            keymap_footer(SCOPE_GLOBAL | SCOPE_SITES, 0, (enum language)lang,
                          cols, text, sizeof(text));
            assert_true((int)text_width(text) <= cols);
            assert_non_null(
                strstr(text, say((enum language)lang, MSG_FOOT_HELP)));
            assert_non_null(
                strstr(text, say((enum language)lang, MSG_FOOT_QUIT)));
        }
    }
}

static void keymap__footer_joins_keys_and_leaves_out_idle_ones(void **unused)
{
    char text[1024];

    (void)unused;
    keymap_footer(SCOPE_GLOBAL | SCOPE_SITES, 0, LANG_EN, 300, text,
                  sizeof(text));
    assert_non_null(strstr(text, "[ ] stage"));
    assert_non_null(strstr(text, "< > sort"));
    assert_non_null(strstr(text, "Enter open"));
    keymap_footer(SCOPE_GLOBAL | SCOPE_SITES, UINT64_C(1) << CMD_OPEN, LANG_EN,
                  300, text, sizeof(text));
    assert_null(strstr(text, "Enter open"));
}

static void keymap__names_and_scripts_agree(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < binding_count; i++) {
        char name[KEY_NAME_MAX];
        const char *script = key_label(bindings[i].key, name);
        int key = K_NONE;

        assert_true(key_script_next(&script, &key));
        assert_int_equal(key, bindings[i].key);
        assert_false(key_script_next(&script, &key));
    }
}

static void keymap__scripts_stop_at_what_is_no_key(void **unused)
{
    const char *script = " j  Enter 中 C-c\n jj q";
    static const int want[] = { 'j', K_ENTER, 0x4e2d, 3 };
    int key;

    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        assert_true(key_script_next(&script, &key));
        assert_int_equal(key, want[i]);
    }
    assert_true(key_script_next(&script, &key));
    assert_int_equal(key, K_NONE);
    assert_string_equal(script, "jj q");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keymap__binds_each_key_once_per_scope),
        cmocka_unit_test(keymap__says_what_each_bound_command_does),
        cmocka_unit_test(keymap__binds_each_described_command),
        cmocka_unit_test(keymap__lets_the_narrower_scope_win),
        cmocka_unit_test(keymap__footer_fits_and_keeps_help_and_quit),
        cmocka_unit_test(keymap__footer_joins_keys_and_leaves_out_idle_ones),
        cmocka_unit_test(keymap__names_and_scripts_agree),
        cmocka_unit_test(keymap__scripts_stop_at_what_is_no_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
