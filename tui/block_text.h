/*
 * block_text.h - what can be said about one block of the replayed op: its
 * name, its verdict, its life in a sentence.
 */
#ifndef TUI_BLOCK_TEXT_H
#define TUI_BLOCK_TEXT_H

#include "tui/view.h"

/* "12.3": the third block here of the site in twelfth place; "-.41": of no
 * site that counts, the 41st of those. Gives `out`. */
enum { BLOCK_NAME_MAX = 32 };
const char *block_name(const struct world *w, size_t block,
                       char out[BLOCK_NAME_MAX]);

/* "U1", "<=T": its verdict. Gives `out`. */
const char *block_letter(const struct verdict *v, char out[16]);

/* "T 2 ev", "U1 +41 ev +G", "C +18 ev >": with how long it outlived its
 * maker, or lived. Gives `out`. */
const char *block_verdict(const struct world *w, const struct window_block *b,
                          char out[64]);

/* The function that asked for memory with this stack. Gives `out`. */
const char *block_maker(const struct world *w, uint32_t stack, uint32_t text,
                        char out[NAME_SHORT]);

/* The function at the end of a stack, the runtime left out; "" none. */
const char *block_function(const struct world *w, uint32_t stack,
                           char out[NAME_SHORT]);

/* From its making to its end, in one sentence. */
void block_story(const struct world *w, size_t block, char *out, size_t cap);

/* Why it is on the heap, in one sentence. */
void block_why(const struct world *w, const struct window_block *b, char *out,
               size_t cap);

/* Whether the chips let it pass. */
bool block_passes(const struct world *w, size_t block);

#endif
