/*
 * module_open.h - opens the very file a mapping of a process shows, also when
 * its path was deleted, replaced, or means something else over there.
 */
#ifndef SYMBOLS_MODULE_OPEN_H
#define SYMBOLS_MODULE_OPEN_H

#include <sys/types.h>

#include "base/err.h"
#include "symbols/image.h"
#include "symbols/maps.h"

/* `pid` 0: by path alone, whatever is there. Errors as image_open. */
enum err_code module_open(const struct map_entry *e, pid_t pid,
                          struct image **out, struct err *err) MUST_CHECK;

#endif
