#include "claims.h"

#include "json.h"

#define SECONDS_MAX 9007199254740991.0 /* 2^53 - 1 */

bool claims_seconds(double number, int64_t *out)
{
    if (!(number >= 0 && number <= SECONDS_MAX)) /* a NaN is refused too */
        return false;
    *out = (int64_t)number;
    return true;
}

static bool copy_text(const struct json_member *member, char *out)
{
    if (member->kind != JSON_TEXT || member->text.size >= CLAIMS_TEXT_SIZE)
        return false;
    memcpy(out, member->text.start, member->text.size);
    out[member->text.size] = '\0';
    return true;
}

bool claims_decode(const char *payload, struct claims *out)
{
    enum { SUB, ISS, EXP, COUNT };
    struct json_member members[COUNT] = {
        [SUB] = { .name = "sub" },
        [ISS] = { .name = "iss" },
        [EXP] = { .name = "exp" },
    };

    return json_read_object(payload, members, COUNT) &&
           copy_text(&members[SUB], out->sub) &&
           copy_text(&members[ISS], out->iss) &&
           members[EXP].kind == JSON_NUMBER &&
           claims_seconds(members[EXP].number, &out->exp_s);
}
