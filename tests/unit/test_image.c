#include "symbols/image.h"

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

#include "support/alloc_fail.h"
#include "support/temp_file.h"
#include "symbols/maps.h"
#include "symbols/specimen.h"

static const char self[] = "/proc/self/exe";
static const char libc_path[] = "/lib/x86_64-linux-gnu/libc.so.6";

/* The bias of this very program, as a recording finds it. */
static uint64_t self_bias(const struct image *img)
{
    struct maps m;
    struct err err = { 0 };
    const struct map_entry *here;
    uint64_t vaddr;
    uint64_t bias;

    assert_int_equal(maps_read(getpid(), &m, &err), ERR_OK);
    here = maps_find(&m, (tracee_addr)(uintptr_t)self_bias);
    assert_non_null(here);
    assert_true(image_vaddr_of_offset(img, here->file_offset, &vaddr));
    bias = here->start - vaddr;
    maps_fini(&m);
    return bias;
}

struct found {
    uint64_t vaddr;
    size_t count;
    bool is_ifunc;
};

static void note(void *ctx, const struct image_symbol *s)
{
    struct found *found = ctx;

    found->vaddr = s->vaddr;
    found->is_ifunc |= s->is_ifunc;
    found->count++;
}

static struct image *open_or_fail(const char *path)
{
    struct image *img;
    struct err err = { 0 };

    if (image_open(path, &img, &err) != ERR_OK)
        fail_msg("%s", err.text);
    return img;
}

static void image__knows_its_own_functions(void **unused)
{
    struct image *img = open_or_fail(self);
    uint64_t bias = self_bias(img);
    uint64_t here = (uint64_t)(uintptr_t)self_bias - bias;
    struct found found = { 0 };
    struct image_symbol symbol;
    struct err err = { 0 };

    (void)unused;
    assert_int_equal(image_find_functions(img, "self_bias", note, &found, &err),
                     ERR_OK);
    assert_int_equal(found.count, 1);
    assert_true(found.vaddr == here);
    assert_int_equal(image_function_at(img, here + 1, &symbol, &err), ERR_OK);
    assert_string_equal(symbol.name, "self_bias");
    assert_true(symbol.vaddr == here && symbol.size_bytes > 1);
    assert_int_equal(image_function_at(img, UINT64_MAX, &symbol, &err),
                     ERR_NOT_FOUND);
    assert_int_equal(image_function_at(img, 0, &symbol, &err), ERR_NOT_FOUND);
    found = (struct found){ 0 };
    assert_int_equal(
        image_find_functions(img, "no such function", note, &found, &err),
        ERR_OK);
    assert_int_equal(found.count, 0);
    image_close(img);
}

static void check_lookup(void *ctx, const struct image_symbol *s)
{
    struct image *img = ctx;
    struct image_symbol found;
    struct err err = { 0 };

    assert_int_equal(image_function_at(img, s->vaddr, &found, &err), ERR_OK);
    assert_true(found.vaddr == s->vaddr);
}

static void image__finds_every_function_at_its_start(void **unused)
{
    struct image *img = open_or_fail(self);
    struct err err = { 0 };

    (void)unused;
    assert_int_equal(image_each_function(img, check_lookup, img, &err), ERR_OK);
    image_close(img);
}

static void image__reads_the_c_library(void **unused)
{
    struct found found = { 0 };
    struct image_symbol symbol;
    struct err err = { 0 };
    struct image *img;

    (void)unused;
    if (access(libc_path, R_OK) != 0)
        skip();
    img = open_or_fail(libc_path);
    assert_string_equal(image_soname(img), "libc.so.6");
    assert_int_equal(strlen(image_build_id(img)), 40);
    assert_string_equal(image_path(img), libc_path);
    assert_false(image_is_static(img));
    assert_int_equal(image_find_functions(img, "strdup", note, &found, &err),
                     ERR_OK);
    assert_int_equal(found.count, 1);
    assert_false(found.is_ifunc);
    /* __strdup is global and strdup weak: people call strdup. */
    assert_int_equal(image_function_at(img, found.vaddr + 1, &symbol, &err),
                     ERR_OK);
    assert_string_equal(symbol.name, "strdup");
    found = (struct found){ 0 };
    assert_int_equal(image_find_functions(img, "memcpy", note, &found, &err),
                     ERR_OK);
    assert_true(found.is_ifunc);
    image_close(img);
}

static void image__tells_what_is_static(void **unused)
{
    struct image *img = open_or_fail(self);

    (void)unused;
    assert_false(image_is_static(img));
    assert_string_equal(image_soname(img), "");
    assert_true(image_entry(img) != 0);
    image_close(img);
}

static void image__spans_its_segments(void **unused)
{
    struct image *img = open_or_fail(self);
    uint64_t start, end;
    uint64_t bias = self_bias(img);
    uint64_t here = (uint64_t)(uintptr_t)self_bias - bias;
    uint64_t vaddr;

    (void)unused;
    image_span(img, &start, &end);
    assert_true(start % 4096 == 0 && end % 4096 == 0);
    assert_true(here >= start && here < end);
    assert_false(image_vaddr_of_offset(img, UINT64_MAX, &vaddr));
    assert_false(image_vaddr_of_offset(img, UINT64_C(1) << 40, &vaddr));
    image_close(img);
}

/* Only through the descriptor: the file is gone. */
static void image__outlives_its_file(void **unused)
{
    struct specimen s;
    struct found found = { 0 };
    struct err err = { 0 };
    struct image *img;

    (void)unused;
    specimen_open(&s, self, 1);
    img = open_or_fail(specimen_whole(&s));
    specimen_close(&s);
    assert_int_equal(image_find_functions(img, "self_bias", note, &found, &err),
                     ERR_OK);
    assert_int_equal(found.count, 1);
    assert_string_equal(image_debug_path(img), image_self_path(img));
    assert_int_equal(access(image_debug_path(img), R_OK), 0);
    image_close(img);
}

/* A file without DWARF or symbols of its own, and beside it one that has
 * them, named by .gnu_debuglink. */
static void image__finds_a_separate_debug_file(void **unused)
{
    char command[2048];
    const char *stripped = temp_path("stripped");
    const char *debug = temp_path("symbols.debug");
    struct found found = { 0 };
    struct err err = { 0 };
    struct image *img;
    char exe[512];
    ssize_t size = readlink(self, exe, sizeof(exe) - 1);

    (void)unused;
    assert_true(size > 0);
    exe[size] = '\0';
    /* Without the build id the checksum alone proves the file. */
    snprintf(command, sizeof(command),
             "objcopy --only-keep-debug '%s' '%s' 2>/dev/null && "
             "objcopy --strip-all --remove-section=.note.gnu.build-id "
             "--add-gnu-debuglink='%s' '%s' '%s' 2>/dev/null",
             exe, debug, debug, exe, stripped);
    if (system(command) != 0)
        skip(); /* no objcopy */
    img = open_or_fail(stripped);
    assert_non_null(image_debug_path(img));
    assert_string_equal(image_debug_path(img), debug);
    assert_int_equal(image_find_functions(img, "self_bias", note, &found, &err),
                     ERR_OK);
    assert_int_equal(found.count, 1);
    image_close(img);

    assert_int_equal(truncate(debug, 4096), 0); /* the checksum is wrong now */
    img = open_or_fail(stripped);
    assert_null(image_debug_path(img));
    image_close(img);
}

static void image__refuses_what_is_no_program(void **unused)
{
    static const char text[] = "#!/bin/sh\necho hello\n";
    struct image *img;
    struct err err = { 0 };
    const char *fifo = temp_path("fifo");

    (void)unused;
    assert_int_equal(image_open("/no/such/file", &img, &err), ERR_IO);
    assert_int_equal(image_open("/", &img, &err), ERR_BAD_FORMAT);
    assert_int_equal(image_open("/dev/zero", &img, &err), ERR_BAD_FORMAT);
    assert_int_equal(image_open(temp_file("", 0), &img, &err), ERR_BAD_FORMAT);
    assert_int_equal(image_open(temp_file(text, sizeof(text)), &img, &err),
                     ERR_BAD_FORMAT);
    assert_int_equal(mkfifo(fifo, 0600), 0); /* must not wait for a writer */
    assert_int_equal(image_open(fifo, &img, &err), ERR_BAD_FORMAT);
    assert_null(img);
}

static void image__refuses_other_machines(void **unused)
{
    struct specimen s;
    struct image *img;
    struct err err = { 0 };
    static const uint8_t arm[2] = { 40, 0 };
    static const uint8_t class32 = 1;

    (void)unused;
    specimen_open(&s, self, 1);
    assert_int_equal(pwrite(s.fd, arm, 2, 18), 2); /* e_machine */
    assert_int_equal(image_open(s.path, &img, &err), ERR_BAD_FORMAT);
    assert_non_null(strstr(err.text, "e_machine 40"));
    assert_int_equal(pwrite(s.fd, &class32, 1, 4), 1); /* EI_CLASS */
    assert_int_equal(image_open(s.path, &img, &err), ERR_BAD_FORMAT);
    specimen_close(&s);
}

/* Uses all that an image offers; nothing may crash, leak or hang. */
static void use(const char *path)
{
    struct image *img;
    struct err err = { 0 };
    struct found found = { 0 };
    struct image_symbol symbol;
    uint64_t vaddr;
    enum err_code rc = image_open(path, &img, &err);

    assert_true(rc == ERR_OK || rc == ERR_BAD_FORMAT || rc == ERR_IO);
    if (rc != ERR_OK) {
        assert_null(img);
        assert_true(err.text[0] != '\0');
        return;
    }
    image_debug_path(img);
    image_span(img, &vaddr, &vaddr);
    image_vaddr_of_offset(img, 0x1000, &vaddr);
    rc = image_each_function(img, note, &found, &err);
    assert_true(rc == ERR_OK);
    rc = image_function_at(img, found.vaddr + 1, &symbol, &err);
    assert_true(rc == ERR_OK || rc == ERR_NOT_FOUND);
    image_close(img);
}

static void image__survives_cuts(void **unused)
{
    struct specimen s;

    (void)unused;
    specimen_open(&s, self, 1);
    for (size_t size = 0; size < 512; size += 3)
        use(specimen_cut(&s, size));
    for (size_t size = 512; size < s.size; size += s.size / 50)
        use(specimen_cut(&s, size));
    specimen_close(&s);
}

/* The ELF header, the program headers behind it, the section headers at the
 * end, and anywhere. */
static void image__survives_damage(void **unused)
{
    struct specimen s;

    (void)unused;
    specimen_open(&s, self, 20240229);
    for (int i = 0; i < 300; i++) {
        use(specimen_damage(&s, 16, 64, 1 + specimen_random(&s, 4)));
        use(specimen_damage(&s, 64, 1024, 1 + specimen_random(&s, 8)));
        use(specimen_damage(&s, s.size - 3000, s.size,
                            1 + specimen_random(&s, 8)));
    }
    for (int i = 0; i < 100; i++)
        use(specimen_damage(&s, 0, s.size, SPECIMEN_CHANGES_MAX));
    specimen_close(&s);
}

static void image__survives_each_failed_allocation(void **unused)
{
    enum err_code rc = ERR_NO_MEMORY;
    size_t nth = 1;

    (void)unused;
    for (; rc == ERR_NO_MEMORY && nth < 1000; nth++) {
        struct image *img;
        struct err err = { 0 };
        struct image_symbol symbol;

        alloc_fail_at(nth);
        rc = image_open(self, &img, &err);
        if (rc == ERR_OK)
            rc = image_function_at(img, image_entry(img), &symbol, &err);
        alloc_fail_at(0);
        image_close(img);
    }
    assert_int_equal(rc, ERR_OK);
    assert_true(nth > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(image__knows_its_own_functions),
        cmocka_unit_test(image__finds_every_function_at_its_start),
        cmocka_unit_test(image__reads_the_c_library),
        cmocka_unit_test(image__tells_what_is_static),
        cmocka_unit_test(image__spans_its_segments),
        cmocka_unit_test(image__outlives_its_file),
        cmocka_unit_test(image__finds_a_separate_debug_file),
        cmocka_unit_test(image__refuses_what_is_no_program),
        cmocka_unit_test(image__refuses_other_machines),
        cmocka_unit_test(image__survives_cuts),
        cmocka_unit_test(image__survives_damage),
        cmocka_unit_test(image__survives_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
