/*
 * log.h - debug lines, `key=value`, for the developer.
 *
 * Off until log_open names a stream. Libraries log here and nowhere else;
 * what a user must know travels as struct err or in the ledger.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdio.h>

#include "base/attrs.h"

/* Sends the log to `fp`, borrowed until the next call; NULL turns it off. */
void log_open(FILE *fp);

/* One line: `breakpoint set addr=0x4011a6 symbol=malloc`. */
void log_debug(const char *fmt, ...) PRINTF_LIKE(1, 2);

#endif
