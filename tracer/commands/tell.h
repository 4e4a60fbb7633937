/*
 * tell.h - what a command tells its user on stderr, in one form.
 */
#ifndef COMMANDS_TELL_H
#define COMMANDS_TELL_H

#include "base/attrs.h"
#include "base/err.h"

/* "stackward: TEXT", one line. */
void tell(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* The same for an error; gives the exit status it calls for: 2 when the user
 * asked for something that makes no sense, else 1. */
int tell_error(enum err_code rc, const struct err *err);

/* Writes out what is left of stdout. ERR_IO when that or anything before it
 * could not be written. */
enum err_code tell_flush(struct err *err) MUST_CHECK;

#endif
