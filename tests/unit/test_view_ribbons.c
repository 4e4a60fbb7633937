#include "tui/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "screens/drive.h"
#include "support/alloc_fail.h"

static int set_up(void **state)
{
    *state = drive_open();
    return 0;
}

static int tear_down(void **state)
{
    drive_close(*state);
    return 0;
}

static void view_ribbons__shows_what_the_trace_holds(void **state)
{
    struct drive *d = *state;

    drive_press(d, "3");
    assert_true(drive_shows(d, "op 1 of 6"));
    assert_true(drive_shows(d, "2.1: made in copy_header at event 1; "
                               "freed at event 2 in copy_header."));
    assert_true(drive_shows(d, "could be a local"));
    drive_press(d, "End");
    assert_true(
        drive_shows(d, "4.1: made in session_new at event 29; that frame was "
                       "gone at event 30; freed at event 31"));
    assert_true(drive_shows(d, "after the op."));
}

static void view_ribbons__goes_to_blocks_that_outlive_their_maker(void **state)
{
    struct drive *d = *state;

    drive_press(d, "3 n");
    assert_true(drive_shows(d, "1.1: made in json_node_new"));
    drive_press(d, "N"); /* round the end */
    assert_true(drive_shows(d, "4.1: made in session_new"));
    drive_press(d, "n");
    assert_true(drive_shows(d, "1.1: made in json_node_new"));
    drive_press(d, "f T Enter n");
    assert_true(drive_shows(d, "no block here outlives"));
}

static void view_ribbons__keeps_the_site_from_op_to_op(void **state)
{
    struct drive *d = *state;

    drive_press(d, "2 j j Enter"); /* the third site of the table */
    assert_true(drive_shows(d, "> 3.1"));
    drive_press(d, "}");
    assert_true(drive_shows(d, "op 2 of 6"));
    assert_true(drive_shows(d, "> 3.1"));
    drive_press(d, "} } } } }");
    assert_true(drive_shows(d, "op 6 of 6"));
    assert_true(drive_shows(d, "this is the last op"));
    drive_press(d, "{ { { { { {");
    assert_true(drive_shows(d, "op 1 of 6"));
    assert_true(drive_shows(d, "this is the first op"));
    drive_press(d, "k 2"); /* Sites follows */
    assert_true(drive_shows(d, ">  1 "));
}

static void view_ribbons__steps_by_events_across_ops(void **state)
{
    struct drive *d = *state;

    drive_press(d, "3 ,");
    assert_true(drive_shows(d, "event 0 of 30"));
    drive_press(d, ",");
    assert_true(drive_shows(d, "op 1 of 6"));
    drive_press(d, ", ,");
    assert_true(drive_shows(d, "this is the first event"));
    drive_press(d,
                "} ,"); /* the free between the ops belongs to the one before */
    assert_true(drive_shows(d, "op 1 of 6"));
    drive_press(d, ". .");
    assert_true(drive_shows(d, "op 2 of 6   event 1 of 30"));
}

static void view_ribbons__zooms_within_bounds(void **state)
{
    struct drive *d = *state;
    char whole[4096];

    drive_press(d, "3");
    strcpy(whole, drive_row(d, 3));
    drive_press(d, "+ + + + + + + + + + + + + + +");
    assert_true(drive_shows(d, "2.1: made"));
    assert_string_not_equal(drive_row(d, 3), whole);
    drive_press(d, "- w");
    assert_string_equal(drive_row(d, 3), whole);
}

/* Another trace, another op: nothing of the last one stays. */
static void view_ribbons__follows_the_stage(void **state)
{
    struct drive *d = *state;

    drive_press(d, "3 } } ]");
    assert_true(drive_shows(d, "op 3 of 6   event 1 of 24"));
    drive_press(d, "] ] ]");
    assert_true(drive_shows(d, "There is no trace of this stage yet"));
    drive_press(d, "n N , . { } + w j k Enter Esc 3 z z");
}

static void view_ribbons__survives_each_failed_allocation(void **state)
{
    struct drive *d = *state;
    bool happened = true;

    for (size_t nth = 1; happened; nth += 1 + nth / 40) {
        struct err err = { 0 };
        enum err_code rc;

        alloc_fail_at(nth);
        rc = drive_try(d, "3n}.2j3", &err);
        happened = alloc_fail_happened();
        alloc_fail_at(0);
        assert_int_equal(rc, happened ? ERR_NO_MEMORY : ERR_OK);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(view_ribbons__shows_what_the_trace_holds),
        TEST(view_ribbons__goes_to_blocks_that_outlive_their_maker),
        TEST(view_ribbons__keeps_the_site_from_op_to_op),
        TEST(view_ribbons__steps_by_events_across_ops),
        TEST(view_ribbons__zooms_within_bounds),
        TEST(view_ribbons__follows_the_stage),
        TEST(view_ribbons__survives_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
