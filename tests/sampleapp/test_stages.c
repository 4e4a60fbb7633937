/*
 * test_stages.c - the stages against each other on requests that nobody would
 * send by mistake, and on a machine without memory.
 */
#include "auth.h"
#include "load.h"
#include "token.h"

#include "support/alloc_fail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_SIZE = 1200, ANSWER_SIZE = 512, MUTATIONS = 20000 };

#define ALG "{\"alg\":\"HS256\"}"
#define CLAIMS(sub, exp) "{\"sub\":" sub ",\"iss\":\"idp\",\"exp\":" exp "}"
#define ADA "\"ada\""
#define LATER "4102444800"
#define GOOD CLAIMS(ADA, LATER)
#define SIXTY_FOUR \
    "0000000000000000000000000000000000000000000000000000000000000000"

/* What one request led to, as text: status, challenge, body, log line. */
struct answer {
    char text[ANSWER_SIZE];
};

struct fixture {
    struct users users;
    struct answer log;
    struct auth_setup setup;
    struct auth_middleware *mw[AUTH_STAGE_COUNT];
};

static void keep_line(void *ctx, const char *line, size_t size)
{
    struct answer *log = ctx;

    snprintf(log->text, sizeof(log->text), "%.*s", (int)size, line);
}

static void open_stages(struct fixture *f)
{
    assert_true(sodium_init() >= 0);
    assert_null(users_init(&f->users, users_json));
    f->setup = (struct auth_setup){
        &auth_config_default, &f->users, { keep_line, &f->log }, load_now_s
    };
    for (int i = 0; i < AUTH_STAGE_COUNT; i++) {
        f->mw[i] = auth_stages[i]->open(&f->setup);
        assert_non_null(f->mw[i]);
    }
}

static void close_stages(struct fixture *f)
{
    for (int i = 0; i < AUTH_STAGE_COUNT; i++)
        auth_stages[i]->close(f->mw[i]);
}

static struct http_connection connection_of(const struct http_field *field)
{
    return (struct http_connection){ .remote = "127.0.0.1",
                                     .method = "GET",
                                     .path = "/me",
                                     .fields = field,
                                     .field_count = 1 };
}

static void ask(struct fixture *f, int stage, const char *value,
                struct answer *out)
{
    struct http_field field = { "authorization", value };
    struct http_connection connection = connection_of(&field);
    struct http_response *response;

    f->log.text[0] = '\0';
    response = auth_stages[stage]->serve(f->mw[stage], &connection);
    assert_non_null(response);
    snprintf(out->text, sizeof(out->text), "%d|%s|%s|%.200s", response->status,
             response->challenge == NULL ? "" : response->challenge,
             response->body, f->log.text);
    http_response_free(response);
}

/* Asks every stage; all must give the same answer. Returns its status. */
static int ask_all(struct fixture *f, const char *value)
{
    struct answer first, other;

    ask(f, 0, value, &first);
    for (int i = 1; i < AUTH_STAGE_COUNT; i++) {
        ask(f, i, value, &other);
        if (strcmp(first.text, other.text) != 0)
            print_error("stage %d differs on: %s\n", i, value);
        assert_string_equal(other.text, first.text);
    }
    return atoi(first.text);
}

/* The same for a token with this header and payload, signed with the key. */
static int ask_signed(struct fixture *f, const char *header,
                      const char *payload)
{
    char value[VALUE_SIZE] = "Bearer ";
    int status;

    assert_true(token_make(auth_config_default.key, header, payload, value + 7,
                           sizeof(value) - 7));
    status = ask_all(f, value);
    if (status == 0)
        print_error("no status for: %s\n", payload);
    return status;
}

static void stages__judge_authorization_lines(void **unused)
{
    /* clang-format off */
    static const struct {
        const char *what;
        const char *value;
        int status;
    } cases[] = {
        { "empty",                  "",                       401 },
        { "scheme only",            "Bearer",                 401 },
        { "no token",               "Bearer ",                401 },
        { "another scheme",         "Basic YWRhOmFkYQ==",     401 },
        { "scheme runs on",         "Bearers x.y.z",          401 },
        { "one part",               "Bearer abc",             401 },
        { "two parts",              "Bearer abc.def",         401 },
        { "dots only",              "Bearer ..",              401 },
        { "four parts",             "Bearer a.b.c.d",         401 },
        { "not base64url",          "Bearer !!!.???.***",     401 },
        { "padded base64",          "Bearer YQ==.YQ==.YQ==",  401 },
        { "no algorithm",           "Bearer e30.e30.",        401 },
        { "bytes above 127",        "Bearer \xff.\xfe.\xfd",  401 },
    };
    /* clang-format on */
    struct fixture f;

    (void)unused;
    open_stages(&f);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        print_message("  %s\n", cases[i].what);
        assert_int_equal(ask_all(&f, cases[i].value), cases[i].status);
    }
    close_stages(&f);
}

static void stages__judge_signed_tokens(void **unused)
{
    /* clang-format off */
    static const struct {
        const char *what;
        const char *header;
        const char *payload;
        int status;
    } cases[] = {
        { "good", ALG, GOOD, 200 },
        { "alg and typ", "{\"typ\":\"JWT\",\"alg\":\"HS256\"}", GOOD, 200 },
        { "alg none", "{\"alg\":\"none\"}", GOOD, 401 },
        { "alg a number", "{\"alg\":256}", GOOD, 401 },
        { "alg twice", "{\"alg\":\"none\",\"alg\":\"HS256\"}", GOOD, 401 },
        { "header no object", "[\"HS256\"]", GOOD, 401 },
        { "nothing", ALG, "", 400 },
        { "white space", ALG, " \r\n\t", 400 },
        { "an array", ALG, "[" GOOD "]", 400 },
        { "a number", ALG, "17", 400 },
        { "no claims", ALG, "{}", 400 },
        { "spread out", ALG, " {\r\n\t\"sub\" : \"ada\" , \"iss\" :\"idp\","
                             "\"exp\": 4102444800 }\n", 200 },
        { "more behind it", ALG, GOOD "x", 400 },
        { "comma too many", ALG, CLAIMS(ADA, "4102444800,"), 400 },
        { "comma too few", ALG, "{\"sub\":\"ada\"\"iss\":\"idp\"}", 400 },
        { "not closed", ALG, "{\"sub\":\"ada\",\"iss\":\"idp\"", 400 },
        { "open text", ALG, "{\"sub\":\"ada", 400 },
        { "an escape", ALG, CLAIMS("\"a\\u0064a\"", LATER), 400 },
        { "sub a number", ALG, CLAIMS("1", LATER), 400 },
        { "sub twice", ALG, CLAIMS("\"ada\",\"sub\":\"bob\"", LATER), 200 },
        { "sub too long", ALG,
          CLAIMS("\"123456789012345678901234567890123\"", LATER), 400 },
        { "sub unknown", ALG, CLAIMS("\"eve\"", LATER), 403 },
        { "sub empty", ALG, CLAIMS("\"\"", LATER), 403 },
        { "another role", ALG, CLAIMS("\"bob\"", LATER), 403 },
        { "exp a text", ALG, CLAIMS(ADA, "\"4102444800\""), 400 },
        { "exp negative", ALG, CLAIMS(ADA, "-1"), 400 },
        { "exp huge", ALG, CLAIMS(ADA, "1e999"), 400 },
        { "exp 2^53", ALG, CLAIMS(ADA, "9007199254740992"), 400 },
        { "exp 2^53 - 1", ALG, CLAIMS(ADA, "9007199254740991"), 200 },
        { "exp with an e", ALG, CLAIMS(ADA, "4.1024448e9"), 200 },
        { "exp hexadecimal", ALG, CLAIMS(ADA, "0xffffffff"), 400 },
        { "exp infinite", ALG, CLAIMS(ADA, "-inf"), 400 },
        { "exp a long number", ALG, CLAIMS(ADA, "0." SIXTY_FOUR), 401 },
        { "exp within leeway", ALG, CLAIMS(ADA, "1699999970"), 200 },
        { "exp beyond leeway", ALG, CLAIMS(ADA, "1699999969"), 401 },
        { "values in values", ALG,
          CLAIMS(ADA ",\"a\":{\"sub\":[{},[],true,false,null]}", LATER), 200 },
    };
    /* clang-format on */
    struct fixture f;

    (void)unused;
    open_stages(&f);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        print_message("  %s\n", cases[i].what);
        assert_int_equal(ask_signed(&f, cases[i].header, cases[i].payload),
                         cases[i].status);
    }
    close_stages(&f);
}

static void stages__bound_the_depth_of_claims(void **unused)
{
    char payload[700];
    struct fixture f;

    (void)unused;
    open_stages(&f);
    memset(payload, '[', sizeof(payload));
    memcpy(payload, "{\"a\":", 5);
    payload[sizeof(payload) - 1] = '\0';
    assert_int_equal(ask_signed(&f, ALG, payload), 400);
    close_stages(&f);
}

/* xorshift32, so that each run tries the same. */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Good claims with a few bytes changed, dropped or doubled, and signed. */
static void stages__agree_on_mutated_claims(void **unused)
{
    static const char bytes[] = "{}[]\",:\\ \t\n0123456789"
                                "-+.eEadinuflrs\x01\x7f";
    uint32_t state = 2463534242u;
    struct fixture f;

    (void)unused;
    open_stages(&f);
    for (int round = 0; round < MUTATIONS; round++) {
        char payload[128] = GOOD;

        for (uint32_t n = next_random(&state) % 4 + 1; n > 0; n--) {
            size_t size = strlen(payload);
            size_t at = next_random(&state) % size;
            size_t pick = next_random(&state) % (sizeof(bytes) - 1);

            switch (next_random(&state) % 3) {
            case 0:
                payload[at] = bytes[pick];
                break;
            case 1:
                memmove(payload + at, payload + at + 1, size - at);
                break;
            default:
                memmove(payload + at + 1, payload + at, size - at + 1);
            }
        }
        ask_signed(&f, ALG, payload);
    }
    close_stages(&f);
}

/* Fails the first allocation of a good request, then the second, and so on
 * until one goes through. Each must be refused or answered in full. */
static void stages__survive_each_failed_allocation(void **unused)
{
    char value[VALUE_SIZE] = "Bearer ";
    struct http_field field = { "Authorization", value };
    struct http_connection connection = connection_of(&field);
    struct fixture f;

    (void)unused;
    open_stages(&f);
    assert_true(token_make(auth_config_default.key, ALG, GOOD, value + 7,
                           sizeof(value) - 7));
    for (int i = 0; i < AUTH_STAGE_COUNT; i++) {
        bool reached = true;

        for (size_t nth = 1; reached && nth < 1000; nth++) {
            struct auth_middleware *mw = auth_stages[i]->open(&f.setup);
            struct http_response *response;

            assert_non_null(mw);
            alloc_fail_at(nth);
            response = auth_stages[i]->serve(mw, &connection);
            reached = alloc_fail_happened();
            alloc_fail_at(0);
            if (response != NULL && response->status == 200)
                assert_non_null(strstr(response->body, "\"ada\""));
            assert_true(reached || response != NULL);
            http_response_free(response);
            auth_stages[i]->close(mw);
        }
        assert_false(reached);
    }
    close_stages(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stages__judge_authorization_lines),
        cmocka_unit_test(stages__judge_signed_tokens),
        cmocka_unit_test(stages__bound_the_depth_of_claims),
        cmocka_unit_test(stages__agree_on_mutated_claims),
        cmocka_unit_test(stages__survive_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
