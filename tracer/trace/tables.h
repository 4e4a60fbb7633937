/*
 * tables.h - what events refer to by number: strings, modules, frames,
 * stacks, names and sources.
 *
 * The writer fills these as it goes and writes what is new before its first
 * use; the reader rebuilds the very same tables. A number is an index in
 * order of appearance, so both sides agree without storing numbers.
 *
 *   stack 2 ── frame 5 ── module 1 "/usr/lib/libc.so.6"
 *     │          └─ names: [{strdup, strdup.c, 41}]          innermost first
 *   stack 1 ── frame 3 ── module 0 "/home/a/app"
 *     │          └─ names: [{copy (inlined)}, {parse}]
 *   STACK_ROOT (or STACK_CUT: what lies above could not be unwound)
 */
#ifndef TRACE_TABLES_H
#define TRACE_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map.h"
#include "base/strtab.h"
#include "trace/event.h"

enum {
    STACK_ROOT = 0,  /* the empty stack: everything was unwound */
    STACK_CUT = 1,   /* the empty stack above frames that could not be */
    STACK_FIRST = 2, /* the first number that has a frame */
};

#define MODULE_NONE UINT32_MAX /* code outside every file (JIT, vdso) */

enum { NAMES_PER_FRAME_MAX = 256 }; /* innermost calls kept of one frame */

struct trace_module {
    uint32_t path;     /* string */
    uint32_t build_id; /* string, hex; 0 unknown */
    tracee_addr start; /* of its first mapping */
    tracee_addr end;   /* past its last */
    tracee_addr bias;  /* address minus the file's own virtual address */
    bool is_runtime;   /* allocator or C/C++ runtime: never a site */
};

enum frame_flag {
    FRAME_EXACT = 1 << 0, /* addr is where it stands, not a return address:
                             interrupted by a signal. Looked up as it is;
                             others at addr - 1 */
};

struct trace_frame {
    tracee_addr addr;
    uint32_t module;     /* or MODULE_NONE */
    uint8_t flags;       /* enum frame_flag */
    uint32_t name_first; /* into names; meaningless while name_count is 0 */
    uint32_t name_count; /* 0: not named (yet). Innermost inlined call first,
                            the real function last */
};

struct trace_name {
    uint32_t function; /* string; 0 unknown */
    uint32_t file;     /* string, absolute where known; 0 unknown */
    uint32_t line;     /* 1-based; 0 unknown. Of the call, for a caller */
    uint32_t column;   /* 1-based; 0 unknown */
    bool is_inlined;   /* has no frame of its own */
};

struct trace_stack {
    uint32_t parent; /* a smaller number */
    uint32_t frame;
    uint32_t depth; /* frames from the root, this one included */
};

struct trace_source {
    uint32_t path; /* string, as in struct trace_name */
    char *text;    /* owned, NUL-terminated; may hold anything else */
    size_t size;   /* bytes, without the NUL */
};

struct tables {
    struct strtab strings;
    struct trace_module *modules;
    size_t module_count, module_cap;
    struct trace_frame *frames;
    size_t frame_count, frame_cap;
    struct trace_name *names;
    size_t name_count, name_cap;
    uint32_t *named; /* frames in the order they were named; the writer's */
    size_t named_count, named_cap;
    struct trace_stack *stacks; /* [STACK_ROOT] and [STACK_CUT] exist once
                                   tables_init ran */
    size_t stack_count, stack_cap;
    struct trace_source *sources;
    size_t source_count, source_cap;
    struct map frame_index; /* hash of (addr, module, flags) -> frame */
    struct map stack_index; /* parent << 32 | frame -> stack */
};

enum err_code tables_init(struct tables *t, struct err *err) MUST_CHECK;
void tables_fini(struct tables *t);

/* Each adds, or finds the same one, and gives its number. ERR_NO_MEMORY. The
 * indices inside the argument must be valid (asserted). A reader's tables are
 * not searchable, and nobody but the reader adds to them. */
enum err_code tables_module(struct tables *t, const struct trace_module *m,
                            uint32_t *out, struct err *err) MUST_CHECK;
enum err_code tables_frame(struct tables *t, tracee_addr addr, uint32_t module,
                           uint8_t flags, uint32_t *out,
                           struct err *err) MUST_CHECK;
enum err_code tables_stack(struct tables *t, uint32_t parent, uint32_t frame,
                           uint32_t *out, struct err *err) MUST_CHECK;

/* Names a frame; a second time replaces the first. Copies `names`, at most
 * NAMES_PER_FRAME_MAX of them. */
enum err_code tables_name(struct tables *t, uint32_t frame,
                          const struct trace_name *names, size_t count,
                          struct err *err) MUST_CHECK;

/* Keeps a copy of a source file's text. The first text of a path stays. */
enum err_code tables_source(struct tables *t, uint32_t path, const char *text,
                            size_t size, struct err *err) MUST_CHECK;

/* NULL when that file's text is not in the trace. */
const struct trace_source *tables_find_source(const struct tables *t,
                                              uint32_t path);

/* Whether the stack's frames go all the way to the thread's first. */
bool tables_stack_is_whole(const struct tables *t, uint32_t stack);

/* Bytes of memory the tables take. */
uint64_t tables_memory(const struct tables *t);

static inline const char *tables_string(const struct tables *t, uint32_t number)
{
    return strtab_get(&t->strings, number);
}

#endif
