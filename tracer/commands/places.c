#include "commands/places.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

enum err_code places_state(char **out, struct err *err)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    int size;

    /* A relative one is to be ignored (XDG base directory specification). */
    if (state != NULL && state[0] == '/')
        size = asprintf(out, "%s/stackward", state);
    else if (home != NULL && home[0] == '/')
        size = asprintf(out, "%s/.local/state/stackward", home);
    else
        return err_set(err, ERR_IO,
                       "no folder to work in: set HOME, or use --work");
    if (size >= 0)
        return ERR_OK;
    *out = NULL;
    return err_no_memory(err);
}

enum err_code places_make_folders(const char *path, struct err *err)
{
    char *copy = strdup(path);
    enum err_code rc = ERR_OK;

    if (copy == NULL)
        return err_no_memory(err);
    for (char *slash = copy; rc == ERR_OK && slash != NULL;) {
        slash = strchr(slash + 1, '/');
        if (slash != NULL)
            *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            rc = err_set(err, ERR_IO, "cannot make the folder %.150s", copy);
        if (slash != NULL)
            *slash = '/';
    }
    free(copy);
    return rc;
}

bool places_first_start(void)
{
    struct err err;
    char *folder = NULL;
    char *mark = NULL;
    bool is_first = false;
    int fd;

    if (places_state(&folder, &err) == ERR_OK &&
        places_make_folders(folder, &err) == ERR_OK &&
        asprintf(&mark, "%s/started", folder) < 0)
        mark = NULL;
    if (mark != NULL) {
        /* O_EXCL: of two that start at once one is the first. */
        fd = open(mark, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        is_first = fd >= 0;
        if (fd >= 0)
            close(fd);
    }
    free(mark);
    free(folder);
    return is_first;
}

enum err_code places_open_course(const char *path, struct course **out,
                                 struct err *err)
{
    char *bundled = NULL;
    enum err_code rc;

    *out = NULL;
    if (path != NULL)
        return course_open(path, out, err);
    rc = places_course(&bundled, err);
    if (rc == ERR_OK)
        rc = course_open(bundled, out, err);
    free(bundled);
    return rc;
}
