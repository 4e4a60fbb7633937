/*
 * claims.h - what a token says about its bearer, as a struct.
 *
 * The limits bind every stage, whether it reads claims into this struct or
 * looks them up in a tree. Allocates nothing.
 */
#ifndef SAMPLEAPP_CLAIMS_H
#define SAMPLEAPP_CLAIMS_H

#include <stdbool.h>
#include <stdint.h>

enum { CLAIMS_TEXT_SIZE = 33 }; /* bytes of a claim's text, with its NUL */

struct claims {
    char sub[CLAIMS_TEXT_SIZE]; /* who: a user's name */
    char iss[CLAIMS_TEXT_SIZE]; /* who says so */
    int64_t exp_s;              /* until when, in seconds since 1970 */
};

/* Turns a claim's number into seconds. False if it is negative, not a
 * number, or too large for a double to hold exactly. */
bool claims_seconds(double number, int64_t *out);

/* Decodes a payload. False if it is not a JSON object, or if one of the
 * three claims is missing, of another kind, or too long. */
bool claims_decode(const char *payload, struct claims *out);

#endif
