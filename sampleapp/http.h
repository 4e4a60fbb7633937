/*
 * http.h - the request and the response writer that a stage sees.
 *
 * The only part of an op that every stage pays for alike: one request, one
 * response, one body buffer. Knows nothing of tokens or of sockets.
 */
#ifndef SAMPLEAPP_HTTP_H
#define SAMPLEAPP_HTTP_H

#include <stdbool.h>
#include <stddef.h>

enum {
    HTTP_REMOTE_SIZE = 46, /* bytes of an address as text, with its NUL */
    HTTP_METHOD_SIZE = 17,
    HTTP_PATH_SIZE = 65,
    HTTP_FIELDS_MAX = 64, /* header lines a connection hands over */
    HTTP_BODY_SIZE = 64,  /* every answer of this program fits */
};

/* One header line. */
struct http_field {
    const char *name;
    const char *value;
};

/* A request as the server received it. All is borrowed and outlives the op;
 * the three texts are clean (http_clean), so that a log can carry them. */
struct http_connection {
    const char *remote; /* address without port */
    const char *method;
    const char *path;
    const struct http_field *fields;
    size_t field_count; /* at most HTTP_FIELDS_MAX */
    bool cut_short;     /* more header lines came than are here */
};

/* Borrows everything from its connection. */
struct http_request {
    const char *remote;
    const char *method;
    const char *path;
    const struct http_field *fields;
    size_t field_count;
    size_t header_size; /* bytes of all header lines; SIZE_MAX: cut short */
};

/* The caller of an op sends it, then frees it. */
struct http_response {
    int status;            /* 0 until http_response_begin */
    const char *challenge; /* static text of WWW-Authenticate, or NULL */
    char *body;            /* owned; a NUL-terminated JSON text */
    size_t body_size;      /* bytes, without the NUL */
};

/* Copies `text` into `out`, cut to fit, with '?' for each byte that is not
 * printable ASCII or is a space. Logs split lines at those. */
void http_clean(const char *text, char *out, size_t size);

/* NULL if out of memory. */
struct http_request *http_request_new(const struct http_connection *from);

/* Accepts NULL. */
void http_request_free(struct http_request *request);

/* What follows the word `scheme` in the Authorization line. Borrowed: valid as
 * long as the connection. NULL if there is no such line, or another scheme. */
const char *http_request_credentials(const struct http_request *request,
                                     const char *scheme);

/* A response writer with its body buffer. NULL if out of memory. */
struct http_response *http_response_new(void);

/* Accepts NULL. */
void http_response_free(struct http_response *response);

/* Starts the answer over: status line, challenge, empty body. */
void http_response_begin(struct http_response *response, int status,
                         const char *challenge);

/* Appends to the body, as printf does. What exceeds HTTP_BODY_SIZE is cut. */
void http_response_write(struct http_response *response, const char *format,
                         ...) __attribute__((format(printf, 2, 3)));

/* Reason phrase of a status, for the status line. Never NULL. */
const char *http_reason(int status);

#endif
