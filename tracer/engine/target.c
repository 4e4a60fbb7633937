#include "engine/target.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/vec.h"
#include "engine/displaced.h"
#include "engine/ptrace_calls.h"
#include "engine/remote.h"
#include "engine/rescue.h"
#include "symbols/maps.h"

enum {
    REGION_SIZE = 0x10000,    /* bytes: 1,024 slots */
    REACH = 0x78000000,       /* 1.9 GiB: what a 32-bit displacement spans */
    LOWEST_ADDRESS = 0x10000, /* vm.mmap_min_addr, its usual value */
    ORIGIN_SHIFT = 4,         /* slot_origin: address << this | size of the
                                 instruction there, bytes */
    GADGET_OFFSET = 0xf00,    /* in the rescue area, behind its code */
};

/* Asks the target for `size` bytes of memory to read and execute. */
static enum err_code map_code(pid_t tid, tracee_addr gadget, tracee_addr where,
                              uint64_t size, tracee_addr *out, struct err *err)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    int64_t result = 0;
    const uint64_t args[ARCH_SYSCALL_ARGS] = {
        where,
        size,
        PROT_READ | PROT_EXEC,
        (uint64_t)(where == 0 ? flags : flags | MAP_FIXED_NOREPLACE),
        UINT64_MAX,
        0
    };
    enum err_code rc =
        remote_syscall(tid, gadget, SYS_mmap, args, &result, err);

    if (rc != ERR_OK)
        return rc;
    if (result < 0 && result > -4096) {
        errno = (int)-result; /* as the program would have seen it */
        return err_set(err, ERR_IO, "the program cannot map memory");
    }
    *out = (tracee_addr)result;
    return ERR_OK;
}

static enum err_code install_rescue(struct target *t, pid_t tid,
                                    struct err *err)
{
    struct rescue_sigaction action = rescue_action(t->rescue);
    tracee_addr action_addr = t->rescue + RESCUE_TABLE_OFFSET;
    const uint64_t args[ARCH_SYSCALL_ARGS] = { SIGTRAP, action_addr, 0, 8 };
    int64_t result = 0;
    enum err_code rc;

    rc = tracee_write(t->memory_fd, t->rescue, rescue_code,
                      (size_t)(rescue_code_end - rescue_code), err);
    if (rc == ERR_OK)
        rc = tracee_write(t->memory_fd, t->gadget, arch_syscall_gadget,
                          arch_syscall_gadget_size, err);
    if (rc == ERR_OK) /* where the table will be: it is still empty */
        rc = tracee_write(t->memory_fd, action_addr, &action, sizeof(action),
                          err);
    if (rc == ERR_OK)
        rc = remote_syscall(tid, t->gadget, SYS_rt_sigaction, args, &result,
                            err);
    if (rc == ERR_OK && result != 0)
        log_debug("rescue handler refused result=%lld", (long long)result);
    return rc;
}

/* An exec stop is inside execve(2), which overwrites the result register on
 * its way out: the thread first has to reach the program's first instruction,
 * `pc`, where a trap stands. */
static enum err_code leave_exec(struct target *t, pid_t tid, tracee_addr pc,
                                struct err *err)
{
    struct arch_regs regs;
    enum err_code rc =
        tracee_write(t->memory_fd, pc, arch_trap, arch_trap_size, err);

    if (rc == ERR_OK)
        rc = remote_run_to_trap(tid, err);
    if (rc == ERR_OK)
        rc = ptrace_get_regs(tid, &regs, NULL, err);
    if (rc != ERR_OK)
        return rc;
    arch_set_pc(&regs, pc);
    return ptrace_set_regs(tid, &regs, err);
}

/* The first system call runs from the program's own code, which is put back:
 * nothing of ours is mapped yet. */
static enum err_code map_rescue(struct target *t, pid_t tid, struct err *err)
{
    uint8_t saved[sizeof(arch_syscall_gadget)];
    struct arch_regs regs;
    tracee_addr pc;
    struct err second;
    enum err_code rc = ptrace_get_regs(tid, &regs, NULL, err);

    if (rc != ERR_OK)
        return rc;
    pc = arch_pc(&regs);
    if (target_read(t, pc, saved, sizeof(saved)) != sizeof(saved))
        return err_set(err, ERR_IO, "cannot read the program's first bytes");
    rc = leave_exec(t, tid, pc, err);
    if (rc == ERR_OK)
        rc = tracee_write(t->memory_fd, pc, arch_syscall_gadget,
                          arch_syscall_gadget_size, err);
    if (rc == ERR_OK)
        rc = map_code(tid, pc, 0, RESCUE_SIZE, &t->rescue, err);
    if (tracee_write(t->memory_fd, pc, saved, sizeof(saved), &second) !=
            ERR_OK &&
        rc == ERR_OK) {
        *err = second;
        rc = second.code;
    }
    return rc;
}

static enum err_code open_maps(pid_t pid, int *fd, struct err *err)
{
    char path[32];

    snprintf(path, sizeof(path), "/proc/%d/maps", pid);
    *fd = open(path, O_RDONLY | O_CLOEXEC);
    return *fd >= 0 ? ERR_OK : err_set(err, ERR_IO, "cannot open %s", path);
}

enum err_code target_maps(const struct target *t, struct maps *out,
                          struct err *err)
{
    enum { CHUNK = 16384 };
    struct buf text = { 0 };
    enum err_code rc = ERR_OK;
    ssize_t got = lseek(t->maps_fd, 0, SEEK_SET);

    *out = (struct maps){ 0 };
    while (rc == ERR_OK && got >= 0) {
        uint8_t bytes[CHUNK];

        got = read(t->maps_fd, bytes, sizeof(bytes));
        if (got <= 0)
            break;
        rc = buf_bytes(&text, bytes, (size_t)got, err);
    }
    if (rc == ERR_OK && got == 0 && text.size == 0)
        rc = err_set(err, ERR_TRACEE_GONE, "the program is gone");
    if (rc == ERR_OK && got < 0)
        rc = err_set(err, ERR_IO, "cannot read what is mapped");
    if (rc == ERR_OK)
        rc = maps_parse((const char *)text.data, text.size, out, err);
    buf_fini(&text);
    return rc;
}

size_t target_read(const struct target *t, tracee_addr addr, void *out,
                   size_t size)
{
    size_t got = tracee_read(t->pid, addr, out, size);
    ssize_t read;

    if (got > 0)
        return got;
    /* process_vm_readv(2) checks each time, and needs the first thread. */
    read = pread(t->memory_fd, out, size, (off_t)addr);
    return read < 0 ? 0 : (size_t)read;
}

enum err_code target_open(struct target *t, pid_t pid, pid_t tid,
                          struct err *err)
{
    enum err_code rc;

    *t = (struct target){ .pid = pid, .memory_fd = -1, .maps_fd = -1 };
    rc = tracee_memory_open(pid, &t->memory_fd, err);
    if (rc == ERR_OK)
        rc = open_maps(pid, &t->maps_fd, err);
    if (rc == ERR_OK)
        rc = map_rescue(t, tid, err);
    if (rc == ERR_OK) {
        t->gadget = t->rescue + GADGET_OFFSET;
        rc = install_rescue(t, tid, err);
    }
    if (rc != ERR_OK)
        target_fini(t);
    return rc;
}

void target_fini(struct target *t)
{
    if (t->memory_fd >= 0)
        close(t->memory_fd);
    if (t->maps_fd >= 0)
        close(t->maps_fd);
    free(t->regions);
    map_fini(&t->slot_origin);
    map_fini(&t->rescue_index);
    *t = (struct target){ .memory_fd = -1, .maps_fd = -1 };
}

static uint64_t distance(tracee_addr a, tracee_addr b)
{
    return a < b ? b - a : a - b;
}

static bool is_near(tracee_addr start, tracee_addr addr)
{
    return distance(start, addr) < REACH &&
           distance(start + REGION_SIZE, addr) < REACH;
}

/* A free range near `addr`: the end of the nearest gap below it, so that
 * what the kernel and brk(2) place next stays where it would have been. */
static tracee_addr find_gap(const struct maps *m, tracee_addr addr)
{
    tracee_addr best = 0;

    for (size_t i = 0; i < m->count; i++) {
        tracee_addr low = i == 0 ? LOWEST_ADDRESS : m->entries[i - 1].end;
        tracee_addr high = m->entries[i].start;
        tracee_addr start = high - REGION_SIZE;

        if (high < low + REGION_SIZE || !is_near(start, addr))
            continue;
        if (best == 0 || distance(start, addr) < distance(best, addr))
            best = start;
    }
    return best;
}

static enum err_code add_region(struct target *t, pid_t tid, tracee_addr addr,
                                struct slot_region **out, struct err *err)
{
    struct slot_region region;
    struct maps maps = { 0 };
    tracee_addr gap;
    enum err_code rc;

    errno = 0; /* these are refusals of ours, not the kernel's */
    if (tracee_is_confined(tid))
        return err_set(err, ERR_IO, "the program filters its system calls");
    rc = target_maps(t, &maps, err);
    if (rc != ERR_OK)
        return rc;
    gap = find_gap(&maps, addr);
    maps_fini(&maps);
    errno = 0;
    if (gap == 0)
        return err_set(err, ERR_IO, "no free memory near 0x%llx",
                       (unsigned long long)addr);
    rc = map_code(tid, t->gadget, gap, REGION_SIZE, &region.start, err);
    if (rc == ERR_OK)
        rc = vec_grow(&t->regions, t->region_count, &t->region_cap,
                      sizeof(*t->regions), err);
    if (rc != ERR_OK)
        return rc;
    region.end = region.start + REGION_SIZE;
    region.next = region.start;
    t->regions[t->region_count] = region;
    *out = &t->regions[t->region_count++];
    log_debug("slots mapped start=0x%llx for=0x%llx",
              (unsigned long long)region.start, (unsigned long long)addr);
    return ERR_OK;
}

static enum err_code find_region(struct target *t, pid_t tid, tracee_addr addr,
                                 struct slot_region **out, struct err *err)
{
    for (size_t i = 0; i < t->region_count; i++) {
        struct slot_region *r = &t->regions[i];

        if (r->next < r->end && is_near(r->start, addr)) {
            *out = r;
            return ERR_OK;
        }
    }
    return add_region(t, tid, addr, out, err);
}

enum err_code target_reserve(struct target *t, pid_t tid, tracee_addr addr,
                             struct err *err)
{
    struct slot_region *region = NULL;
    enum err_code rc = find_region(t, tid, addr, &region, err);

    if (rc == ERR_IO) { /* no room there: breakpoints will say so */
        log_debug("no slots addr=0x%llx why=\"%s\"", (unsigned long long)addr,
                  err->text);
        rc = ERR_OK;
    }
    return rc;
}

/* The entry first, then the count, so that the handler never reads half. */
static enum err_code add_rescue_entry(struct target *t, tracee_addr addr,
                                      tracee_addr slot, struct err *err)
{
    const uint64_t entry[2] = { addr, slot };
    uint64_t count = t->rescue_count + 1;
    uint64_t index = t->rescue_count;
    bool is_known = map_get(&t->rescue_index, addr, &index);
    enum err_code rc;

    errno = 0;
    if (!is_known && count > RESCUE_ENTRIES_MAX)
        return err_set(err, ERR_IO, "too many breakpoints");
    rc = tracee_write(t->memory_fd,
                      t->rescue + RESCUE_TABLE_OFFSET +
                          index * RESCUE_ENTRY_SIZE,
                      entry, sizeof(entry), err);
    if (rc != ERR_OK || is_known)
        return rc;
    rc = map_put(&t->rescue_index, addr, index, err);
    if (rc == ERR_OK)
        rc = tracee_write(t->memory_fd, t->rescue + RESCUE_COUNT_OFFSET, &count,
                          sizeof(count), err);
    if (rc == ERR_OK)
        t->rescue_count = (size_t)count;
    return rc;
}

enum err_code target_slot(struct target *t, pid_t tid, tracee_addr addr,
                          tracee_addr *slot, struct err *err)
{
    uint8_t bytes[ARCH_INSN_MAX];
    struct slot_region *region = NULL;
    struct displaced d;
    size_t size = target_read(t, addr, bytes, sizeof(bytes));
    enum err_code rc;

    if (size == 0)
        return err_set(err, ERR_IO, "cannot read code at 0x%llx",
                       (unsigned long long)addr);
    rc = find_region(t, tid, addr, &region, err);
    if (rc == ERR_OK)
        rc = displaced_make(bytes, size, addr, region->next, &d, err);
    if (rc == ERR_OK)
        rc = tracee_write(t->memory_fd, region->next, d.code, d.size, err);
    if (rc == ERR_OK)
        rc = map_put(&t->slot_origin, region->next,
                     addr << ORIGIN_SHIFT | d.insn_size, err);
    if (rc == ERR_OK)
        rc = add_rescue_entry(t, addr, region->next, err);
    if (rc != ERR_OK)
        return rc;
    *slot = region->next;
    region->next += DISPLACED_SLOT_SIZE;
    return ERR_OK;
}

tracee_addr target_origin(const struct target *t, tracee_addr pc)
{
    for (size_t i = 0; i < t->region_count; i++) {
        const struct slot_region *r = &t->regions[i];
        tracee_addr inside;
        uint64_t origin;

        if (pc < r->start || pc >= r->end)
            continue;
        inside = (pc - r->start) % DISPLACED_SLOT_SIZE;
        if (!map_get(&t->slot_origin, pc - inside, &origin))
            return pc;
        /* Further in, the instruction was run: what is left is the jump. */
        return (origin >> ORIGIN_SHIFT) +
               (inside == 0 ? 0 : origin & ((1 << ORIGIN_SHIFT) - 1));
    }
    return pc;
}
