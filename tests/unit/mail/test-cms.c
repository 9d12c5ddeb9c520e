/* Opaque signatures: the mail within them, whatever way its octets are cut. */
#include "core/mail/cms.h"
#include "core/mail/raw.h"

#include "tests/unit/mail/fixture.h"

#define OID_SIGNED 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2
#define OID_ENVELOPED 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 3
#define OID_COMPRESSED 0x06, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 9
#define OID_DATA 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1
#define OID_SIGNED_ENVELOPED 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 4
#define OID_RECEIPT 0x06, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 1
#define VERSION 2, 1, 1
#define ALGORITHMS 0x31, 2, 0x30, 0
#define ALGORITHMS_ENDLESS 0x31, 0x80, 0x30, 0x80, 5, 0, 0, 0, 0, 0
/* SignedData whose content is what follows, all without lengths. */
#define SIGNED                                                                                 \
    0x30, 0x80, OID_SIGNED, 0xa0, 0x80, 0x30, 0x80, VERSION, ALGORITHMS_ENDLESS, 0x30, 0x80,   \
        OID_DATA, 0xa0, 0x80

typedef struct {
    const char *what;
    guint8 bytes[100];
    gsize length;
    CmsKind kind;
    const char *content; /* NULL: none */
    gsize offset;        /* 0: in pieces */
} Case;

#define BYTES(...) {__VA_ARGS__}, sizeof((guint8[]){__VA_ARGS__})

static const Case cases[] = {
    {"one piece, DER",
     BYTES(0x30, 46, OID_SIGNED, 0xa0, 33, 0x30, 31, VERSION, ALGORITHMS, 0x30, 18, OID_DATA,
           0xa0, 5, 4, 3, 'a', 'b', 'c', 0x31, 2, 0x30, 0),
     CMS_SIGNED, "abc", 41},
    {"pieces without an end of their own",
     BYTES(SIGNED, 0x24, 0x80, 4, 2, 'a', 'b', 4, 1, 'c', 0, 0, 4, 1, 'x'), CMS_SIGNED, "abc",
     0},
    {"one piece in one", BYTES(SIGNED, 0x24, 0x80, 4, 3, 'a', 'b', 'c', 0, 0), CMS_SIGNED,
     "abc", 51},
    {"pieces within pieces",
     BYTES(SIGNED, 0x24, 9, 0x24, 3, 4, 1, 'a', 4, 2, 'b', 'c', 4, 1, 'x'), CMS_SIGNED, "abc",
     0},
    {"a length in two bytes", BYTES(SIGNED, 4, 0x82, 0, 3, 'a', 'b', 'c'), CMS_SIGNED, "abc",
     51},
    {"broken off", BYTES(SIGNED, 4, 0x82, 1, 0, 'a', 'b', 'c'), CMS_SIGNED, "abc", 51},
    {"certificates alone",
     BYTES(0x30, 0x80, OID_SIGNED, 0xa0, 0x80, 0x30, 0x80, VERSION, 0x31, 0, 0x30, 11, OID_DATA,
           0xa0, 0),
     CMS_SIGNED, NULL, 0},
    {"encrypted", BYTES(0x30, 0x80, OID_ENVELOPED, 0xa0, 0x80), CMS_ENCRYPTED, NULL, 0},
    {"signed and encrypted", BYTES(0x30, 11, OID_SIGNED_ENVELOPED), CMS_ENCRYPTED, NULL, 0},
    {"a receipt",
     BYTES(0x30, 0x80, OID_SIGNED, 0xa0, 0x80, 0x30, 0x80, VERSION, 0x31, 0, 0x30, 0x80,
           OID_RECEIPT, 0xa0, 0x80, 4, 5, 0x30, 3, 2, 1, 1, 0, 0, 0, 0),
     CMS_OTHER, NULL, 0},
    {"compressed", BYTES(0x30, 0x80, OID_COMPRESSED, 0xa0, 0x80), CMS_OTHER, NULL, 0},
    {"a length that cannot be", BYTES(SIGNED, 4, 0x88, 1, 1, 1, 1, 1, 1, 1, 1), CMS_SIGNED,
     NULL, 0},
    {"no CMS", BYTES('C', 'o', 'n', 't'), CMS_NONE, NULL, 0},
};

static void test_read(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const Case *c = &cases[i];
        g_auto(Cms) cms;
        g_test_message("%s", c->what);
        cms_read(c->bytes, c->length, &cms);
        g_assert_cmpint(cms.kind, ==, c->kind);
        g_assert_true((cms.content != NULL) == (c->content != NULL));
        if (!c->content)
            continue;
        g_assert_cmpmem(cms.content->data, cms.content->len, c->content, strlen(c->content));
        g_assert_true(cms.is_whole == (c->offset != 0));
        if (c->offset)
            g_assert_cmpmem(c->bytes + cms.offset, cms.content->len, c->content,
                            strlen(c->content));
    }
}

/* Wherever it breaks off. */
static void test_every_end(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        for (gsize n = 0; n <= cases[i].length; n++) {
            g_autofree guint8 *head = g_memdup2(cases[i].bytes, n);
            g_auto(Cms) cms;
            cms_read(head, n, &cms);
        }
}

static void append_length(GByteArray *out, gsize length)
{
    const guint8 bytes[] = {0x82, (guint8)(length >> 8), (guint8)length};
    g_byte_array_append(out, bytes, sizeof bytes);
}

/* The mail is read, its file cut from the raw mail, and the signature's file kept. */
static void test_in_a_mail(void)
{
    static const char wrapped[] =
        "Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n"
        "Content-Type: text/plain; charset=iso-8859-1\r\n\r\nCaf\xe9\r\n--i\r\n"
        "Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "JVBERg==\r\n--i--\r\n";
    static const guint8 front[] = {SIGNED, 4};
    g_autoptr(GByteArray) file = g_byte_array_new();
    g_byte_array_append(file, front, sizeof front);
    append_length(file, sizeof wrapped - 1);
    g_byte_array_append(file, (const guint8 *)wrapped, sizeof wrapped - 1);
    g_autofree char *encoded = g_base64_encode(file->data, file->len);
    g_autofree char *text =
        g_strdup_printf("Content-Type: application/pkcs7-mime; name=smime.p7m\n"
                        "Content-Transfer-Encoding: base64\n\n%s\n",
                        encoded);
    g_autoptr(Mail) mail = fixture_parse_text(text);
    g_assert_cmpstr(mail->text, ==, "Café");
    g_assert_cmpstr(mail->remarks->pdata[0], ==, "signed");
    g_assert_cmpuint(mail->attachments->len, ==, 2);
    const MailAttachment *pdf = mail->attachments->pdata[0];
    g_assert_cmpstr(pdf->name, ==, "a.pdf");
    g_assert_true(pdf->place.is_nested);
    g_assert_true(place_is_sound(&pdf->place, strlen(text)));
    int fd = fixture_fd(text, strlen(text));
    const RawMail raw = {.fd = fd, .size = strlen(text)};
    g_autoptr(GByteArray) cut = raw_decode_all(&raw, &pdf->place, 100, NULL);
    close(fd);
    g_assert_cmpmem(cut->data, cut->len, "%PDF", 4);
    const MailAttachment *p7m = mail->attachments->pdata[1];
    g_assert_cmpstr(p7m->name, ==, "smime.p7m");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cms/read", test_read);
    g_test_add_func("/cms/every-end", test_every_end);
    g_test_add_func("/cms/in-a-mail", test_in_a_mail);
    return g_test_run();
}
