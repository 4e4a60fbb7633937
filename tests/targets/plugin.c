/* A library that allocates. */
#include <stdlib.h>

void *plugin_make(void);

void *plugin_make(void)
{
    return malloc(PLUGIN_SIZE);
}
