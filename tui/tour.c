#include "tui/tour.h"

/* clang-format off */
static const struct {
    enum command cmd; /* that ends the step */
    enum message text;
    bool needs_course;
} steps[TOUR_STEPS] = {
    { CMD_NEXT_STAGE, MSG_TOUR_STAGE, false },
    { CMD_PREDICT,    MSG_TOUR_PREDICT, true },
    { CMD_ANSWER,     MSG_TOUR_ANSWER, true },
    { CMD_OPEN,       MSG_TOUR_OPEN, false },
    { CMD_DOWN,       MSG_TOUR_SITE, false },
    { CMD_NEXT_STAGE, MSG_TOUR_FOLLOW, false },
    { CMD_HELP,       MSG_TOUR_HELP, false },
};
/* clang-format on */

enum message tour_says(int step)
{
    return steps[step - 1].text;
}

int tour_next(int step, enum command cmd, bool has_course)
{
    if (cmd != steps[step - 1].cmd)
        return step;
    do {
        step++;
    } while (step <= TOUR_STEPS && steps[step - 1].needs_course && !has_course);
    return step > TOUR_STEPS ? 0 : step;
}
