/*
 * stages_panels.h - the parts of the Stages view: number, lesson, bars, what
 * vanished, the honest line. Each fills the area it is given, of any size.
 */
#ifndef TUI_STAGES_PANELS_H
#define TUI_STAGES_PANELS_H

#include "tui/view.h"

enum { COUNT_DOWN_MS = 400 };

struct stages_state {
    uint8_t *guesses; /* per stage, 1-based answer, 0 none; owned */
    size_t stage;     /* the one shown last */
    bool was_shown;
    bool is_asking;          /* the lesson panel asks about the next stage */
    int page;                /* of the lesson */
    double count_from;       /* the number counts down from here ... */
    uint64_t count_start_ms; /* ... since then */
};

/* The number the count-down has reached. */
double stages_number(const struct stages_state *s, const struct world *w);

/* What the stage's figure counts: allocs/op, or allocs in all. */
enum message stages_unit(const struct stage *s);

/* The question of the stage after the cursor's; NULL when it has none. */
const struct course_question *stages_question(const struct world *w);

/* Digits with was, now and gone beside them; one line when there are fewer
 * than 5 rows. */
void stages_draw_number(const struct stages_state *s, const struct world *w,
                        struct area a);
/* Boxed, or a heading and text. */
void stages_draw_lesson(const struct stages_state *s, const struct world *w,
                        struct area a, bool is_boxed);
void stages_draw_bars(const struct world *w, struct area a, bool has_heading);
void stages_draw_vanished(const struct world *w, struct area a, bool is_boxed);
void stages_draw_honest(const struct world *w, struct area a);

#endif
