#include "tui/copying.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/attrs.h"
#include "support/alloc_fail.h"
#include "support/temp_file.h"
#include "tui/key.h"

static int value_of(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = strchr(digits, c);

    return at == NULL || c == '\0' ? -1 : (int)(at - digits);
}

/* What a terminal would take from the sequence: between ";c;" and BEL. */
static size_t decode(const char *sequence, size_t size, char *out)
{
    const char *start = memmem(sequence, size, "\033]52;c;", 7);
    const char *end = memchr(sequence, '\a', size);
    size_t count = 0;
    uint32_t bits = 0;
    int held = 0;

    assert_non_null(start);
    assert_non_null(end);
    for (const char *p = start + 7; p < end && *p != '='; p++) {
        assert_true(value_of(*p) >= 0);
        bits = bits << 6 | (uint32_t)value_of(*p);
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[count++] = (char)(bits >> held & 0xff);
        }
    }
    return count;
}

static void sequence(const char *text, size_t size, enum clipboard_wrap wrap,
                     struct buf *out)
{
    struct err err;

    *out = (struct buf){ 0 };
    assert_int_equal(clipboard_sequence(text, size, wrap, out, &err), ERR_OK);
}

static void copying__terminals_get_the_very_bytes(void **unused)
{
    static const char text[] = "a\xe4\xb8\xad\n'\x01\xff z";
    char back[64];
    struct buf out;

    (void)unused;
    for (size_t size = 0; size < sizeof(text); size++) {
        sequence(text, size, WRAP_NONE, &out);
        assert_int_equal(decode((char *)out.data, out.size, back), size);
        assert_memory_equal(back, text, size);
        buf_fini(&out);
    }
    sequence("Man", 3, WRAP_NONE, &out);
    assert_int_equal(out.size, 12);
    assert_memory_equal(out.data, "\033]52;c;TWFu\a", 12);
    buf_fini(&out);
}

static void copying__tmux_and_screen_take_their_wrapping_off(void **unused)
{
    static const char text[] = "a text that is longer than what screen takes "
                               "in one device control string, twice or so";
    char whole[1024];
    char back[256];
    struct buf out;
    size_t at = 0;

    (void)unused;
    sequence(text, strlen(text), WRAP_TMUX, &out);
    assert_memory_equal(out.data, "\033Ptmux;\033\033]52;c;", 15);
    assert_memory_equal(out.data + out.size - 3, "\a\033\\", 3);
    assert_int_equal(decode((char *)out.data, out.size, back), strlen(text));
    assert_memory_equal(back, text, strlen(text));
    buf_fini(&out);

    sequence(text, strlen(text), WRAP_SCREEN, &out);
    for (size_t i = 0; i < out.size;) {
        const char *from = (char *)out.data + i;
        const char *end = memmem(from, out.size - i, "\033\\", 2);

        assert_memory_equal(from, "\033P", 2);
        assert_non_null(end);
        assert_true(end - from - 2 <= 76);
        memcpy(whole + at, from + 2, (size_t)(end - from) - 2);
        at += (size_t)(end - from) - 2;
        i += (size_t)(end - from) + 2;
    }
    assert_int_equal(decode(whole, at, back), strlen(text));
    assert_memory_equal(back, text, strlen(text));
    buf_fini(&out);
}

static void copying__caps_what_a_terminal_takes(void **unused)
{
    size_t size = CLIPBOARD_MAX + 5000;
    char *text = malloc(size);
    char *back = malloc(size);
    struct buf out;

    (void)unused;
    assert_non_null(text);
    assert_non_null(back);
    memset(text, 'x', size);
    sequence(text, size, WRAP_NONE, &out);
    assert_true(out.size <= 100000);
    assert_int_equal(decode((char *)out.data, out.size, back), CLIPBOARD_MAX);
    buf_fini(&out);
    free(text);
    free(back);
}

static void copying__writes_a_file_nobody_else_reads(void **unused)
{
    char folder[256];
    char bytes[16] = "";
    struct clipboard_result result;
    struct stat info;
    FILE *fp;

    (void)unused;
    snprintf(folder, sizeof(folder), "%s", temp_path("state"));
    assert_int_equal(setenv("XDG_STATE_HOME", folder, 1), 0);
    assert_int_equal(setenv("TMUX", "/nowhere,1,0", 1), 0);
    assert_int_equal(setenv("PATH", "/nowhere", 1), 0);
    clipboard_put("first copy", 10, &result);
    clipboard_put("second", 6, &result);
    assert_false(result.is_tmux); /* there is no such program here */
    assert_non_null(strstr(result.path, "state/stackward/copied"));
    assert_int_equal(stat(result.path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    fp = fopen(result.path, "r");
    assert_non_null(fp);
    assert_int_equal(fread(bytes, 1, sizeof(bytes), fp), 6);
    assert_string_equal(bytes, "second");
    fclose(fp);
    remove(result.path);
}

static void copying__says_where_it_went(void **unused)
{
    static const struct {
        struct clipboard_result result;
        const char *want;
    } cases[] = {
        { { .is_tmux = true, .path = "/f" },
          "to tmux and its clipboard, and to /f" },
        { { .is_terminal = true, .path = "/f" }, "(OSC 52), and to /f" },
        { { .is_terminal = true, .is_cut = true, .path = "/f" },
          "its beginning" },
        { { .is_terminal = true }, "copied to the clipboard (OSC 52)" },
        { { .path = "/f" }, "copied to the file /f; no terminal took it" },
        { { .is_tmux = false }, "not copied" },
    };
    const struct buf nothing = { 0 };
    char text[256];

    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_non_null(
            strstr(copying_toast(LANG_EN, &nothing, &cases[i].result, text,
                                 sizeof(text)),
                   cases[i].want));
}

static void copying__quotes_the_keys_for_a_shell(void **unused)
{
    static const int keys[] = { ']',    K_ENTER,  '/', '\'',       ' ',
                                0x4e2d, K_RESIZE, 1,   K_BACKSPACE };
    struct copying_start start = { "stackward view 'a b'", LANG_ZH, 30, 100 };
    struct key_log log = { 0 };
    struct buf out = { 0 };
    struct err err;

    (void)unused;
    assert_int_equal(key_log_init(&log, &err), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        key_log_add(&log, keys[i]);
    assert_int_equal(copying_command(&start, &log, &out, &err), ERR_OK);
    assert_int_equal(buf_bytes(&out, "", 1, &err), ERR_OK);
    assert_string_equal((char *)out.data,
                        "stackward view 'a b' --lang zh --size 100x30 --dump "
                        "--script '] Enter / '\\'' Space \xe4\xb8\xad "
                        "Backspace'");
    buf_clear(&out);
    start.command = NULL;
    assert_int_equal(copying_command(&start, &log, &out, &err), ERR_NOT_FOUND);
    key_log_fini(&log);
    buf_fini(&out);
}

static void copying__gives_up_on_too_many_keys(void **unused)
{
    const struct copying_start start = { "stackward", LANG_EN, 24, 80 };
    struct key_log log = { 0 };
    struct buf out = { 0 };
    struct err err;

    (void)unused;
    assert_int_equal(key_log_init(&log, &err), ERR_OK);
    for (int i = 0; i < 100000; i++)
        key_log_add(&log, 'j');
    assert_true(log.is_full);
    assert_true(log.script.size < 40000);
    assert_int_equal(copying_command(&start, &log, &out, &err), ERR_NOT_FOUND);
    key_log_fini(&log);
}

static void copying__running_out_of_memory_is_an_answer(void **unused)
{
    struct key_log log = { 0 };
    enum err_code rc = ERR_NO_MEMORY;
    struct err err;
    size_t nth = 0;

    (void)unused;
    alloc_fail_at(1);
    assert_int_equal(key_log_init(&log, &err), ERR_NO_MEMORY);
    alloc_fail_at(0);
    while (rc == ERR_NO_MEMORY && nth < 50) {
        struct buf out = { 0 };

        alloc_fail_at(++nth);
        rc = clipboard_sequence("text", 4, WRAP_TMUX, &out, &err);
        alloc_fail_at(0);
        buf_fini(&out);
    }
    assert_int_equal(rc, ERR_OK);
    assert_true(nth > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copying__terminals_get_the_very_bytes),
        cmocka_unit_test(copying__tmux_and_screen_take_their_wrapping_off),
        cmocka_unit_test(copying__caps_what_a_terminal_takes),
        cmocka_unit_test(copying__says_where_it_went),
        cmocka_unit_test(copying__quotes_the_keys_for_a_shell),
        cmocka_unit_test(copying__gives_up_on_too_many_keys),
        cmocka_unit_test(copying__running_out_of_memory_is_an_answer),
        /* Last: it changes the environment. */
        cmocka_unit_test(copying__writes_a_file_nobody_else_reads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
