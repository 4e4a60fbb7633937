/*
 * alloc_fail.h - makes the nth allocation fail, to prove that running out of
 * memory is survived. Reaches calls in our own code (the linker wraps them),
 * not those inside shared libraries.
 */
#ifndef SUPPORT_ALLOC_FAIL_H
#define SUPPORT_ALLOC_FAIL_H

#include <stdbool.h>
#include <stddef.h>

/* Counting from now, the nth allocation (1-based) returns NULL; 0: none. */
void alloc_fail_at(size_t nth);

/* Whether that allocation was reached: when not, the sweep is complete. */
bool alloc_fail_happened(void);

#endif
