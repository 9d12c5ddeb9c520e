/* winmail.dat: streams made by hand, whole, broken off and mad. */
#include "core/mail/tnef.h"

#include "tests/unit/mail/fixture.h"

/* --- making ------------------------------------------------------------------------------ */

static void u8(GByteArray *out, guint8 value)
{
    g_byte_array_append(out, &value, 1);
}

static void u16(GByteArray *out, guint value)
{
    u8(out, value & 255);
    u8(out, value >> 8 & 255);
}

static void u32(GByteArray *out, guint value)
{
    u16(out, value & 0xffff);
    u16(out, value >> 16);
}

static GByteArray *stream_new(void)
{
    GByteArray *out = g_byte_array_new();
    u32(out, 0x223e9f78);
    u16(out, 1);
    return out;
}

static void attribute(GByteArray *out, int level, guint id, const void *bytes, gsize length)
{
    u8(out, (guint8)level);
    u16(out, id);
    u16(out, 6);
    u32(out, (guint)length);
    g_byte_array_append(out, bytes, (guint)length);
    u16(out, 0); /* a wrong sum */
}

static void text_attribute(GByteArray *out, int level, guint id, const char *text)
{
    attribute(out, level, id, text, strlen(text) + 1);
}

static void pad(GByteArray *out, gsize length)
{
    while (length++ % 4)
        u8(out, 0);
}

/* A property list begins with how many there are. */
static GByteArray *list_new(guint count)
{
    GByteArray *out = g_byte_array_new();
    u32(out, count);
    return out;
}

static void property_bytes(GByteArray *list, guint type, guint id, const void *bytes,
                           gsize length)
{
    u16(list, type);
    u16(list, id);
    u32(list, 1);
    u32(list, (guint)length);
    g_byte_array_append(list, bytes, (guint)length);
    pad(list, length);
}

static void property_unicode(GByteArray *list, guint id, const char *text)
{
    glong units = 0;
    g_autofree gunichar2 *utf16 = g_utf8_to_utf16(text, -1, NULL, &units, NULL);
    property_bytes(list, 0x1f, id, utf16, (gsize)units * 2 + 2);
}

static void property_number(GByteArray *list, guint type, guint id, guint value)
{
    u16(list, type);
    u16(list, id);
    u32(list, value);
}

static void properties(GByteArray *out, int level, guint id, GByteArray *list)
{
    attribute(out, level, id, list->data, list->len);
    g_byte_array_unref(list);
}

/* --- reading ----------------------------------------------------------------------------- */

/* "body[name|type|bytes]…", "*" after an inline file. */
static char *describe(const GByteArray *stream)
{
    g_autoptr(Tnef) tnef = tnef_read(stream->data, stream->len);
    if (!tnef)
        return g_strdup("none");
    GString *out = g_string_new(tnef->body ? tnef->body : "");
    for (guint i = 0; i < tnef->files->len; i++) {
        const TnefFile *file = tnef->files->pdata[i];
        g_assert_cmpuint(file->offset, <=, stream->len);
        g_assert_cmpuint(file->length, <=, stream->len - file->offset);
        g_string_append_printf(out, "[%s|%s|%.*s%s]", file->name, file->type, (int)file->length,
                               (const char *)stream->data + file->offset,
                               file->is_inline ? "*" : "");
    }
    return g_string_free(out, FALSE);
}

static void expect(GByteArray *stream, const char *expected)
{
    g_autofree char *got = describe(stream);
    g_assert_cmpstr(got, ==, expected);
    /* Wherever it breaks off. */
    for (guint n = 0; n < stream->len; n++) {
        g_autofree guint8 *head = g_memdup2(stream->data, n);
        g_autoptr(Tnef) tnef = tnef_read(head, n);
    }
    g_byte_array_unref(stream);
}

static void test_old(void)
{
    GByteArray *stream = stream_new();
    attribute(stream, 1, 0x9007, "\xe3\x04\0\0\0\0\0\0", 8); /* 1251 */
    text_attribute(stream, 1, 0x800c, "\xcf\xf0\xe8\xe2\xe5\xf2\r\n");
    attribute(stream, 2, 0x9002, "", 0);
    text_attribute(stream, 2, 0x8010, "C:\\TEMP\\PLAN~1.PDF");
    attribute(stream, 2, 0x800f, "%PDF", 4);
    expect(stream, "Привет\n[PLAN~1.PDF|application/octet-stream|%PDF]");
}

static void test_properties(void)
{
    GByteArray *stream = stream_new();
    GByteArray *body = list_new(4);
    property_number(body, 3, 0x3fde, 65001);
    /* A named one, several values and a boolean are passed over. */
    u16(body, 3), u16(body, 0x8001);
    g_byte_array_append(body, (const guint8 *)"0123456789abcdef", 16);
    u32(body, 1), u32(body, 6);
    g_byte_array_append(body, (const guint8 *)"a\0b\0\0\0\0\0", 8);
    u32(body, 7);
    u16(body, 0x1002), u16(body, 0x0e00), u32(body, 2), u32(body, 1), u32(body, 2);
    property_unicode(body, 0x1000, "Été 😀\r\n\r\nfin");
    properties(stream, 1, 0x9003, body);
    attribute(stream, 2, 0x9002, "", 0);
    text_attribute(stream, 2, 0x8010, "SHORT~1.DOC");
    attribute(stream, 2, 0x800f, "abc", 3);
    GByteArray *file = list_new(4);
    property_unicode(file, 0x3707, "../Été long.docx");
    property_unicode(file, 0x3001, "display");
    property_bytes(file, 0x1e, 0x370e, "Application/X-Doc", 18);
    property_number(file, 11, 0x7ffe, 1);
    properties(stream, 2, 0x9005, file);
    expect(stream, "Été 😀\n\nfin[Été long.docx|application/x-doc|abc]");
}

static void test_inline_and_objects(void)
{
    GByteArray *stream = stream_new();
    attribute(stream, 2, 0x9002, "", 0);
    GByteArray *file = list_new(4);
    property_unicode(file, 0x3704, "a.png");
    property_bytes(file, 0x102, 0x3701, "PNG", 3);
    property_unicode(file, 0x3712, "img@x");
    property_number(file, 3, 0x3714, 4);
    properties(stream, 2, 0x9005, file);
    attribute(stream, 2, 0x9002, "", 0);
    file = list_new(2);
    property_unicode(file, 0x3001, "Message joint");
    property_bytes(file, 0x0d, 0x3701, "0123456789abcdefTNEF", 20);
    properties(stream, 2, 0x9005, file);
    expect(stream, "[a.png|application/octet-stream|PNG*]"
                   "[Message joint|application/ms-tnef|TNEF]");
}

static void test_html(void)
{
    static const char html[] = "<p>Caf\xe9</p>";
    GByteArray *stream = stream_new(), *body = list_new(2);
    property_number(body, 3, 0x3fde, 1252);
    property_bytes(body, 0x102, 0x1013, html, sizeof html - 1);
    properties(stream, 1, 0x9003, body);
    expect(stream, "Café\n");
}

/* The example of [MS-OXRTFCP] section 4.1.1. */
static void test_rtf(void)
{
    static const guint8 rtf[] = {
        0x2d, 0x00, 0x00, 0x00, 0x2b, 0x00, 0x00, 0x00, 0x4c, 0x5a, 0x46, 0x75, 0xf1,
        0xc5, 0xc7, 0xa7, 0x03, 0x00, 0x0a, 0x00, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32,
        0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0x00, 0x20, 0x62,
        0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0,
    };
    GByteArray *stream = stream_new(), *body = list_new(1);
    property_bytes(body, 0x102, 0x1009, rtf, sizeof rtf);
    properties(stream, 1, 0x9003, body);
    expect(stream, "hello world");
}

static void test_mad(void)
{
    GByteArray *none = g_byte_array_new();
    u32(none, 0x12345678);
    u16(none, 1);
    expect(none, "none");
    GByteArray *stream = stream_new(), *list = list_new(0xffffffff);
    u16(list, 0x1f), u16(list, 0x1000), u32(list, 0xffffffff), u32(list, 0xffffffff);
    properties(stream, 1, 0x9003, list);
    text_attribute(stream, 2, 0x8010, "no file was begun");
    u8(stream, 1), u16(stream, 0x800c), u16(stream, 2), u32(stream, 0xffffffff);
    expect(stream, "");
}

/* Its files are those of the mail, and cut from the raw mail. */
static void test_in_a_mail(void)
{
    g_autoptr(GByteArray) stream = stream_new();
    text_attribute(stream, 1, 0x800c, "Voir le plan.");
    attribute(stream, 2, 0x9002, "", 0);
    text_attribute(stream, 2, 0x8010, "plan.pdf");
    attribute(stream, 2, 0x800f, "%PDF", 4);
    g_autofree char *encoded = g_base64_encode(stream->data, stream->len);
    g_autofree char *text =
        g_strdup_printf("Content-Type: application/ms-tnef; "
                        "name=winmail.dat\nContent-Transfer-Encoding: base64\n"
                        "\n%s\n",
                        encoded);
    g_autoptr(Mail) mail = fixture_parse_text(text);
    g_assert_cmpstr(mail->text, ==, "Voir le plan.");
    g_assert_cmpuint(mail->attachments->len, ==, 1);
    const MailAttachment *file = mail->attachments->pdata[0];
    g_assert_cmpstr(file->name, ==, "plan.pdf");
    g_assert_true(file->place.is_nested);
    g_assert_cmpuint(file->size, ==, 4);
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "%PDF", 4);
    g_assert_cmpstr(file->sha256, ==, hash);
}

/* More files than a mail may have: it stays one, and its text is read all the same. */
static void test_too_many_files(void)
{
    g_autoptr(GByteArray) stream = stream_new();
    text_attribute(stream, 1, 0x800c, "Voir les plans.");
    for (int i = 0; i < TNEF_FILES_MAX; i++)
        attribute(stream, 2, 0x9002, "", 0);
    g_autofree char *encoded = g_base64_encode(stream->data, stream->len);
    g_autofree char *part =
        g_strdup_printf("--b\nContent-Type: application/ms-tnef; name=winmail.dat\n"
                        "Content-Transfer-Encoding: base64\n\n%s\n",
                        encoded);
    g_autofree char *text =
        g_strdup_printf("Content-Type: multipart/mixed; boundary=b\n\n%s%s--b--\n", part, part);
    g_autoptr(Mail) mail = fixture_parse_text(text);
    g_assert_cmpstr(mail->text, ==, "Voir les plans.");
    g_assert_cmpuint(mail->attachments->len, ==, TNEF_FILES_MAX + 1);
    const MailAttachment *last = mail->attachments->pdata[TNEF_FILES_MAX];
    g_assert_cmpstr(last->name, ==, "winmail.dat");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tnef/old", test_old);
    g_test_add_func("/tnef/properties", test_properties);
    g_test_add_func("/tnef/inline-and-objects", test_inline_and_objects);
    g_test_add_func("/tnef/html", test_html);
    g_test_add_func("/tnef/rtf", test_rtf);
    g_test_add_func("/tnef/mad", test_mad);
    g_test_add_func("/tnef/in-a-mail", test_in_a_mail);
    g_test_add_func("/tnef/too-many-files", test_too_many_files);
    return g_test_run();
}
