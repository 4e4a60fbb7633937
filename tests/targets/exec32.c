/* Becomes a 32-bit program, which does nothing but exit with status 42. Status
 * 77: this kernel runs none. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "expect.h"

extern char **environ;

/* A file header, one program header, and `mov $1,%eax; mov $42,%ebx; int
 * $0x80`; elf(5). */
/* clang-format off */
static const unsigned char program[] = {
    0x7f, 'E', 'L', 'F', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* e_ident */
    2, 0, 3, 0, 1, 0, 0, 0,             /* ET_EXEC, EM_386, version */
    0x54, 0x80, 0x04, 0x08,             /* e_entry */
    52, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* e_phoff, e_shoff, e_flags */
    52, 0, 32, 0, 1, 0, 40, 0, 0, 0, 0, 0, /* sizes and counts */
    1, 0, 0, 0, 0, 0, 0, 0,             /* PT_LOAD, p_offset */
    0x00, 0x80, 0x04, 0x08, 0x00, 0x80, 0x04, 0x08, /* p_vaddr, p_paddr */
    0x60, 0, 0, 0, 0x60, 0, 0, 0, 5, 0, 0, 0, 0, 0x10, 0, 0,
    0xb8, 1, 0, 0, 0, 0xbb, 42, 0, 0, 0, 0xcd, 0x80,
};
/* clang-format on */

int main(int argc, char **argv)
{
    int fd = memfd_create("exec32", MFD_CLOEXEC);

    (void)argc;
    free(keep(malloc(10)));
    if (fd < 0 || write(fd, program, sizeof(program)) != sizeof(program))
        return 1;
    fexecve(fd, argv, environ);
    return 77;
}
