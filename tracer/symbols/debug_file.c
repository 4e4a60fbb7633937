#include "symbols/debug_file.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define DEBUG_ROOT "/usr/lib/debug"

/* What a candidate must prove: the build id of the original, or the checksum
 * its debug link names. */
struct proof {
    const char *build_id; /* "": by checksum */
    uint32_t crc;
};

/* The CRC of .gnu_debuglink is zlib's, bfd/opncls.c, bfd_calc_gnu_debuglink_
 * crc32. */
static bool file_crc(int fd, uint32_t *out)
{
    static const size_t step = 1 << 16;
    uint8_t *bytes = malloc(step);
    uLong crc = crc32(0, NULL, 0);
    off_t at = 0;
    ssize_t got = -1;

    if (bytes == NULL)
        return false;
    while ((got = pread(fd, bytes, step, at)) > 0) {
        crc = crc32(crc, bytes, (uInt)got);
        at += got;
    }
    free(bytes);
    *out = (uint32_t)crc;
    return got == 0;
}

static bool is_the_one(const char *path, const struct proof *proof)
{
    struct elf_file f = elf_file_none();
    struct err ignored;
    char build_id[BUILD_ID_TEXT_MAX];
    uint32_t crc = 0;
    bool good = false;

    if (elf_file_open(path, &f, &ignored) != ERR_OK)
        return false;
    if (elf_file_has_dwarf(&f)) {
        elf_file_build_id(&f, build_id);
        good = proof->build_id[0] != '\0'
                   ? strcmp(build_id, proof->build_id) == 0
                   : file_crc(f.fd, &crc) && crc == proof->crc;
    }
    elf_file_close(&f);
    return good;
}

/* Takes `path`, which may be NULL: out of memory. */
static enum err_code try_path(char *path, const struct proof *proof, char **out,
                              struct err *err)
{
    if (path == NULL)
        return err_no_memory(err);
    if (is_the_one(path, proof))
        *out = path;
    else
        free(path);
    return ERR_OK;
}

static char *join(const char *a, size_t a_size, const char *b, const char *c,
                  const char *d)
{
    size_t size = a_size + strlen(b) + strlen(c) + strlen(d) + 1;
    char *path = malloc(size);

    if (path != NULL)
        snprintf(path, size, "%.*s%s%s%s", (int)a_size, a, b, c, d);
    return path;
}

static enum err_code find_by_build_id(const char *id, char **out,
                                      struct err *err)
{
    static const char folder[] = DEBUG_ROOT "/.build-id/";
    const struct proof proof = { .build_id = id };
    char first[4] = { 0 };

    if (strlen(id) < 3)
        return ERR_OK;
    memcpy(first, id, 2);
    first[2] = '/';
    return try_path(join(folder, sizeof(folder) - 1, first, id + 2, ".debug"),
                    &proof, out, err);
}

/* The section: a file name, its NUL, padding to four bytes, the CRC. The name
 * must be plain, else a program could have us open any file it likes. */
static bool read_link(const struct elf_file *f, const char **name,
                      uint32_t *crc)
{
    Elf_Scn *scn = elf_file_section(f, ".gnu_debuglink");
    Elf_Data *data = scn == NULL ? NULL : elf_getdata(scn, NULL);
    const uint8_t *nul;
    size_t at;

    if (data == NULL || data->d_buf == NULL || data->d_size == 0)
        return false;
    nul = memchr(data->d_buf, '\0', data->d_size);
    if (nul == NULL)
        return false;
    at = ((size_t)(nul - (const uint8_t *)data->d_buf) + 4) & ~(size_t)3;
    if (data->d_size < 4 || at > data->d_size - 4)
        return false;
    memcpy(crc, (const uint8_t *)data->d_buf + at, sizeof(*crc));
    *name = data->d_buf;
    return **name != '\0' && strchr(*name, '/') == NULL;
}

static enum err_code find_by_link(const struct elf_file *f, const char *path,
                                  char **out, struct err *err)
{
    const char *slash = strrchr(path, '/');
    size_t folder = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    struct proof proof = { .build_id = "" };
    const char *name;
    enum err_code rc;
    char *below_root;

    if (!read_link(f, &name, &proof.crc))
        return ERR_OK;
    rc = try_path(join(path, folder, "", "", name), &proof, out, err);
    if (rc == ERR_OK && *out == NULL)
        rc =
            try_path(join(path, folder, ".debug/", "", name), &proof, out, err);
    if (rc != ERR_OK || *out != NULL || path[0] != '/')
        return rc;
    below_root = join(DEBUG_ROOT, sizeof(DEBUG_ROOT) - 1, path, "", "");
    if (below_root == NULL)
        return err_no_memory(err);
    rc = try_path(
        join(below_root, sizeof(DEBUG_ROOT) - 1 + folder, "", "", name), &proof,
        out, err);
    free(below_root);
    return rc;
}

enum err_code debug_file_find(const struct elf_file *f, const char *path,
                              char **out, struct err *err)
{
    char build_id[BUILD_ID_TEXT_MAX];
    enum err_code rc;

    *out = NULL;
    elf_file_build_id(f, build_id);
    rc = find_by_build_id(build_id, out, err);
    if (rc == ERR_OK && *out == NULL)
        rc = find_by_link(f, path, out, err);
    return rc;
}
