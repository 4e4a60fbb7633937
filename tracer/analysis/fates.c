#include "analysis/fates.h"

#include <stdlib.h>

#include "base/vec.h"

enum { PAGE = 1 << 14 };

void fates_fini(struct fates *f)
{
    for (size_t i = 0; i < f->page_count; i++)
        free(f->pages[i]);
    free(f->pages);
    *f = (struct fates){ 0 };
}

enum err_code fates_add(struct fates *f, struct err *err)
{
    if (f->count == (uint64_t)f->page_count * PAGE) {
        struct fate *page;
        enum err_code rc = vec_grow(&f->pages, f->page_count, &f->page_cap,
                                    sizeof(*f->pages), err);

        if (rc != ERR_OK)
            return rc;
        page = calloc(PAGE, sizeof(*page));
        if (page == NULL)
            return err_no_memory(err);
        f->pages[f->page_count++] = page;
    }
    f->count++;
    return ERR_OK;
}

struct fate *fates_get(const struct fates *f, uint64_t number)
{
    if (number >= f->count)
        return NULL;
    return &f->pages[number / PAGE][number % PAGE];
}

uint64_t fates_memory(const struct fates *f)
{
    return (uint64_t)f->page_count * PAGE * sizeof(struct fate) +
           f->page_cap * sizeof(*f->pages);
}
