#include "tui/units.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attrs.h"

/* clang-format off */
static const struct { uint64_t value; const char *want; } counts[] = {
    { 0, "0" }, { 7, "7" }, { 999, "999" }, { 1000, "1,000" },
    { 1234567, "1,234,567" }, { UINT64_MAX, "18,446,744,073,709,551,615" },
};

static const struct { double value; const char *tenths, *whole; } numbers[] = {
    { 0,         "0.0",          "0" },
    { -0.01,     "0.0",          "0" },
    { 6,         "6.0",          "6" },
    { -9.04,     "-9.0",         "-9" },
    { -1152,     "-1,152.0",     "-1,152" },
    { 1234567.8, "1,234,567.8",  "1,234,568" },
    { NAN,       "?",            "?" },
    { -INFINITY, "?",            "?" },
    { 1e300,     "?",            "?" },
    { 9e14,      "900,000,000,000,000.0", "900,000,000,000,000" },
};

static const struct { uint64_t value; const char *want; } bytes[] = {
    { 0, "0 B" }, { 1023, "1023 B" }, { 1024, "1.0 KiB" },
    { 4404019, "4.2 MiB" }, { 1048524, "1023.9 KiB" }, { 1048575, "1.0 MiB" },
    { UINT64_MAX, "16.0 EiB" },
};

static const struct { double ns; const char *want; } times[] = {
    { 0, "0 ns" }, { 812, "812 ns" }, { 999.6, "1.0 us" },
    { 18400, "18.4 us" }, { 999960, "1.0 ms" }, { 1.2e9, "1.20 s" },
    { -1, "?" }, { NAN, "?" },
};

static const struct { double before, now; const char *want; } changes[] = {
    { 41, 18, "-56%" }, { 18, 41, "+128%" }, { 0, 5, "" }, { 5, 5, "+0%" },
    { 1000, 999, "+0%" }, { 5, 0, "-100%" }, { NAN, 1, "" },
};
/* clang-format on */

static void units__group_counts_by_thousands(void **unused)
{
    char out[UNITS_MAX];

    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(counts); i++)
        assert_string_equal(units_count(counts[i].value, out), counts[i].want);
}

static void units__print_signed_numbers(void **unused)
{
    char out[UNITS_MAX];

    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        assert_string_equal(units_tenths(numbers[i].value, out),
                            numbers[i].tenths);
        assert_string_equal(units_whole(numbers[i].value, out),
                            numbers[i].whole);
    }
}

static void units__choose_the_unit(void **unused)
{
    char out[UNITS_MAX];

    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(bytes); i++)
        assert_string_equal(units_bytes(bytes[i].value, out), bytes[i].want);
    for (size_t i = 0; i < ARRAY_LEN(times); i++)
        assert_string_equal(units_time(times[i].ns, out), times[i].want);
}

static void units__tell_changes_in_per_cent(void **unused)
{
    char out[UNITS_MAX];

    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(changes); i++)
        assert_string_equal(
            units_change(changes[i].before, changes[i].now, out),
            changes[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units__group_counts_by_thousands),
        cmocka_unit_test(units__print_signed_numbers),
        cmocka_unit_test(units__choose_the_unit),
        cmocka_unit_test(units__tell_changes_in_per_cent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
