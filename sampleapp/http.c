#include "http.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LINE_OVERHEAD = 4 }; /* ": " and CR LF */

void http_clean(const char *text, char *out, size_t size)
{
    size_t used = 0;

    while (text[used] != '\0' && used < size - 1) {
        out[used] = text[used] > ' ' && text[used] <= '~' ? text[used] : '?';
        used++;
    }
    out[used] = '\0';
}

static size_t header_size(const struct http_connection *connection)
{
    size_t size = 0;

    if (connection->cut_short)
        return SIZE_MAX;
    for (size_t i = 0; i < connection->field_count; i++)
        size += strlen(connection->fields[i].name) +
                strlen(connection->fields[i].value) + LINE_OVERHEAD;
    return size;
}

struct http_request *http_request_new(const struct http_connection *from)
{
    struct http_request *request = malloc(sizeof(*request));

    if (request == NULL)
        return NULL;
    *request = (struct http_request){
        .remote = from->remote,
        .method = from->method,
        .path = from->path,
        .fields = from->fields,
        .field_count = from->field_count,
        .header_size = header_size(from),
    };
    return request;
}

void http_request_free(struct http_request *request)
{
    free(request);
}

static const char *field_value(const struct http_request *request,
                               const char *name)
{
    for (size_t i = 0; i < request->field_count; i++)
        if (strcasecmp(request->fields[i].name, name) == 0)
            return request->fields[i].value;
    return NULL;
}

const char *http_request_credentials(const struct http_request *request,
                                     const char *scheme)
{
    const char *value = field_value(request, "Authorization");
    size_t size = strlen(scheme);

    if (value == NULL || strncasecmp(value, scheme, size) != 0 ||
        value[size] != ' ')
        return NULL;
    return value + size + 1;
}

struct http_response *http_response_new(void)
{
    struct http_response *response = calloc(1, sizeof(*response));

    if (response == NULL)
        return NULL;
    response->body = malloc(HTTP_BODY_SIZE);
    if (response->body == NULL) {
        free(response);
        return NULL;
    }
    response->body[0] = '\0';
    return response;
}

void http_response_free(struct http_response *response)
{
    if (response == NULL)
        return;
    free(response->body);
    free(response);
}

void http_response_begin(struct http_response *response, int status,
                         const char *challenge)
{
    response->status = status;
    response->challenge = challenge;
    response->body[0] = '\0';
    response->body_size = 0;
}

void http_response_write(struct http_response *response, const char *format,
                         ...)
{
    size_t room = HTTP_BODY_SIZE - response->body_size;
    va_list args;
    int size;

    va_start(args, format);
    size = vsnprintf(response->body + response->body_size, room, format, args);
    va_end(args);
    if (size > 0)
        response->body_size += (size_t)size < room ? (size_t)size : room - 1;
}

const char *http_reason(int status)
{
    /* clang-format off */
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        { 200, "OK" },
        { 400, "Bad Request" },
        { 401, "Unauthorized" },
        { 403, "Forbidden" },
        { 431, "Request Header Fields Too Large" },
        { 503, "Service Unavailable" },
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Unknown";
}
