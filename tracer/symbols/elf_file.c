#include "symbols/elf_file.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OUR_MACHINE EM_X86_64
#define OUR_MACHINE_NAME "x86-64"
#elif defined(__aarch64__)
#define OUR_MACHINE EM_AARCH64
#define OUR_MACHINE_NAME "AArch64"
#else
#error "no machine type for this processor"
#endif

/* Larger than the debug file of any browser; a sparse file of petabytes is
 * not worth asking libelf about. */
static const int64_t file_size_max = INT64_C(1) << 36;

struct elf_file elf_file_none(void)
{
    return (struct elf_file){ .fd = -1 };
}

/* O_NONBLOCK because the path is foreign and may name a FIFO, where opening
 * would wait for a writer, open(2). */
static enum err_code open_regular(const char *path, int *out, struct err *err)
{
    struct stat st;

    *out = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (*out < 0)
        return err_set(err, ERR_IO, "cannot open %s", path);
    if (fstat(*out, &st) != 0)
        return err_set(err, ERR_IO, "cannot look at %s", path);
    if (!S_ISREG(st.st_mode))
        return err_set(err, ERR_BAD_FORMAT, "%s is not a regular file", path);
    if (st.st_size > file_size_max)
        return err_set(err, ERR_BAD_FORMAT, "%s is too large", path);
    return ERR_OK;
}

static enum err_code check_header(const struct elf_file *f, const char *path,
                                  struct err *err)
{
    const unsigned char *ident = f->ehdr.e_ident;

    if (ident[EI_CLASS] != ELFCLASS64)
        return err_set(err, ERR_BAD_FORMAT, "%s is a 32-bit ELF file", path);
    if (ident[EI_DATA] != ELFDATA2LSB || f->ehdr.e_machine != OUR_MACHINE)
        return err_set(
            err, ERR_BAD_FORMAT,
            "%s is for another machine (e_machine %u), not " OUR_MACHINE_NAME,
            path, f->ehdr.e_machine);
    return ERR_OK;
}

enum err_code elf_file_open(const char *path, struct elf_file *out,
                            struct err *err)
{
    struct elf_file f = elf_file_none();
    enum err_code rc;

    *out = elf_file_none();
    rc = open_regular(path, &f.fd, err);
    if (rc != ERR_OK)
        goto out;
    if (elf_version(EV_CURRENT) == EV_NONE) {
        rc = err_set(err, ERR_TOO_NEW, "libelf: %s", elf_errmsg(-1));
        goto out;
    }
    f.elf = elf_begin(f.fd, ELF_C_READ, NULL);
    if (f.elf == NULL || elf_kind(f.elf) != ELF_K_ELF ||
        gelf_getehdr(f.elf, &f.ehdr) == NULL) {
        rc = err_set(err, ERR_BAD_FORMAT, "%s is not an ELF file", path);
        goto out;
    }
    rc = check_header(&f, path, err);
    if (rc != ERR_OK)
        goto out;

    *out = f;
    f = elf_file_none(); /* now the caller's */
out:
    elf_file_close(&f);
    return rc;
}

void elf_file_close(struct elf_file *f)
{
    if (f->elf != NULL)
        elf_end(f->elf);
    if (f->fd >= 0)
        close(f->fd);
    *f = elf_file_none();
}

Elf_Scn *elf_file_section(const struct elf_file *f, const char *name)
{
    Elf_Scn *scn = NULL;
    size_t names;

    if (elf_getshdrstrndx(f->elf, &names) != 0)
        return NULL;
    while ((scn = elf_nextscn(f->elf, scn)) != NULL) {
        GElf_Shdr shdr;
        const char *have;

        if (gelf_getshdr(scn, &shdr) == NULL || shdr.sh_type == SHT_NOBITS)
            continue;
        have = elf_strptr(f->elf, names, shdr.sh_name);
        if (have != NULL && strcmp(have, name) == 0)
            return scn;
    }
    return NULL;
}

/* Both ways of compressing: gabi "SHF_COMPRESSED", and the older ".zdebug_"
 * names of GNU. libelf refuses sizes that zlib cannot have reached. */
Elf_Data *elf_file_data(const struct elf_file *f, const char *name)
{
    Elf_Scn *scn = elf_file_section(f, name);
    Elf_Data *data;
    GElf_Shdr shdr;

    if (scn == NULL || gelf_getshdr(scn, &shdr) == NULL)
        return NULL;
    if ((shdr.sh_flags & SHF_COMPRESSED) != 0 && elf_compress(scn, 0, 0) < 0)
        return NULL;
    if (strncmp(name, ".zdebug", 7) == 0 && elf_compress_gnu(scn, 0, 0) < 0)
        return NULL;
    data = elf_getdata(scn, NULL);
    return data == NULL || data->d_buf == NULL ? NULL : data;
}

bool elf_file_has_dwarf(const struct elf_file *f)
{
    return elf_file_section(f, ".debug_info") != NULL ||
           elf_file_section(f, ".zdebug_info") != NULL;
}

static bool find_in_notes(Elf_Data *notes, char out[BUILD_ID_TEXT_MAX])
{
    size_t at = 0;
    size_t name, desc;
    GElf_Nhdr note;

    while ((at = gelf_getnote(notes, at, &note, &name, &desc)) > 0) {
        const uint8_t *bytes = notes->d_buf;

        if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != 4 ||
            memcmp(bytes + name, "GNU", 4) != 0 || note.n_descsz == 0 ||
            note.n_descsz > (BUILD_ID_TEXT_MAX - 1) / 2)
            continue;
        for (size_t i = 0; i < note.n_descsz; i++)
            snprintf(out + 2 * i, 3, "%02x", bytes[desc + i]);
        return true;
    }
    return false;
}

/* By program header, not by section: they are what a loaded file must have,
 * and a stripped one may lack the other. */
void elf_file_build_id(const struct elf_file *f, char out[BUILD_ID_TEXT_MAX])
{
    size_t count = 0;

    out[0] = '\0';
    if (elf_getphdrnum(f->elf, &count) != 0)
        return;
    for (int i = 0; (size_t)i < count; i++) {
        GElf_Phdr ph;
        Elf_Data *notes;

        if (gelf_getphdr(f->elf, i, &ph) == NULL || ph.p_type != PT_NOTE)
            continue;
        notes =
            elf_getdata_rawchunk(f->elf, (int64_t)ph.p_offset, ph.p_filesz,
                                 ph.p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
        if (notes != NULL && notes->d_buf != NULL && find_in_notes(notes, out))
            return;
    }
}
