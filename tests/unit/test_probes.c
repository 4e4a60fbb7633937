#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attrs.h"
#include "engine/probes.h"

static const struct probe *find(const char *name)
{
    for (size_t i = 0; i < probe_count; i++)
        if (strcmp(probes[i].name, name) == 0)
            return &probes[i];
    return NULL;
}

/* clang-format off */
static const struct {
    const char *name;
    uint64_t args[6];
    uint64_t want; /* bytes asked for */
} calls[] = {
    { "malloc",         { 100 },                 100 },
    { "calloc",         { 3, 7 },                21 },
    { "calloc",         { UINT64_MAX, 2 },       UINT64_MAX },
    { "realloc",        { 0x1000, 50 },          50 },
    { "reallocarray",   { 0x1000, 4, 10 },       40 },
    { "aligned_alloc",  { 64, 128 },             128 },
    { "memalign",       { 64, 128 },             128 },
    { "posix_memalign", { 0x7000, 32, 96 },      96 },
    { "valloc",         { 50 },                  50 },
    { "pvalloc",        { 60 },                  60 },
};
/* clang-format on */

static void probes__compute_what_was_asked_for(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
        const struct probe *p = find(calls[i].name);

        print_message("  %s\n", calls[i].name);
        assert_non_null(p);
        assert_int_equal(probe_size(p, calls[i].args), calls[i].want);
    }
}

static void probes__are_listed_once(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < probe_count; i++)
        assert_ptr_equal(find(probes[i].name), &probes[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(probes__compute_what_was_asked_for),
        cmocka_unit_test(probes__are_listed_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
