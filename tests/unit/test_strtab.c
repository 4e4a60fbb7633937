#include "base/strtab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "support/alloc_fail.h"

static uint32_t intern(struct strtab *t, const char *text, size_t size)
{
    struct err err = { 0 };
    uint32_t number;

    assert_int_equal(strtab_intern(t, text, size, &number, &err), ERR_OK);
    return number;
}

static void strtab__numbers_each_string_once(void **unused)
{
    struct strtab t = { 0 };

    (void)unused;
    assert_int_equal(intern(&t, "", 0), 0);
    assert_int_equal(intern(&t, "malloc", 6), 1);
    assert_int_equal(intern(&t, "mallocator", 10), 2);
    assert_int_equal(intern(&t, "mallocator", 6), 1); /* a part, no NUL */
    assert_int_equal(intern(&t, "mallocator", 10), 2);
    assert_int_equal(intern(&t, "", 0), 0);
    assert_string_equal(strtab_get(&t, 0), "");
    assert_string_equal(strtab_get(&t, 1), "malloc");
    assert_string_equal(strtab_get(&t, 2), "mallocator");
    assert_int_equal(t.count, 3);
    strtab_fini(&t);
    strtab_fini(&t);
}

static void strtab__gives_nothing_for_no_number(void **unused)
{
    struct strtab t = { 0 };

    (void)unused;
    assert_string_equal(strtab_get(&t, 0), "");
    assert_string_equal(strtab_get(&t, UINT32_MAX), "");
    intern(&t, "a", 1);
    assert_string_equal(strtab_get(&t, 2), "");
    strtab_fini(&t);
}

static void strtab__keeps_many(void **unused)
{
    struct strtab t = { 0 };
    char text[32];

    (void)unused;
    for (uint32_t round = 0; round < 2; round++)
        for (uint32_t i = 1; i <= 20000; i++) {
            int size = snprintf(text, sizeof(text), "\x1b[%u\xff", i);

            assert_int_equal(intern(&t, text, (size_t)size), i);
        }
    assert_string_equal(strtab_get(&t, 12345), "\x1b[12345\xff");
    assert_int_equal(t.count, 20001);
    strtab_fini(&t);
}

/* Two strings of one hash are still two strings: the chain is walked. Real
 * XXH3 collisions are not at hand, so the chain is laid by hand. */
static void strtab__tells_strings_of_one_hash_apart(void **unused)
{
    struct strtab t = { 0 };
    struct err err = { 0 };
    size_t at = 0;
    uint64_t key, value;

    (void)unused;
    intern(&t, "first", 5);
    intern(&t, "second", 6);
    /* Both hashes now lead to "second", which leads to "first". */
    while (map_next(&t.by_hash, &at, &key, &value)) {
        assert_int_equal(map_put(&t.by_hash, key, 2, &err), ERR_OK);
    }
    t.same_hash[2] = 1;
    assert_int_equal(intern(&t, "first", 5), 1);
    assert_int_equal(intern(&t, "second", 6), 2);
    assert_int_equal(t.count, 3);
    strtab_fini(&t);
}

static void strtab__survives_each_failed_allocation(void **unused)
{
    size_t nth = 0;
    enum err_code rc;

    (void)unused;
    do {
        struct strtab t = { 0 };
        struct err err = { 0 };
        char text[] = "string a";
        uint32_t number;

        alloc_fail_at(++nth);
        rc = ERR_OK;
        for (uint32_t i = 1; rc == ERR_OK && i <= 26; i++, text[7]++)
            rc = strtab_intern(&t, text, 8, &number, &err);
        alloc_fail_at(0);
        for (uint32_t i = 1; i < t.count; i++) {
            char want[] = "string a";

            want[7] = (char)('a' + (int)i - 1);
            assert_string_equal(strtab_get(&t, i), want);
            /* Every string that is there can be found. */
            assert_int_equal(intern(&t, want, 8), i);
        }
        strtab_fini(&t);
    } while (rc == ERR_NO_MEMORY);
    assert_int_equal(rc, ERR_OK);
    assert_true(nth > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strtab__numbers_each_string_once),
        cmocka_unit_test(strtab__gives_nothing_for_no_number),
        cmocka_unit_test(strtab__keeps_many),
        cmocka_unit_test(strtab__tells_strings_of_one_hash_apart),
        cmocka_unit_test(strtab__survives_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
