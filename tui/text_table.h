/*
 * text_table.h - every sentence the explorer says, once per language.
 *
 * A sentence is a printf format. All languages take the same arguments of
 * the same types (tests/unit/test_text_table.c), in their own order if they
 * name positions ("%2$s", printf(3)). Verdict letters, keys and command names
 * are the same everywhere.
 */
#ifndef TUI_TEXT_TABLE_H
#define TUI_TEXT_TABLE_H

#include <stddef.h>

#include "analysis/course.h"

/* clang-format off */
enum message {
    MSG_NONE, /* nothing to say */

    /* The frame. */
    MSG_STAGES, MSG_SITES, MSG_HELP, /* names of views */
    MSG_OF_STAGES,      /* %s %s %s: the current stage, first, last */
    MSG_FILTER,         /* before the chips */
    MSG_NO_FILTER,
    MSG_NOT_HERE,       /* chips that this view does not apply */
    MSG_UPPER_BOUND,    /* short, in row 2 of every screen */
    MSG_WHY,            /* before the teaching sentence */
    MSG_PROMPT_SEARCH, MSG_PROMPT_FILTER,
    MSG_NO_MATCH,       /* %s: what was searched */
    MSG_NOTHING_SEARCHED,
    MSG_TOO_MANY_FILTERS,
    MSG_NEEDS_UTF8,
    MSG_QUIT_AGAIN,
    MSG_NOTHING_TO_UNDO, MSG_NOTHING_TO_REDO,
    MSG_FIRST_STAGE, MSG_LAST_STAGE,
    MSG_MORE,           /* %d %d: page, pages; more by Tab */

    /* States of a stage. */
    MSG_WAITING,
    MSG_RECORDING,      /* %s events, %s ops so far */
    MSG_PROGRESS,       /* the same in 20 columns */
    MSG_FAILED,         /* %s: why */
    MSG_READING,
    MSG_NO_OPS,         /* recorded, but no whole op in it */
    MSG_NO_ALLOCS,      /* without ops */

    /* Stages. */
    MSG_ALLOCS_OP, MSG_ALLOCS, MSG_BYTES_OP, MSG_BYTES, MSG_TIME_OP,
    MSG_WAS, MSG_NOW, MSG_GONE, MSG_MORE_NOW,
    MSG_YOUR_GUESS,     /* %s */
    MSG_LESSON,         /* %s: the title */
    MSG_NO_LESSON,
    MSG_BEFORE, MSG_HEAP, MSG_CHANGE, MSG_RISK,
    MSG_PREDICT_TITLE,  /* %s: the stage */
    MSG_PREDICT_HINT,   /* %s: the stage; press p */
    MSG_PREDICT_ANSWER, /* %d: answers */
    MSG_GUESS_RIGHT,    /* %s: the answer */
    MSG_GUESS_WRONG,    /* %s %s: the guess, the answer */
    MSG_NO_QUESTION,
    MSG_VANISHED,       /* %s: the stage before */
    MSG_VANISHED_FIRST, /* the first stage: nothing before it */
    MSG_VANISHED_NONE,  /* %s */
    MSG_VANISHED_MORE,  /* %s: how many rows are not shown */
    MSG_VANISHED_SUM,   /* %s %s %s: gone or less, new or more, together */
    MSG_NOT_COMPARABLE, /* %s */
    MSG_IS_LESS,        /* %s: what is left */
    MSG_EXACT,          /* %s %s %s %s %s: stage, allocs, min, max, n */
    MSG_RANGE,          /* %s %s %s %s %s: stage, min, max, median, n */
    MSG_WHOLE_RUN,      /* %s %s: stage, allocs */
    MSG_OUTLIVE,        /* %s %s %s: remain, outlive, stage */
    MSG_OUTLIVE_NONE,   /* %s %s: remain, stage */

    /* Why it could go. */
    MSG_COULD_T, MSG_COULD_U, MSG_COULD_O, MSG_COULD_C, MSG_COULD_L,

    /* Sites. */
    MSG_COL_ALLOCS, MSG_COL_BYTES, MSG_COL_LIFE, MSG_COL_FREED_IN,
    MSG_COL_VERDICT, MSG_COL_SITE,
    MSG_SITES_SUM,      /* %zu %zu: shown, all */
    MSG_SITES_SUM_GONE, /* %zu %zu %zu: and vanished */
    MSG_GONE_ROW,       /* before the name of a site that vanished */
    MSG_NO_SITES,
    MSG_FILTERED_OUT,   /* %s: the chip that leaves nothing */
    MSG_SITE_NOT_HERE,  /* %s %s: the site, the stage */
    MSG_MADE_BY,        /* %s: a chain of calls */
    MSG_HEAP_WHY,       /* before the reasons */
    MSG_BLOCKS,         /* %s %s %s: share, verdict letter, name */
    MSG_NAME_T, MSG_NAME_U, MSG_NAME_O, MSG_NAME_C, MSG_NAME_L,
    MSG_WHY_T,          /* %s: the maker */
    MSG_WHY_U,          /* %s %u %s: maker, frames up, owner */
    MSG_WHY_U_NAMELESS, /* %s %u: maker, frames up */
    MSG_WHY_U_RANGE,    /* %s %u %u %s: maker, least, most, owner of those */
    MSG_WHY_U_RANGE_NAMELESS, /* %s %u %u: maker, least, most */
    MSG_WHY_O,          /* %s: maker */
    MSG_WHY_C, MSG_WHY_L, /* %s: maker */
    MSG_FREED_MOSTLY,   /* %s: the function */
    MSG_AT_MOST,
    MSG_FIX,            /* before the advice */
    MSG_FIX_T, MSG_FIX_U, MSG_FIX_U_NAMELESS, MSG_FIX_O, MSG_FIX_C, MSG_FIX_L,
    MSG_FIX_GROWN, MSG_FIX_BOX,
    MSG_SEEN_IN,        /* before "S0 14.0  S1 6.0" */
    MSG_WAS_GONE,       /* %s %s %s %s: site, stage before, allocs, stage */
    MSG_ASKED_WITH,     /* %s: malloc, strdup ... */

    /* The tour. */
    MSG_TOUR_STEP, /* %d %d: this one, all */
    MSG_TOUR_STAGE, MSG_TOUR_PREDICT, MSG_TOUR_ANSWER, MSG_TOUR_OPEN,
    MSG_TOUR_SITE, MSG_TOUR_FOLLOW, MSG_TOUR_HELP, MSG_TOUR_DONE,
    MSG_TOUR_SKIPPED,

    /* Live. */
    MSG_LIVE,
    MSG_LIVE_RECORDING,
    MSG_LIVE_FROZEN,
    MSG_LIVE_ENDED,
    MSG_LIVE_OPS,
    MSG_LIVE_NO_OPS,
    MSG_LIVE_LIVE,
    MSG_LIVE_PEAK, /* %s */
    MSG_LIVE_EVENTS, /* %s */
    MSG_LIVE_RATE, /* %s */
    MSG_LIVE_COL,
    MSG_LIVE_ODD, /* %s %s %s: op, its allocs, median */
    MSG_LIVE_NO_ODD, /* %s */
    MSG_LIVE_NONE_ODD,
    MSG_LIVE_TEACH, MSG_LIVE_TEACH_ENDED,

    /* Learn. */
    MSG_LEARN,
    MSG_LEARN_NONE,
    MSG_LEARN_AT, /* %u %zu %zu %zu: stage, this one, all, passed */
    MSG_LEARN_START,
    MSG_LEARN_YOURS,
    MSG_LEARN_GOAL,
    MSG_LEARN_PREDICT,
    MSG_LEARN_PREDICTED, /* %s */
    MSG_LEARN_EDIT,
    MSG_LEARN_RETRACE,
    MSG_LEARN_EXPLAIN_LATER,
    MSG_LEARN_EXPLAIN,
    MSG_LEARN_LAST_RUN,
    MSG_LEARN_BUILD,
    MSG_LEARN_OUTPUT,
    MSG_LEARN_RECORD,
    MSG_LEARN_LEAKS,
    MSG_LEARN_NOT_YET,
    MSG_LEARN_RUNNING,
    MSG_LEARN_OK,
    MSG_LEARN_PASSED,
    MSG_LEARN_STILL, /* %zu */
    MSG_LEARN_QUESTION,
    MSG_LEARN_SOLUTION,
    MSG_LEARN_HINTS,
    MSG_LEARN_WHY_GONE,
    MSG_LEARN_SEE_SOLUTION,
    MSG_LEARN_NO_HINT, /* %zu */
    MSG_LEARN_HINT, /* %zu %zu */
    MSG_LEARN_NO_MORE_HINTS,
    MSG_LEARN_RESET_ASK,
    MSG_LEARN_RESET,
    MSG_LEARN_LOCKED,
    MSG_LEARN_TEACH,
    MSG_LEARN_TEACH_PASSED,
    MSG_LEARN_TEACH_LEAKS,
    MSG_LEARN_TEACH_OUTPUT,
    MSG_LEARN_TEACH_ALLOCS,
    MSG_TROUBLE_STATUS, /* %s */
    MSG_TROUBLE_SIGNAL, /* %s */
    MSG_TROUBLE_TIMEOUT, /* %s */
    MSG_TROUBLE_DIFFERS, /* %s %s %s: line, expected, printed */
    MSG_TROUBLE_OPS, /* %s %s: seen, expected */
    MSG_TROUBLE_LEAKS, /* %s %s: blocks, bytes */
    MSG_TROUBLE_TOO_MANY, /* %s %s: most, goal */

    /* Presenter. */
    MSG_PRESENT,
    MSG_PRESENT_UNIT, MSG_PRESENT_UNIT_RUN,
    MSG_PRESENT_KEY,    /* %s: the key pressed last */

    /* Source. */
    MSG_SOURCE,         /* name of the view */
    MSG_COL_A_OP, MSG_COL_LINE,
    MSG_SOURCE_SUM,     /* %zu %s %s %s: lines, this file's, all, unit */
    MSG_SOURCE_DIFF,    /* %s %s %zu %zu %s: stages, lines gone, new, allocs */
    MSG_SOURCE_DIFF_ROUGH, /* the same */
    MSG_SOURCE_SAME, MSG_SOURCE_NO_BEFORE, /* %s: the stage before */
    MSG_SOURCE_DISK, MSG_SOURCE_NEWER,
    MSG_SOURCE_CUT,     /* %zu: lines shown */
    MSG_SOURCE_SITE,    /* %s %s %s %s %s: unit, allocs, unit, bytes, verdict */
    MSG_SOURCE_CHANGE,  /* %s x 8: unit, was, is, unit, was, is, was, is */
    MSG_NONE_LEFT,      /* in place of a verdict */
    MSG_SOURCE_NO_SITE, MSG_SOURCE_WHY,
    MSG_SOURCE_NO_SPOT, MSG_SOURCE_NO_DIFF, MSG_SOURCE_TOO_NARROW,
    MSG_SOURCE_MISSING, /* %s: the path */
    MSG_SOURCE_HOW,     /* ... how to get it: a command follows */
    MSG_SOURCE_NAMELESS, MSG_SOURCE_NAMELESS_HOW,

    /* One op, event by event: Ribbons. */
    MSG_RIBBONS,
    MSG_REPLAY_NONE, MSG_REPLAY_EMPTY,
    MSG_REPLAY_READING, /* %s: events so far */
    MSG_EVENT,
    MSG_OP_OF,          /* %s %s: number, how many */
    MSG_WHOLE,          /* instead, without ops */
    MSG_EVENT_OF,       /* %s %s: number, the last one's */
    MSG_PART_OF,        /* %s %s: the first and the last event that is here */
    MSG_FIRST_EVENT, MSG_LAST_EVENT, MSG_FIRST_OP, MSG_LAST_OP,
    MSG_WHOLE_HERE, MSG_NONE_OUTLIVES,
    MSG_RIB_LEGEND,     /* %s %s: what a bar is drawn with, what outlives */
    MSG_RIB_NO_BLOCKS, MSG_RIB_FILTERED,
    MSG_BLOCK_L,        /* short: never freed */
    MSG_BLOCK_MADE,     /* %s %s %s: block, function, event */
    MSG_BLOCK_GONE,     /* %s: event; goes on */
    MSG_BLOCK_FREED, MSG_BLOCK_LATE, MSG_BLOCK_RESIZED, /* %s %s: event,
                           function; goes on */
    MSG_BLOCK_NEVER,    /* goes on */

    /* Replay. */
    MSG_REPLAY, MSG_PROMPT_GOTO, MSG_NO_SUCH_EVENT, MSG_NO_MARK,
    MSG_AFTER_OP,       /* the position is behind the op's end */
    MSG_PLAYING, MSG_PAUSED, /* %s: events a second */
    MSG_TRACE, MSG_EVENTS, MSG_STACK,
    MSG_HEAP_LIVE,      /* %s %s: blocks, bytes */
    MSG_HEAP_ROW,       /* %s: the event that made it */
    MSG_HEAP_BEFORE,    /* %s: blocks of before the op, or of others */
    MSG_EV_RETURN,      /* %s: the function */
    MSG_EV_RETURN_OF,   /* %s: not known which */
    MSG_EV_OP_BEGIN, MSG_EV_OP_END, MSG_EV_THREAD_BEGIN, MSG_EV_THREAD_END,
    MSG_RETURNED_AT,    /* %s %s: function, event */
    MSG_LEFT_BEHIND, MSG_MADE, /* %s: blocks */
    MSG_WHY_RETURN,

    /* Heap. */
    MSG_HEAP_MAP, MSG_HEAP_EMPTY,
    MSG_HEAP_SKIPPED,   /* %s: bytes */
    MSG_HEAP_LEGEND,    /* %s: bytes of a cell */
    MSG_HEAP_SUMS,      /* %s %s %s %s %s %s: live blocks, bytes, holes, bytes,
                           moved reallocs, bytes copied */
    MSG_HEAP_OLDER,     /* %s %s: function, events ago */
    MSG_HEAP_LEFT, MSG_HEAP_RIGHT, /* %s %s: function, gap */

    /* Flame. */
    MSG_FLAME,          /* name of the view */
    MSG_FLAME_ALL, MSG_FLAME_CUT, /* frames without a function */
    MSG_FLAME_WIDTH, MSG_FLAME_TREE, /* %s %s: the unit, which way round */
    MSG_FLAME_UPRIGHT, MSG_FLAME_INVERTED,
    MSG_FLAME_SELECTED, MSG_FLAME_HERE, MSG_FLAME_STAGES, MSG_FLAME_HIDDEN,
    MSG_FLAME_THIS,     /* %s %s %s %s: figure, its share, the other one, verdict */
    MSG_FLAME_NARROW,   /* %zu: frames */
    MSG_FLAME_NONE_HIDDEN,
    MSG_FLAME_BELOW,    /* %u: levels */
    MSG_FLAME_TOO_MANY,
    MSG_FLAME_WHY_UNDER, MSG_FLAME_WHY_SITE, /* %s %s: #1, the site */

    /* Compare. */
    MSG_COMPARE,        /* name of the view */
    MSG_COMPARE_ONE,
    MSG_COMPARE_PEAK, MSG_COMPARE_TIME, MSG_COMPARE_CHANGE,
    MSG_COMPARE_EXACT, MSG_COMPARE_UNCHANGED, MSG_COMPARE_ONCE_EACH,
    MSG_COMPARE_APART, MSG_COMPARE_OVERLAP,
    MSG_COMPARE_TOO_FEW, /* %zu %zu: samples */
    MSG_COMPARE_SITES, MSG_COMPARE_GONE, MSG_COMPARE_NEW, MSG_COMPARE_SAME,
    MSG_COMPARE_SUM, MSG_COMPARE_SUM_FILTERED, MSG_COMPARE_SUM_AVERAGE,
    MSG_COMPARE_SHOW, MSG_COMPARE_HIDE, /* %zu: sites */
    MSG_COMPARE_LEGEND_EXACT, MSG_COMPARE_LEGEND_RANGE,
    MSG_COMPARE_LEGEND_TIME,
    MSG_COMPARE_KINDS,  /* %s %s: stages */
    MSG_COMPARE_WHY_EXACT, MSG_COMPARE_WHY_RANGE,

    /* Copying; %s: the file, also where it is not said. */
    MSG_COPIED_FILE, MSG_COPIED_TMUX, MSG_COPIED_TERMINAL,
    MSG_COPIED_TERMINAL_ONLY, MSG_COPIED_CUT, MSG_COPIED_NOWHERE,
    MSG_COPY_SHOWN,     /* %s: the text */
    MSG_COPY_NOTHING, MSG_COPY_NO_COMMAND,

    /* Help. */
    MSG_HELP_KEYS_HERE, /* %s: the view */
    MSG_HELP_KEYS_GLOBAL, MSG_HELP_KEYS_QUESTION, MSG_HELP_KEYS_PROMPT,
    MSG_HELP_VERDICTS,
    MSG_HELP_WHY,
    MSG_HELP_BOUND,     /* what upper bound means, in full */
    MSG_HELP_GROWN, MSG_HELP_BOX,

    /* Commands: what they do, starting with a verb. */
    MSG_DO_UP, MSG_DO_DOWN, MSG_DO_PAGE_UP, MSG_DO_PAGE_DOWN, MSG_DO_HOME,
    MSG_DO_END, MSG_DO_OPEN, MSG_DO_BACK, MSG_DO_PREV_STAGE,
    MSG_DO_NEXT_STAGE, MSG_DO_GO_STAGES, MSG_DO_GO_SITES, MSG_DO_HELP,
    MSG_DO_LAST_VIEW, MSG_DO_SEARCH, MSG_DO_FIND_NEXT, MSG_DO_FIND_PREV,
    MSG_DO_GO_RIBBONS, MSG_DO_PREV_EVENT, MSG_DO_NEXT_EVENT, MSG_DO_PREV_OP,
    MSG_DO_NEXT_OP, MSG_DO_ZOOM_IN, MSG_DO_ZOOM_OUT, MSG_DO_ZOOM_ALL,
    MSG_DO_NEXT_OUTLIVING, MSG_DO_PREV_OUTLIVING,
    MSG_DO_GO_REPLAY, MSG_DO_PLAY, MSG_DO_FASTER, MSG_DO_SLOWER,
    MSG_DO_PREV_MARK, MSG_DO_NEXT_MARK, MSG_DO_GOTO,
    MSG_DO_GO_HEAP, MSG_DO_CELL_LEFT, MSG_DO_CELL_RIGHT, MSG_DO_FINER,
    MSG_DO_COARSER,
    MSG_DO_FILTER, MSG_DO_DROP_FILTER, MSG_DO_CLEAR_FILTERS, MSG_DO_SORT_LEFT,
    MSG_DO_SORT_RIGHT, MSG_DO_REVERSE, MSG_DO_INFO, MSG_DO_MORE,
    MSG_DO_COPY, MSG_DO_COPY_COMMAND,
    MSG_DO_GO_COMPARE, MSG_DO_SWAP, MSG_DO_CHOOSE_A, MSG_DO_CHOOSE_B,
    MSG_DO_UNCHANGED,
    MSG_DO_GO_FLAME, MSG_DO_LEFT, MSG_DO_RIGHT, MSG_DO_UNIT, MSG_DO_INVERT,
    MSG_DO_GO_SOURCE, MSG_DO_NEXT_SPOT, MSG_DO_PREV_SPOT, MSG_DO_HOTTEST,
    MSG_DO_DIFF, MSG_DO_LAYOUT,
    MSG_DO_PREDICT, MSG_DO_ANSWER, MSG_DO_UNDO, MSG_DO_REDO, MSG_DO_LANGUAGE,
    MSG_DO_REDRAW, MSG_DO_SUSPEND, MSG_DO_CANCEL, MSG_DO_QUIT, MSG_DO_ACCEPT,
    MSG_DO_ERASE, MSG_DO_ERASE_ALL,
    MSG_DO_TOUR, MSG_DO_GO_LIVE, MSG_DO_FREEZE, MSG_DO_ODD_OP,
    MSG_DO_GO_LEARN, MSG_DO_EDIT, MSG_DO_RUN, MSG_DO_HINT,
    MSG_DO_RESET, MSG_DO_SOLUTION, MSG_DO_NEXT_EXERCISE, MSG_DO_PREV_EXERCISE,
    MSG_DO_GO_PRESENT, MSG_DO_REVEAL, MSG_DO_UNREVEAL, MSG_DO_BLANK,

    /* The same in a word or two, for the footer. */
    MSG_FOOT_OPEN, MSG_FOOT_BACK, MSG_FOOT_STAGE, MSG_FOOT_HELP,
    MSG_FOOT_SEARCH, MSG_FOOT_FILTER,
    MSG_FOOT_SORT, MSG_FOOT_REVERSE, MSG_FOOT_INFO, MSG_FOOT_MORE,
    MSG_FOOT_PREDICT, MSG_FOOT_ANSWER, MSG_FOOT_UNDO, MSG_FOOT_LANGUAGE,
    MSG_FOOT_COPY,
    MSG_FOOT_SWAP, MSG_FOOT_CHOOSE, MSG_FOOT_UNCHANGED,
    MSG_FOOT_UNIT, MSG_FOOT_INVERT,
    MSG_FOOT_SPOT, MSG_FOOT_HOTTEST, MSG_FOOT_DIFF, MSG_FOOT_LAYOUT,
    MSG_FOOT_EVENT, MSG_FOOT_OP, MSG_FOOT_ZOOM, MSG_FOOT_ZOOM_ALL,
    MSG_FOOT_OUTLIVING, MSG_FOOT_PLAY, MSG_FOOT_MARK, MSG_FOOT_GOTO,
    MSG_FOOT_SPEED, MSG_FOOT_CELL, MSG_FOOT_SCALE,
    MSG_FOOT_QUIT, MSG_FOOT_ACCEPT, MSG_FOOT_CANCEL,
    MSG_FOOT_FREEZE, MSG_FOOT_ODD_OP,
    MSG_FOOT_EDIT, MSG_FOOT_RUN, MSG_FOOT_HINT, MSG_FOOT_RESET, MSG_FOOT_SOLUTION, MSG_FOOT_NEXT_EXERCISE,
    MSG_FOOT_REVEAL, MSG_FOOT_UNREVEAL, MSG_FOOT_BLANK,

    MSG_COUNT
};
/* clang-format on */

extern const char *const text_en[MSG_COUNT];
extern const char *const text_zh[MSG_COUNT];

/* The sentence; a format when its comment above names arguments. */
const char *say(enum language language, enum message id);

/* Fills it in; cut when too long. Gives `out`. */
const char *say_to(char *out, size_t cap, enum language language,
                   enum message id, ...);

/* Appends it to the string in `out`. */
void say_append(char *out, size_t cap, enum language language, enum message id,
                ...);

/* Appends plain text the same way. */
void say_plain(char *out, size_t cap, const char *text);

#endif
