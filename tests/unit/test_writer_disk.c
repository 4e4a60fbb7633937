/* The writer on disks that are full, slow, or broken. */
#include "trace/writer.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "support/read_back.h"
#include "support/recording.h"
#include "support/temp_file.h"
#include "trace/format.h"

/* A disk that fills up: every pwrite of this program goes through it. */
static struct {
    uint64_t size;       /* no byte is taken beyond it; 0: no end */
    int error;           /* what is answered there */
    size_t most_at_once; /* longer writes come out short; 0: never */
    unsigned calls;
} disk;

ssize_t __real_pwrite(int fd, const void *bytes, size_t size, off_t offset);
ssize_t __wrap_pwrite(int fd, const void *bytes, size_t size, off_t offset);

ssize_t __wrap_pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    if (disk.most_at_once > 0 && disk.calls++ % 3 == 0) {
        errno = EINTR;
        return -1;
    }
    if (disk.most_at_once > 0 && size > disk.most_at_once)
        size = disk.most_at_once;
    if (disk.size > 0 && (uint64_t)offset >= disk.size) {
        errno = disk.error;
        return -1;
    }
    if (disk.size > 0 && (uint64_t)offset + size > disk.size)
        size = disk.size - (uint64_t)offset;
    return __real_pwrite(fd, bytes, size, offset);
}

static int restore_disk(void **unused)
{
    (void)unused;
    memset(&disk, 0, sizeof(disk));
    return 0;
}

static size_t file_size(const char *path)
{
    struct bytes b = read_file(path);

    free(b.data);
    return b.size;
}

static void writer__copes_with_short_and_interrupted_writes(void **unused)
{
    static const struct plan plan = { 5000, 0, true };
    const char *path = temp_path("t.swt");
    struct recording rec;

    (void)unused;
    disk.most_at_once = 100;
    recording_make(path, &plan, &rec);
    assert_int_equal(rec.seal_rc, ERR_OK);
    assert_true(recording_holds(path, plan.events, true));
}

/* Nothing is left behind the index of what was given up. */
static void check_ends_with_index(const char *path)
{
    struct bytes file = read_file(path);
    struct chunk_list chunks;

    chunk_list_of(&file, &chunks);
    assert_int_equal(chunks.offsets[chunks.count], file.size);
    assert_int_equal(chunks.kinds[chunks.count - 1], CHUNK_INDEX);
    free(file.data);
}

/* Fills the disk after each number of bytes. Nothing that was written may be
 * wrong, and the more room there is, the more must be kept. */
static void writer__survives_a_full_disk(void **unused)
{
    static const struct plan plan = { 400, 50, true };
    static const int errors[] = { ENOSPC, EDQUOT, EFBIG };
    const char *path = temp_path("whole.swt");
    struct recording rec;
    uint64_t kept = 0;
    unsigned sealed = 0;
    size_t whole_size;

    (void)unused;
    recording_make(path, &plan, &rec);
    whole_size = file_size(path);
    for (size_t size = 1; size < whole_size; size += 23) {
        disk.size = size;
        disk.error = errors[size % 3];
        recording_make(path, &plan, &rec);
        disk.size = 0;
        if (rec.open_rc != ERR_OK) { /* no room for the header */
            assert_int_equal(rec.open_rc, ERR_IO);
            assert_int_equal(sealed, 0);
            continue;
        }
        assert_int_equal(rec.seal_rc, ERR_IO);
        assert_int_equal(rec.err.sys_errno, disk.error);
        if (!rec.is_sealed) { /* no room for the end */
            assert_int_equal(sealed, 0);
            continue;
        }
        sealed++;
        check_ends_with_index(path);
        assert_int_equal(rec.ledger.events + rec.ledger.events_dropped,
                         plan.events);
        assert_true(rec.ledger.events >= kept);
        kept = rec.ledger.events;
        assert_true(recording_holds(path, kept, true));
    }
    assert_true(sealed > 100);
    assert_int_equal(kept, plan.events); /* at last only the source is lost */
}

/* What a cut file still tells: the names of its frames, and its ledger. */
static void writer__keeps_names_on_a_full_disk(void **unused)
{
    static const struct plan plan = { 400, 50, true };
    const char *path = temp_path("t.swt");
    struct recording rec;
    struct outcome whole, o;

    (void)unused;
    recording_make(path, &plan, &rec);
    outcome_read(path, &whole);
    disk.size = file_size(path) / 2;
    disk.error = ENOSPC;
    recording_make(path, &plan, &rec);
    assert_true(rec.is_sealed);
    assert_int_equal(rec.event_rc, ERR_IO);
    assert_non_null(strstr(rec.err.text, "of 400 events"));
    outcome_read(path, &o);
    assert_true(o.is_sealed && o.has_ledger);
    assert_true(o.count > 0 && o.count < whole.count);
    assert_int_equal(o.names, whole.names);
    assert_int_equal(o.sources, 0);
}

/* A program goes on when its disk is full. Stacks that only lost events have
 * must not push out the events that were kept. */
static void writer__writes_no_stacks_of_lost_events(void **unused)
{
    static const struct plan plan = { 400, 50, false };
    const char *path = temp_path("t.swt");
    struct trace_header header = { 0 };
    struct recording rec = { 0 };
    struct ledger ledger = { 0 };
    struct writer *w;
    struct err err = { 0 };
    struct outcome o;

    (void)unused;
    recording_make(path, &plan, &rec);
    disk.size = file_size(path) / 2;
    disk.error = ENOSPC;
    assert_int_equal(writer_open(path, true, &header, &w, &err), ERR_OK);
    assert_int_equal(recording_add_stacks(writer_tables(w), &err), ERR_OK);
    recording_put_events(w, &plan, &rec);
    assert_int_equal(rec.event_rc, ERR_IO);
    for (uint32_t i = 0, at = STACK_ROOT; i < 10000; i++) {
        uint32_t frame;

        assert_int_equal(tables_frame(writer_tables(w), i * 12345, MODULE_NONE,
                                      0, &frame, &err),
                         ERR_OK);
        assert_int_equal(tables_stack(writer_tables(w), at, frame, &at, &err),
                         ERR_OK);
    }
    assert_int_equal(writer_seal(w, &ledger, &err), ERR_IO);
    writer_close(w);
    outcome_read(path, &o);
    assert_true(o.is_sealed);
    assert_true(o.stacks < 100);
    assert_int_equal(o.count, ledger.events);
    assert_true(o.count >= 50);
}

/* A disk that breaks is not one that is full: nothing is given up for it. */
static void writer__leaves_the_partial_when_the_disk_breaks(void **unused)
{
    static const struct plan plan = { 400, 50, false };
    const char *path = temp_path("t.swt");
    char partial[300];
    struct recording rec;
    struct outcome o;

    (void)unused;
    recording_make(path, &plan, &rec);
    disk.size = file_size(path) - 10;
    disk.error = EIO;
    assert_int_equal(unlink(path), 0);
    recording_make(path, &plan, &rec);
    assert_int_equal(rec.event_rc, ERR_OK);
    assert_int_equal(rec.seal_rc, ERR_IO);
    assert_int_equal(rec.err.sys_errno, EIO);
    assert_false(rec.is_sealed);
    assert_int_equal(access(path, F_OK), -1);
    snprintf(partial, sizeof(partial), "%s.partial", path);
    assert_true(recording_holds(partial, plan.events, false));
    outcome_read(partial, &o);
    assert_true(o.has_ledger);
}

/* The kernel's own limit, in a process of its own. */
static void writer__survives_a_file_size_limit(void **unused)
{
    static const struct plan plan = { 20000, 1000, true };
    const char *path = temp_path("t.swt");
    struct recording rec;
    struct outcome o;
    int status;
    pid_t pid;

    (void)unused;
    recording_make(path, &plan, &rec);
    assert_int_equal(rec.seal_rc, ERR_OK);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct rlimit limit = { .rlim_cur = file_size(path) / 3,
                                .rlim_max = RLIM_INFINITY };

        signal(SIGXFSZ, SIG_IGN);
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
            _exit(10);
        recording_make(path, &plan, &rec);
        _exit(!rec.is_sealed                      ? 11
              : rec.seal_rc != ERR_IO             ? 12
              : rec.err.sys_errno != EFBIG        ? 13
              : rec.ledger.events == 0            ? 14
              : rec.ledger.events_dropped < 10000 ? 15
                                                  : 0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    outcome_read(path, &o);
    assert_true(o.is_sealed && o.has_ledger);
    assert_true(o.count > 1000 && o.count < 10000);
    assert_true(recording_holds(path, o.count, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(
            writer__copes_with_short_and_interrupted_writes, restore_disk),
        cmocka_unit_test_teardown(writer__survives_a_full_disk, restore_disk),
        cmocka_unit_test_teardown(writer__keeps_names_on_a_full_disk,
                                  restore_disk),
        cmocka_unit_test_teardown(writer__writes_no_stacks_of_lost_events,
                                  restore_disk),
        cmocka_unit_test_teardown(
            writer__leaves_the_partial_when_the_disk_breaks, restore_disk),
        cmocka_unit_test(writer__survives_a_file_size_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
