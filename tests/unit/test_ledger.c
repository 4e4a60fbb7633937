#include "trace/ledger.h"

#include <cjson/cJSON.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void ledger__lists_every_field_once(void **unused)
{
    bool seen[sizeof(struct ledger) / sizeof(uint64_t)] = { false };

    (void)unused;
    assert_int_equal(ledger_field_count, ARRAY_LEN(seen));
    for (size_t i = 0; i < ledger_field_count; i++) {
        const struct ledger_field *f = &ledger_fields[i];

        assert_int_equal(f->offset % sizeof(uint64_t), 0);
        assert_false(seen[f->offset / sizeof(uint64_t)]);
        seen[f->offset / sizeof(uint64_t)] = true;
        assert_true(f->name[0] != '\0' && f->meaning[0] != '\0');
        assert_int_equal(f->is_signed,
                         f->offset == offsetof(struct ledger, exit_status));
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(f->name, ledger_fields[j].name);
    }
}

static void ledger__comes_back_from_text(void **unused)
{
    struct ledger l = { 0 }, back;
    struct err err = { 0 };
    char *text;

    (void)unused;
    for (size_t i = 0; i < ledger_field_count; i++) {
        uint64_t value = UINT64_C(1000000000000000) - i;

        memcpy((char *)&l + ledger_fields[i].offset, &value, sizeof(value));
    }
    l.exit_status = -1;
    assert_int_equal(ledger_to_text(&l, &text, &err), ERR_OK);
    assert_int_equal(ledger_from_text(text, strlen(text), &back, &err), ERR_OK);
    assert_memory_equal(&l, &back, sizeof(l));
    for (size_t i = 0; i < ledger_field_count; i++)
        assert_true(ledger_get(&l, &ledger_fields[i]) ==
                    ledger_get(&back, &ledger_fields[i]));
    free(text);
}

/* What another program would see: the number, under the field's name. */
static void ledger__is_plain_json(void **unused)
{
    struct ledger l = { .stops_watch = 41, .exit_status = -1 };
    struct cJSON *json = ledger_to_json(&l);

    (void)unused;
    assert_non_null(json);
    assert_true(
        cJSON_GetNumberValue(cJSON_GetObjectItem(json, "stops_watch")) == 41);
    assert_true(
        cJSON_GetNumberValue(cJSON_GetObjectItem(json, "exit_status")) == -1);
    cJSON_Delete(json);
}

/* clang-format off */
static const struct {
    const char *what;
    const char *text;
    enum err_code want;
    uint64_t events;
    int64_t exit_status;
} texts[] = {
    { "empty object",  "{}", ERR_OK, 0, 0 },
    { "unknown keys",  "{\"x\":1,\"events\":3}", ERR_OK, 3, 0 },
    { "foreign types", "{\"events\":\"3\",\"exit_status\":null}", ERR_OK, 0, 0 },
    { "out of range",  "{\"events\":-3,\"exit_status\":1e30}", ERR_OK, 0,
      INT64_MAX },
    { "far too many",  "{\"events\":1e30,\"exit_status\":-1e30}", ERR_OK,
      UINT64_MAX, INT64_MIN },
    { "infinite",      "{\"events\":1e999}", ERR_OK, UINT64_MAX, 0 },
    { "no object",     "3", ERR_BAD_FORMAT, 0, 0 },
    { "nothing",       "", ERR_BAD_FORMAT, 0, 0 },
};
/* clang-format on */

static void ledger__judges_texts(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct ledger l;
        struct err err = { 0 };

        print_message("  %s\n", texts[i].what);
        memset(&l, 0xff, sizeof(l));
        assert_int_equal(
            ledger_from_text(texts[i].text, strlen(texts[i].text), &l, &err),
            texts[i].want);
        assert_true(l.events == texts[i].events);
        assert_true(l.exit_status == texts[i].exit_status);
        assert_int_equal(l.stops, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ledger__lists_every_field_once),
        cmocka_unit_test(ledger__comes_back_from_text),
        cmocka_unit_test(ledger__is_plain_json),
        cmocka_unit_test(ledger__judges_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
