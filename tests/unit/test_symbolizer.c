#include "symbols/symbolizer.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "support/alloc_fail.h"
#include "support/temp_file.h"
#include "symbols/demangle.h"
#include "symbols/intervals.h"
#include "symbols/suggest.h"

static struct symbolizer *new_or_fail(void)
{
    struct symbolizer *s;
    struct err err = { 0 };

    assert_int_equal(symbolizer_new(&s, &err), ERR_OK);
    return s;
}

static bool update(struct symbolizer *s, pid_t pid)
{
    struct maps m;
    struct err err = { 0 };
    bool changed;

    assert_int_equal(maps_read(pid, &m, &err), ERR_OK);
    assert_int_equal(symbolizer_update(s, &m, pid, &changed, &err), ERR_OK);
    maps_fini(&m);
    return changed;
}

static tracee_addr address_of(void (*function)(void **))
{
    return (tracee_addr)(uintptr_t)function;
}

static void symbolizer__knows_the_modules_of_a_process(void **unused)
{
    struct symbolizer *s = new_or_fail();
    tracee_addr here = address_of(symbolizer__knows_the_modules_of_a_process);
    const struct symbol_module *m;

    (void)unused;
    assert_int_equal(symbolizer_module_count(s), 0);
    assert_null(symbolizer_module_at(s, here));
    assert_true(update(s, getpid()));
    assert_false(update(s, getpid()));
    m = symbolizer_module_at(s, here);
    assert_non_null(m);
    assert_non_null(strstr(m->path, "test_symbolizer"));
    assert_true(here >= m->start && here < m->end);
    assert_false(m->is_runtime);
    assert_ptr_equal(symbolizer_module(s, m->number), m);
    assert_true(symbolizer_module_is_mapped(s, m->number));
    m = symbolizer_module_at(s, (tracee_addr)(uintptr_t)getenv);
    assert_non_null(m);
    assert_true(m->is_runtime);
    assert_null(symbolizer_module_at(s, 0));
    assert_null(symbolizer_module_at(s, UINT64_MAX));
    assert_null(symbolizer_module(s, 1000000));
    assert_false(symbolizer_module_is_mapped(s, 1000000));
    symbolizer_free(s);
}

static void symbolizer__names_and_unwinds_itself(void **unused)
{
    struct symbolizer *s = new_or_fail();
    tracee_addr here = address_of(symbolizer__names_and_unwinds_itself);
    struct line_call calls[LINE_CALLS_MAX];
    const struct symbol_module *m;
    const struct unwind_row *row, *again;
    struct err err = { 0 };
    size_t count;

    (void)unused;
    update(s, getpid());
    m = symbolizer_module_at(s, here);
    assert_non_null(m);
    assert_int_equal(
        symbolizer_name(s, m->number, here - m->bias, calls, &count, &err),
        ERR_OK);
    assert_int_equal(count, 1);
    assert_string_equal(calls[0].function,
                        "symbolizer__names_and_unwinds_itself");
    assert_int_equal(symbolizer_row(s, here, &row, &err), ERR_OK);
    assert_true(row->start == here - m->bias);
    assert_int_equal(symbolizer_row(s, here, &again, &err), ERR_OK);
    assert_ptr_equal(row, again);
    assert_int_equal(symbolizer_row(s, 16, &row, &err), ERR_NOT_FOUND);
    assert_null(row);
    assert_int_equal(
        symbolizer_name(s, m->number, UINT64_MAX, calls, &count, &err),
        ERR_NOT_FOUND);
    assert_int_equal(symbolizer_name(s, 1000000, 16, calls, &count, &err),
                     ERR_NOT_FOUND);
    assert_int_equal(count, 0);
    symbolizer_free(s);
}

/* libc's strdup is strdup, with its debug file installed or without. */
static void symbolizer__names_the_runtime_as_people_do(void **unused)
{
    struct symbolizer *s = new_or_fail();
    struct line_call calls[LINE_CALLS_MAX];
    const struct symbol_module *m = NULL;
    struct image_symbol symbol;
    struct err err = { 0 };
    uint64_t vaddr = 0;
    size_t count;

    (void)unused;
    update(s, getpid());
    for (size_t i = 0; i < symbolizer_module_count(s); i++)
        if (strcmp(image_soname(symbolizer_module(s, (uint32_t)i)->image),
                   "libc.so.6") == 0)
            m = symbolizer_module(s, (uint32_t)i);
    if (m == NULL) {
        symbolizer_free(s);
        skip();
    }
    vaddr = (uint64_t)(uintptr_t)getenv - m->bias;
    assert_int_equal(image_function_at(m->image, vaddr, &symbol, &err), ERR_OK);
    assert_string_equal(symbol.name, "getenv");
    assert_int_equal(symbolizer_name(s, m->number, vaddr, calls, &count, &err),
                     ERR_OK);
    assert_string_equal(calls[count - 1].function, "getenv");
    symbolizer_free(s);
}

static void symbolizer__keeps_the_numbers_of_what_is_gone(void **unused)
{
    static const struct maps nothing = { 0 };
    struct symbolizer *s = new_or_fail();
    tracee_addr here =
        address_of(symbolizer__keeps_the_numbers_of_what_is_gone);
    struct line_call calls[LINE_CALLS_MAX];
    struct err err = { 0 };
    uint32_t number;
    uint64_t vaddr;
    size_t count, all;
    bool changed;

    (void)unused;
    update(s, getpid());
    all = symbolizer_module_count(s);
    number = symbolizer_module_at(s, here)->number;
    vaddr = here - symbolizer_module_at(s, here)->bias;
    assert_int_equal(symbolizer_update(s, &nothing, 0, &changed, &err), ERR_OK);
    assert_true(changed);
    assert_null(symbolizer_module_at(s, here));
    assert_false(symbolizer_module_is_mapped(s, number));
    assert_int_equal(symbolizer_module_count(s), all);
    assert_int_equal(symbolizer_name(s, number, vaddr, calls, &count, &err),
                     ERR_OK);
    assert_true(update(s, getpid())); /* back at the same place */
    assert_int_equal(symbolizer_module_count(s), all);
    assert_int_equal(symbolizer_module_at(s, here)->number, number);
    symbolizer_free(s);
}

/* The same file at two places, as dlmopen(3) has it, and what is no module:
 * data, the vdso, a missing file, a file that is no program. */
static void symbolizer__tells_mappings_apart(void **unused)
{
    struct symbolizer *s = new_or_fail();
    char text[8192];
    char exe[1024];
    struct maps m;
    struct err err = { 0 };
    struct image *img;
    uint64_t vaddr;
    ssize_t size = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

    (void)unused;
    assert_true(size > 0);
    exe[size] = '\0';
    assert_int_equal(image_open(exe, &img, &err), ERR_OK);
    assert_true(image_vaddr_of_offset(img, 0x1000, &vaddr));
    image_close(img);
    snprintf(text, sizeof(text),
             "10000000-10001000 r-xp 00001000 fe:00 5 %s\n"
             "20000000-20001000 r-xp 00001000 fe:00 5 %s\n"
             "20001000-20002000 rw-p 00001000 fe:00 5 %s\n"
             "30000000-30001000 r-xp 00000000 fe:00 6 /no/such/file\n"
             "31000000-31001000 r-xp 00000000 fe:00 7 /etc/passwd\n"
             "32000000-32001000 r-xp 00000000 00:00 0 [vdso]\n"
             "33000000-33001000 rwxp 00000000 00:00 0 \n"
             "34000000-34001000 r-xp 00000000 fe:00 8 %s (deleted)\n",
             exe, exe, exe, exe);
    assert_int_equal(maps_parse(text, strlen(text), &m, &err), ERR_OK);
    assert_int_equal(symbolizer_update(s, &m, 0, NULL, &err), ERR_OK);
    assert_int_equal(symbolizer_module_count(s), 2);
    assert_true(symbolizer_module(s, 0)->bias == 0x10000000 - vaddr);
    assert_true(symbolizer_module(s, 1)->bias == 0x20000000 - vaddr);
    assert_ptr_equal(symbolizer_module(s, 0)->image,
                     symbolizer_module(s, 1)->image);
    assert_non_null(symbolizer_module_at(s, 0x10000fff));
    for (tracee_addr at = 0x30000000; at <= 0x34000000; at += 0x1000000)
        assert_null(symbolizer_module_at(s, at));
    maps_fini(&m);
    symbolizer_free(s);
}

static void copy_file(const char *from, const char *to)
{
    char command[2048];

    snprintf(command, sizeof(command), "cp '%s' '%s' && chmod 700 '%s'", from,
             to, to);
    assert_int_equal(system(command), 0);
}

/* A child whose program is replaced while it runs, and which then is gone
 * itself: its functions are still known. */
static void symbolizer__reads_a_deleted_program(void **unused)
{
    static const char *const programs[] = { "/bin/sleep", "/usr/bin/sleep" };
    struct symbolizer *s = new_or_fail();
    const char *path = temp_path("sleeper");
    const char *original = programs[access(programs[0], X_OK) != 0];
    const struct symbol_module *m;
    struct image *img;
    struct err err = { 0 };
    int ends[2];
    char byte;
    pid_t child;

    (void)unused;
    copy_file(original, path);
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        execl(path, path, "100", (char *)NULL);
        _exit(1);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 0); /* closed by the exec */
    close(ends[0]);
    assert_int_equal(unlink(path), 0);
    copy_file("/bin/sh", path); /* another program under its name */
    update(s, child);
    m = symbolizer_module(s, 0);
    assert_non_null(m);
    assert_non_null(strstr(m->path, "sleeper"));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_int_equal(image_open(original, &img, &err), ERR_OK);
    assert_string_equal(image_build_id(m->image), image_build_id(img));
    image_close(img);
    assert_int_equal(access(image_self_path(m->image), R_OK), 0);
    symbolizer_free(s);
}

/* clang-format off */
static const struct {
    const char *a, *b;
    size_t limit, want;
} distances[] = {
    { "", "", 3, 0 },            { "a", "", 3, 1 },
    { "", "abc", 3, 3 },         { "same", "same", 3, 0 },
    { "serve", "serv", 3, 1 },   { "serve", "sevre", 3, 1 },
    { "serve", "server", 3, 1 }, { "serve", "swerve", 3, 1 },
    { "kitten", "sitting", 3, 3 }, { "kitten", "sitting", 2, 3 },
    { "ca", "abc", 3, 3 }, /* 2 without the rule of optimal alignment */
    { "aaaaaaaaaa", "bbbbbbbbbb", 3, 4 },
};
/* clang-format on */

static void suggest__counts_changes(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(distances); i++) {
        print_message("  '%s' '%s'\n", distances[i].a, distances[i].b);
        assert_int_equal(suggest_distance(distances[i].a, distances[i].b,
                                          distances[i].limit),
                         distances[i].want);
        assert_int_equal(suggest_distance(distances[i].b, distances[i].a,
                                          distances[i].limit),
                         distances[i].want);
    }
}

static void suggest__ignores_absurd_names(void **unused)
{
    static char a[100000], b[100000];

    (void)unused;
    memset(a, 'x', sizeof(a) - 1);
    memset(b, 'x', sizeof(b) - 1);
    assert_int_equal(suggest_distance(a, b, 5), 6);
}

static void symbolizer__suggests_near_names(void **unused)
{
    struct symbolizer *s = new_or_fail();
    const char *near[SUGGESTIONS_MAX];

    (void)unused;
    assert_int_equal(symbolizer_suggest(s, "main", near), 0);
    update(s, getpid());
    assert_true(
        symbolizer_suggest(s, "symbolizer__suggests_near_naems", near) >= 1);
    assert_string_equal(near[0], "symbolizer__suggests_near_names");
    assert_int_equal(symbolizer_suggest(s, "", near), 0);
    assert_int_equal(
        symbolizer_suggest(s, "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", near), 0);
    symbolizer_free(s);
}

/* `f(pair<int, int>, pair<pair<int, int>, pair<int, int> >, ...)`: each
 * parameter doubles the text. */
static const char bomb[] =
    "_Z1f4pairIiiES_IS0_S0_ES_IS1_S1_ES_IS2_S2_ES_IS3_S3_ES_IS4_S4_ES_IS5_S5_E"
    "S_IS6_S6_ES_IS7_S7_ES_IS8_S8_ES_IS9_S9_ES_ISA_SA_ES_ISB_SB_ES_ISC_SC_E"
    "S_ISD_SD_ES_ISE_SE_ES_ISF_SF_ES_ISG_SG_ES_ISH_SH_ES_ISI_SI_ES_ISJ_SJ_E"
    "S_ISK_SK_ES_ISL_SL_ES_ISM_SM_ES_ISN_SN_ES_ISO_SO_ES_ISP_SP_ES_ISQ_SQ_E"
    "S_ISR_SR_ES_ISS_SS_ES_IST_ST_ES_ISU_SU_ES_ISV_SV_ES_ISW_SW_ES_ISX_SX_E";

/* clang-format off */
static const struct {
    const char *name, *want;
} names[] = {
    { "main", "main" },
    { "", "" },
    { "_Z", "_Z" },
    { "_ZN6shapes7counter3addERKNS0_4stepE",
      "shapes::counter::add(shapes::counter::step const&)" },
    { "_ZN6shapes12_GLOBAL__N_16hiddenEi",
      "shapes::(anonymous namespace)::hidden(int)" },
    { "_Znwm", "operator new(unsigned long)" },
    { "_ZN99999999999x", "_ZN99999999999x" },
    { bomb, bomb },
};
/* clang-format on */

static void demangle__reads_cxx_names(void **unused)
{
    struct demangler d = { 0 };
    struct err err = { 0 };

    (void)unused;
    for (int round = 0; round < 2; round++) { /* made, then remembered */
        for (size_t i = 0; i < ARRAY_LEN(names); i++) {
            const char *want =
                demangler_is_built_in() ? names[i].want : names[i].name;
            const char *out;

            assert_int_equal(demangler_find(&d, names[i].name, &out, &err),
                             ERR_OK);
            assert_string_equal(out, want);
        }
    }
    demangler_fini(&d);
}

static void demangle__survives_each_failed_allocation(void **unused)
{
    enum err_code rc = ERR_NO_MEMORY;

    (void)unused;
    for (size_t nth = 1; rc == ERR_NO_MEMORY && nth < 100; nth++) {
        struct demangler d = { 0 };
        struct err err = { 0 };
        const char *out;

        alloc_fail_at(nth);
        rc = demangler_find(&d, "_ZN6shapes7counter3addERKNS0_4stepE", &out,
                            &err);
        alloc_fail_at(0);
        demangler_fini(&d);
    }
    assert_int_equal(rc, ERR_OK);
}

/* Random ranges against looking at all of them. */
static void intervals__agree_with_a_plain_list(void **unused)
{
    uint64_t random = 5;
    struct intervals s = { 0 };
    struct err err = { 0 };
    uint32_t number = 0;

    (void)unused;
    assert_false(intervals_find(&s, 5, &number));
    for (uint32_t i = 0; i < 300; i++) {
        uint64_t low = (random = random * 6364136223846793005u + 1) >> 54;
        uint64_t size = (random = random * 6364136223846793005u + 1) >> 58;

        assert_int_equal(intervals_add(&s, low, low + size, i, &err), ERR_OK);
    }
    intervals_sort(&s);
    for (uint64_t at = 0; at < 1100; at++) {
        const struct interval *best = NULL;

        for (size_t i = 0; i < s.count; i++)
            if (at >= s.items[i].low && at < s.items[i].high)
                best = &s.items[i]; /* sorted: the last one is innermost */
        assert_int_equal(intervals_find(&s, at, &number), best != NULL);
        if (best != NULL)
            assert_int_equal(number, best->number);
    }
    for (size_t i = 0; i < s.count; i++)
        assert_true(s.items[i].low > 0 && s.items[i].low < s.items[i].high);
    intervals_fini(&s);
}

static void symbolizer__survives_each_failed_allocation(void **unused)
{
    enum err_code rc = ERR_NO_MEMORY;
    tracee_addr here = address_of(symbolizer__survives_each_failed_allocation);
    struct err err = { 0 };
    struct maps m;
    size_t nth = 1;

    (void)unused;
    assert_int_equal(maps_read(getpid(), &m, &err), ERR_OK);
    for (; rc == ERR_NO_MEMORY && nth < 2000; nth++) {
        struct line_call calls[LINE_CALLS_MAX];
        const struct unwind_row *row;
        struct symbolizer *s;
        size_t count;

        alloc_fail_at(nth);
        rc = symbolizer_new(&s, &err);
        if (rc == ERR_OK)
            rc = symbolizer_update(s, &m, getpid(), NULL, &err);
        if (rc == ERR_OK)
            rc = symbolizer_row(s, here, &row, &err);
        if (rc == ERR_OK) {
            const struct symbol_module *module = symbolizer_module_at(s, here);

            rc = symbolizer_name(s, module->number, here - module->bias, calls,
                                 &count, &err);
        }
        alloc_fail_at(0);
        symbolizer_free(s);
    }
    assert_int_equal(rc, ERR_OK);
    assert_true(nth > 20);
    maps_fini(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symbolizer__knows_the_modules_of_a_process),
        cmocka_unit_test(symbolizer__names_and_unwinds_itself),
        cmocka_unit_test(symbolizer__names_the_runtime_as_people_do),
        cmocka_unit_test(symbolizer__keeps_the_numbers_of_what_is_gone),
        cmocka_unit_test(symbolizer__tells_mappings_apart),
        cmocka_unit_test(symbolizer__reads_a_deleted_program),
        cmocka_unit_test(symbolizer__suggests_near_names),
        cmocka_unit_test(symbolizer__survives_each_failed_allocation),
        cmocka_unit_test(suggest__counts_changes),
        cmocka_unit_test(suggest__ignores_absurd_names),
        cmocka_unit_test(demangle__reads_cxx_names),
        cmocka_unit_test(demangle__survives_each_failed_allocation),
        cmocka_unit_test(intervals__agree_with_a_plain_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
