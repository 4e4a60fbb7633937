#include "token.h"

#include "json.h"

#include <sodium.h>

_Static_assert(TOKEN_KEY_SIZE == crypto_auth_hmacsha256_KEYBYTES,
               "the key of HS256");

enum { BASE64URL = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

bool token_names_alg(struct span header, const char *alg)
{
    char text[TOKEN_TEXT_SIZE];
    struct json_member member = { .name = "alg" };

    return token_decode(header, text, sizeof(text)) &&
           json_read_object(text, &member, 1) && member.kind == JSON_TEXT &&
           span_is(member.text, alg);
}

static void sign(const void *key, struct span header, struct span payload,
                 unsigned char out[crypto_auth_hmacsha256_BYTES])
{
    crypto_auth_hmacsha256_state state;

    crypto_auth_hmacsha256_init(&state, key, TOKEN_KEY_SIZE);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)header.start,
                                  header.size);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)".", 1);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)payload.start,
                                  payload.size);
    crypto_auth_hmacsha256_final(&state, out);
}

bool token_signed_by(const void *key, struct span header, struct span payload,
                     struct span signature)
{
    unsigned char want[crypto_auth_hmacsha256_BYTES];
    unsigned char got[crypto_auth_hmacsha256_BYTES];
    size_t size = 0;

    if (sodium_base642bin(got, sizeof(got), signature.start, signature.size,
                          NULL, &size, NULL, BASE64URL) != 0 ||
        size != sizeof(got))
        return false;
    sign(key, header, payload, want);
    return sodium_memcmp(want, got, sizeof(want)) == 0;
}

size_t token_text_size(struct span part)
{
    return part.size / 4 * 3 + part.size % 4 + 1;
}

static bool is_plain(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bool space = memchr("\t\r\n", text[i], 3) != NULL;

        if ((text[i] < ' ' && !space) || text[i] > '~' || text[i] == '\\')
            return false;
    }
    return true;
}

bool token_decode(struct span part, char *out, size_t size)
{
    size_t used = 0;

    if (size == 0 || part.size > TOKEN_PART_MAX ||
        sodium_base642bin((unsigned char *)out, size - 1, part.start, part.size,
                          NULL, &used, NULL, BASE64URL) != 0)
        return false;
    out[used] = '\0';
    return is_plain(out, used);
}

bool token_make(const void *key, const char *header, const char *payload,
                char *out, size_t size)
{
    const char *texts[] = { header, payload };
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    struct span parts[2];
    size_t used = 0;

    for (size_t i = 0; i < 2; i++) {
        size_t length = strlen(texts[i]);

        /* The encoded length counts the NUL, whose place the dot takes. */
        if (sodium_base64_encoded_len(length, BASE64URL) > size - used)
            return false;
        sodium_bin2base64(out + used, size - used,
                          (const unsigned char *)texts[i], length, BASE64URL);
        parts[i] = span_of(out + used);
        used += parts[i].size;
        out[used++] = '.';
    }
    sign(key, parts[0], parts[1], mac);
    if (sodium_base64_encoded_len(sizeof(mac), BASE64URL) > size - used)
        return false;
    sodium_bin2base64(out + used, size - used, mac, sizeof(mac), BASE64URL);
    return true;
}
