#include "tui/coach.h"

#include <stdio.h>
#include <string.h>

#include "tui/text_table.h"
#include "tui/units.h"

bool coach_is_passed(const struct coach_result *r)
{
    return r->steps[COACH_STEP_COUNT - 1] == COACH_OK;
}

static void say_trouble(const struct coach_result *r, enum language lang,
                        char *out, size_t cap)
{
    char number[UNITS_MAX];
    char other[UNITS_MAX];

    units_count(r->number, number);
    units_count(r->other, other);
    switch (r->trouble) {
    case TROUBLE_TOLD:
        snprintf(out, cap, "%s", r->want);
        break;
    case TROUBLE_STATUS:
        say_to(out, cap, lang, MSG_TROUBLE_STATUS, number);
        break;
    case TROUBLE_SIGNAL:
        say_to(out, cap, lang, MSG_TROUBLE_SIGNAL, number);
        break;
    case TROUBLE_TIMEOUT:
        say_to(out, cap, lang, MSG_TROUBLE_TIMEOUT, number);
        break;
    case TROUBLE_DIFFERS:
        say_to(out, cap, lang, MSG_TROUBLE_DIFFERS, number, r->want, r->got);
        break;
    case TROUBLE_OPS:
        say_to(out, cap, lang, MSG_TROUBLE_OPS, number, other);
        break;
    case TROUBLE_LEAKS:
        say_to(out, cap, lang, MSG_TROUBLE_LEAKS, number, other);
        break;
    case TROUBLE_TOO_MANY:
        say_to(out, cap, lang, MSG_TROUBLE_TOO_MANY, number, other);
        break;
    case TROUBLE_NONE:
        out[0] = '\0';
        break;
    }
}

const char *coach_say(const struct coach_result *r, enum coach_step step,
                      enum language language, char *out, size_t cap)
{
    char most[UNITS_MAX];

    out[0] = '\0';
    switch (r->steps[step]) {
    case COACH_NOT_YET:
        say_to(out, cap, language, MSG_LEARN_NOT_YET);
        break;
    case COACH_RUNNING:
        say_to(out, cap, language, MSG_LEARN_RUNNING);
        break;
    case COACH_OK:
        if (step == COACH_ALLOCS)
            snprintf(out, cap, "%s", units_count(r->allocs_max, most));
        else
            say_to(out, cap, language, MSG_LEARN_OK);
        break;
    case COACH_FAILED:
        say_trouble(r, language, out, cap);
        break;
    }
    return out;
}
