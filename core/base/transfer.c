/* Content-Transfer-Encoding decoders. Each is a small state machine that may be fed in pieces
 * of any size with the same result. Nothing fails: what is not the encoding's is skipped
 * (base64), kept as it stands (quoted-printable) or ends the line (uuencode).
 *
 * GLib's base64 step function is not used: it wants its output buffer sized by the caller and
 * knows nothing of padding in the middle. */
#include "core/base/transfer.h"

#include <string.h>

#define PADDING 64
#define FOREIGN 65

static const struct {
    const char *name;
    TransferEncoding encoding;
} names[] = {
    {"identity", TRANSFER_IDENTITY}, /* of each encoding the first is the stored one */
    {"base64", TRANSFER_BASE64},     {"quoted-printable", TRANSFER_QUOTED_PRINTABLE},
    {"uuencode", TRANSFER_UUENCODE}, {"", TRANSFER_IDENTITY},
    {"7bit", TRANSFER_IDENTITY},     {"8bit", TRANSFER_IDENTITY},
    {"binary", TRANSFER_IDENTITY},   {"x-uuencode", TRANSFER_UUENCODE},
    {"x-uue", TRANSFER_UUENCODE},
};

const char *transfer_name(TransferEncoding encoding)
{
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (names[i].encoding == encoding)
            return names[i].name;
    g_assert_not_reached();
}

bool transfer_from_name(const char *name, TransferEncoding *ret)
{
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (g_ascii_strcasecmp(names[i].name, name) == 0) {
            *ret = names[i].encoding;
            return true;
        }
    }
    return false;
}

void transfer_init(TransferDecoder *decoder, TransferEncoding encoding)
{
    memset(decoder, 0, sizeof *decoder);
    decoder->encoding = encoding;
}

/* --- base64 ------------------------------------------------------------------------------ */

static int base64_value(guint8 byte)
{
    if (byte >= 'A' && byte <= 'Z')
        return byte - 'A';
    if (byte >= 'a' && byte <= 'z')
        return byte - 'a' + 26;
    if (byte >= '0' && byte <= '9')
        return byte - '0' + 52;
    return byte == '+' ? 62 : byte == '/' ? 63 : byte == '=' ? PADDING : FOREIGN;
}

static const guint8 *base64_table(void)
{
    static guint8 table[256];
    static gsize ready;
    if (g_once_init_enter(&ready)) {
        for (int i = 0; i < 256; i++)
            table[i] = (guint8)base64_value((guint8)i);
        g_once_init_leave(&ready, 1);
    }
    return table;
}

static guint8 *base64_byte(TransferDecoder *decoder, guint8 value, guint8 *out)
{
    if (value == FOREIGN)
        return out;
    if (value == PADDING) { /* what is not a whole byte by now never will be */
        decoder->n_bits = 0;
        return out;
    }
    decoder->bits = (decoder->bits << 6 | value) & 0xffff;
    decoder->n_bits += 6;
    if (decoder->n_bits >= 8) {
        decoder->n_bits -= 8;
        *out++ = (guint8)(decoder->bits >> decoder->n_bits);
    }
    return out;
}

static void decode_base64(TransferDecoder *decoder, const guint8 *in, gsize length,
                          GByteArray *out)
{
    const guint8 *table = base64_table(), *end = in + length;
    guint start = out->len;
    /* Six bits in give at most one byte out; the rest is given back below. */
    g_byte_array_set_size(out, start + (guint)length);
    guint8 *to = out->data + start;
    while (in < end) {
        /* Four clean characters at a time, which is nearly all there is. */
        while (decoder->n_bits == 0 && end - in >= 4) {
            guint8 a = table[in[0]], b = table[in[1]], c = table[in[2]], d = table[in[3]];
            if ((a | b | c | d) >= PADDING)
                break;
            *to++ = (guint8)(a << 2 | b >> 4);
            *to++ = (guint8)(b << 4 | c >> 2);
            *to++ = (guint8)(c << 6 | d);
            in += 4;
        }
        if (in < end)
            to = base64_byte(decoder, table[*in++], to);
    }
    g_byte_array_set_size(out, (guint)(to - out->data));
}

/* --- quoted-printable -------------------------------------------------------------------- */

static void emit_held(TransferDecoder *decoder, GByteArray *out)
{
    g_byte_array_append(out, (const guint8 *)decoder->held, (guint)decoder->n_held);
    decoder->n_held = 0;
}

static bool is_blank(guint8 byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

/* `held` is "=" and what followed it so far; `byte` comes next. True if it was used up. */
static bool escape_byte(TransferDecoder *decoder, guint8 byte, GByteArray *out)
{
    char last = decoder->held[decoder->n_held - 1];
    bool hex_begun = decoder->n_held == 2 && g_ascii_isxdigit(last);
    if (hex_begun && g_ascii_isxdigit(byte)) {
        guint8 value = (guint8)(g_ascii_xdigit_value(last) << 4 | g_ascii_xdigit_value(byte));
        g_byte_array_append(out, &value, 1);
        decoder->n_held = 0;
        return true;
    }
    if (!hex_begun && byte == '\n') { /* soft line break, white space before it included */
        decoder->n_held = 0;
        return true;
    }
    bool goes_on = decoder->n_held == 1 && g_ascii_isxdigit(byte);
    if (goes_on || (!hex_begun && is_blank(byte) && decoder->n_held < sizeof decoder->held)) {
        decoder->held[decoder->n_held++] = (char)byte;
        return true;
    }
    emit_held(decoder, out);
    return false;
}

static void decode_quoted_printable(TransferDecoder *decoder, const guint8 *in, gsize length,
                                    GByteArray *out)
{
    const guint8 *end = in + length;
    while (in < end) {
        if (decoder->n_held > 0) {
            if (escape_byte(decoder, *in, out))
                in++;
            continue;
        }
        const guint8 *escape = memchr(in, '=', (gsize)(end - in));
        const guint8 *stop = escape != NULL ? escape : end;
        g_byte_array_append(out, in, (guint)(stop - in));
        in = stop;
        if (escape != NULL) {
            decoder->held[decoder->n_held++] = '=';
            in++;
        }
    }
}

/* The line break of a last soft one belongs to the MIME boundary, so it is missing. */
static void finish_quoted_printable(TransferDecoder *decoder, GByteArray *out)
{
    if (decoder->n_held > 1 && !is_blank((guint8)decoder->held[1]))
        emit_held(decoder, out);
    decoder->n_held = 0;
}

/* --- uuencode ---------------------------------------------------------------------------- */

static guint8 uu_value(const char *line, gsize length, gsize at)
{
    /* Trailing blanks, which stand for 0, get lost on the way. */
    return at < length ? (guint8)(line[at] - ' ') & 63 : 0;
}

static void uu_data_line(const char *line, gsize length, GByteArray *out)
{
    gsize n_bytes = uu_value(line, length, 0);
    /* Never more than the characters there are: a count alone makes no data. */
    n_bytes = MIN(n_bytes, (length - 1) * 3 / 4 + 1);
    for (gsize i = 0; i < n_bytes; i++) {
        gsize at = 1 + i / 3 * 4 + i % 3;
        guint8 high = uu_value(line, length, at), low = uu_value(line, length, at + 1);
        guint8 byte = (guint8)(high << (2 + i % 3 * 2) | low >> (4 - i % 3 * 2));
        g_byte_array_append(out, &byte, 1);
    }
}

static bool is_begin_line(const char *line, gsize length)
{
    return length > 6 && memcmp(line, "begin ", 6) == 0 && g_ascii_isdigit(line[6]);
}

static void uu_line(TransferDecoder *decoder, GByteArray *out)
{
    const char *line = decoder->held;
    gsize length = decoder->n_held;
    decoder->n_held = 0;
    while (length > 0 && line[length - 1] == '\r')
        length--;
    if (!decoder->begun)
        decoder->begun = is_begin_line(line, length);
    else if (length == 3 && memcmp(line, "end", 3) == 0)
        decoder->ended = true;
    else if (length > 0)
        uu_data_line(line, length, out);
}

static void decode_uuencode(TransferDecoder *decoder, const guint8 *in, gsize length,
                            GByteArray *out)
{
    for (gsize i = 0; i < length && !decoder->ended; i++) {
        if (in[i] == '\n')
            uu_line(decoder, out);
        else if (decoder->n_held < sizeof decoder->held) /* no data line is longer */
            decoder->held[decoder->n_held++] = (char)in[i];
    }
}

/* --- all --------------------------------------------------------------------------------- */

void transfer_decode(TransferDecoder *decoder, const guint8 *in, gsize length, GByteArray *out)
{
    if (length == 0)
        return;
    switch (decoder->encoding) {
    case TRANSFER_IDENTITY:
        g_byte_array_append(out, in, (guint)length);
        break;
    case TRANSFER_BASE64:
        decode_base64(decoder, in, length, out);
        break;
    case TRANSFER_QUOTED_PRINTABLE:
        decode_quoted_printable(decoder, in, length, out);
        break;
    case TRANSFER_UUENCODE:
        decode_uuencode(decoder, in, length, out);
        break;
    }
}

void transfer_finish(TransferDecoder *decoder, GByteArray *out)
{
    if (decoder->encoding == TRANSFER_QUOTED_PRINTABLE)
        finish_quoted_printable(decoder, out);
    else if (decoder->encoding == TRANSFER_UUENCODE && decoder->n_held > 0 && !decoder->ended)
        uu_line(decoder, out);
    decoder->n_bits = 0;
}
