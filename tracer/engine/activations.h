/*
 * activations.h - which runs of which frames own which live blocks.
 *
 * Each owner is a circular list with a sentinel, so that a block leaves its
 * list, and a whole list moves to another owner, in constant time and without
 * anybody asking who the owner is:
 *
 *     activation 9  <-> block <-> block <->  (back to 9)
 *
 * Knows nothing of stacks: shadow.h says when an activation begins and ends.
 */
#ifndef ENGINE_ACTIVATIONS_H
#define ENGINE_ACTIVATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map.h"
#include "trace/event.h"

enum { OWNER_NONE = 0 }; /* node 0 owns what nobody owns */

struct ownership_node;

struct activations {
    struct ownership_node *nodes; /* [0] is OWNER_NONE's */
    size_t count, cap;
    uint32_t free_list; /* unused nodes, by next; 0 ends */
    struct map blocks;  /* address -> node */
    uint64_t last_id;   /* activations made so far */
};

enum err_code activations_init(struct activations *a,
                               struct err *err) MUST_CHECK;
void activations_fini(struct activations *a);

/* A new activation that owns nothing. *out names it here until
 * activations_end; its number in the trace is activations_id(*out). */
enum err_code activations_begin(struct activations *a, uint32_t *out,
                                struct err *err) MUST_CHECK;
uint64_t activations_id(const struct activations *a, uint32_t activation);
bool activations_owns_any(const struct activations *a, uint32_t activation);

/* Forgets the activation; its blocks become `heir`'s, which may be
 * OWNER_NONE. */
void activations_end(struct activations *a, uint32_t activation, uint32_t heir);

/* A block was made. One that was live at that address is forgotten: its free
 * was not seen. ERR_NO_MEMORY. */
enum err_code activations_add_block(struct activations *a, tracee_addr addr,
                                    uint32_t owner, struct err *err) MUST_CHECK;

/* A block is gone. False when none was live there. */
bool activations_take_block(struct activations *a, tracee_addr addr);
bool activations_has_block(const struct activations *a, tracee_addr addr);

/* Forgets all blocks and activations: the program was replaced by exec. */
void activations_reset(struct activations *a);

#endif
