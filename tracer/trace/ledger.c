#include "trace/ledger.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "trace/json_text.h"

/* clang-format off */
#define COUNTER(m) #m, offsetof(struct ledger, m), false
#define SIGNED(m)  #m, offsetof(struct ledger, m), true

const struct ledger_field ledger_fields[] = {
    { COUNTER(events),
      "events in the trace" },
    { COUNTER(events_dropped),
      "events seen but not written, because the disk was full" },
    { COUNTER(stops),
      "times a thread was stopped" },
    { COUNTER(stops_probe),
      "... at the entry of an allocator or op function" },
    { COUNTER(stops_return),
      "... at the return of one" },
    { COUNTER(stops_watch),
      "... at the return of a watched frame" },
    { COUNTER(stops_stray),
      "... at a breakpoint of ours, to no use" },
    { COUNTER(stacks_cut),
      "events whose stack could not be unwound to its end" },
    { COUNTER(frees_unknown),
      "frees of blocks that were never seen allocated" },
    { COUNTER(calls_abandoned),
      "allocator calls that never returned" },
    { COUNTER(ops_inferred),
      "ops left by longjmp, an exception or thread exit" },
    { COUNTER(activations),
      "frames watched" },
    { COUNTER(activations_inferred),
      "... of these, not seen returning" },
    { COUNTER(probes_refused),
      "functions that could not be instrumented" },
    { COUNTER(children_released),
      "forked children that were let go" },
    { COUNTER(sigtrap_altered),
      "times the program blocked or ignored SIGTRAP: it was not" },
    { COUNTER(traced_ns),
      "nanoseconds the recording took" },
    { COUNTER(tracer_ns),
      "... of these, in the tracer with the thread stopped" },
    { COUNTER(bare_ns),
      "nanoseconds the program takes without the tracer; 0: not known" },
    { SIGNED(exit_status),
      "exit status of the program; 128+N: killed by signal N" },
};
/* clang-format on */

const size_t ledger_field_count = ARRAY_LEN(ledger_fields);

_Static_assert(ARRAY_LEN(ledger_fields) * sizeof(uint64_t) ==
                   sizeof(struct ledger),
               "every field of the ledger has its row");

uint64_t ledger_get(const struct ledger *l, const struct ledger_field *f)
{
    uint64_t value;

    memcpy(&value, (const char *)l + f->offset, sizeof(value));
    return value;
}

struct cJSON *ledger_to_json(const struct ledger *l)
{
    cJSON *json = cJSON_CreateObject();

    for (size_t i = 0; json != NULL && i < ledger_field_count; i++) {
        const struct ledger_field *f = &ledger_fields[i];
        uint64_t value = ledger_get(l, f);
        double number = f->is_signed ? (double)(int64_t)value : (double)value;

        if (cJSON_AddNumberToObject(json, f->name, number) == NULL) {
            cJSON_Delete(json);
            json = NULL;
        }
    }
    return json;
}

void ledger_from_json(struct ledger *l, const struct cJSON *json)
{
    *l = (struct ledger){ 0 };
    for (size_t i = 0; i < ledger_field_count; i++) {
        const struct ledger_field *f = &ledger_fields[i];
        uint64_t value = f->is_signed ? (uint64_t)json_get_i64(json, f->name)
                                      : json_get_u64(json, f->name);

        memcpy((char *)l + f->offset, &value, sizeof(value));
    }
}

enum err_code ledger_to_text(const struct ledger *l, char **out,
                             struct err *err)
{
    return json_print(ledger_to_json(l), out, err);
}

enum err_code ledger_from_text(const char *text, size_t size, struct ledger *l,
                               struct err *err)
{
    cJSON *json;
    enum err_code rc = json_parse_object(text, size, "ledger", &json, err);

    ledger_from_json(l, json);
    cJSON_Delete(json);
    return rc;
}
