#include "symbols/demangle.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/vec.h"

#ifdef HAVE_LIBIBERTY
#include <libiberty/demangle.h>
#endif

enum {
    MANGLED_MAX = 8192, /* bytes */
    DEMANGLED_MAX = 65536,
};

struct output {
    jmp_buf stop;
    struct buf text;
    enum err_code rc;
    struct err *err;
};

#ifdef HAVE_LIBIBERTY

bool demangler_is_built_in(void)
{
    return true;
}

/* cp-demangle.c keeps all it has on the stack when it is given a callback, so
 * that jumping out of it leaks nothing; there is no other way to stop it. */
static void take(const char *text, size_t size, void *ctx)
{
    struct output *o = ctx;

    if (o->text.size + size > DEMANGLED_MAX)
        o->rc = ERR_BAD_FORMAT;
    else
        o->rc = buf_bytes(&o->text, text, size, o->err);
    if (o->rc != ERR_OK)
        longjmp(o->stop, 1);
}

static void run(const char *name, struct output *o)
{
    o->rc = ERR_OK;
    if (setjmp(o->stop) != 0)
        return;
    if (cplus_demangle_v3_callback(name, DMGL_PARAMS | DMGL_ANSI, take, o) == 0)
        o->rc = ERR_BAD_FORMAT;
}

#else

bool demangler_is_built_in(void)
{
    return false;
}

static void run(const char *name, struct output *o)
{
    (void)name;
    o->rc = ERR_BAD_FORMAT;
}

#endif

static enum err_code demangle(struct demangler *d, const char *name,
                              const char **out, struct err *err)
{
    struct output o = { .err = err };
    enum err_code rc =
        vec_grow(&d->texts, d->count, &d->cap, sizeof(char *), err);

    if (rc != ERR_OK)
        return rc;
    run(name, &o);
    rc = o.rc;
    if (rc == ERR_OK)
        rc = buf_le(&o.text, 0, 1, err);
    if (rc != ERR_OK) {
        buf_fini(&o.text);
        return rc == ERR_BAD_FORMAT ? ERR_OK : rc;
    }
    *out = d->texts[d->count++] = (char *)o.text.data;
    return ERR_OK;
}

enum err_code demangler_find(struct demangler *d, const char *name,
                             const char **out, struct err *err)
{
    uint64_t known;
    enum err_code rc;

    *out = name;
    if (strncmp(name, "_Z", 2) != 0 ||
        strnlen(name, MANGLED_MAX) == MANGLED_MAX)
        return ERR_OK;
    if (map_get(&d->by_name, (uintptr_t)name, &known)) {
        *out = (const char *)(uintptr_t)known;
        return ERR_OK;
    }
    rc = demangle(d, name, out, err);
    if (rc == ERR_OK)
        rc = map_put(&d->by_name, (uintptr_t)name, (uintptr_t)*out, err);
    return rc;
}

void demangler_fini(struct demangler *d)
{
    for (size_t i = 0; i < d->count; i++)
        free(d->texts[i]);
    free(d->texts);
    map_fini(&d->by_name);
    *d = (struct demangler){ 0 };
}
