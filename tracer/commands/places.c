#include "commands/places.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum err_code places_self(char **out, struct err *err)
{
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 1);

    if (size < 0)
        return err_set(err, ERR_IO, "cannot find our own executable");
    path[size] = '\0';
    *out = strdup(path);
    return *out == NULL ? err_no_memory(err) : ERR_OK;
}

/* The path of `relative`, seen from the folder our executable lies in. */
static enum err_code beside(const char *relative, char **out, struct err *err)
{
    char *self = NULL;
    enum err_code rc = places_self(&self, err);

    if (rc != ERR_OK)
        return rc;
    *strrchr(self, '/') = '\0'; /* an absolute path has one */
    if (asprintf(out, "%s/%s", self, relative) < 0) {
        *out = NULL;
        rc = err_no_memory(err);
    }
    free(self);
    return rc;
}

enum err_code places_course(char **out, struct err *err)
{
    return beside("../share/stackward/course.json", out, err);
}

enum err_code places_program(const char *program, char **out, struct err *err)
{
    enum err_code rc = ERR_OK;

    *out = NULL;
    if (strchr(program, '/') == NULL) {
        rc = beside(program, out, err);
        if (rc != ERR_OK || access(*out, X_OK) == 0)
            return rc;
        free(*out);
    }
    *out = strdup(program);
    return *out == NULL ? err_no_memory(err) : ERR_OK;
}
