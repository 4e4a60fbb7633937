#include "support/temp_file.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static void remove_folder(void)
{
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *temp_path(const char *name)
{
    static char paths[8][256];
    static unsigned serial;
    char *path = paths[serial % 8];

    if (folder[0] == '\0') {
        strcpy(folder, "/tmp/stackward-test-XXXXXX");
        if (mkdtemp(folder) == NULL) {
            perror("mkdtemp");
            abort();
        }
        atexit(remove_folder);
    }
    snprintf(path, sizeof(paths[0]), "%s/%u-%s", folder, serial++, name);
    return path;
}

const char *temp_file(const void *bytes, size_t size)
{
    const char *path = temp_path("file");
    FILE *fp = fopen(path, "wb");

    if (fp == NULL || fwrite(bytes, 1, size, fp) != size || fclose(fp) != 0) {
        perror(path);
        abort();
    }
    return path;
}
