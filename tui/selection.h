/*
 * selection.h - the one selection that all views share.
 *
 * Each view draws it and moves the part it knows; switching views never
 * loses it. A site is named by key and line, not by row: it stays selected
 * when the order changes, and through stages in which it does not exist.
 */
#ifndef TUI_SELECTION_H
#define TUI_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct site;

struct selection {
    size_t stage;  /* index into the story's stages */
    bool has_site; /* the two below are meant */
    uint64_t site_key;
    uint32_t site_line; /* tells sites of one key apart, when it exists */
    uint64_t op;        /* its number, from 1; 0: none yet, or a whole run */
    uint64_t event;     /* 1 + the one done last; 0: none yet */
    uint64_t block;     /* 1 + the event that made it; 0: none yet */
};

void selection_set_site(struct selection *c, const struct site *site);

/* How well the cursor names this site: 0 not at all, 1 its key, 2 exactly. */
int selection_match(const struct selection *c, const struct site *site);

bool selection_equal(const struct selection *a, const struct selection *b);

#endif
