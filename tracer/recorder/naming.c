#include "recorder/naming.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"

enum { SOURCE_MAX = 1 << 20 }; /* bytes */

static enum err_code name_frame(struct tables *t, uint32_t frame,
                                const struct line_call *calls, size_t count,
                                struct err *err)
{
    struct trace_name names[LINE_CALLS_MAX];
    enum err_code rc = ERR_OK;

    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        const struct line_call *c = &calls[i];

        names[i] = (struct trace_name){
            .line = c->line,
            .column = c->column,
            .is_inlined = c->is_inlined,
        };
        rc = strtab_intern(&t->strings, c->function, strlen(c->function),
                           &names[i].function, err);
        if (rc == ERR_OK)
            rc = strtab_intern(&t->strings, c->file, strlen(c->file),
                               &names[i].file, err);
    }
    return rc == ERR_OK ? tables_name(t, frame, names, count, err) : rc;
}

enum err_code naming_frames(struct tables *t, struct symbolizer *symbols,
                            const uint32_t *numbers, size_t from,
                            struct err *err)
{
    struct line_call calls[LINE_CALLS_MAX];

    for (uint32_t i = (uint32_t)from; i < t->frame_count; i++) {
        const struct trace_frame *f = &t->frames[i];
        uint64_t vaddr;
        size_t count = 0;
        enum err_code rc;

        if (f->module == MODULE_NONE || f->name_count > 0)
            continue;
        /* A return address may stand behind the last byte of its function:
         * the call itself is one byte before it. */
        vaddr = f->addr - t->modules[f->module].bias -
                ((f->flags & FRAME_EXACT) != 0 ? 0 : 1);
        rc = symbolizer_name(symbols, numbers[f->module], vaddr, calls, &count,
                             err);
        if (rc == ERR_OK)
            rc = name_frame(t, i, calls, count, err);
        if (rc == ERR_NO_MEMORY)
            return rc;
        if (rc != ERR_OK)
            log_debug("frame unnamed addr=0x%llx", (unsigned long long)f->addr);
    }
    return ERR_OK;
}

/* The whole file, or NULL when it is not there, not regular, or too large. */
static char *read_file(const char *path, size_t *size)
{
    struct stat st;
    char *text = NULL;
    FILE *fp = fopen(path, "re");

    if (fp == NULL)
        return NULL;
    if (fstat(fileno(fp), &st) == 0 && S_ISREG(st.st_mode) &&
        st.st_size <= SOURCE_MAX)
        text = malloc((size_t)st.st_size + 1);
    if (text != NULL)
        *size = fread(text, 1, (size_t)st.st_size, fp);
    fclose(fp);
    return text;
}

static enum err_code keep_source(struct tables *t, uint32_t file,
                                 struct err *err)
{
    size_t size = 0;
    char *text;
    enum err_code rc;

    if (file == 0 || tables_find_source(t, file) != NULL)
        return ERR_OK;
    text = read_file(tables_string(t, file), &size);
    if (text == NULL)
        return ERR_OK;
    rc = tables_source(t, file, text, size, err);
    free(text);
    return rc;
}

enum err_code naming_sources(struct tables *t, struct err *err)
{
    for (size_t i = 0; i < t->frame_count; i++) {
        const struct trace_frame *f = &t->frames[i];

        if (f->module == MODULE_NONE || t->modules[f->module].is_runtime)
            continue;
        for (uint32_t k = 0; k < f->name_count; k++) {
            enum err_code rc =
                keep_source(t, t->names[f->name_first + k].file, err);

            if (rc != ERR_OK)
                return rc;
        }
    }
    return ERR_OK;
}
