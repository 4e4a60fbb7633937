/* The program forbids itself, on pain of death, to map memory, before it has
 * allocated anything. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "expect.h"

enum { ROUNDS = 10 };

static int line;

NOINLINE static void make(void)
{
    line = __LINE__ + 1;
    free(keep(malloc(20)));
}

int main(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { 4, filter };

    expect_begin();
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
    for (int i = 0; i < ROUNDS; i++)
        make();
    expect_site("make", line, "malloc", ROUNDS, 20 * ROUNDS, "T:10");
    expect("ledger probes_refused=0");
    return 0;
}
