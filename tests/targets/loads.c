/* Loads and unloads a library a few hundred times, another one landing where
 * the first was: what it allocates is seen each time. */
#include <dlfcn.h>
#include <stdio.h>

#include "expect.h"

enum { ROUNDS = 100 };

int main(int argc, char **argv)
{
    expect_begin();
    if (argc < 3)
        return 2;
    for (int i = 0; i < ROUNDS; i++) {
        void *lib = dlopen(argv[1 + i % 2], RTLD_NOW);
        void *(*make)(void);

        if (lib == NULL)
            return 3;
        *(void **)&make = dlsym(lib, "plugin_make");
        if (make == NULL)
            return 4;
        free(make());
        dlclose(lib);
    }
    expect("plugin plugin_make %d %d", ROUNDS, ROUNDS / 2 * (70 + 90));
    return 0;
}
