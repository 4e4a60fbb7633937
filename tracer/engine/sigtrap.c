#include "engine/sigtrap.h"

#include <signal.h>
#include <string.h>

#include "engine/ptrace_calls.h"
#include "engine/rescue.h"

/* What both C libraries of Linux pass: a sigset_t, or a struct sigaction, whose
 * handler comes first. */
enum {
    SET_SIZE = sizeof(sigset_t),
    ACTION_SIZE = sizeof(struct sigaction),
    ACTION_MASK = offsetof(struct sigaction, sa_mask),
    ARGUMENT = 1, /* of sigprocmask(2) and sigaction(2) alike */
};

static const uint64_t trap_bit = UINT64_C(1) << (SIGTRAP - 1);

enum err_code sigtrap_begin(struct engine_run *run, pid_t tid, struct err *err)
{
    uint64_t mask = 0;
    enum err_code rc = ptrace_get_mask(tid, &mask, err);

    if (rc != ERR_OK || (mask & trap_bit) == 0)
        return rc;
    run->ledger->sigtrap_altered++;
    return ptrace_set_mask(tid, mask & ~trap_bit, err);
}

_Static_assert(ACTION_SIZE <= RESCUE_SCRATCH_SIZE, "a copy fits its place");

enum err_code sigtrap_spare(struct engine_run *run, const struct probe *probe,
                            struct arch_regs *regs, struct err *err)
{
    bool is_action = probe->kind == PROBE_SIGACTION;
    size_t size = is_action ? ACTION_SIZE : SET_SIZE;
    size_t at = is_action ? ACTION_MASK : 0;
    tracee_addr addr = arch_argument(regs, ARGUMENT);
    uint8_t bytes[RESCUE_SCRATCH_SIZE];
    tracee_addr copy;
    uint64_t word;
    enum err_code rc;

    if (addr == 0 || target_read(&run->target, addr, bytes, size) != size ||
        (!is_action && (int)arch_argument(regs, 0) == SIG_UNBLOCK))
        return ERR_OK;
    memcpy(&word, bytes, sizeof(word)); /* SIG_IGN, if that is what it is */
    if (is_action && (int)arch_argument(regs, 0) == SIGTRAP && word == 1)
        run->ledger->sigtrap_altered++; /* the next trap makes it SIG_DFL */
    memcpy(&word, bytes + at, sizeof(word));
    if ((word & trap_bit) == 0)
        return ERR_OK;
    word &= ~trap_bit;
    memcpy(bytes + at, &word, sizeof(word));
    copy = run->target.rescue + RESCUE_SCRATCH_OFFSET +
           run->scratch_used++ % RESCUE_SCRATCH_COUNT * RESCUE_SCRATCH_SIZE;
    rc = tracee_write(run->target.memory_fd, copy, bytes, size, err);
    if (rc != ERR_OK)
        return rc;
    arch_set_argument(regs, ARGUMENT, copy);
    run->ledger->sigtrap_altered++;
    return ERR_OK;
}
