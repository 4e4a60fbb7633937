/*
 * progress.h - reads a whole trace, saying how far it is when that takes long
 * and stderr is a terminal.
 */
#ifndef COMMANDS_PROGRESS_H
#define COMMANDS_PROGRESS_H

#include "analysis/profile.h"
#include "base/err.h"

/* Reads to the end. Damage is not an error here: profile_damage has it.
 * ERR_NO_MEMORY, ERR_IO. */
enum err_code progress_read(struct profile *p, const char *name,
                            struct err *err) MUST_CHECK;

#endif
