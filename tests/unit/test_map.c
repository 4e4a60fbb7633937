#include "base/map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "support/alloc_fail.h"

/* The slow, obvious list. */
enum { KEYS = 300 };

struct list {
    uint64_t keys[KEYS], values[KEYS];
    size_t count;
};

static size_t list_find(const struct list *l, uint64_t key)
{
    size_t i = 0;

    while (i < l->count && l->keys[i] != key)
        i++;
    return i;
}

static void list_put(struct list *l, uint64_t key, uint64_t value)
{
    size_t i = list_find(l, key);

    l->keys[i] = key;
    l->values[i] = value;
    l->count += i == l->count;
}

static void list_take(struct list *l, size_t i)
{
    l->count--;
    l->keys[i] = l->keys[l->count];
    l->values[i] = l->values[l->count];
}

static uint64_t step(uint64_t *state) /* xorshift64*, Vigna 2016 */
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

/* Keys that differ in their low, middle or high bits only, and both ends. */
static uint64_t key_at(uint64_t n)
{
    static const unsigned shifts[] = { 0, 4, 12, 33, 56 };

    n %= KEYS;
    if (n < 2)
        return n == 0 ? 0 : UINT64_MAX;
    return n << shifts[n % ARRAY_LEN(shifts)];
}

static void check_same(const struct map *m, const struct list *l)
{
    size_t at = 0, seen = 0;
    uint64_t key, value;

    assert_int_equal(m->count, l->count);
    while (map_next(m, &at, &key, &value)) {
        size_t i = list_find(l, key);

        assert_true(i < l->count && l->values[i] == value);
        seen++;
    }
    assert_int_equal(seen, l->count);
}

static void map__is_like_a_list(void **unused)
{
    struct map m = { 0 };
    struct list l = { .count = 0 };
    struct err err = { 0 };
    uint64_t state = 1;

    (void)unused;
    for (size_t i = 0; i < 50000; i++) {
        uint64_t key = key_at(step(&state));
        uint64_t got = 77;
        size_t at = list_find(&l, key);

        switch (step(&state) % 5) {
        case 0:
        case 1:
            assert_int_equal(map_put(&m, key, i, &err), ERR_OK);
            list_put(&l, key, i);
            break;
        case 2:
        case 3:
            assert_int_equal(map_take(&m, key, &got), at < l.count);
            assert_true(got == (at < l.count ? l.values[at] : 77));
            if (at < l.count)
                list_take(&l, at);
            break;
        default:
            assert_int_equal(map_get(&m, key, &got), at < l.count);
            assert_true(got == (at < l.count ? l.values[at] : 77));
        }
        if (i % 1000 == 0)
            check_same(&m, &l);
    }
    check_same(&m, &l);
    map_fini(&m);
    assert_int_equal(m.count, 0);
    map_fini(&m);
}

/* Keys that come and go must not fill the table with deleted slots. */
static void map__stays_small_while_keys_come_and_go(void **unused)
{
    struct map m = { 0 };
    struct err err = { 0 };

    (void)unused;
    for (uint64_t i = 0; i < 100000; i++) {
        assert_int_equal(map_put(&m, i * 16, i, &err), ERR_OK);
        if (i >= 10)
            assert_true(map_take(&m, (i - 10) * 16, NULL));
    }
    assert_int_equal(m.count, 10);
    assert_true(m.cap <= 64);
    map_fini(&m);
}

static void map__answers_while_empty(void **unused)
{
    struct map m = { 0 };
    uint64_t key, value;
    size_t at = 0;

    (void)unused;
    assert_false(map_get(&m, 0, &value));
    assert_false(map_take(&m, 0, &value));
    assert_false(map_next(&m, &at, &key, &value));
}

static void map__stays_as_it_was_when_memory_is_short(void **unused)
{
    struct map m = { 0 };
    struct err err = { 0 };
    uint64_t n = 0, value;

    (void)unused;
    for (;; n++) {
        enum err_code rc;

        alloc_fail_at(n == 0 ? 0 : 1);
        rc = map_put(&m, n, n + 1, &err);
        alloc_fail_at(0);
        if (rc == ERR_NO_MEMORY)
            break;
        assert_int_equal(rc, ERR_OK);
    }
    assert_int_equal(m.count, n);
    assert_false(map_get(&m, n, &value));
    for (uint64_t i = 0; i < n; i++) {
        assert_true(map_get(&m, i, &value));
        assert_int_equal(value, i + 1);
    }
    /* Replacing needs no memory. */
    alloc_fail_at(1);
    assert_int_equal(map_put(&m, 0, 99, &err), ERR_OK);
    alloc_fail_at(0);
    map_fini(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(map__is_like_a_list),
        cmocka_unit_test(map__stays_small_while_keys_come_and_go),
        cmocka_unit_test(map__answers_while_empty),
        cmocka_unit_test(map__stays_as_it_was_when_memory_is_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
