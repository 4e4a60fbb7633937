#include "symbols/maps.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/vec.h"

enum {
    /* The kernel allows 65530 mappings by default (vm.max_map_count) and a
     * path of PATH_MAX bytes in each; more text than that is no map. */
    MAPS_TEXT_MAX = 1 << 28,
    READ_STEP = 1 << 16,
};

/* What is left of one line. */
struct line {
    const char *at, *end;
};

static bool take_char(struct line *l, char c)
{
    if (l->at == l->end || *l->at != c)
        return false;
    l->at++;
    return true;
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return INT_MAX;
}

/* At least one digit, and no more than fit 64 bits. strtoull would read past
 * the text, which has no NUL, and take signs and spaces. */
static bool take_number(struct line *l, unsigned base, uint64_t *out)
{
    const char *start = l->at;
    uint64_t value = 0;

    while (l->at < l->end && digit_value(*l->at) < (int)base) {
        uint64_t digit = (uint64_t)digit_value(*l->at);

        if (value > (UINT64_MAX - digit) / base)
            return false;
        value = value * base + digit;
        l->at++;
    }
    *out = value;
    return l->at > start;
}

static bool take_permission(struct line *l, char letter, bool *out)
{
    *out = take_char(l, letter);
    return *out || take_char(l, '-');
}

/* "s" or "p", which is not a dash: shared or private. */
static bool take_sharing(struct line *l, bool *out)
{
    *out = take_char(l, 's');
    return *out || take_char(l, 'p');
}

static bool take_fields(struct line *l, struct map_entry *e)
{
    uint64_t major, minor;

    return take_number(l, 16, &e->start) && take_char(l, '-') &&
           take_number(l, 16, &e->end) && take_char(l, ' ') &&
           take_permission(l, 'r', &e->readable) &&
           take_permission(l, 'w', &e->writable) &&
           take_permission(l, 'x', &e->executable) &&
           take_sharing(l, &e->shared) && take_char(l, ' ') &&
           take_number(l, 16, &e->file_offset) && take_char(l, ' ') &&
           take_number(l, 16, &major) && take_char(l, ':') &&
           take_number(l, 16, &minor) && take_char(l, ' ') &&
           take_number(l, 10, &e->inode) && e->start < e->end;
}

/* A newline in a path is written \012 and nothing else is escaped, proc(5);
 * a path that really holds those four characters reads the same. */
static void unescape(char *path)
{
    char *to = path;

    for (const char *from = path; *from != '\0'; to++) {
        bool newline = strncmp(from, "\\012", 4) == 0;

        *to = newline ? '\n' : *from;
        from += newline ? 4 : 1;
    }
    *to = '\0';
}

static enum err_code take_path(struct line *l, struct map_entry *e,
                               struct err *err)
{
    static const char deleted[] = " (deleted)";
    const size_t tail = sizeof(deleted) - 1;
    size_t size;

    while (take_char(l, ' '))
        ;
    size = (size_t)(l->end - l->at);
    if (e->inode != 0 && size > tail &&
        memcmp(l->end - tail, deleted, tail) == 0) {
        e->deleted = true;
        size -= tail;
    }
    e->path = malloc(size + 1);
    if (e->path == NULL)
        return err_no_memory(err);
    memcpy(e->path, l->at, size);
    e->path[size] = '\0';
    unescape(e->path);
    return ERR_OK;
}

static enum err_code add_line(struct maps *m, struct line l, size_t number,
                              struct err *err)
{
    struct map_entry e = { 0 };
    enum err_code rc;

    if (!take_fields(&l, &e) || (l.at < l.end && *l.at != ' '))
        return err_set(err, ERR_BAD_FORMAT,
                       "memory map: line %zu makes no "
                       "sense",
                       number);
    if (m->count > 0 && e.start < m->entries[m->count - 1].end)
        return err_set(err, ERR_BAD_FORMAT,
                       "memory map: line %zu overlaps the "
                       "one before",
                       number);
    rc = vec_grow(&m->entries, m->count, &m->cap, sizeof(*m->entries), err);
    if (rc == ERR_OK)
        rc = take_path(&l, &e, err);
    if (rc == ERR_OK)
        m->entries[m->count++] = e;
    return rc;
}

enum err_code maps_parse(const char *text, size_t size, struct maps *out,
                         struct err *err)
{
    enum err_code rc = ERR_OK;
    const char *end;

    *out = (struct maps){ 0 };
    if (size == 0)
        return ERR_OK; /* a zombie's map; text may be NULL */
    end = text + size;
    for (size_t number = 1; rc == ERR_OK && text < end; number++) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));

        if (stop == NULL)
            stop = end;
        rc = add_line(out, (struct line){ text, stop }, number, err);
        text = stop < end ? stop + 1 : end;
    }
    if (rc != ERR_OK)
        maps_fini(out);
    return rc;
}

static enum err_code read_all(int fd, const char *path, struct buf *text,
                              struct err *err)
{
    for (;;) {
        enum err_code rc = buf_reserve(text, READ_STEP, err);
        ssize_t got;

        if (rc != ERR_OK)
            return rc;
        got = read(fd, text->data + text->size, READ_STEP);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_set(err, ERR_IO, "cannot read %s", path);
        if (got == 0)
            return ERR_OK;
        text->size += (size_t)got;
        if (text->size > MAPS_TEXT_MAX)
            return err_set(err, ERR_BAD_FORMAT, "%s has no end", path);
    }
}

enum err_code maps_read(pid_t pid, struct maps *out, struct err *err)
{
    struct buf text = { 0 };
    enum err_code rc = ERR_OK;
    char path[64];
    int fd;

    *out = (struct maps){ 0 };
    snprintf(path, sizeof(path), "/proc/%ld/maps", (long)pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        rc = err_set(err, ERR_IO, "cannot open %s", path);
        goto out;
    }
    rc = read_all(fd, path, &text, err);
    if (rc == ERR_OK)
        rc = maps_parse((const char *)text.data, text.size, out, err);
out:
    if (fd >= 0)
        close(fd);
    buf_fini(&text);
    return rc;
}

const struct map_entry *maps_find(const struct maps *m, tracee_addr addr)
{
    size_t low = 0;
    size_t high = m->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct map_entry *e = &m->entries[middle];

        if (addr < e->start)
            high = middle;
        else if (addr >= e->end)
            low = middle + 1;
        else
            return e;
    }
    return NULL;
}

void maps_fini(struct maps *m)
{
    for (size_t i = 0; i < m->count; i++)
        free(m->entries[i].path);
    free(m->entries);
    *m = (struct maps){ 0 };
}
