#include "boxed.h"

#include <stdlib.h>
#include <string.h>

struct boxed *boxed_text(const char *text)
{
    struct boxed *value = malloc(sizeof(*value));

    if (value == NULL)
        return NULL;
    value->kind = BOXED_TEXT;
    value->as.text = strdup(text);
    if (value->as.text == NULL) {
        free(value);
        return NULL;
    }
    return value;
}

struct boxed *boxed_number(int64_t number)
{
    struct boxed *value = malloc(sizeof(*value));

    if (value == NULL)
        return NULL;
    value->kind = BOXED_NUMBER;
    value->as.number = number;
    return value;
}

struct boxed *boxed_copy(const struct boxed *value)
{
    if (value->kind == BOXED_NUMBER)
        return boxed_number(value->as.number);
    return boxed_text(value->as.text);
}

void boxed_free(struct boxed *value)
{
    if (value != NULL && value->kind == BOXED_TEXT)
        free(value->as.text);
    free(value);
}
