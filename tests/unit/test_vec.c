#include "base/vec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "support/alloc_fail.h"

static void vec__grows_an_array_by_one(void **unused)
{
    int *items = NULL;
    size_t cap = 0;
    struct err err = { 0 };

    (void)unused;
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(
            vec_grow(&items, (size_t)i, &cap, sizeof(*items), &err), ERR_OK);
        assert_true(cap > (size_t)i);
        items[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    assert_true(cap <= 2000);
    free(items);
}

static void vec__leaves_the_array_when_memory_is_short(void **unused)
{
    int *items = NULL;
    int *before;
    size_t cap = 0;
    struct err err = { 0 };

    (void)unused;
    assert_int_equal(vec_grow(&items, 0, &cap, sizeof(*items), &err), ERR_OK);
    items[0] = 42;
    before = items;
    alloc_fail_at(1);
    assert_int_equal(vec_grow(&items, cap, &cap, sizeof(*items), &err),
                     ERR_NO_MEMORY);
    alloc_fail_at(0);
    assert_ptr_equal(items, before);
    assert_int_equal(items[0], 42);
    free(items);
}

static void vec__refuses_more_than_memory_can_be(void **unused)
{
    char *items = NULL;
    size_t cap = SIZE_MAX / 4;
    struct err err = { 0 };

    (void)unused;
    assert_int_equal(vec_grow(&items, cap, &cap, 64, &err), ERR_NO_MEMORY);
    assert_null(items);
    assert_true(cap == SIZE_MAX / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vec__grows_an_array_by_one),
        cmocka_unit_test(vec__leaves_the_array_when_memory_is_short),
        cmocka_unit_test(vec__refuses_more_than_memory_can_be),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
