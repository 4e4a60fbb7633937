#include "analysis/names.h"

#include <string.h>

void names_fini(struct names *n)
{
    strtab_fini(&n->made_up);
}

enum err_code names_make_up(struct names *n, const char *text, uint32_t *out,
                            struct err *err)
{
    enum err_code rc = strtab_intern(&n->made_up, text, strlen(text), out, err);

    if (rc == ERR_OK)
        *out |= NAMES_MADE_UP;
    return rc;
}

enum err_code names_of_call(struct names *n, const struct frame_call *call,
                            uint32_t *out, struct err *err)
{
    const struct trace_name *name = frames_name(n->tables, call);
    char text[256];

    if (name != NULL && tables_string(n->tables, name->function)[0] != '\0') {
        *out = name->function;
        return ERR_OK;
    }
    frames_unnamed(n->tables, call->frame, text, sizeof(text));
    return names_make_up(n, text, out, err);
}

const char *names_text(const struct names *n, uint32_t name)
{
    if ((name & NAMES_MADE_UP) != 0)
        return strtab_get(&n->made_up, name & ~NAMES_MADE_UP);
    return tables_string(n->tables, name);
}
