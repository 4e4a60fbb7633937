#include "tui/source_text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DISK_BYTES_MAX = 1 << 20 }; /* as much as a trace embeds of one file */

const char *source_base(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

static bool ends_in(const char *path, const char *tail)
{
    size_t size = strlen(path);
    size_t tail_size = strlen(tail);

    if (tail_size == 0 || size < tail_size ||
        strcmp(path + size - tail_size, tail) != 0)
        return false;
    return size == tail_size || tail[0] == '/' ||
           path[size - tail_size - 1] == '/';
}

const char *source_find(const struct stage *s, const char *tail)
{
    if (s->profile != NULL) {
        const struct tables *t = profile_tables(s->profile);

        for (size_t i = 0; i < t->source_count; i++) {
            const char *path = tables_string(t, t->sources[i].path);

            if (ends_in(path, tail))
                return path;
        }
    }
    for (size_t i = 0; i < s->site_count; i++)
        if (ends_in(s->sites[i].file, tail))
            return s->sites[i].file;
    return NULL;
}

/* "" when the course names none. */
static const char *course_source(const struct stage *s)
{
    return s->lesson == NULL || s->lesson->source == NULL ? ""
                                                          : s->lesson->source;
}

const char *source_counterpart(const struct stage *from, const char *path,
                               const struct stage *to)
{
    const char *found;

    if (ends_in(path, course_source(from)) && course_source(to)[0] != '\0')
        return source_find(to, course_source(to));
    found = source_find(to, path);
    return found != NULL ? found : source_find(to, source_base(path));
}

/* The file's first bytes into `buffer`; false when it cannot be read. A
 * foreign path may name anything: only a regular file is opened, and nothing
 * is waited for. */
static bool read_file(const char *path, char *buffer, size_t cap, size_t *size,
                      struct stat *info)
{
    int fd;
    ssize_t got = 1;

    *size = 0;
    if (stat(path, info) != 0 || !S_ISREG(info->st_mode))
        return false;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return false;
    if (fstat(fd, info) != 0 || !S_ISREG(info->st_mode))
        got = -1;
    while (got > 0 && *size < cap) {
        got = read(fd, buffer + *size, cap - *size);
        *size += got > 0 ? (size_t)got : 0;
    }
    close(fd);
    return got >= 0;
}

static enum err_code open_disk(const struct stage *s, struct source_text *out,
                               struct err *err)
{
    struct stat info;
    size_t size;
    enum err_code rc;

    if (out->path[0] != '/')
        return ERR_OK;
    out->owned = malloc(DISK_BYTES_MAX);
    if (out->owned == NULL)
        return err_no_memory(err);
    if (!read_file(out->path, out->owned, DISK_BYTES_MAX, &size, &info)) {
        free(out->owned);
        out->owned = NULL;
        return ERR_OK;
    }
    rc = lines_split(out->owned, size, &out->lines, err);
    if (rc != ERR_OK)
        return rc;
    out->lines.is_cut = out->lines.is_cut || size == DISK_BYTES_MAX;
    out->origin = SOURCE_DISK;
    out->is_newer = s->profile != NULL &&
                    info.st_mtime > profile_header(s->profile)->started_unix_s;
    return ERR_OK;
}

static const struct trace_source *embedded(const struct stage *s,
                                           const char *path)
{
    const struct tables *t;

    if (s->profile == NULL)
        return NULL;
    t = profile_tables(s->profile);
    for (size_t i = 0; i < t->source_count; i++)
        if (strcmp(tables_string(t, t->sources[i].path), path) == 0)
            return &t->sources[i];
    return NULL;
}

enum err_code source_text_open(const struct stage *s, const char *path,
                               struct source_text *out, struct err *err)
{
    const struct trace_source *source;
    enum err_code rc = ERR_OK;

    *out = (struct source_text){ .origin = SOURCE_MISSING };
    if (path == NULL)
        return ERR_OK;
    out->path = strdup(path);
    if (out->path == NULL)
        return err_no_memory(err);
    source = embedded(s, path);
    if (source == NULL)
        rc = open_disk(s, out, err);
    else
        rc = lines_split(source->text, source->size, &out->lines, err);
    if (source != NULL)
        out->origin = SOURCE_EMBEDDED;
    if (rc != ERR_OK)
        source_text_fini(out);
    return rc;
}

void source_text_fini(struct source_text *t)
{
    free(t->path);
    free(t->owned);
    lines_fini(&t->lines);
    *t = (struct source_text){ 0 };
}
