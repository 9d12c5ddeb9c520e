/* Crockford base32. Failure is only ever a false: the caller knows what it was reading. */
#include "core/base/base32.h"

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

static gsize encoded_length(gsize length)
{
    return (length * 8 + 4) / 5;
}

static int digit_value(char c)
{
    c = g_ascii_tolower(c);
    if (c == 'o')
        return 0;
    if (c == 'i' || c == 'l')
        return 1;
    for (int i = 0; i < 32; i++)
        if (alphabet[i] == c)
            return i;
    return -1;
}

char *base32_encode(const guint8 *bytes, gsize length)
{
    char *text = g_malloc(encoded_length(length) + 1);
    char *out = text;
    guint bits = 0;
    int n_bits = 0;
    for (gsize i = 0; i < length; i++) {
        bits = (bits << 8 | bytes[i]) & 0xfff;
        for (n_bits += 8; n_bits >= 5; n_bits -= 5)
            *out++ = alphabet[bits >> (n_bits - 5) & 31];
    }
    if (n_bits > 0)
        *out++ = alphabet[bits << (5 - n_bits) & 31];
    *out = '\0';
    return text;
}

bool base32_decode(const char *text, gsize text_length, guint8 *bytes, gsize length)
{
    if (text_length != encoded_length(length))
        return false;
    guint bits = 0;
    int n_bits = 0;
    for (gsize i = 0; i < text_length; i++) {
        int value = digit_value(text[i]);
        if (value < 0)
            return false;
        bits = (bits << 5 | (guint)value) & 0xfff;
        n_bits += 5;
        if (n_bits >= 8) {
            n_bits -= 8;
            *bytes++ = (guint8)(bits >> n_bits);
        }
    }
    /* What is left over pads the last digit; other spellings of it would be second names. */
    return (bits & ((1u << n_bits) - 1)) == 0;
}
