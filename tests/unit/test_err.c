#include "base/err.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static void err__tells_what_happened(void **unused)
{
    struct err err = { 0 };

    (void)unused;
    assert_int_equal(err_set(&err, ERR_BAD_FORMAT, "byte %d of %s", 7, "x"),
                     ERR_BAD_FORMAT);
    assert_int_equal(err.code, ERR_BAD_FORMAT);
    assert_int_equal(err.sys_errno, 0);
    assert_string_equal(err.text, "byte 7 of x");
    assert_int_equal(err_prefix(&err, "file %s", "a.swt"), ERR_BAD_FORMAT);
    assert_string_equal(err.text, "file a.swt: byte 7 of x");
}

static void err__adds_the_kernels_reason(void **unused)
{
    struct err err = { 0 };

    (void)unused;
    errno = ENOSPC;
    err_set(&err, ERR_IO, "cannot write %s", "a.swt");
    assert_int_equal(err.sys_errno, ENOSPC);
    assert_string_equal(err.text,
                        "cannot write a.swt: No space left on device");
    errno = EPERM;
    err_set(&err, ERR_DENIED, "cannot trace");
    assert_int_equal(err.sys_errno, EPERM);
    assert_string_equal(err.text, "cannot trace: Operation not permitted");
    errno = 0;
    err_set(&err, ERR_IO, "cannot write");
    assert_string_equal(err.text, "cannot write");
    errno = EPERM; /* of no concern to the others */
    err_set(&err, ERR_USAGE, "no such option");
    assert_int_equal(err.sys_errno, 0);
    assert_string_equal(err.text, "no such option");
}

static void err__cuts_what_is_too_long(void **unused)
{
    char large[1000];
    struct err err = { 0 };

    (void)unused;
    memset(large, 'x', sizeof(large) - 1);
    large[sizeof(large) - 1] = '\0';
    errno = EIO;
    assert_int_equal(err_set(&err, ERR_IO, "%s", large), ERR_IO);
    assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
    assert_int_equal(err_prefix(&err, "reading"), ERR_IO);
    assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
    assert_memory_equal(err.text, "reading: xxx", 12);
    assert_int_equal(err_prefix(&err, "%s", large), ERR_IO);
    assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
}

static void err__reports_a_lack_of_memory(void **unused)
{
    struct err err = { 0 };

    (void)unused;
    errno = EIO;
    assert_int_equal(err_no_memory(&err), ERR_NO_MEMORY);
    assert_int_equal(err.code, ERR_NO_MEMORY);
    assert_string_equal(err.text, "out of memory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(err__tells_what_happened),
        cmocka_unit_test(err__adds_the_kernels_reason),
        cmocka_unit_test(err__cuts_what_is_too_long),
        cmocka_unit_test(err__reports_a_lack_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
