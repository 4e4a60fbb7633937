/*
 * serve.c - libmicrohttpd's view of a request turned into a connection.
 *
 * The daemon answers on one thread of its own, so a middleware, which is not
 * thread-safe, serves one request at a time.
 */
#include "serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum {
    CONNECTIONS_MAX = 64,
    IDLE_SECONDS = 10, /* after which a silent client is dropped */
};

struct server {
    const struct auth_stage *stage;
    struct auth_middleware *mw;
};

/* The header lines of one request, collected for a connection. */
struct lines {
    struct http_field fields[HTTP_FIELDS_MAX];
    size_t count;
    bool cut_short;
};

static sigset_t stop_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

void serve_block_signals(void)
{
    sigset_t set = stop_signals();

    sigprocmask(SIG_BLOCK, &set, NULL);
}

static enum MHD_Result add_line(void *ctx, enum MHD_ValueKind kind,
                                const char *name, const char *value)
{
    struct lines *lines = ctx;

    (void)kind;
    if (lines->count == HTTP_FIELDS_MAX) {
        lines->cut_short = true;
        return MHD_NO;
    }
    lines->fields[lines->count++] =
        (struct http_field){ name, value == NULL ? "" : value };
    return MHD_YES;
}

static void remote_text(struct MHD_Connection *client, char *out, size_t size)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(client, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    snprintf(out, size, "-");
    if (info != NULL && info->client_addr->sa_family == AF_INET) {
        struct sockaddr_in address;

        memcpy(&address, info->client_addr, sizeof(address));
        inet_ntop(AF_INET, &address.sin_addr, out, (socklen_t)size);
    }
}

static enum MHD_Result send_response(struct MHD_Connection *client,
                                     const struct http_response *from)
{
    enum MHD_Result sent = MHD_NO;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        from->body_size, from->body, MHD_RESPMEM_MUST_COPY);

    if (response == NULL)
        return MHD_NO;
    if (MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                                "application/json") == MHD_YES &&
        (from->challenge == NULL ||
         MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE,
                                 from->challenge) == MHD_YES))
        sent = MHD_queue_response(client, (unsigned)from->status, response);
    MHD_destroy_response(response);
    return sent;
}

/* Called for the header, for each piece of a body, and once more at its end:
 * *state marks the header as seen, a body is read and dropped. */
static enum MHD_Result handle(void *ctx, struct MHD_Connection *client,
                              const char *path, const char *method,
                              const char *version, const char *upload,
                              size_t *upload_size, void **state)
{
    struct server *server = ctx;
    struct lines lines = { .count = 0 };
    char clean_path[HTTP_PATH_SIZE];
    char clean_method[HTTP_METHOD_SIZE];
    char remote[HTTP_REMOTE_SIZE];
    struct http_connection connection = { remote,     clean_method,
                                          clean_path, lines.fields,
                                          0,          false };
    struct http_response *response;
    enum MHD_Result sent;

    (void)version;
    (void)upload;
    if (*state == NULL) {
        *state = server;
        return MHD_YES;
    }
    if (*upload_size > 0) {
        *upload_size = 0;
        return MHD_YES;
    }
    MHD_get_connection_values(client, MHD_HEADER_KIND, add_line, &lines);
    connection.field_count = lines.count;
    connection.cut_short = lines.cut_short;
    http_clean(path, clean_path, sizeof(clean_path));
    http_clean(method, clean_method, sizeof(clean_method));
    remote_text(client, remote, sizeof(remote));
    response = server->stage->serve(server->mw, &connection);
    if (response == NULL)
        return MHD_NO; /* drops the client */
    sent = send_response(client, response);
    http_response_free(response);
    return sent;
}

static uint16_t bound_port(struct MHD_Daemon *daemon)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);

    return info == NULL ? 0 : info->port;
}

bool serve_run(const struct auth_stage *stage, struct auth_middleware *mw,
               uint16_t port)
{
    struct server server = { stage, mw };
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    sigset_t set = stop_signals();
    int signal_number;
    struct MHD_Daemon *daemon;

    errno = 0;
    daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD, port, NULL, NULL, handle, &server,
        MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_SECONDS, MHD_OPTION_END);
    if (daemon == NULL)
        return false;
    printf("listening on 127.0.0.1:%u\n", (unsigned)bound_port(daemon));
    fflush(stdout);
    sigwait(&set, &signal_number);
    MHD_stop_daemon(daemon);
    return true;
}
