/*
 * token.h - checks on the three parts of a signed token (JWT, HS256).
 *
 *   base64url(header) . base64url(payload) . base64url(signature)
 *
 * Shared by all stages and allocates nothing, so that what a stage allocates
 * is its own doing. Every byte may come from the network.
 */
#ifndef SAMPLEAPP_TOKEN_H
#define SAMPLEAPP_TOKEN_H

#include "span.h"

enum {
    TOKEN_KEY_SIZE = 32,   /* bytes of key, as HS256 asks at least */
    TOKEN_PART_MAX = 1024, /* characters of one part; longer is refused */
    TOKEN_TEXT_SIZE = TOKEN_PART_MAX / 4 * 3 + 1, /* decoded, with its NUL */
};

/* Whether the header names `alg` as the algorithm of the signature. */
bool token_names_alg(struct span header, const char *alg);

/* Whether `signature` was made over header and payload with `key`, which has
 * TOKEN_KEY_SIZE bytes. Takes the same time wherever they differ. */
bool token_signed_by(const void *key, struct span header, struct span payload,
                     struct span signature);

/* Room for the text of a part, with its NUL: at most TOKEN_TEXT_SIZE for a
 * part that is not refused anyway. */
size_t token_text_size(struct span part);

/*
 * Decodes a part into `out`, of `size` bytes, and ends it with a NUL. False
 * if it is not base64url, does not fit, or is not plain text: printable ASCII
 * and white space, without backslashes. What passes therefore means the same
 * to every reader of JSON, with or without support for escapes.
 */
bool token_decode(struct span part, char *out, size_t size);

/* Makes a token of two JSON texts. False if `out` is too small. */
bool token_make(const void *key, const char *header, const char *payload,
                char *out, size_t size);

#endif
