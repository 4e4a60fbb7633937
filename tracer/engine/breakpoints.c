#include "engine/breakpoints.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/vec.h"
#include "engine/ptrace_calls.h"

void breakpoints_fini(struct breakpoints *b)
{
    free(b->items);
    map_fini(&b->by_addr);
    *b = (struct breakpoints){ 0 };
}

struct breakpoint *breakpoints_find(const struct breakpoints *b,
                                    tracee_addr addr)
{
    uint64_t index;

    if (!map_get(&b->by_addr, addr, &index) || b->items[index].slot == 0)
        return NULL;
    return &b->items[index];
}

/* Writes the slot, then the trap: in this order, because from the moment the
 * trap stands some thread may run into it. */
static enum err_code plant(struct breakpoint *bp, struct target *t, pid_t tid,
                           struct err *err)
{
    tracee_addr slot = 0;
    enum err_code rc;

    if (target_read(t, bp->addr, bp->original, arch_trap_size) !=
        arch_trap_size)
        return err_set(err, ERR_IO, "cannot read the code");
    if (memcmp(bp->original, arch_trap, arch_trap_size) == 0)
        return err_set(err, ERR_BAD_FORMAT, "the program has a trap there");
    rc = target_slot(t, tid, bp->addr, &slot, err);
    if (rc == ERR_OK)
        rc = tracee_write(t->memory_fd, bp->addr, arch_trap, arch_trap_size,
                          err);
    if (rc == ERR_OK)
        bp->slot = slot;
    return rc;
}

static enum err_code add(struct breakpoints *b, tracee_addr addr, size_t *index,
                         struct err *err)
{
    enum err_code rc =
        vec_grow(&b->items, b->count, &b->cap, sizeof(*b->items), err);

    if (rc == ERR_OK)
        rc = map_put(&b->by_addr, addr, b->count, err);
    if (rc != ERR_OK)
        return rc;
    b->items[b->count] = (struct breakpoint){ .addr = addr };
    *index = b->count++;
    return ERR_OK;
}

enum err_code breakpoints_plant(struct breakpoints *b, struct target *t,
                                pid_t tid, tracee_addr addr,
                                enum breakpoint_use use,
                                struct breakpoint **out, struct err *err)
{
    struct breakpoint *bp;
    uint64_t found;
    size_t index;
    enum err_code rc;

    if (map_get(&b->by_addr, addr, &found)) {
        bp = &b->items[found];
        bp->uses |= use;
        *out = bp;
        return bp->slot != 0 ? ERR_OK : ERR_NOT_FOUND;
    }
    rc = add(b, addr, &index, err);
    if (rc != ERR_OK)
        return rc;
    bp = &b->items[index];
    bp->uses = use;
    *out = bp;
    rc = plant(bp, t, tid, err);
    if (rc == ERR_BAD_FORMAT || rc == ERR_IO) {
        log_debug("breakpoint refused addr=0x%llx why=\"%s\"",
                  (unsigned long long)addr, err->text);
        return ERR_NOT_FOUND;
    }
    return rc;
}

void breakpoints_forget(struct breakpoints *b, tracee_addr start,
                        tracee_addr end)
{
    for (size_t i = 0; i < b->count; i++) {
        struct breakpoint *bp = &b->items[i];

        if (bp->addr < start || bp->addr >= end)
            continue;
        /* The item stays as a hole: indices in by_addr must not move. */
        map_take(&b->by_addr, bp->addr, NULL);
        bp->slot = 0;
        bp->uses = 0;
    }
}

void breakpoints_lift(const struct breakpoints *b, int fd)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct breakpoint *bp = &b->items[i];
        uint8_t now[ARCH_TRAP_MAX];
        struct err err;

        if (bp->slot == 0 ||
            pread(fd, now, arch_trap_size, (off_t)bp->addr) !=
                (ssize_t)arch_trap_size ||
            memcmp(now, arch_trap, arch_trap_size) != 0)
            continue;
        if (tracee_write(fd, bp->addr, bp->original, arch_trap_size, &err) !=
            ERR_OK)
            log_debug("breakpoint stays addr=0x%llx why=\"%s\"",
                      (unsigned long long)bp->addr, err.text);
    }
}
