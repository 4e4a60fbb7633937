#include "trace/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "support/temp_file.h"

/* A file system that does not know the flags of renameat2, when asked to. */
static bool is_old_disk;

int __real_renameat2(int old_dir, const char *old, int new_dir, const char *new,
                     unsigned flags);
int __wrap_renameat2(int old_dir, const char *old, int new_dir, const char *new,
                     unsigned flags);

int __wrap_renameat2(int old_dir, const char *old, int new_dir, const char *new,
                     unsigned flags)
{
    if (!is_old_disk)
        return __real_renameat2(old_dir, old, new_dir, new, flags);
    errno = EINVAL;
    return -1;
}

/* Names a file to be removed just before it is locked. */
static const char *racing_path;

int __real_flock(int fd, int operation);
int __wrap_flock(int fd, int operation);

int __wrap_flock(int fd, int operation)
{
    if (racing_path != NULL && unlink(racing_path) != 0)
        abort();
    racing_path = NULL;
    return __real_flock(fd, operation);
}

struct place {
    char path[300], partial[320];
};

static struct place place(void)
{
    struct place p;

    snprintf(p.path, sizeof(p.path), "%s", temp_path("out.swt"));
    snprintf(p.partial, sizeof(p.partial), "%s.partial", p.path);
    return p;
}

static void put_file(const char *path, const char *text)
{
    FILE *fp = fopen(path, "w");

    assert_non_null(fp);
    assert_true(fputs(text, fp) >= 0);
    assert_int_equal(fclose(fp), 0);
}

static void check_file(const char *path, const char *text)
{
    char have[64] = "";
    FILE *fp = fopen(path, "r");

    assert_non_null(fp);
    have[fread(have, 1, sizeof(have) - 1, fp)] = '\0';
    fclose(fp);
    assert_string_equal(have, text);
}

static void check_refused(const struct place *p, bool force, enum err_code want,
                          const char *text)
{
    struct outfile f;
    struct err err = { 0 };

    assert_int_equal(outfile_open(&f, p->path, force, &err), want);
    assert_int_equal(f.fd, -1);
    assert_non_null(strstr(err.text, text));
}

static void outfile__gets_its_name_when_published(void **unused)
{
    struct place p = place();
    struct outfile f;
    struct stat st;
    struct err err = { 0 };
    mode_t old = umask(0);

    (void)unused;
    assert_int_equal(outfile_open(&f, p.path, false, &err), ERR_OK);
    umask(old);
    assert_int_equal(stat(p.partial, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(stat(p.path, &st), -1);
    assert_int_equal(outfile_write(&f, 0, "good bad", 8, &err), ERR_OK);
    outfile_cut(&f, 5);
    assert_int_equal(outfile_write(&f, 5, "bye", 3, &err), ERR_OK);
    assert_int_equal(outfile_publish(&f, &err), ERR_OK);
    outfile_close(&f, false);
    check_file(p.path, "good bye");
    assert_int_equal(access(p.partial, F_OK), -1);
}

static void outfile__can_be_discarded(void **unused)
{
    struct place p = place();
    struct outfile f;
    struct err err = { 0 };

    (void)unused;
    assert_int_equal(outfile_open(&f, p.path, false, &err), ERR_OK);
    outfile_close(&f, true);
    assert_int_equal(access(p.partial, F_OK), -1);
    assert_int_equal(outfile_open(&f, p.path, false, &err), ERR_OK);
    outfile_close(&f, false);
    assert_int_equal(access(p.partial, F_OK), 0);
}

static void outfile__replaces_only_with_force(void **unused)
{
    struct place p = place();
    struct outfile f;
    struct err err = { 0 };

    (void)unused;
    put_file(p.path, "old");
    check_refused(&p, false, ERR_USAGE, "--force");
    assert_int_equal(access(p.partial, F_OK), -1);
    assert_int_equal(outfile_open(&f, p.path, true, &err), ERR_OK);
    check_file(p.path, "old"); /* until the new one is whole */
    assert_int_equal(outfile_write(&f, 0, "new", 3, &err), ERR_OK);
    assert_int_equal(outfile_publish(&f, &err), ERR_OK);
    outfile_close(&f, false);
    check_file(p.path, "new");
}

static void outfile__respects_a_living_recording(void **unused)
{
    struct place p = place();
    struct outfile f;
    struct err err = { 0 };

    (void)unused;
    assert_int_equal(outfile_open(&f, p.path, false, &err), ERR_OK);
    check_refused(&p, false, ERR_USAGE, "being recorded");
    check_refused(&p, true, ERR_USAGE, "being recorded");
    assert_int_equal(outfile_write(&f, 0, "mine", 4, &err), ERR_OK);
    assert_int_equal(outfile_publish(&f, &err), ERR_OK);
    outfile_close(&f, false);
    check_file(p.path, "mine");
}

static void outfile__replaces_a_dead_recording_with_force(void **unused)
{
    struct place p = place();
    struct outfile f;
    struct stat before, after;
    struct err err = { 0 };
    int fd;

    (void)unused;
    put_file(p.partial, "dead");
    check_refused(&p, false, ERR_USAGE, "--force");
    check_file(p.partial, "dead");
    /* A reader that has it open keeps what it has: the file is another. */
    fd = open(p.partial, O_RDONLY);
    assert_int_equal(fstat(fd, &before), 0);
    assert_int_equal(outfile_open(&f, p.path, true, &err), ERR_OK);
    assert_int_equal(stat(p.partial, &after), 0);
    assert_int_not_equal(before.st_ino, after.st_ino);
    assert_int_equal(after.st_size, 0);
    close(fd);
    outfile_close(&f, true);
}

/* Between creating a file and locking it, somebody took it for dead. */
static void outfile__notices_that_its_file_was_removed(void **unused)
{
    struct place p = place();
    struct outfile f;
    struct stat open_st, named_st;
    struct err err = { 0 };

    (void)unused;
    racing_path = p.partial;
    assert_int_equal(outfile_open(&f, p.path, false, &err), ERR_OK);
    assert_null(racing_path);
    assert_int_equal(stat(p.partial, &named_st), 0);
    assert_int_equal(fstat(f.fd, &open_st), 0);
    assert_int_equal(open_st.st_ino, named_st.st_ino);
    outfile_close(&f, true);

    put_file(p.partial, "dead");
    racing_path = p.partial;
    assert_int_equal(outfile_open(&f, p.path, false, &err), ERR_OK);
    outfile_close(&f, true);
}

/* --force must not replace a device, nor follow a link laid out for it. */
static void outfile__stays_away_from_odd_files(void **unused)
{
    struct place p = place();
    struct place victim = place();
    struct place device = { .path = "/dev/null" };
    struct place folder = { .path = "/tmp" };
    struct place nowhere = { .path = "/nowhere/x.swt" };
    struct stat st;

    (void)unused;
    check_refused(&device, true, ERR_USAGE, "not a regular file");
    check_refused(&folder, true, ERR_USAGE, "not a regular file");
    check_refused(&nowhere, true, ERR_IO, "/nowhere/x.swt");

    put_file(victim.path, "victim");
    assert_int_equal(symlink(victim.path, p.partial), 0);
    check_refused(&p, false, ERR_IO, ".partial");
    check_refused(&p, true, ERR_IO, ".partial");
    check_file(victim.path, "victim");
    assert_int_equal(lstat(p.partial, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
}

static void outfile__publishes_over_nothing_that_came_meanwhile(void **unused)
{
    (void)unused;
    for (int i = 0; i < 2; i++) {
        struct place p = place();
        struct outfile f;
        struct err err = { 0 };

        assert_int_equal(outfile_open(&f, p.path, false, &err), ERR_OK);
        put_file(p.path, "theirs");
        is_old_disk = i == 1;
        assert_int_equal(outfile_publish(&f, &err), ERR_USAGE);
        assert_int_equal(unlink(p.path), 0);
        assert_int_equal(outfile_publish(&f, &err), ERR_OK);
        is_old_disk = false;
        outfile_close(&f, false);
        assert_int_equal(access(p.path, F_OK), 0);
        assert_int_equal(access(p.partial, F_OK), -1);
    }
}

static void outfile__says_when_it_cannot_be_published(void **unused)
{
    struct place p = place();
    struct outfile f;
    struct err err = { 0 };

    (void)unused;
    assert_int_equal(outfile_open(&f, p.path, false, &err), ERR_OK);
    assert_int_equal(unlink(p.partial), 0);
    assert_int_equal(outfile_publish(&f, &err), ERR_IO);
    assert_int_equal(err.sys_errno, ENOENT);
    assert_false(f.is_published);
    outfile_close(&f, false);
}

static void outfile__knows_a_full_disk(void **unused)
{
    static const struct {
        enum err_code code;
        int sys_errno;
        bool want;
    } cases[] = {
        { ERR_IO, ENOSPC, true }, { ERR_IO, EDQUOT, true },
        { ERR_IO, EFBIG, true },  { ERR_IO, EIO, false },
        { ERR_IO, 0, false },     { ERR_NO_MEMORY, ENOSPC, false },
    };

    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err err = { .code = cases[i].code,
                           .sys_errno = cases[i].sys_errno };

        assert_int_equal(outfile_is_full(&err), cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outfile__gets_its_name_when_published),
        cmocka_unit_test(outfile__can_be_discarded),
        cmocka_unit_test(outfile__replaces_only_with_force),
        cmocka_unit_test(outfile__respects_a_living_recording),
        cmocka_unit_test(outfile__replaces_a_dead_recording_with_force),
        cmocka_unit_test(outfile__notices_that_its_file_was_removed),
        cmocka_unit_test(outfile__stays_away_from_odd_files),
        cmocka_unit_test(outfile__publishes_over_nothing_that_came_meanwhile),
        cmocka_unit_test(outfile__says_when_it_cannot_be_published),
        cmocka_unit_test(outfile__knows_a_full_disk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
