/*
 * displaced.h - an instruction made to run somewhere else.
 *
 * A breakpoint replaces an instruction and is never lifted, because another
 * thread would slip through. Instead the displaced instruction runs in a
 * slot: code that has the same effect at another address and then goes on
 * behind the breakpoint. Nothing is emulated in the tracer, so passing a
 * breakpoint costs no second stop, and code left behind by a dead tracer
 * still works (rescue.h).
 *
 *     0x401000  push %rbp       ->  slot  push %rbp
 *                                         jmp  0x401001
 *     0x401100  call 0x402000   ->  slot  push $0x401105  (as two halves)
 *                                         jmp  0x402000
 *     0x401200  mov 8(%rip),%rax -> slot  mov  8+delta(%rip),%rax
 *                                         jmp  0x401207
 *     0x401300  je 0x401400     ->  slot  je   1f
 *                                         jmp  0x401302
 *                                      1: jmp  0x401400
 *
 * Intel SDM volume 2 for the encodings. The kernel's uprobes work likewise
 * (arch/x86/kernel/uprobes.c). One displaced_<cpu>.c implements it.
 */
#ifndef ENGINE_DISPLACED_H
#define ENGINE_DISPLACED_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "trace/event.h"

enum { DISPLACED_SLOT_SIZE = 64 }; /* bytes a slot may take, and its stride */

struct displaced {
    uint8_t code[DISPLACED_SLOT_SIZE];
    size_t size;      /* of code, bytes */
    size_t insn_size; /* of the original instruction, bytes */
};

/*
 * Makes the slot for the instruction in `bytes` (up to `size` of them, read
 * at `addr`), to be placed at `slot`, which must be within 1.9 GiB of it.
 *
 *   ERR_BAD_FORMAT  no instruction, or one that cannot be moved: the text
 *                   says which
 */
enum err_code displaced_make(const uint8_t *bytes, size_t size,
                             tracee_addr addr, tracee_addr slot,
                             struct displaced *out, struct err *err) MUST_CHECK;

#endif
