#include "tui/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/temp_file.h"
#include "support/trace_builder.h"

/* A feed of one stage that a test steers. */
static void poll_one(void *ctx, size_t stage, struct feed_stage *out)
{
    (void)stage;
    *out = *(const struct feed_stage *)ctx;
}

static void open_story(struct story *story, struct feed *feed,
                       struct feed_stage *now)
{
    static const char *const titles[] = { "one" };
    struct err err;

    *feed = (struct feed){
        .ctx = now, .stage_count = 1, .note = "", .poll = poll_one
    };
    assert_int_equal(story_init(story, feed, NULL, titles, &err), ERR_OK);
}

static bool poll(struct story *story)
{
    struct err err;
    bool busy;

    assert_int_equal(story_poll(story, 0, &busy, &err), ERR_OK);
    return busy;
}

static void add_op(struct builder *b, uint64_t n)
{
    uint32_t op = builder_stack(b, "main", "handle", NULL);
    uint32_t at = builder_stack(b, "main", "handle", "parse:41", NULL);

    builder_op_begin(b, 0, op, 2 * n);
    builder_alloc(b, 0, at, 0x1000 * n, 24, "malloc", 2 * n + 1);
    builder_free(b, 0, at, 0x1000 * n);
    builder_op_end(b, 0, 2 * n);
}

static void story__follows_a_growing_trace(void **unused)
{
    const char *path = temp_path("t.swt");
    struct feed_stage now = { .note = "" };
    struct builder *b;
    struct story story;
    struct feed feed;
    uint64_t version;

    (void)unused;
    open_story(&story, &feed, &now);
    assert_true(poll(&story));
    now.state = FEED_RECORDING; /* announced before the file is there */
    now.path = path;
    assert_true(poll(&story));
    assert_false(stage_has_data(&story.stages[0]));
    b = builder_open(path, "handle");
    add_op(b, 1);
    builder_flush(b);
    assert_true(poll(&story));
    assert_int_equal(story.stages[0].ops.count, 1);
    version = story.version;
    assert_true(poll(&story)); /* nothing new: nothing to be drawn */
    assert_int_equal(story.version, version);
    add_op(b, 2);
    builder_close(b);
    now.state = FEED_READY;
    assert_false(poll(&story));
    assert_int_equal(story.stages[0].ops.count, 2);
    assert_true(story.version > version);
    assert_string_equal(story.stages[0].note, "");
    assert_string_equal(story.stages[0].sites[0].function, "parse");
    story_fini(&story);
}

static void story__reads_in_slices(void **unused)
{
    const char *path = temp_path("t.swt");
    struct feed_stage now = { .state = FEED_READY, .path = path, .note = "" };
    struct builder *b = builder_open(path, "handle");
    struct story story;
    struct feed feed;
    struct err err;
    bool busy = true;
    int polls = 0;

    (void)unused;
    for (uint64_t i = 1; i <= 10; i++)
        add_op(b, i);
    builder_close(b);
    open_story(&story, &feed, &now);
    for (; busy && polls < 100; polls++)
        assert_int_equal(story_poll(&story, 7, &busy, &err), ERR_OK);
    assert_true(polls > 5 && polls < 100);
    assert_int_equal(story.stages[0].ops.count, 10);
    story_fini(&story);
}

static void story__what_cannot_be_read_is_that_stages_note(void **unused)
{
    struct feed_stage now = { .state = FEED_READY, .note = "" };
    struct story story;
    struct feed feed;

    (void)unused;
    now.path = temp_file("not a trace", 11);
    open_story(&story, &feed, &now);
    assert_false(poll(&story));
    assert_int_equal(story.stages[0].state, FEED_FAILED);
    assert_true(story.stages[0].note[0] != '\0');
    story_fini(&story);

    now = (struct feed_stage){ .state = FEED_FAILED, .note = "exit status 1" };
    open_story(&story, &feed, &now);
    assert_false(poll(&story));
    assert_string_equal(story.stages[0].note, "exit status 1");
    story_fini(&story);
}

static void story__a_cut_trace_says_so_and_keeps_its_ops(void **unused)
{
    const char *path = temp_path("t.swt");
    struct feed_stage now = { .state = FEED_READY, .path = path, .note = "" };
    struct builder *b = builder_open(path, "handle");
    struct story story;
    struct feed feed;

    (void)unused;
    add_op(b, 1);
    builder_flush(b);
    builder_abandon(b);
    open_story(&story, &feed, &now);
    assert_false(poll(&story));
    assert_int_equal(story.stages[0].ops.count, 1);
    assert_true(story.stages[0].note[0] != '\0');
    story_fini(&story);
}

static void story__needs_a_stage(void **unused)
{
    struct feed feed = { .note = "" };
    struct story story;
    struct err err;

    (void)unused;
    assert_int_equal(story_init(&story, &feed, NULL, NULL, &err), ERR_USAGE);
    story_fini(&story);
}

static void story__adds_up_sites_that_share_a_key(void **unused)
{
    static const struct site was[] = {
        { .key = 7,
          .function = "f",
          .file = "",
          .line = 1,
          .allocs_per_op = 2 },
        { .key = 7,
          .function = "f",
          .file = "",
          .line = 2,
          .allocs_per_op = 1 },
        { .key = 8, .function = "same", .file = "", .allocs_per_op = 1 },
    };
    static const struct site is[] = {
        { .key = 7,
          .function = "f",
          .file = "",
          .line = 3,
          .allocs_per_op = 1 },
        { .key = 8, .function = "same", .file = "", .allocs_per_op = 1 },
        { .key = 9, .function = "new", .file = "", .allocs_per_op = 4 },
    };
    struct stage stages[2] = { 0 };
    struct story story = { .stages = stages, .count = 2 };
    struct err err;

    (void)unused;
    for (int i = 0; i < 2; i++) {
        stages[i].ops = (struct op_summary){ .has_ops = true, .count = 1 };
        stages[i].sites = i == 0 ? was : is;
        stages[i].site_count = 3;
    }
    assert_int_equal(story_compare(&story, 1, &err), ERR_OK);
    assert_int_equal(stages[1].change_count, 2);
    assert_true(stages[1].changes[0].allocs_before == 3);
    assert_true(stages[1].changes[0].allocs_now == 1);
    assert_false(stages[1].changes[0].is_gone);
    assert_true(stages[1].changes[1].is_new);
    assert_int_equal(story_compare(&story, 0, &err), ERR_OK);
    assert_int_equal(stages[0].change_count, 0);
    story.count = 2;
    for (int i = 0; i < 2; i++)
        stages[i].ops.has_ops = i == 1;
    assert_int_equal(story_compare(&story, 1, &err), ERR_OK);
    assert_int_equal(stages[1].change_count, 0);
}

static void story__shortens_names_that_are_too_long(void **unused)
{
    char name[4096];
    char out[NAME_SHORT];
    struct site site = { .file = name, .line = UINT32_MAX };

    (void)unused;
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    assert_int_equal(strlen(name_short(name, out)), NAME_SHORT - 1);
    assert_string_equal(out + NAME_SHORT - 4, "...");
    assert_non_null(strstr(site_place(&site, out), ":4294967295"));
    assert_string_equal(name_short("a\x1b", out), "a\xef\xbf\xbd");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(story__follows_a_growing_trace),
        cmocka_unit_test(story__reads_in_slices),
        cmocka_unit_test(story__what_cannot_be_read_is_that_stages_note),
        cmocka_unit_test(story__a_cut_trace_says_so_and_keeps_its_ops),
        cmocka_unit_test(story__needs_a_stage),
        cmocka_unit_test(story__adds_up_sites_that_share_a_key),
        cmocka_unit_test(story__shortens_names_that_are_too_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
