#include "tui/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

static void view_replay__steps_forth_and_back(void **state)
{
    struct drive *d = *state;
    char screens[12][4096];

    drive_press(d, "6 Home");
    for (int i = 0; i < 12; i++) {
        strcpy(screens[i], drive_row(d, 13));
        drive_press(d, ".");
    }
    for (int i = 12; i-- > 0;) {
        drive_press(d, ",");
        assert_string_equal(drive_row(d, 13), screens[i]);
    }
    assert_true(drive_shows(d, "event 0 of 30"));
}

/* json_node_new hands its block to parse, parse to handle, which frees it. */
static void view_replay__tells_what_each_frame_left(void **state)
{
    struct drive *d = *state;

    drive_press(d, "6 g 7 Enter");
    assert_true(drive_shows(d, "malloc 48 B 1.1 json_n"));
    assert_true(drive_shows(d, "made 1.1"));
    assert_true(drive_shows(d, "live: 1, 48 B"));
    drive_press(d, ".");
    assert_true(drive_shows(d, "json_node_new() gone at 8"));
    assert_true(drive_shows(d, "left behind 1.1"));
    drive_press(d, ". .");
    assert_false(drive_shows(d, "left behind"));
    assert_true(drive_shows(d, "live: 0, 0 B"));
}

static void view_replay__goes_to_events_ops_and_marks(void **state)
{
    struct drive *d = *state;

    drive_press(d, "6 g o p Space 4 Enter");
    assert_true(drive_shows(d, "op 4 of 6   event 0 of 30"));
    drive_press(d, "g 3 0 Enter");
    assert_true(drive_shows(d, "op 4 of 6   event 30 of 30"));
    drive_press(d, "g 9 9 9 9 Enter");
    assert_true(drive_shows(d, "no such event"));
    drive_press(d, "g x Enter");
    assert_true(drive_shows(d, "no such event"));
    drive_press(d, "g o p 7 Enter");
    assert_true(drive_shows(d, "no such event"));
    drive_press(d, "g 1 8 4 4 6 7 4 4 0 7 3 7 0 9 5 5 1 6 1 5 Enter");
    assert_true(drive_shows(d, "no such event"));
    drive_press(d, ">");
    assert_true(drive_shows(d, "op 5 of 6   event 0"));
    drive_press(d, "< <");
    assert_true(drive_shows(d, "op 3 of 6   event 0"));
    drive_press(d, "> > > > > > >");
    assert_true(drive_shows(d, "no further op"));
}

static void view_replay__agrees_with_ribbons_and_sites(void **state)
{
    struct drive *d = *state;

    drive_press(d, "6 g 7 Enter , ."); /* makes 1.1 */
    drive_press(d, "3");
    assert_true(drive_shows(d, "> 1.1"));
    assert_true(drive_shows(d, "event 7 of 30"));
    drive_press(d, "2");
    assert_true(drive_shows(d, ">  1 "));
}

static void view_replay__plays_as_fast_as_it_says(void **state)
{
    struct drive *d = *state;

    drive_press(d, "6 Home + Space");
    assert_true(drive_shows(d, "PLAYING 10 ev/s"));
    drive_wait(d, 1000);
    assert_true(drive_shows(d, "event 10 of 30"));
    drive_wait(d, 50);
    assert_true(drive_shows(d, "event 10 of 30"));
    drive_wait(d, 50); /* no time is lost */
    assert_true(drive_shows(d, "event 11 of 30"));
    drive_press(d, "Space");
    drive_wait(d, 5000);
    assert_true(drive_shows(d, "event 11 of 30"));
    drive_press(d, "Space 1");
    drive_wait(d, 5000); /* not while nobody looks */
    drive_press(d, "6");
    assert_true(drive_shows(d, "event 11 of 30"));
    drive_press(d, "Space");
    drive_wait(d, 100000);
    assert_true(drive_shows(d, "PAUSED"));
    assert_true(drive_shows(d, "after the op"));
    drive_press(d, "- - - - - - - -");
    assert_true(drive_shows(d, "PAUSED 1 ev/s"));
    drive_press(d, "+ + + + + + + + + + + + + + + +");
    assert_true(drive_shows(d, "5,000 ev/s"));
}

static void view_replay__finds_events(void **state)
{
    struct drive *d = *state;

    drive_press(d, "6 / c l a i m s Enter");
    assert_true(drive_shows(d, "event 23 of 30"));
    drive_press(d, "n");
    assert_true(drive_shows(d, "event 24 of 30"));
    drive_press(d, "N N");
    assert_true(drive_shows(d, "event 24 of 30"));
    drive_press(d, "/ n o w h e r e Enter");
    assert_true(drive_shows(d, "nothing here contains"));
}

static void view_replay__survives_each_failed_allocation(void **state)
{
    struct drive *d = *state;
    bool happened = true;

    for (size_t nth = 1; happened; nth += 1 + nth / 40) {
        struct err err = { 0 };
        enum err_code rc;

        alloc_fail_at(nth);
        rc = drive_try(d, "6..,}>]6.", &err);
        happened = alloc_fail_happened();
        alloc_fail_at(0);
        assert_int_equal(rc, happened ? ERR_NO_MEMORY : ERR_OK);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(view_replay__steps_forth_and_back),
        TEST(view_replay__tells_what_each_frame_left),
        TEST(view_replay__goes_to_events_ops_and_marks),
        TEST(view_replay__agrees_with_ribbons_and_sites),
        TEST(view_replay__plays_as_fast_as_it_says),
        TEST(view_replay__finds_events),
        TEST(view_replay__survives_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
