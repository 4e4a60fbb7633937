#include "base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static void log__is_off_until_it_is_opened(void **unused)
{
    char *text = NULL;
    size_t size = 0;
    FILE *fp = open_memstream(&text, &size);

    (void)unused;
    assert_non_null(fp);
    log_debug("nobody hears addr=0x%x", 1);
    log_open(fp);
    log_debug("breakpoint set addr=0x%x symbol=%s", 0x4011a6, "malloc");
    log_debug("no arguments");
    log_open(NULL);
    log_debug("nobody hears");
    assert_int_equal(fclose(fp), 0);
    assert_string_equal(text, "breakpoint set addr=0x4011a6 symbol=malloc\n"
                              "no arguments\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(log__is_off_until_it_is_opened),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
