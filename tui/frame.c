#include "tui/frame.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/tour.h"
#include "tui/wrap.h"

enum { FULL_COLS = 60, FULL_ROWS = 16, LINES_ROWS = 4, NOTE_ROWS = 2 };

static int note_rows(const struct world *w, int cols)
{
    int rows = wrap_count(w->story->note, cols - 2);

    return rows < NOTE_ROWS ? rows : NOTE_ROWS;
}

struct area frame_body(const struct world *w, struct grid *g)
{
    int top = 2 + note_rows(w, g->cols);

    return area_part(grid_area(g), top, 0, -3, -1);
}

/* "Stages > S3 > Sites": the views that Esc leads back through. */
static void breadcrumb(const struct world *w, char *out, size_t cap)
{
    const struct view *back = w->view->back;

    if (back != NULL) {
        char stage[16];

        snprintf(stage, sizeof(stage), " > S%u > ", world_stage(w)->number);
        say_plain(out, cap, say(w->language, back->title));
        say_plain(out, cap, stage);
    }
    say_plain(out, cap, say(w->language, w->view->title));
}

static void draw_title(const struct world *w, struct area a)
{
    const struct story *story = w->story;
    char text[128] = "stackward | ";
    char here[16], first[16], last[16];
    char stages[64];
    char right[128];
    int end;

    snprintf(here, sizeof(here), "S%u", world_stage(w)->number);
    snprintf(first, sizeof(first), "S%u", story->stages[0].number);
    snprintf(last, sizeof(last), "S%u", story->stages[story->count - 1].number);
    say_to(stages, sizeof(stages), w->language, MSG_OF_STAGES, here, first,
           last);
    snprintf(right, sizeof(right), "%s  %s  [?] %s", stages,
             w->language == LANG_ZH ? "中" : "EN",
             say(w->language, MSG_FOOT_HELP));
    breadcrumb(w, text, sizeof(text));
    end = area_fit(a, 0, 1, a.cols - 2, STYLE_BOLD, text);
    if (end + (int)text_width(right) + 3 <= a.cols)
        area_text_right(a, 0, 1, STYLE_DIM, right);
}

static void draw_chips(const struct world *w, struct area a)
{
    enum style style = w->view->has_filters ? STYLE_ACCENT : STYLE_DIM;
    const char *bound = say(w->language, MSG_UPPER_BOUND);
    struct area left =
        area_part(a, 1, 0, 1, a.cols - (int)text_width(bound) - 3);
    int col = area_text(left, 0, 1, STYLE_DIM, say(w->language, MSG_FILTER));

    if (w->filters.count == 0)
        area_text(left, 0, col + 1, STYLE_DIM, say(w->language, MSG_NO_FILTER));
    for (size_t i = 0; i < w->filters.count; i++)
        col = area_printf(left, 0, col + 1, style, "[%s]", w->filters.chips[i]);
    if (w->filters.count > 0 && !w->view->has_filters)
        area_text(left, 0, col + 1, STYLE_DIM, say(w->language, MSG_NOT_HERE));
    area_text_right(a, 1, 1, STYLE_DIM, bound);
}

static void draw_note(const struct world *w, struct area a)
{
    int rows = note_rows(w, a.cols);
    struct area note = area_part(a, 2, 1, rows, -2);

    if (rows > 0 && wrap_draw(note, STYLE_WARN, w->story->note, 0) > rows)
        area_glyph(note, rows - 1, note.cols - 1, STYLE_WARN, GLYPH_ELLIPSIS);
}

static void draw_tour(const struct frame *f, struct area a, int row)
{
    enum language lang = f->world->language;
    char text[64];
    int col;

    say_to(text, sizeof(text), lang, MSG_TOUR_STEP, f->tour, TOUR_STEPS);
    col = area_text(a, row, 1, STYLE_SELECTED, text);
    area_fit(a, row, col + 1, a.cols - col - 2, STYLE_ACCENT,
             say(lang, tour_says(f->tour)));
}

static void draw_why(const struct frame *f, struct area a, int row)
{
    const struct world *w = f->world;
    char text[512] = "";
    int col;

    if (f->said[0] != '\0') {
        area_fit(a, row, 1, a.cols - 2, STYLE_WARN, f->said);
        return;
    }
    if (f->tour > 0) {
        draw_tour(f, a, row);
        return;
    }
    w->view->teach(f->state, w, text, sizeof(text));
    if (text[0] == '\0')
        return;
    col = area_text(a, row, 1, STYLE_BOLD, say(w->language, MSG_WHY));
    area_fit(a, row, col + 1, a.cols - col - 2, STYLE_PLAIN, text);
}

/* Commands that lead nowhere from this view. */
static uint64_t idle_commands(const struct frame *f)
{
    const struct view *view = f->world->view;
    uint64_t idle = 0;

    if (view->deeper == NULL)
        idle |= UINT64_C(1) << CMD_OPEN;
    if (view == views[0] && (f->scopes & SCOPE_QUESTION) == 0)
        idle |= UINT64_C(1) << CMD_BACK;
    return idle;
}

static void draw_footer(const struct frame *f, struct area a, int row)
{
    enum language lang = f->world->language;
    char text[1024];
    int col;

    if (f->prompt == MSG_NONE) {
        keymap_footer(f->scopes, idle_commands(f), lang, a.cols - 1, text,
                      sizeof(text));
        area_fit(a, row, a.cols > 1 ? 1 : 0, a.cols - 1, STYLE_DIM, text);
        return;
    }
    /* What is being typed matters more than what it is for. */
    col = a.cols - (int)text_width(f->typed) - 2;
    if (col > 1)
        col = area_fit(a, row, 1, col - 1, STYLE_BOLD, say(lang, f->prompt));
    else
        col = 0;
    col = area_text(a, row, col, STYLE_PLAIN, f->typed);
    area_char(a, row, col, STYLE_SELECTED, ' ');
}

static void draw_lines(const struct frame *f, struct area a)
{
    const struct world *w = f->world;
    char text[512];
    int row = 0;

    draw_title(w, a);
    views[0]->brief(f->home_state, w, text, sizeof(text));
    area_fit(a, ++row, 0, a.cols, STYLE_ACCENT, text);
    if (w->view != views[0]) {
        w->view->brief(f->state, w, text, sizeof(text));
        area_fit(a, ++row, 0, a.cols, STYLE_SELECTED, text);
    }
    if (row + 2 < a.rows)
        draw_why(f, a, row + 1);
    draw_footer(f, a, a.rows - 1);
}

static void draw_one_line(const struct frame *f, struct area a)
{
    const struct world *w = f->world;
    char text[512];

    if (f->prompt != MSG_NONE) {
        draw_footer(f, a, 0);
        return;
    }
    w->view->brief(f->state, w, text, sizeof(text));
    area_fit(a, 0, 0, a.cols, STYLE_BOLD, text);
}

/* What is being typed, or was answered, in the last row of a bare view. */
static void draw_last_row(const struct frame *f, struct area a)
{
    if (f->prompt == MSG_NONE && f->said[0] == '\0')
        return;
    a = area_part(a, a.rows - 1, 0, 1, -1);
    area_clear(a);
    if (f->prompt != MSG_NONE)
        draw_footer(f, a, 0);
    else
        draw_why(f, a, 0);
}

void frame_draw(const struct frame *f, struct grid *g)
{
    const struct world *w = f->world;
    struct area all = grid_area(g);

    grid_clear(g);
    if (w->view->is_bare) {
        w->view->draw(f->state, w, all);
        draw_last_row(f, all);
        return;
    }
    if (g->rows < LINES_ROWS) {
        draw_one_line(f, all);
        return;
    }
    if (g->rows < FULL_ROWS || g->cols < FULL_COLS) {
        draw_lines(f, all);
        return;
    }
    draw_title(w, all);
    draw_chips(w, all);
    draw_note(w, all);
    w->view->draw(f->state, w, frame_body(w, g));
    draw_why(f, all, g->rows - 2);
    draw_footer(f, all, g->rows - 1);
}
