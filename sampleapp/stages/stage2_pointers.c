/*
 * stage2_pointers.c - contexts are passed as pointers, keys by address.
 *
 * Technique: who is handed a context is handed a pointer to it and promises,
 * by const, to leave it alone. A key is an object of which there is one, so
 * its address tells it apart and nobody builds, copies or compares names.
 *
 *                    before    now
 *   allocations/op      100     78
 *   bytes/op           1523   1224
 */
#include "byname.h"
#include "claims.h"
#include "stages/stages.h"
#include "token.h"

#include <stdio.h>
#include <stdlib.h>

/* Request and response, held until the line about them is logged. */
struct exchange {
    char *remote, *method, *path;         /* owned */
    const struct http_response *response; /* the caller's */
};

struct auth_middleware {
    struct auth_setup setup;
    struct exchange *exchange; /* of the request being served, or NULL */
};

/* What a check captures for one request. */
struct checker {
    struct auth_config *config; /* owned */
    const struct users *users;
    int64_t now_s;
};

/* The parts of a token, in the text it was cut from. */
struct token {
    char *header, *payload, *signature;
};

/* Keys are told apart by address; their names are for debuggers. */
struct context_key {
    const char *name;
};

static const struct context_key key_user = { "auth.user" };
static const struct context_key key_role = { "auth.role" };
static const struct context_key key_exp = { "auth.exp" };

/* What a context holds; the key says which. */
union value {
    const char *text; /* the users' */
    int64_t number;
};

/* One value of a session and the link to those set before it. */
struct context {
    struct context *parent; /* owned; NULL in the first */
    const struct context_key *key;
    union value value;
};

/* What a check found out. */
struct session {
    enum auth_result result;
    struct context *context; /* owned; set if the result is AUTH_OK */
};

static struct checker *checker_new(const struct auth_middleware *mw)
{
    struct checker *checker = malloc(sizeof(*checker));
    struct auth_config *config = byname_config_copy(mw->setup.config);

    if (checker == NULL || config == NULL) {
        byname_config_free(config);
        free(checker);
        return NULL;
    }
    *checker = (struct checker){ config, mw->setup.users, mw->setup.now_s() };
    return checker;
}

static void checker_free(struct checker *checker)
{
    if (checker != NULL)
        byname_config_free(checker->config);
    free(checker);
}

static void context_free(struct context *context)
{
    while (context != NULL) {
        struct context *parent = context->parent;

        free(context);
        context = parent;
    }
}

/* Takes `parent`, also when it returns NULL for want of memory. */
static struct context *context_link(struct context *parent,
                                    const struct context_key *key,
                                    union value value)
{
    struct context *context = malloc(sizeof(*context));

    if (context == NULL) {
        context_free(parent);
        return NULL;
    }
    *context = (struct context){ parent, key, value };
    return context;
}

/* Borrowed from the context. NULL if it is not there. */
static const union value *context_value(const struct context *context,
                                        const struct context_key *key)
{
    while (context != NULL && context->key != key)
        context = context->parent;
    return context == NULL ? NULL : &context->value;
}

/* Where memory was short a value is not there. */
static struct context *context_new(const struct user *user, int64_t exp_s)
{
    struct context *context;

    context =
        context_link(NULL, &key_user, (union value){ .text = user->name });
    context =
        context_link(context, &key_role, (union value){ .text = user->role });
    return context_link(context, &key_exp, (union value){ .number = exp_s });
}

/* False if out of memory. To be dropped in either case. */
static bool exchange_keep(struct auth_middleware *mw,
                          const struct http_request *request,
                          const struct http_response *response)
{
    struct exchange *exchange = malloc(sizeof(*exchange));

    mw->exchange = exchange;
    if (exchange == NULL)
        return false;
    exchange->remote = strdup(request->remote);
    exchange->method = strdup(request->method);
    exchange->path = strdup(request->path);
    exchange->response = response;
    return exchange->remote != NULL && exchange->method != NULL &&
           exchange->path != NULL;
}

static void exchange_drop(struct auth_middleware *mw)
{
    struct exchange *exchange = mw->exchange;

    mw->exchange = NULL;
    if (exchange == NULL)
        return;
    free(exchange->remote);
    free(exchange->method);
    free(exchange->path);
    free(exchange);
}

static enum auth_result check_size(const struct checker *checker,
                                   const struct http_request *request)
{
    char *max = byname_config(checker->config, "max");
    enum auth_result result = AUTH_NO_MEMORY;

    if (max != NULL)
        result = request->header_size > strtoul(max, NULL, 10)
                     ? AUTH_LARGE_HEADER
                     : AUTH_OK;
    free(max);
    return result;
}

/* On success *out is a copy of the token, the caller's. */
static enum auth_result bearer_token(const struct checker *checker,
                                     const struct http_request *request,
                                     char **out)
{
    char *scheme = byname_config(checker->config, "scheme");
    const char *token;

    if (scheme == NULL)
        return AUTH_NO_MEMORY;
    token = http_request_credentials(request, scheme);
    free(scheme);
    if (token == NULL)
        return AUTH_NO_TOKEN;
    *out = strdup(token);
    return *out == NULL ? AUTH_NO_MEMORY : AUTH_OK;
}

/* Cuts `text` at its first two dots, in place. */
static enum auth_result token_cut(char *text, struct token *out)
{
    out->header = strsep(&text, ".");
    out->payload = strsep(&text, ".");
    out->signature = text;
    return out->signature == NULL ? AUTH_BAD_TOKEN : AUTH_OK;
}

static enum auth_result check_signature(const struct checker *checker,
                                        const struct token *token)
{
    struct span header = span_of(token->header);
    struct span payload = span_of(token->payload);
    struct span signature = span_of(token->signature);
    char *alg = byname_config(checker->config, "alg");
    char *key = byname_config(checker->config, "key");
    enum auth_result result = AUTH_OK;

    if (alg == NULL || key == NULL)
        result = AUTH_NO_MEMORY;
    else if (!token_names_alg(header, alg))
        result = AUTH_BAD_TOKEN;
    else if (!token_signed_by(key, header, payload, signature))
        result = AUTH_BAD_SIGNATURE;
    free(alg);
    free(key);
    return result;
}

/* *out is the payload as text. The caller frees it, also after a failure. */
static enum auth_result payload_text(const struct token *token, char **out)
{
    struct span payload = span_of(token->payload);
    size_t size = token_text_size(payload);

    *out = malloc(size);
    if (*out == NULL)
        return AUTH_NO_MEMORY;
    return token_decode(payload, *out, size) ? AUTH_OK : AUTH_BAD_CLAIMS;
}

/* On success the session has its context. Neither cJSON nor a claim by name
 * can tell "bad" from "no memory", so both are called bad claims here. */
static enum auth_result check_claims(const struct checker *checker,
                                     const struct token *token,
                                     struct session *session)
{
    char *text = NULL, *sub = NULL, *iss = NULL, *exp = NULL, *issuer = NULL;
    cJSON *tree = NULL;
    const struct user *user;
    int64_t exp_s;
    enum auth_result result = payload_text(token, &text);

    if (result != AUTH_OK)
        goto out;
    tree = cJSON_ParseWithOpts(text, NULL, true);
    sub = byname_claim(tree, "sub", cJSON_String);
    iss = byname_claim(tree, "iss", cJSON_String);
    exp = byname_claim(tree, "exp", cJSON_Number);
    issuer = byname_config(checker->config, "issuer");
    result = AUTH_BAD_CLAIMS;
    if (sub == NULL || iss == NULL || exp == NULL ||
        !claims_seconds(strtod(exp, NULL), &exp_s))
        goto out;
    result = AUTH_WRONG_ISSUER;
    if (issuer == NULL || strcmp(iss, issuer) != 0)
        goto out;
    result = AUTH_UNKNOWN_USER;
    user = users_find(checker->users, sub);
    if (user == NULL)
        goto out;
    session->context = context_new(user, exp_s);
    result = session->context == NULL ? AUTH_NO_MEMORY : AUTH_OK;
out:
    cJSON_Delete(tree);
    free(text);
    free(sub);
    free(iss);
    free(exp);
    free(issuer);
    return result;
}

static enum auth_result check_session(const struct checker *checker,
                                      const struct context *context)
{
    char *leeway = byname_config(checker->config, "leeway");
    char *wanted = byname_config(checker->config, "role");
    const union value *exp = context_value(context, &key_exp);
    const union value *role = context_value(context, &key_role);
    enum auth_result result = AUTH_OK;

    if (leeway == NULL || wanted == NULL || exp == NULL || role == NULL)
        result = AUTH_NO_MEMORY;
    else if (checker->now_s > exp->number + strtol(leeway, NULL, 10))
        result = AUTH_EXPIRED;
    else if (strcmp(role->text, wanted) != 0)
        result = AUTH_WRONG_ROLE;
    free(leeway);
    free(wanted);
    return result;
}

static enum auth_result check_request(const struct checker *checker,
                                      const struct http_request *request,
                                      struct session *session)
{
    struct token token = { 0 };
    char *text = NULL;
    enum auth_result result = check_size(checker, request);

    if (result == AUTH_OK)
        result = bearer_token(checker, request, &text);
    if (result == AUTH_OK)
        result = token_cut(text, &token);
    if (result == AUTH_OK)
        result = check_signature(checker, &token);
    if (result == AUTH_OK)
        result = check_claims(checker, &token, session);
    if (result == AUTH_OK)
        result = check_session(checker, session->context);
    free(text);
    return result;
}

static void session_close(struct session *session)
{
    if (session == NULL)
        return;
    context_free(session->context);
    free(session);
}

static struct session *session_open(const struct auth_middleware *mw,
                                    const struct http_request *request)
{
    struct session *session = calloc(1, sizeof(*session));
    struct checker *checker = checker_new(mw);

    if (session != NULL && checker != NULL)
        session->result = check_request(checker, request, session);
    checker_free(checker);
    return session;
}

/* Tells users who they are. False for want of memory. */
static bool answer_context(const struct context *context,
                           struct http_response *response)
{
    const union value *user = context_value(context, &key_user);
    const union value *role = context_value(context, &key_role);
    const union value *exp = context_value(context, &key_exp);
    bool ok = user != NULL && role != NULL && exp != NULL;

    http_response_begin(response, 200, NULL);
    if (ok)
        http_response_write(response,
                            "{\"user\":\"%s\",\"role\":\"%s\",\"exp\":%lld}",
                            user->text, role->text, (long long)exp->number);
    return ok;
}

/* Returns what was answered. */
static enum auth_result answer(const struct session *session,
                               struct http_response *response)
{
    enum auth_result result = AUTH_NO_MEMORY;

    if (session != NULL)
        result = session->result;
    if (result == AUTH_OK && !answer_context(session->context, response))
        result = AUTH_NO_MEMORY;
    if (result != AUTH_OK)
        auth_refuse(response, result);
    return result;
}

/* Appends two texts to *line. False if out of memory. */
static bool log_add(char **line, const char *lead, const char *text)
{
    size_t used = *line == NULL ? 0 : strlen(*line);
    size_t size = used + strlen(lead) + strlen(text) + 1;
    char *grown = realloc(*line, size);

    if (grown == NULL)
        return false;
    snprintf(grown + used, size - used, "%s%s", lead, text);
    *line = grown;
    return true;
}

/* The line is lost if there is no memory for it. */
static void log_line(const struct auth_middleware *mw, const char *user,
                     const char *note)
{
    const struct exchange *exchange = mw->exchange;
    char *line = NULL;
    char status[16];

    snprintf(status, sizeof(status), "%d ", exchange->response->status);
    if (log_add(&line, status, exchange->remote) &&
        log_add(&line, " ", exchange->method) &&
        log_add(&line, " ", exchange->path) && log_add(&line, " ", user) &&
        log_add(&line, " ", note))
        mw->setup.log.write(mw->setup.log.ctx, line, strlen(line));
    free(line);
}

static void log_access(const struct auth_middleware *mw,
                       const struct session *session, enum auth_result result)
{
    const struct context *context;
    const union value *user, *role;

    if (result != AUTH_OK) {
        log_line(mw, "-", auth_reason(result));
        return;
    }
    context = session->context;
    user = context_value(context, &key_user);
    role = context_value(context, &key_role);
    if (user != NULL && role != NULL)
        log_line(mw, user->text, role->text);
}

static struct http_response *auth_middleware_serve(
    struct auth_middleware *mw, const struct http_connection *connection)
{
    struct http_request *request = http_request_new(connection);
    struct http_response *response = http_response_new();
    struct session *session = NULL;
    enum auth_result result;

    if (request == NULL || response == NULL) {
        http_request_free(request);
        http_response_free(response);
        return NULL;
    }
    if (exchange_keep(mw, request, response))
        session = session_open(mw, request);
    http_request_free(request);
    result = answer(session, response);
    if (session != NULL)
        log_access(mw, session, result);
    session_close(session);
    exchange_drop(mw);
    return response;
}

static struct auth_middleware *auth_middleware_open(
    const struct auth_setup *setup)
{
    struct auth_middleware *mw = calloc(1, sizeof(*mw));

    if (mw != NULL)
        mw->setup = *setup;
    return mw;
}

static void auth_middleware_close(struct auth_middleware *mw)
{
    free(mw);
}

const struct auth_stage stage2_pointers = {
    .name = "pointers",
    .summary = "contexts are passed as pointers, keys by address",
    .open = auth_middleware_open,
    .serve = auth_middleware_serve,
    .close = auth_middleware_close,
};
