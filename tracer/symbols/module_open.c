#include "symbols/module_open.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

enum { PROC_PATH_MAX = PATH_MAX + 64 };

/* How a file may be reached. In the order of `ways`, the first that leads to
 * the mapping's inode is taken. */
enum way {
    WAY_PATH,      /* as it is written */
    WAY_ROOT,      /* the process may live in another root or mount space */
    WAY_MAP_FILES, /* the mapping itself; needs CAP_CHECKPOINT_RESTORE,
                      proc(5) */
    WAY_EXE,       /* the main program, deleted or not */
};

static bool describe(enum way way, const struct map_entry *e, pid_t pid,
                     char out[PROC_PATH_MAX])
{
    long id = pid;
    int size = 0;

    switch (way) {
    case WAY_PATH:
        size = snprintf(out, PROC_PATH_MAX, "%s", e->path);
        break;
    case WAY_ROOT:
        size = snprintf(out, PROC_PATH_MAX, "/proc/%ld/root%s", id, e->path);
        break;
    case WAY_MAP_FILES:
        size = snprintf(out, PROC_PATH_MAX,
                        "/proc/%ld/map_files/%" PRIx64 "-%" PRIx64, id,
                        e->start, e->end);
        break;
    case WAY_EXE:
        size = snprintf(out, PROC_PATH_MAX, "/proc/%ld/exe", id);
        break;
    }
    return size > 0 && size < PROC_PATH_MAX;
}

/* Whether `path` leads to a file, and to the mapped one: map_files always
 * does. */
static bool leads_there(enum way way, const char *path,
                        const struct map_entry *e)
{
    struct stat st;

    return stat(path, &st) == 0 &&
           (way == WAY_MAP_FILES || st.st_ino == e->inode);
}

enum err_code module_open(const struct map_entry *e, pid_t pid,
                          struct image **out, struct err *err)
{
    static const enum way ways[] = { WAY_PATH, WAY_ROOT, WAY_MAP_FILES,
                                     WAY_EXE };
    char path[PROC_PATH_MAX];

    *out = NULL;
    for (size_t i = 0; pid != 0 && i < ARRAY_LEN(ways); i++)
        if ((ways[i] != WAY_PATH || !e->deleted) &&
            describe(ways[i], e, pid, path) && leads_there(ways[i], path, e))
            return image_open(path, out, err);
    if (e->deleted)
        return err_set(err, ERR_BAD_FORMAT,
                       "%s was deleted and cannot be reached", e->path);
    /* Overlay file systems give stat(2) other inode numbers than maps; what
     * is not marked deleted is what the path means in the process. */
    if (!describe(pid == 0 ? WAY_PATH : WAY_ROOT, e, pid, path))
        return err_set(err, ERR_BAD_FORMAT, "a path is too long");
    return image_open(path, out, err);
}
