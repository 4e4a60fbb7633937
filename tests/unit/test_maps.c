#include "symbols/maps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "support/alloc_fail.h"

static const char good[] =
    "55d0c8c00000-55d0c8c21000 r-xp 00002000 fe:00 131    /usr/bin/app\n"
    "55d0c8c21000-55d0c8c22000 rw-s 00023000 fe:00 131    /usr/bin/app\n"
    "7f0000000000-7f0000001000 ---p 00000000 00:00 0 \n"
    "7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0      [stack]\n"
    "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]\n";

static void maps__reads_each_field(void **unused)
{
    struct maps m;
    struct err err = { 0 };

    (void)unused;
    assert_int_equal(maps_parse(good, sizeof(good) - 1, &m, &err), ERR_OK);
    assert_int_equal(m.count, 5);
    assert_true(m.entries[0].start == 0x55d0c8c00000 &&
                m.entries[0].end == 0x55d0c8c21000);
    assert_true(m.entries[0].file_offset == 0x2000);
    assert_true(m.entries[0].inode == 131);
    assert_true(m.entries[0].readable && m.entries[0].executable);
    assert_false(m.entries[0].writable || m.entries[0].shared);
    assert_string_equal(m.entries[0].path, "/usr/bin/app");
    assert_true(m.entries[1].writable && m.entries[1].shared);
    assert_false(m.entries[2].readable || m.entries[2].executable);
    assert_string_equal(m.entries[2].path, "");
    assert_string_equal(m.entries[3].path, "[stack]");
    maps_fini(&m);
}

/* clang-format off */
#define LINE "1000-2000 r-xp 00000000 fe:00 "

static const struct {
    const char *what;
    const char *text;
    const char *path;
    bool deleted;
} paths[] = {
    { "plain",            LINE "7 /a",                    "/a", false },
    { "spaces",           LINE "7   /a b  c",             "/a b  c", false },
    { "trailing space",   LINE "7 /a ",                   "/a ", false },
    { "newline",          LINE "7 /a\\012b",              "/a\nb", false },
    { "two newlines",     LINE "7 /\\012\\012",           "/\n\n", false },
    { "other escape",     LINE "7 /a\\011b\\",            "/a\\011b\\",
      false },
    { "half an escape",   LINE "7 /a\\01",                "/a\\01", false },
    { "deleted",          LINE "7 /a (deleted)",          "/a", true },
    { "deleted twice",    LINE "7 /a (deleted) (deleted)", "/a (deleted)",
      true },
    { "only deleted",     LINE "7 (deleted)",             "(deleted)", false },
    { "no file deleted",  LINE "0 /SYSV (deleted)",       "/SYSV (deleted)",
      false },
    { "ends at the inode", LINE "7",                      "", false },
    { "bytes above 127",  LINE "7 /\xff\xfe\x1b[31m",     "/\xff\xfe\x1b[31m",
      false },
};
/* clang-format on */

static void maps__reads_paths(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct maps m;
        struct err err = { 0 };

        print_message("  %s\n", paths[i].what);
        assert_int_equal(
            maps_parse(paths[i].text, strlen(paths[i].text), &m, &err), ERR_OK);
        assert_int_equal(m.count, 1);
        assert_string_equal(m.entries[0].path, paths[i].path);
        assert_int_equal(m.entries[0].deleted, paths[i].deleted);
        maps_fini(&m);
    }
}

/* clang-format off */
static const struct {
    const char *what;
    const char *text;
} damaged[] = {
    { "empty line",           "\n" },
    { "no dash",              "1000 2000 r-xp 0 0:0 0\n" },
    { "no end",               "1000-\n" },
    { "no digits",            "-2000 r-xp 0 0:0 0\n" },
    { "sign",                 "+1000-2000 r-xp 0 0:0 0\n" },
    { "hex prefix",           "0x1000-0x2000 r-xp 0 0:0 0\n" },
    { "17 digits",            "10000000000000000-10000000000000001 r-xp 0 "
                              "0:0 0\n" },
    { "huge offset",          "1000-2000 r-xp fffffffffffffffff 0:0 0\n" },
    { "huge inode",           "1000-2000 r-xp 0 0:0 18446744073709551616\n" },
    { "hex inode",            "1000-2000 r-xp 0 0:0 ab\n" },
    { "empty range",          "1000-1000 r-xp 0 0:0 0\n" },
    { "range backwards",      "2000-1000 r-xp 0 0:0 0\n" },
    { "short permissions",    "1000-2000 r-x 0 0:0 0\n" },
    { "foreign permission",   "1000-2000 rwxq 0 0:0 0\n" },
    { "shared is a dash",     "1000-2000 rwx- 0 0:0 0\n" },
    { "no device",            "1000-2000 r-xp 0 0 0\n" },
    { "glued to the inode",   "1000-2000 r-xp 0 0:0 0/a\n" },
    { "second overlaps",      "1000-2000 r-xp 0 0:0 0\n"
                              "1fff-3000 r-xp 0 0:0 0\n" },
    { "second is before",     "3000-4000 r-xp 0 0:0 0\n"
                              "1000-2000 r-xp 0 0:0 0\n" },
    { "garbage after good",   "1000-2000 r-xp 0 0:0 0\nhello\n" },
};
/* clang-format on */

static void maps__names_the_damaged_line(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(damaged); i++) {
        struct maps m;
        struct err err = { 0 };

        print_message("  %s\n", damaged[i].what);
        assert_int_equal(
            maps_parse(damaged[i].text, strlen(damaged[i].text), &m, &err),
            ERR_BAD_FORMAT);
        assert_non_null(strstr(err.text, "line "));
        assert_true(m.count == 0 && m.entries == NULL);
    }
}

/* Cut anywhere, in a block of exactly that size so that the sanitizer sees a
 * byte too far. */
static void maps__survives_every_cut(void **unused)
{
    (void)unused;
    for (size_t size = 0; size < sizeof(good); size++) {
        char *copy = malloc(size + (size == 0));
        struct maps m;
        struct err err = { 0 };
        enum err_code rc;

        assert_non_null(copy);
        memcpy(copy, good, size);
        rc = maps_parse(copy, size, &m, &err);
        assert_true(rc == ERR_OK || rc == ERR_BAD_FORMAT);
        maps_fini(&m);
        free(copy);
    }
}

static void maps__finds_the_entry_of_an_address(void **unused)
{
    struct maps m;
    struct err err = { 0 };

    (void)unused;
    assert_int_equal(maps_parse(good, sizeof(good) - 1, &m, &err), ERR_OK);
    assert_null(maps_find(&m, 0));
    assert_null(maps_find(&m, 0x55d0c8bfffff));
    assert_ptr_equal(maps_find(&m, 0x55d0c8c00000), &m.entries[0]);
    assert_ptr_equal(maps_find(&m, 0x55d0c8c20fff), &m.entries[0]);
    assert_ptr_equal(maps_find(&m, 0x55d0c8c21000), &m.entries[1]);
    assert_null(maps_find(&m, 0x55d0c8c22000));
    assert_ptr_equal(maps_find(&m, 0xffffffffff600fff), &m.entries[4]);
    assert_null(maps_find(&m, UINT64_MAX));
    maps_fini(&m);
}

static void maps__reads_this_process(void **unused)
{
    struct maps m;
    struct err err = { 0 };
    const struct map_entry *here;

    (void)unused;
    assert_int_equal(maps_read(getpid(), &m, &err), ERR_OK);
    here = maps_find(&m, (tracee_addr)(uintptr_t)maps__reads_this_process);
    assert_non_null(here);
    assert_true(here->executable && here->inode != 0);
    assert_non_null(strstr(here->path, "test_maps"));
    maps_fini(&m);
}

static void maps__says_when_the_process_is_gone(void **unused)
{
    struct maps m;
    struct err err = { 0 };

    (void)unused;
    assert_int_equal(maps_read(0x7fffffff, &m, &err), ERR_IO);
    assert_int_not_equal(err.sys_errno, 0);
    assert_null(m.entries);
}

static void maps__survives_each_failed_allocation(void **unused)
{
    enum err_code rc = ERR_NO_MEMORY;
    size_t nth = 1;

    (void)unused;
    for (; rc == ERR_NO_MEMORY && nth < 100; nth++) {
        struct maps m;
        struct err err = { 0 };

        alloc_fail_at(nth);
        rc = maps_parse(good, sizeof(good) - 1, &m, &err);
        alloc_fail_at(0);
        assert_true(rc == ERR_OK || m.entries == NULL);
        maps_fini(&m);
    }
    assert_int_equal(rc, ERR_OK);
    assert_true(nth > 6); /* a path each, and the array */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps__reads_each_field),
        cmocka_unit_test(maps__reads_paths),
        cmocka_unit_test(maps__names_the_damaged_line),
        cmocka_unit_test(maps__survives_every_cut),
        cmocka_unit_test(maps__finds_the_entry_of_an_address),
        cmocka_unit_test(maps__reads_this_process),
        cmocka_unit_test(maps__says_when_the_process_is_gone),
        cmocka_unit_test(maps__survives_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
