#include "tui/selection.h"

#include "analysis/profile.h"

void selection_set_site(struct selection *c, const struct site *site)
{
    c->has_site = true;
    c->site_key = site->key;
    c->site_line = site->line;
}

int selection_match(const struct selection *c, const struct site *site)
{
    if (!c->has_site || c->site_key != site->key)
        return 0;
    return c->site_line == site->line ? 2 : 1;
}

bool selection_equal(const struct selection *a, const struct selection *b)
{
    return a->stage == b->stage && a->op == b->op && a->event == b->event &&
           a->block == b->block && a->has_site == b->has_site &&
           (!a->has_site ||
            (a->site_key == b->site_key && a->site_line == b->site_line));
}
