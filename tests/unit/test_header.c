#include "trace/header.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "support/alloc_fail.h"

static char program[] = "/opt/my app/bin/\"app\"";
static char first[] = "app", second[] = "--name=\xff\x01\n\\", third[] = "";
static char *argv[] = { first, second, third, NULL };
static char op[] = "handle(int, char *)", engine[] = "breakpoint",
            version[] = "0.1.0", machine[] = "Linux 6.1.0 x86_64";

static const struct trace_header example = {
    .program = program,
    .argv = argv,
    .argc = 3,
    .op = op,
    .warmup_ops = 100,
    .frames_exact = true,
    .engine = engine,
    .version = version,
    .machine = machine,
    .started_unix_s = INT64_C(1700000000),
    .pid = 4194304,
};

static void check_equal(const struct trace_header *a,
                        const struct trace_header *b)
{
    assert_string_equal(a->program, b->program);
    assert_int_equal(a->argc, b->argc);
    for (size_t i = 0; i < a->argc; i++)
        assert_string_equal(a->argv[i], b->argv[i]);
    assert_null(a->argv[a->argc]);
    assert_string_equal(a->op, b->op);
    assert_int_equal(a->warmup_ops, b->warmup_ops);
    assert_int_equal(a->frames_exact, b->frames_exact);
    assert_string_equal(a->engine, b->engine);
    assert_string_equal(a->version, b->version);
    assert_string_equal(a->machine, b->machine);
    assert_int_equal(a->started_unix_s, b->started_unix_s);
    assert_int_equal(a->pid, b->pid);
    assert_int_equal(a->argv_left_out, b->argv_left_out);
}

/* To text and back; the caller frees with header_fini. */
static struct trace_header round_trip(const struct trace_header *h)
{
    struct trace_header out;
    struct err err = { 0 };
    char *text;

    assert_int_equal(header_to_text(h, &text, &err), ERR_OK);
    assert_int_equal(header_from_text(text, strlen(text), &out, &err), ERR_OK);
    free(text);
    return out;
}

static void header__comes_back_from_text(void **unused)
{
    struct trace_header h = round_trip(&example);

    (void)unused;
    check_equal(&h, &example);
    header_fini(&h);
    assert_null(h.program);
    header_fini(&h); /* empty: nothing happens */
}

static void header__without_op_stays_without(void **unused)
{
    struct trace_header empty = { 0 };
    struct trace_header h = round_trip(&empty);

    (void)unused;
    assert_null(h.op);
    assert_string_equal(h.program, "");
    assert_int_equal(h.argc, 0);
    assert_null(h.argv[0]);
    assert_false(h.frames_exact);
    header_fini(&h);
}

static void header__counts_out_what_is_too_much(void **unused)
{
    char *many[HEADER_ARGV_MAX + 10];
    char *large = malloc(HEADER_ARGV_BYTES_MAX + 1);
    char *few[] = { first, large, second, NULL };
    struct trace_header h = { .argv = many, .argc = ARRAY_LEN(many) };
    struct trace_header out;

    (void)unused;
    assert_non_null(large);
    for (size_t i = 0; i < ARRAY_LEN(many); i++)
        many[i] = first;
    out = round_trip(&h);
    assert_int_equal(out.argc, HEADER_ARGV_MAX);
    assert_int_equal(out.argv_left_out, 10);
    header_fini(&out);

    memset(large, '\x01', HEADER_ARGV_BYTES_MAX);
    large[HEADER_ARGV_BYTES_MAX] = '\0';
    h = (struct trace_header){ .argv = few, .argc = 3, .argv_left_out = 5 };
    out = round_trip(&h);
    assert_int_equal(out.argc, 1);
    assert_int_equal(out.argv_left_out, 7);
    header_fini(&out);
    free(large);
}

/* clang-format off */
static const struct {
    const char *what;
    const char *text;
    enum err_code want;
    const char *program; /* when it is good */
    uint64_t warmup;
    int64_t pid;
} texts[] = {
    { "empty object",    "{}", ERR_OK, "", 0, 0 },
    { "unknown keys",    "{\"x\":[1,{}],\"program\":\"p\"}", ERR_OK, "p", 0, 0 },
    { "keys in capitals", "{\"PROGRAM\":\"p\"}", ERR_OK, "", 0, 0 },
    { "foreign types",   "{\"program\":7,\"pid\":\"x\",\"warmup_ops\":[]}",
      ERR_OK, "", 0, 0 },
    { "numbers too large", "{\"warmup_ops\":1e300,\"pid\":-1e300}",
      ERR_OK, "", UINT64_MAX, INT64_MIN },
    { "no numbers",      "{\"warmup_ops\":-5,\"pid\":1e999}",
      ERR_OK, "", 0, INT64_MAX },
    { "nothing",         "", ERR_BAD_FORMAT, NULL, 0, 0 },
    { "cut",             "{\"program\":\"p", ERR_BAD_FORMAT, NULL, 0, 0 },
    { "cut in a number", "{\"pid\":1", ERR_BAD_FORMAT, NULL, 0, 0 },
    { "no object",       "[]", ERR_BAD_FORMAT, NULL, 0, 0 },
    { "something after", "{} {}", ERR_BAD_FORMAT, NULL, 0, 0 },
    { "arguments that are numbers", "{\"argv\":[\"a\",2]}", ERR_BAD_FORMAT,
      NULL, 0, 0 },
};
/* clang-format on */

static void header__judges_texts(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct trace_header h;
        struct err err = { 0 };
        /* Not terminated: reading on is found by the sanitizer. */
        size_t size = strlen(texts[i].text);
        char *copy = malloc(size + (size == 0));

        print_message("  %s\n", texts[i].what);
        assert_non_null(copy);
        memcpy(copy, texts[i].text, size);
        assert_int_equal(header_from_text(copy, size, &h, &err), texts[i].want);
        free(copy);
        if (texts[i].want != ERR_OK) {
            assert_null(h.argv);
            continue;
        }
        assert_string_equal(h.program, texts[i].program);
        assert_true(h.warmup_ops == texts[i].warmup);
        assert_true(h.pid == texts[i].pid);
        header_fini(&h);
    }
}

static void header__refuses_too_many_arguments(void **unused)
{
    char text[8 + 5 * (HEADER_ARGV_MAX + 1)] = "{\"argv\":[";
    struct trace_header h;
    struct err err = { 0 };

    (void)unused;
    for (int i = 0; i <= HEADER_ARGV_MAX; i++)
        strcat(text, i == 0 ? "\"\"" : ",\"\"");
    strcat(text, "]}");
    assert_int_equal(header_from_text(text, strlen(text), &h, &err),
                     ERR_BAD_FORMAT);
    assert_null(h.argv);
}

static void header__survives_each_failed_allocation(void **unused)
{
    struct trace_header h;
    struct err err = { 0 };
    enum err_code rc;
    char *text;
    size_t nth = 0;

    (void)unused;
    assert_int_equal(header_to_text(&example, &text, &err), ERR_OK);
    do {
        alloc_fail_at(++nth);
        rc = header_from_text(text, strlen(text), &h, &err);
        alloc_fail_at(0);
        if (rc != ERR_OK)
            assert_null(h.program);
    } while (rc == ERR_NO_MEMORY);
    assert_int_equal(rc, ERR_OK);
    assert_int_equal(nth, 1 + 1 + 5 + 1 + 3); /* copy, texts, argv, its 3 */
    check_equal(&h, &example);
    header_fini(&h);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header__comes_back_from_text),
        cmocka_unit_test(header__without_op_stays_without),
        cmocka_unit_test(header__counts_out_what_is_too_much),
        cmocka_unit_test(header__judges_texts),
        cmocka_unit_test(header__refuses_too_many_arguments),
        cmocka_unit_test(header__survives_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
