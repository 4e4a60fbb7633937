/*
 * demo_source.h - the source file of the demo, as it was in each stage. The
 * lines that allocate stand where the demo's traces say.
 */
#ifndef SCREENS_DEMO_SOURCE_H
#define SCREENS_DEMO_SOURCE_H

#include <stddef.h>

/* Writes the text of one stage (0 to 3) to `out`; aborts when it is too
 * small. Gives `out`. */
const char *demo_source(size_t stage, char *out, size_t cap);

#endif
