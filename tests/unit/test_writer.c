#include "trace/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "support/alloc_fail.h"
#include "support/read_back.h"
#include "support/recording.h"
#include "support/temp_file.h"
#include "support/trace_builder.h"
#include "trace/format.h"

/* clang-format off */
static const struct plan plans[] = {
    { 0, 0, false }, { 1, 0, false }, { 1, 1, false },
    { FORMAT_ROWS_MAX - 1, 0, false }, { FORMAT_ROWS_MAX, 0, false },
    { FORMAT_ROWS_MAX + 1, 0, true },
    { FORMAT_ROWS_MAX + 9, 1, false }, /* its index takes two chunks */
    { 3 * FORMAT_ROWS_MAX + 5, 999, true },
};
/* clang-format on */

static void writer__keeps_every_event(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(plans); i++) {
        const char *path = temp_path("t.swt");
        struct recording rec;

        print_message("  %zu events\n", plans[i].events);
        recording_make(path, &plans[i], &rec);
        assert_int_equal(rec.event_rc, ERR_OK);
        assert_int_equal(rec.seal_rc, ERR_OK);
        assert_true(rec.is_sealed);
        assert_int_equal(rec.ledger.events, plans[i].events);
        assert_int_equal(rec.ledger.events_dropped, 0);
        assert_true(recording_holds(path, plans[i].events, true));
    }
}

/* Fails the first allocation, then the second, and so on until a whole
 * recording succeeds. The leak checker turns a missed cleanup into a failure;
 * what was written before must be good. */
static void writer__survives_each_failed_allocation(void **unused)
{
    static const struct plan plan = { 100, 30, true };
    const char *path = temp_path("t.swt");
    struct recording rec;
    size_t nth = 0;
    bool reached;

    (void)unused;
    do {
        alloc_fail_at(++nth);
        recording_make(path, &plan, &rec);
        reached = alloc_fail_happened();
        alloc_fail_at(0);
        if (rec.open_rc != ERR_OK)
            assert_int_equal(rec.open_rc, ERR_NO_MEMORY);
        if (!rec.is_sealed)
            continue;
        assert_true(recording_holds(path, rec.ledger.events, true));
        assert_int_equal(rec.ledger.events + rec.ledger.events_dropped,
                         plan.events);
    } while (reached);
    assert_int_equal(rec.seal_rc, ERR_OK);
    assert_int_equal(rec.ledger.events, plan.events);
    assert_true(nth > 20);
}

static void writer__leaves_a_readable_partial(void **unused)
{
    const char *path = temp_path("t.swt");
    struct trace_header header = { 0 };
    struct recording rec;
    struct writer *w;
    struct err err = { 0 };
    char partial[300];

    (void)unused;
    assert_int_equal(writer_open(path, false, &header, &w, &err), ERR_OK);
    assert_int_equal(recording_add_stacks(writer_tables(w), &err), ERR_OK);
    recording_put_events(w, &(struct plan){ .events = 30 }, &rec);
    assert_int_equal(writer_flush(w, &err), ERR_OK);
    assert_int_equal(writer_flush(w, &err), ERR_OK); /* nothing to do */
    snprintf(partial, sizeof(partial), "%s.partial", path);
    assert_string_equal(writer_path(w), partial);
    writer_close(w);
    assert_int_equal(access(path, F_OK), -1);
    assert_true(recording_holds(partial, 30, false));
    assert_true(recording_holds(
        path, 30, false)); /* found by the name it would have had */
}

static void writer__never_lets_time_run_back(void **unused)
{
    const char *path = temp_path("t.swt");
    struct builder *b = builder_open(path, NULL);
    struct outcome o;

    (void)unused;
    builder_event(b, &(struct event){ .kind = EV_MARK, .t_ns = 9000 });
    builder_event(b, &(struct event){ .kind = EV_MARK, .t_ns = 8000 });
    builder_event(b, &(struct event){ .kind = EV_MARK, .t_ns = 9001 });
    builder_close(b);
    outcome_read(path, &o);
    assert_int_equal(o.rc, ERR_NOT_FOUND);
    assert_int_equal(o.count, 4);
    assert_int_equal(o.events[1].t_ns, 9000);
    assert_int_equal(o.events[2].t_ns, 9000);
    assert_int_equal(o.events[3].t_ns, 9001);
}

static void writer__keeps_the_partial_when_its_name_was_taken(void **unused)
{
    const char *path = temp_path("t.swt");
    struct trace_header header = { 0 };
    struct ledger ledger = { 0 };
    struct writer *w;
    struct err err = { 0 };
    struct bytes other;

    (void)unused;
    assert_int_equal(writer_open(path, false, &header, &w, &err), ERR_OK);
    fclose(fopen(path, "w"));
    assert_int_equal(writer_seal(w, &ledger, &err), ERR_USAGE);
    assert_non_null(strstr(err.text, ".partial"));
    assert_non_null(strstr(writer_path(w), ".partial"));
    assert_true(recording_holds(writer_path(w), 0, true));
    other = read_file(path);
    assert_int_equal(other.size, 0); /* still theirs */
    free(other.data);
    writer_close(w);
}

static void writer__refuses_a_header_beyond_all_measure(void **unused)
{
    const char *path = temp_path("t.swt");
    char *op = malloc(CHUNK_MAX + 1);
    struct trace_header header = { .op = op };
    struct writer *w;
    struct err err = { 0 };
    char partial[300];

    (void)unused;
    assert_non_null(op);
    memset(op, 'x', CHUNK_MAX);
    op[CHUNK_MAX] = '\0';
    assert_int_equal(writer_open(path, false, &header, &w, &err), ERR_USAGE);
    assert_null(w);
    snprintf(partial, sizeof(partial), "%s.partial", path);
    assert_int_equal(access(partial, F_OK), -1);
    free(op);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writer__keeps_every_event),
        cmocka_unit_test(writer__survives_each_failed_allocation),
        cmocka_unit_test(writer__leaves_a_readable_partial),
        cmocka_unit_test(writer__never_lets_time_run_back),
        cmocka_unit_test(writer__keeps_the_partial_when_its_name_was_taken),
        cmocka_unit_test(writer__refuses_a_header_beyond_all_measure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
