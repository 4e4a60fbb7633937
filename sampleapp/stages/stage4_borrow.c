/*
 * stage4_borrow.c - request and response are borrowed, not held.
 *
 * Technique: the middleware keeps neither beyond the call that needs it. The
 * log line is written while the request is still there, from the request
 * itself, so no copies of its parts have to outlive it.
 *
 *                    before    now
 *   allocations/op       18     14
 *   bytes/op            559    509
 */
#include "claims.h"
#include "stages/stages.h"
#include "token.h"

#include <stdio.h>
#include <stdlib.h>

struct auth_middleware {
    struct auth_setup setup;
    const char *key, *alg, *role, *scheme, *issuer; /* the settings' */
    size_t header_max;
    int64_t leeway_s;
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

static enum auth_result check_size(const struct auth_middleware *mw,
                                   const struct http_request *request)
{
    return request->header_size > mw->header_max ? AUTH_LARGE_HEADER : AUTH_OK;
}

/* On success *out is a copy of the token, the caller's. */
static enum auth_result bearer_token(const struct auth_middleware *mw,
                                     const struct http_request *request,
                                     char **out)
{
    const char *token = http_request_credentials(request, mw->scheme);

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

static enum auth_result check_signature(const struct auth_middleware *mw,
                                        const struct token *token)
{
    struct span header = span_of(token->header);
    struct span payload = span_of(token->payload);
    struct span signature = span_of(token->signature);

    if (!token_names_alg(header, mw->alg))
        return AUTH_BAD_TOKEN;
    if (!token_signed_by(mw->key, header, payload, signature))
        return AUTH_BAD_SIGNATURE;
    return AUTH_OK;
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

static enum auth_result read_claims(const struct token *token,
                                    struct claims *out)
{
    char *text = NULL;
    enum auth_result result = payload_text(token, &text);

    if (result == AUTH_OK && !claims_decode(text, out))
        result = AUTH_BAD_CLAIMS;
    free(text);
    return result;
}

/* On success the session has its context. */
static enum auth_result check_claims(const struct auth_middleware *mw,
                                     const struct token *token,
                                     struct session *session)
{
    struct claims claims;
    const struct user *user;
    enum auth_result result = read_claims(token, &claims);

    if (result != AUTH_OK)
        return result;
    if (strcmp(claims.iss, mw->issuer) != 0)
        return AUTH_WRONG_ISSUER;
    user = users_find(mw->setup.users, claims.sub);
    if (user == NULL)
        return AUTH_UNKNOWN_USER;
    session->context = context_new(user, claims.exp_s);
    return session->context == NULL ? AUTH_NO_MEMORY : AUTH_OK;
}

static enum auth_result check_session(const struct auth_middleware *mw,
                                      const struct context *context)
{
    const union value *exp = context_value(context, &key_exp);
    const union value *role = context_value(context, &key_role);

    if (exp == NULL || role == NULL)
        return AUTH_NO_MEMORY;
    if (mw->setup.now_s() > exp->number + mw->leeway_s)
        return AUTH_EXPIRED;
    if (strcmp(role->text, mw->role) != 0)
        return AUTH_WRONG_ROLE;
    return AUTH_OK;
}

static enum auth_result check_request(const struct auth_middleware *mw,
                                      const struct http_request *request,
                                      struct session *session)
{
    struct token token = { 0 };
    char *text = NULL;
    enum auth_result result = check_size(mw, request);

    if (result == AUTH_OK)
        result = bearer_token(mw, request, &text);
    if (result == AUTH_OK)
        result = token_cut(text, &token);
    if (result == AUTH_OK)
        result = check_signature(mw, &token);
    if (result == AUTH_OK)
        result = check_claims(mw, &token, session);
    if (result == AUTH_OK)
        result = check_session(mw, session->context);
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

    if (session != NULL)
        session->result = check_request(mw, request, session);
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
static void log_line(const struct auth_middleware *mw,
                     const struct http_request *request,
                     const struct http_response *response, const char *user,
                     const char *note)
{
    char *line = NULL;
    char status[16];

    snprintf(status, sizeof(status), "%d ", response->status);
    if (log_add(&line, status, request->remote) &&
        log_add(&line, " ", request->method) &&
        log_add(&line, " ", request->path) && log_add(&line, " ", user) &&
        log_add(&line, " ", note))
        mw->setup.log.write(mw->setup.log.ctx, line, strlen(line));
    free(line);
}

static void log_access(const struct auth_middleware *mw,
                       const struct http_request *request,
                       const struct http_response *response,
                       const struct session *session, enum auth_result result)
{
    const struct context *context;
    const union value *user, *role;

    if (result != AUTH_OK) {
        log_line(mw, request, response, "-", auth_reason(result));
        return;
    }
    context = session->context;
    user = context_value(context, &key_user);
    role = context_value(context, &key_role);
    if (user != NULL && role != NULL)
        log_line(mw, request, response, user->text, role->text);
}

static struct http_response *auth_middleware_serve(
    struct auth_middleware *mw, const struct http_connection *connection)
{
    struct http_request *request = http_request_new(connection);
    struct http_response *response = http_response_new();
    struct session *session;
    enum auth_result result;

    if (request == NULL || response == NULL) {
        http_request_free(request);
        http_response_free(response);
        return NULL;
    }
    session = session_open(mw, request);
    result = answer(session, response);
    if (session != NULL)
        log_access(mw, request, response, session, result);
    session_close(session);
    http_request_free(request);
    return response;
}

static struct auth_middleware *auth_middleware_open(
    const struct auth_setup *setup)
{
    struct auth_middleware *mw = calloc(1, sizeof(*mw));
    const struct auth_config *config = setup->config;

    if (mw == NULL)
        return NULL;
    mw->setup = *setup;
    mw->key = config->key;
    mw->alg = config->alg;
    mw->role = config->role;
    mw->scheme = config->scheme;
    mw->issuer = config->issuer;
    mw->header_max = strtoul(config->max, NULL, 10);
    mw->leeway_s = strtol(config->leeway, NULL, 10);
    return mw;
}

static void auth_middleware_close(struct auth_middleware *mw)
{
    free(mw);
}

const struct auth_stage stage4_borrow = {
    .name = "borrow",
    .summary = "request and response are borrowed, not held",
    .open = auth_middleware_open,
    .serve = auth_middleware_serve,
    .close = auth_middleware_close,
};
