/*
 * err.h - how every function in this tree reports failure.
 *
 * A function that can fail returns enum err_code and takes `struct err *`
 * last. Test the returned code; the struct only explains it. It lives on the
 * caller's stack and nothing here allocates, so running out of memory can
 * itself be reported.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/attrs.h"

enum err_code {
    ERR_OK = 0,
    ERR_NOT_FOUND,   /* plain absence; expected, so no text is set */
    ERR_NO_MEMORY,   /* nothing was changed */
    ERR_IO,          /* sys_errno says why */
    ERR_BAD_FORMAT,  /* the input is damaged or hostile */
    ERR_TOO_NEW,     /* written by a later version of the format */
    ERR_DENIED,      /* ptrace scope or file permissions; sys_errno is set */
    ERR_USAGE,       /* the caller asked for something that makes no sense */
    ERR_TRACEE_GONE, /* exited or killed; the trace so far is good */
};

struct err {
    enum err_code code;
    int sys_errno;  /* 0 if the kernel was not involved */
    char text[256]; /* one line, no newline; "" until err_set */
};

/* Records a failure, with errno (and its text) for ERR_IO and ERR_DENIED.
 * Returns `code`, so a caller can return the call. */
enum err_code err_set(struct err *err, enum err_code code, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* Puts "what: " before the text already recorded. Returns err->code. */
enum err_code err_prefix(struct err *err, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/* Records "out of memory". Returns ERR_NO_MEMORY. */
enum err_code err_no_memory(struct err *err);

#endif
