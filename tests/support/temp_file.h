/*
 * temp_file.h - files of one test, in a folder that goes away with it.
 */
#ifndef SUPPORT_TEMP_FILE_H
#define SUPPORT_TEMP_FILE_H

#include <stddef.h>

/* A path nobody else uses, in a fresh folder; the folder and what is in it
 * are removed when the program exits. Static storage, rotated over 8 calls. */
const char *temp_path(const char *name);

/* The same, holding these bytes. */
const char *temp_file(const void *bytes, size_t size);

#endif
