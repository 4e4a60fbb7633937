#include "support/recording.h"

#include <string.h>

#include "support/read_back.h"
#include "trace/reader.h"
#include "trace/tables.h"

static uint64_t scramble(uint64_t x) /* xorshift64*, Vigna 2016 */
{
    x = (x + 1) * UINT64_C(0x9e3779b97f4a7c15);
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    return x * UINT64_C(2685821657736338717);
}

enum { STACKS = 50 };

struct event recording_event(uint64_t i)
{
    uint64_t x = scramble(i);
    struct event ev = {
        .seq = i,
        .t_ns = i * 100 + x % 100,
        .thread = i < 4 ? (uint32_t)i : (uint32_t)(x >> 8) % 4,
        .kind = (uint8_t)(x >> 16) % EV_KIND_COUNT,
        .flags = (uint8_t)(x >> 24),
        .text = (uint32_t)(x >> 32) % 3,
        .stack = (uint32_t)(x >> 40) % STACKS,
        .addr = scramble(x),
        .size_bytes = scramble(x + 1) >> (x % 64),
        .activation = scramble(x + 2) >> (x % 60),
        .parent = x % 7 == 0 ? UINT64_MAX : 0,
    };

    return ev;
}

enum err_code recording_add_stacks(struct tables *t, struct err *err)
{
    struct trace_module module = { .start = 0x1000, .end = 0x2000 };
    uint32_t number, stack = STACK_ROOT;
    enum err_code rc;

    rc = strtab_intern(&t->strings, "/bin/app", 8, &module.path, err);
    if (rc == ERR_OK)
        rc = strtab_intern(&t->strings, "malloc", 6, &number, err);
    if (rc == ERR_OK)
        rc = tables_module(t, &module, &number, err);
    while (rc == ERR_OK && t->stack_count < STACKS) {
        rc = tables_frame(t, 0x1000 + 8 * t->stack_count, number, 0, &stack,
                          err);
        if (rc == ERR_OK)
            rc = tables_stack(t, (uint32_t)t->stack_count / 2, stack, &stack,
                              err);
    }
    return rc;
}

/* Names come when all events were seen, as from a recorder. */
static enum err_code add_names(struct tables *t, bool has_source,
                               struct err *err)
{
    static const char text[] = "int main(void) { return 0; }\n";
    struct trace_name name = { .line = 3 };
    enum err_code rc =
        strtab_intern(&t->strings, "main", 4, &name.function, err);

    for (uint32_t i = 0; rc == ERR_OK && i < t->frame_count; i++)
        rc = tables_name(t, i, &name, 1, err);
    if (rc == ERR_OK && has_source)
        rc = tables_source(t, 1, text, sizeof(text) - 1, err);
    return rc;
}

void recording_put_events(struct writer *w, const struct plan *plan,
                          struct recording *out)
{
    for (size_t i = 0; i < plan->events; i++) {
        struct event ev = recording_event(i);
        enum err_code rc = writer_event(w, &ev, &out->err);

        if (rc == ERR_OK && plan->flush_every > 0 &&
            (i + 1) % plan->flush_every == 0)
            rc = writer_flush(w, &out->err);
        if (out->event_rc == ERR_OK)
            out->event_rc = rc;
    }
}

void recording_make(const char *path, const struct plan *plan,
                    struct recording *out)
{
    struct trace_header header = { .frames_exact = true };
    struct writer *w;
    enum err_code rc;

    *out = (struct recording){ 0 };
    out->open_rc = writer_open(path, true, &header, &w, &out->err);
    if (out->open_rc != ERR_OK)
        return;
    rc = recording_add_stacks(writer_tables(w), &out->err);
    if (rc == ERR_OK)
        recording_put_events(w, plan, out);
    if (rc == ERR_OK)
        rc = add_names(writer_tables(w), plan->has_source, &out->err);
    out->seal_rc = rc;
    if (rc == ERR_OK)
        out->seal_rc = writer_seal(w, &out->ledger, &out->err);
    out->is_sealed = strcmp(writer_path(w), path) == 0;
    writer_close(w);
}

bool recording_holds(const char *path, uint64_t want, bool is_sealed)
{
    struct reader *r;
    struct event ev;
    struct err err = { 0 };
    enum err_code rc = reader_open(path, &r, &err);
    uint64_t count = 0;
    bool same = true;

    if (rc != ERR_OK)
        return false;
    while ((rc = reader_next(r, &ev, &err)) == ERR_OK) {
        struct event expected = recording_event(count++);

        same = same && event_equals(&ev, &expected);
    }
    same = same && rc == ERR_NOT_FOUND && count == want &&
           reader_sealed(r) == is_sealed;
    reader_close(r);
    return same;
}
