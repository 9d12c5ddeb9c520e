/* Transfer decoders: every case fed whole, byte by byte and in random pieces. */
#include "core/base/transfer.h"

#include <string.h>

static void feed(TransferDecoder *decoder, const char *bytes, gsize length, GByteArray *out)
{
    g_autofree guint8 *exact = g_memdup2(bytes, length);
    transfer_decode(decoder, exact, length, out);
}

/* `piece` 0: pieces of random size. */
static GByteArray *decode(TransferEncoding encoding, const char *in, gsize length, gsize piece)
{
    TransferDecoder decoder;
    GByteArray *out = g_byte_array_new();
    transfer_init(&decoder, encoding);
    for (gsize at = 0; at < length;) {
        gsize size = piece ? piece : (gsize)g_test_rand_int_range(1, 9);
        size = MIN(size, length - at);
        feed(&decoder, in + at, size, out);
        at += size;
    }
    transfer_finish(&decoder, out);
    return out;
}

static void check(TransferEncoding encoding, const char *in, gsize length, const char *expected,
                  gsize expected_length)
{
    const gsize pieces[] = {length + 1, 1, 2, 3, 0, 0};
    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
        g_autoptr(GByteArray) out = decode(encoding, in, length, pieces[i]);
        g_assert_cmpmem(out->data, out->len, expected, expected_length);
    }
}

static void test_table(void)
{
    static const struct {
        TransferEncoding encoding;
        const char *in, *expected;
    } cases[] = {
        {TRANSFER_IDENTITY, "a=41\r\n\377", "a=41\r\n\377"},

        {TRANSFER_BASE64, "", ""},
        {TRANSFER_BASE64, "SGVsbG8=", "Hello"},
        {TRANSFER_BASE64, "SGVs\r\nbG8=\r\n", "Hello"},
        {TRANSFER_BASE64, "SGVsbG8=V29ybGQ=", "HelloWorld"}, /* padding in the middle */
        {TRANSFER_BASE64, "SG Vs*b-G8", "Hello"},            /* foreign bytes, no padding */
        {TRANSFER_BASE64, "SGVsbG8", "Hello"},
        {TRANSFER_BASE64, "SGVsbG8==V29y=====bGQ=", "HelloWorld"},
        {TRANSFER_BASE64, "S", ""},
        {TRANSFER_BASE64, "====", ""},
        {TRANSFER_BASE64, "/+8/+++/", "\377\357\077\373\357\277"},

        {TRANSFER_QUOTED_PRINTABLE, "", ""},
        {TRANSFER_QUOTED_PRINTABLE, "caf=C3=A9", "caf\303\251"},
        {TRANSFER_QUOTED_PRINTABLE, "caf=c3=a9=3D", "caf\303\251="},
        {TRANSFER_QUOTED_PRINTABLE, "one =\r\ntwo=\nthree", "one twothree"},
        {TRANSFER_QUOTED_PRINTABLE, "one= \t \r\ntwo", "onetwo"},
        {TRANSFER_QUOTED_PRINTABLE, "keep \r\n--  \r\n", "keep \r\n--  \r\n"},
        {TRANSFER_QUOTED_PRINTABLE, "=G1 =4G =4 =  x", "=G1 =4G =4 =  x"},
        {TRANSFER_QUOTED_PRINTABLE, "==41=", "=A"},
        {TRANSFER_QUOTED_PRINTABLE, "a=4\n=\rb", "a=4\n=\rb"},
        {TRANSFER_QUOTED_PRINTABLE, "end=", "end"},
        {TRANSFER_QUOTED_PRINTABLE, "end= \r", "end"},
        {TRANSFER_QUOTED_PRINTABLE, "end=4", "end=4"},
        {TRANSFER_QUOTED_PRINTABLE, "a=20\xff", "a \xff"},

        {TRANSFER_UUENCODE, "begin 644 x\n#0V%T\n`\nend\n", "Cat"},
        {TRANSFER_UUENCODE, "begin 644 x\r\n%2&5L;&\\`\r\n`\r\nend\r\nmore\r\n", "Hello"},
        {TRANSFER_UUENCODE, "hi\nbegin 644 x\n%2&5L;&\\\n \nend", "Hello"}, /* a lost blank */
        {TRANSFER_UUENCODE, "begin 644 x\n#0V%T", "Cat"},
        {TRANSFER_UUENCODE, "no such thing\n#0V%T\n", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        check(cases[i].encoding, cases[i].in, strlen(cases[i].in), cases[i].expected,
              strlen(cases[i].expected));
    /* A count without characters is not believed: one byte, not forty-five. */
    check(TRANSFER_UUENCODE, "begin 644 x\nM\n", 14, "\0", 1);
}

static char *encode_quoted(const guint8 *bytes, gsize length)
{
    GString *text = g_string_new(NULL);
    for (gsize i = 0; i < length; i++)
        g_string_append_printf(text, "=%02X%s", bytes[i], i % 24 == 23 ? "=\r\n" : "");
    return g_string_free(text, FALSE);
}

static char *encode_uu(const guint8 *bytes, gsize length)
{
    GString *text =
        g_string_new("begin 600 name with blanks, longer than any line of data could "
                     "ever be, to see that it does no harm at all\r\n");
    for (gsize at = 0; at < length; at += 45) {
        gsize n = MIN(45, length - at);
        guint8 line[48] = {0};
        memcpy(line, bytes + at, n);
        g_string_append_c(text, (char)(' ' + n));
        for (gsize i = 0; i < n; i += 3) {
            guint32 word = (guint32)(line[i] << 16 | line[i + 1] << 8 | line[i + 2]);
            for (int shift = 18; shift >= 0; shift -= 6)
                g_string_append_c(
                    text, (word >> shift & 63) ? (char)(' ' + (word >> shift & 63)) : '`');
        }
        g_string_append(text, "\r\n");
    }
    g_string_append(text, "`\r\nend\r\n");
    return g_string_free(text, FALSE);
}

static void test_round_trip(void)
{
    for (int round = 0; round < 200; round++) {
        gsize length = (gsize)g_test_rand_int_range(0, 1000);
        g_autofree guint8 *bytes = g_malloc(length + 1);
        for (gsize i = 0; i < length; i++)
            bytes[i] = (guint8)g_test_rand_int_range(0, 256);
        int state = 0, save = 0;
        g_autofree char *base64 = g_malloc((length / 3 + 1) * 4 + (length / 72 + 1) * 4 + 8);
        gsize n = g_base64_encode_step(bytes, length, TRUE, base64, &state, &save);
        n += g_base64_encode_close(TRUE, base64 + n, &state, &save);
        check(TRANSFER_BASE64, base64, n, (char *)bytes, length);
        g_autofree char *quoted = encode_quoted(bytes, length);
        check(TRANSFER_QUOTED_PRINTABLE, quoted, strlen(quoted), (char *)bytes, length);
        g_autofree char *uu = encode_uu(bytes, length);
        check(TRANSFER_UUENCODE, uu, strlen(uu), (char *)bytes, length);
    }
}

static void test_names(void)
{
    static const struct {
        const char *name;
        TransferEncoding encoding;
    } cases[] = {
        {"base64", TRANSFER_BASE64},       {"BASE64", TRANSFER_BASE64},
        {"7bit", TRANSFER_IDENTITY},       {"8BIT", TRANSFER_IDENTITY},
        {"binary", TRANSFER_IDENTITY},     {"", TRANSFER_IDENTITY},
        {"x-uuencode", TRANSFER_UUENCODE}, {"Quoted-Printable", TRANSFER_QUOTED_PRINTABLE},
    };
    TransferEncoding encoding;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_true(transfer_from_name(cases[i].name, &encoding));
        g_assert_cmpint(encoding, ==, cases[i].encoding);
    }
    for (encoding = TRANSFER_IDENTITY; encoding <= TRANSFER_UUENCODE; encoding++) {
        TransferEncoding same;
        g_assert_true(transfer_from_name(transfer_name(encoding), &same));
        g_assert_cmpint(same, ==, encoding);
    }
    g_assert_cmpstr(transfer_name(TRANSFER_BASE64), ==, "base64");
    g_assert_false(transfer_from_name("base65", &encoding));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/transfer/table", test_table);
    g_test_add_func("/transfer/round-trip", test_round_trip);
    g_test_add_func("/transfer/names", test_names);
    return g_test_run();
}
