/*
 * explorer_parts.h - the explorer's state, for the files that make it up:
 * explorer.c (keys in, grid out) and explorer_act.c (what a command does that
 * no view takes). Nobody else includes it.
 */
#ifndef TUI_EXPLORER_PARTS_H
#define TUI_EXPLORER_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "tui/copying.h"
#include "tui/explorer.h"
#include "tui/history.h"
#include "tui/replay_move.h"
#include "tui/view.h"

enum { VIEWS_MAX = 16 };

struct prompt {
    enum command what; /* CMD_SEARCH, CMD_FILTER; CMD_NONE: not open */
    char typed[FILTER_TEXT_MAX];
};

struct explorer {
    struct story story;
    struct replay replay;
    struct world world;
    void *states[VIEWS_MAX]; /* one per view; owned */
    const struct view *last; /* the view shown before, for `-` */
    struct prompt prompt;
    struct history history;
    bool ascii;
    bool reads_all; /* a script is played on whole traces */
    bool is_armed;  /* Ctrl-C was the last key, and cancelled nothing */
    bool is_stale;
    bool was_moving;
    uint64_t version; /* of the story, drawn last */
    bool is_coaching; /* an exercise is being run */
    int tour;         /* its step, from 1; 0: not under way */
    struct copying_start start;
    struct key_log keys;
    struct buf copied;
    char said[160]; /* an answer to the last key, or "" */
};

/* The private state of a view. */
void *explorer_state_of(const struct explorer *ex, const struct view *view);

/* Says a sentence in the footer. */
void explorer_answer(struct explorer *ex, enum message id);

/* Finds what was searched, `step` 1 or -1 away, or says that it is not. */
void explorer_find(struct explorer *ex, int step);

/* Leaves the view as Esc does. */
void explorer_back(struct explorer *ex);

/* A command was done: the tour, if it is under way, may go on. */
void explorer_tour(struct explorer *ex, enum command cmd);

/* Where the user is, for undo. */
struct place explorer_place(const struct explorer *ex);

/* Does what the view on the screen did not take. */
enum wish explorer_act(struct explorer *ex, enum command cmd);

#endif
