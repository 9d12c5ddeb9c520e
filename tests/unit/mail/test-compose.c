/* Outgoing mail: nothing in a field can leave it, every byte comes back, and big attachments
 * pass through without being held. Read back by GMime, which shares no code with the writer. */
#include "core/mail/compose.h"

#include <gmime/gmime.h>

#include "core/base/autofree.h"
#include "core/base/error.h"
#include "core/base/utf8.h"

#include <string.h>

#define FRENCH "L’été à Nîmes : « déjà » reçu, où ça ?"
#define ARABIC "الطابعة لا تعمل منذ هذا الصباح"
#define EMOJI "👩‍🔧 réparée 🎉🎉"

/* --- making ------------------------------------------------------------------------------ */

typedef struct {
    const char *bytes;
    gsize length, at, piece;
} Source;

static bool read_source(void *user, GByteArray *out, GError **error)
{
    Source *source = user;
    gsize length = MIN(source->piece, source->length - source->at);
    g_byte_array_append(out, (const guint8 *)source->bytes + source->at, (guint)length);
    source->at += length;
    return true;
}

static bool append_to(const guint8 *bytes, gsize length, void *user, GError **error)
{
    g_string_append_len(user, (const char *)bytes, (gssize)length);
    return true;
}

static ComposeMail plain_mail(void)
{
    return (ComposeMail){.from_name = "Support Exemple",
                         .from_address = "support@example.org",
                         .to_name = "Jean Dupont",
                         .to_address = "jean@example.net",
                         .reply_to = "support+r1.abcdefghijklmnop@example.org",
                         .subject = "[SUP-42-7kq2m9xw] Imprimante",
                         .message_id = "abc.def@example.org",
                         .date = 1795162320,
                         .zone = g_time_zone_new_utc(),
                         .text = "Bonjour\n",
                         .html = "<p>Bonjour</p>\n"};
}

/* A mail with one inline image and one attachment, whose sources the caller holds. */
typedef struct {
    ComposeMail mail;
    ComposePart inlined, attached;
    Source sources[2];
    ComposeHeader header;
} FullMail;

static void full_mail(FullMail *full)
{
    *full = (FullMail){
        .mail = plain_mail(),
        .sources = {{"\x89PNG\0\r\n", 7, 0, 3}, {"attached bytes", 14, 0, 100}},
        .header = {"X-Loop", "support@example.org"},
    };
    full->inlined = (ComposePart){"écran.png", "image/png", "img1@example.org",
                                  true,        read_source, &full->sources[0],
                                  NULL,        NULL};
    full->attached = (ComposePart){"notice.pdf", "application/pdf", "",   false,
                                   read_source,  &full->sources[1], NULL, NULL};
    full->mail.parts = g_ptr_array_new();
    g_ptr_array_add(full->mail.parts, &full->inlined);
    g_ptr_array_add(full->mail.parts, &full->attached);
    full->mail.headers = g_ptr_array_new();
    g_ptr_array_add(full->mail.headers, &full->header);
}

static void mail_clear(ComposeMail *mail)
{
    g_time_zone_unref(mail->zone);
    g_clear_pointer(&mail->parts, g_ptr_array_unref);
    g_clear_pointer(&mail->headers, g_ptr_array_unref);
}

/* --- reading ----------------------------------------------------------------------------- */

/* CR and LF only together, no NUL, every line within RFC 5322. */
static void assert_wire(const GString *out)
{
    gsize line = 0;
    for (gsize i = 0; i < out->len; i++) {
        g_assert_cmpint(out->str[i], !=, '\0');
        if (out->str[i] == '\r')
            g_assert_cmpint(i + 1 < out->len ? out->str[i + 1] : 0, ==, '\n');
        if (out->str[i] == '\n') {
            g_assert_cmpint(i > 0 ? out->str[i - 1] : 0, ==, '\r');
            line = 0;
        } else {
            g_assert_cmpuint(++line, <=, 998 + 1); /* the CR included */
        }
    }
    g_assert_true(g_str_has_suffix(out->str, "\r\n"));
}

static GString *compose(const ComposeMail *mail)
{
    g_autoptr(GError) error = NULL;
    GString *out = g_string_new(NULL);
    bool done = compose_mail(mail, append_to, out, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    assert_wire(out);
    return out;
}

static void assert_refused(const ComposeMail *mail)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    g_assert_false(compose_mail(mail, append_to, out, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_REJECTED);
}

/* The names of the header fields from `at` to the blank line, each with a newline. */
static char *field_names(const char *at)
{
    GString *names = g_string_new(NULL);
    while (!g_str_has_prefix(at, "\r\n")) {
        if (*at != ' ') {
            g_string_append_len(names, at, (gssize)strcspn(at, ":\r\n"));
            g_string_append_c(names, '\n');
        }
        at = strstr(at, "\r\n") + 2;
    }
    return g_string_free(names, FALSE);
}

static GMimeMessage *parse(const GString *out)
{
    g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(out->str, out->len);
    g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    g_assert_nonnull(message);
    return message;
}

/* The leaf parts in order. */
static void collect(GMimeObject *parent, GMimeObject *part, gpointer user)
{
    if (GMIME_IS_PART(part))
        g_ptr_array_add(user, part);
}

static GPtrArray *leaves(GMimeMessage *message)
{
    GPtrArray *parts = g_ptr_array_new();
    g_mime_message_foreach(message, collect, parts);
    return parts;
}

static char *content(GMimePart *part, gsize *length)
{
    g_autoptr(GMimeStream) stream = g_mime_stream_mem_new();
    g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(part), stream);
    GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    *length = bytes->len;
    char *copy = g_malloc0(bytes->len + 1);
    memcpy(copy, bytes->data ? bytes->data : (const guint8 *)"", bytes->len);
    return copy;
}

static char *content_text(GMimePart *part)
{
    gsize length;
    g_autofree char *bytes = content(part, &length);
    g_auto(GStrv) lines = g_strsplit(bytes, "\r\n", -1);
    return g_strjoinv("\n", lines);
}

/* --- tests ------------------------------------------------------------------------------- */

static void test_structure(void)
{
    FullMail full;
    full_mail(&full);
    full.mail.in_reply_to = "parent@example.net";
    full.mail.references = "root@example.org";
    g_autoptr(GString) out = compose(&full.mail);
    g_autofree char *names = field_names(out->str);
    g_assert_cmpstr(names, ==,
                    "Date\nFrom\nTo\nReply-To\nSubject\nMessage-ID\nIn-Reply-To\nReferences\n"
                    "X-Loop\nMIME-Version\nContent-Type\n");
    g_assert_nonnull(strstr(out->str, "\r\nSubject: [SUP-42-7kq2m9xw] Imprimante\r\n"));
    g_assert_nonnull(strstr(out->str, "\r\nMessage-ID: <abc.def@example.org>\r\n"));

    g_autoptr(GMimeMessage) message = parse(out);
    GMimeObject *mixed = g_mime_message_get_mime_part(message);
    g_assert_true(g_mime_content_type_is_type(g_mime_object_get_content_type(mixed),
                                              "multipart", "mixed"));
    GMimeObject *alternative = g_mime_multipart_get_part(GMIME_MULTIPART(mixed), 0);
    g_assert_true(g_mime_content_type_is_type(g_mime_object_get_content_type(alternative),
                                              "multipart", "alternative"));
    GMimeObject *related = g_mime_multipart_get_part(GMIME_MULTIPART(alternative), 1);
    g_assert_true(g_mime_content_type_is_type(g_mime_object_get_content_type(related),
                                              "multipart", "related"));

    g_autoptr(GPtrArray) parts = leaves(message);
    g_assert_cmpuint(parts->len, ==, 4);
    g_autofree char *text = content_text(parts->pdata[0]);
    g_autofree char *html = content_text(parts->pdata[1]);
    g_assert_cmpstr(text, ==, "Bonjour\n");
    g_assert_cmpstr(html, ==, "<p>Bonjour</p>\n");
    g_assert_cmpstr(g_mime_part_get_content_id(parts->pdata[2]), ==, "img1@example.org");
    gsize length;
    g_autofree char *image = content(parts->pdata[2], &length);
    g_assert_cmpmem(image, length, "\x89PNG\0\r\n", 7);
    g_autofree char *attached = content(parts->pdata[3], &length);
    g_assert_cmpmem(attached, length, "attached bytes", 14);
    g_assert_cmpstr(g_mime_part_get_filename(parts->pdata[3]), ==, "notice.pdf");
    mail_clear(&full.mail);
}

static void test_text_only(void)
{
    ComposeMail mail = plain_mail();
    mail.html = NULL;
    mail.reply_to = NULL;
    mail.text = "une ligne";
    g_autoptr(GString) out = compose(&mail);
    g_assert_nonnull(strstr(out->str, "\r\nContent-Type: text/plain; charset=utf-8\r\n"));
    g_assert_true(g_str_has_suffix(out->str, "\r\n\r\nune ligne\r\n"));
    g_assert_null(strstr(out->str, "Reply-To"));
    mail_clear(&mail);
}

/* Inline parts have nowhere to be shown without html: they become attachments. */
static void test_inline_without_html(void)
{
    FullMail full;
    full_mail(&full);
    full.mail.html = NULL;
    g_autoptr(GString) out = compose(&full.mail);
    g_assert_null(strstr(out->str, "inline"));
    g_assert_null(strstr(out->str, "Content-ID"));
    g_autoptr(GMimeMessage) message = parse(out);
    g_autoptr(GPtrArray) parts = leaves(message);
    g_assert_cmpuint(parts->len, ==, 3);
    mail_clear(&full.mail);
}

static char *repeat(const char *piece, gsize times)
{
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < times; i++)
        g_string_append(out, piece);
    return g_string_free(out, FALSE);
}

/* Every value comes back as it was, from the subject and from a display name. */
static void test_values(void)
{
    g_autofree char *words = repeat("Imprimante en panne ", 15);
    g_autofree char *accents = repeat("éèàçù œuvre ", 25);
    g_autofree char *rtl = repeat(ARABIC " ", 10);
    g_autofree char *smileys = repeat("🎉", 300);
    g_autofree char *unbroken = repeat("x", 300);
    g_autofree char *dense = repeat("é", 300);
    const char *values[] = {
        "Imprimante",
        "double  space",
        "trois   espaces é  fin",
        "é  x",
        "x  é",
        FRENCH,
        ARABIC,
        EMOJI,
        "=?utf-8?q?not_encoded?=",
        "x =?utf-8?b?w6k=?= y",
        "Dupont, Jean (DSI) <jean@example.net>",
        "\"quoted\" \\ back",
        "a@b.example",
        "tête raw raw queue",
        "raw raw é raw è raw raw",
        "[SUP-42-7kq2m9xw] Re: étage",
        "?=",
        "_ = ?",
        words,
        accents,
        rtl,
        smileys,
        unbroken,
        dense,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        ComposeMail mail = plain_mail();
        g_autofree char *value = utf8_clean(values[i], strlen(values[i]), TEXT_LINE);
        mail.subject = value;
        mail.to_name = value;
        g_autoptr(GString) out = compose(&mail);
        g_autoptr(GMimeMessage) message = parse(out);
        g_assert_cmpstr(g_mime_message_get_subject(message), ==, value);
        InternetAddressList *to = g_mime_message_get_to(message);
        g_assert_cmpint(internet_address_list_length(to), ==, 1);
        InternetAddress *one = internet_address_list_get_address(to, 0);
        g_assert_cmpstr(internet_address_get_name(one), ==, value);
        g_assert_cmpstr(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)), ==,
                        "jean@example.net");
        /* RFC 2047 section 2: no line with an encoded word is longer. */
        g_auto(GStrv) lines = g_strsplit(out->str, "\r\n", -1);
        for (char **line = lines; **line; line++) {
            if (strstr(*line, "=?utf-8?"))
                g_assert_cmpuint(strlen(*line), <=, 76);
            else
                g_assert_cmpuint(strlen(*line), <=, values[i] == unbroken ? 320 : 78);
        }
        mail_clear(&mail);
    }
}

/* The part of a subject that software reads stays readable without decoding. */
static void test_token_stays_raw(void)
{
    ComposeMail mail = plain_mail();
    mail.subject = "Re: [SUP-42-7kq2m9xw] Écran noir";
    g_autoptr(GString) out = compose(&mail);
    g_assert_nonnull(strstr(out->str, "Subject: Re: [SUP-42-7kq2m9xw] =?utf-8?q?"));
    mail_clear(&mail);
}

static const struct {
    const char *bytes;
} hostile[] = {
    {"x\r\nBcc: evil@example.org"},
    {"x\nBcc: evil@example.org"},
    {"x\rBcc: evil@example.org"},
    {"x\r\n\r\nBcc: evil@example.org\r\n\r\nbody"},
    {"\r\nBcc: evil@example.org"},
    {"x\r\n\r\n--=_boundary\r\nContent-Type: text/html\r\n\r\n<script>"},
    {"=?utf-8?q?x=0D=0ABcc:_evil@example.org?="},
    {"x\xe2\x80\xa8"
     "Bcc: evil@example.org\xc2\x85"
     "Cc: e@x.example"},
    {"x\v\f\x1b[31m\x7f\x01y"},
    {"\xff\xfe\xc3("},
    {"\", evil@example.org, \""},
    {"x <evil@example.org>, y"},
    {"evil@example.org;"},
    {"\\"},
    {"x\" ; filename=\"evil.exe"},
    {"x\"\r\nContent-Type: text/html"},
    {"\xe2\x80\xaegnp.exe"},
    {""},
    {"   "},
    {"\r\n"},
    {"%0d%0aBcc: evil@example.org"},
};

/* Whatever a field holds, the mail has the same header fields and the same parts, and goes to
 * one person. */
static void test_injection(void)
{
    enum { FROM, TO, SUBJECT, TEXT, HTML, HEADER, NAME, INLINE_NAME, TYPE, N_FIELDS };
    FullMail reference;
    full_mail(&reference);
    g_autoptr(GString) clean = compose(&reference.mail);
    g_autofree char *names = field_names(clean->str);
    for (int field = 0; field < N_FIELDS; field++) {
        for (gsize i = 0; i < G_N_ELEMENTS(hostile); i++) {
            char *bad = (char *)hostile[i].bytes;
            FullMail full;
            full_mail(&full);
            const char **values[] = {[FROM] = &full.mail.from_name,
                                     [TO] = &full.mail.to_name,
                                     [SUBJECT] = &full.mail.subject,
                                     [TEXT] = &full.mail.text,
                                     [HTML] = &full.mail.html,
                                     [HEADER] = (const char **)&full.header.value,
                                     [NAME] = (const char **)&full.attached.name,
                                     [INLINE_NAME] = (const char **)&full.inlined.name,
                                     [TYPE] = (const char **)&full.attached.type};
            *values[field] = bad;
            g_autoptr(GString) out = compose(&full.mail);
            g_autofree char *got = field_names(out->str);
            g_assert_cmpstr(got, ==, names);
            g_autoptr(GMimeMessage) message = parse(out);
            g_autoptr(GPtrArray) parts = leaves(message);
            g_assert_cmpuint(parts->len, ==, 4);
            InternetAddressList *all = g_mime_message_get_all_recipients(message);
            g_assert_cmpint(internet_address_list_length(all), ==, 1);
            g_object_unref(all);
            for (guint part = 0; part < parts->len; part++)
                g_assert_cmpint(g_mime_header_list_get_count(
                                    g_mime_object_get_header_list(parts->pdata[part])),
                                ==,
                                part < 2    ? 2
                                : part == 2 ? 4
                                            : 3);
            mail_clear(&full.mail);
        }
    }
    mail_clear(&reference.mail);
}

static void test_addresses(void)
{
    static const char *const refused[] = {
        "jean",
        "jean@",
        "@example.org",
        "a@b@example.org",
        "a b@x.example",
        "a@x.example\r\n",
        "a@x.example\nBcc: b@y",
        "<a@x.example>",
        "a,b@x.example",
        "a(b)@x.example",
        "",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        for (int field = 0; field < 3; field++) {
            ComposeMail mail = plain_mail();
            const char **values[] = {&mail.from_address, &mail.to_address, &mail.reply_to};
            *values[field] = refused[i];
            assert_refused(&mail);
            mail_clear(&mail);
        }
    }
    static const char *const kept[] = {"a..b@docomo.example", "\"a@b\"@example.org",
                                       "jérôme@exämple.org", "a@[192.0.2.1]"};
    for (gsize i = 0; i < G_N_ELEMENTS(kept); i++) {
        ComposeMail mail = plain_mail();
        mail.to_address = kept[i];
        g_autoptr(GString) out = compose(&mail);
        g_autofree char *line = g_strdup_printf("\r\nTo: Jean Dupont <%s>\r\n", kept[i]);
        g_assert_nonnull(strstr(out->str, line));
        mail_clear(&mail);
    }
}

/* Ids are ours or somebody's: a bad one of ours is an error, a bad one of theirs is left out.
 */
static void test_ids(void)
{
    static const char *const bad[] = {"", "a b@x", "a>\r\nBcc: e@x", "<a@x>", "é@x", "a\tb"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        FullMail full;
        full_mail(&full);
        full.mail.in_reply_to = full.mail.references = bad[i];
        full.inlined.content_id = (char *)bad[i];
        g_autoptr(GString) out = compose(&full.mail);
        g_assert_null(strstr(out->str, "In-Reply-To"));
        g_assert_null(strstr(out->str, "References"));
        g_assert_null(strstr(out->str, "Content-ID"));
        g_assert_null(strstr(out->str, "Bcc"));
        full.mail.message_id = bad[i];
        assert_refused(&full.mail);
        mail_clear(&full.mail);
    }
}

static void test_header_names(void)
{
    static const char *const refused[] = {"Bcc", "to", "Content-Type", "Resent-To", "",
                                          "X Y", "X:", "X\r\nBcc",     "Été",       "reply-to"};
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        FullMail full;
        full_mail(&full);
        full.header.name = (char *)refused[i];
        assert_refused(&full.mail);
        mail_clear(&full.mail);
    }
}

static void test_file_names(void)
{
    g_autofree char *long_ascii = repeat("x", 10000);
    g_autofree char *long_french = repeat("pièce ", 2000);
    g_autofree char *long_kept = g_strconcat(long_french, ".pdf", NULL);
    const struct {
        const char *name, *expected; /* NULL: only its end and length are checked */
    } cases[] = {
        {"écran d’été.png", "écran d’été.png"},
        {"../../etc/passwd", "_._.._etc_passwd"},
        {"..\\evil.exe", "_._evil.exe"},
        {".htaccess", "_htaccess"},
        {"", "attachment"},
        {"/", "attachment"},
        {"a\"b\\c.txt", "a\"b_c.txt"},
        {"x\r\nBcc: e@x.pdf", "x Bcc: e@x.pdf"},
        {ARABIC ".pdf", ARABIC ".pdf"},
        {"\xe2\x80\xaegnp.exe", "gnp.exe"},
        {"=?utf-8?q?a?=.pdf", "=?utf-8?q?a?=.pdf"},
        {long_ascii, NULL},
        {long_kept, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FullMail full;
        full_mail(&full);
        full.attached.name = (char *)cases[i].name;
        g_autoptr(GString) out = compose(&full.mail);
        g_autoptr(GMimeMessage) message = parse(out);
        g_autoptr(GPtrArray) parts = leaves(message);
        const char *name = g_mime_part_get_filename(parts->pdata[3]);
        if (cases[i].expected) {
            g_assert_cmpstr(name, ==, cases[i].expected);
            g_assert_null(strpbrk(name, "/\\"));
        } else {
            g_assert_cmpuint(strlen(name), <=, 200);
            g_assert_true(g_utf8_validate(name, -1, NULL));
            g_assert_true(i + 1 < G_N_ELEMENTS(cases) || g_str_has_suffix(name, ".pdf"));
        }
        /* The fallback for old readers is plain ASCII. */
        GMimeContentType *type = g_mime_object_get_content_type(parts->pdata[3]);
        const char *ascii = g_mime_content_type_get_parameter(type, "name");
        g_assert_true(g_str_is_ascii(ascii));
        g_assert_cmpuint(strlen(ascii), <=, 60);
        mail_clear(&full.mail);
    }
}

static void test_types(void)
{
    static const struct {
        const char *type, *expected;
    } cases[] = {
        {"application/pdf", "application/pdf"},
        {"application/vnd.ms-excel.sheet.macroEnabled.12",
         "application/vnd.ms-excel.sheet.macroEnabled.12"},
        {"text/html; charset=x", "application/octet-stream"},
        {"text", "application/octet-stream"},
        {"/", "application/octet-stream"},
        {"a/b/c", "application/octet-stream"},
        {"text/plain\r\nBcc: e@x", "application/octet-stream"},
        {"message/rfc822", "application/octet-stream"}, /* never in base64 */
        {"Multipart/mixed", "application/octet-stream"},
        {"", "application/octet-stream"},
        {"é/x", "application/octet-stream"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FullMail full;
        full_mail(&full);
        full.attached.type = (char *)cases[i].type;
        g_autoptr(GString) out = compose(&full.mail);
        g_autofree char *line = g_strdup_printf("\r\nContent-Type: %s;\r\n", cases[i].expected);
        g_assert_nonnull(strstr(out->str, line));
        mail_clear(&full.mail);
    }
}

static void test_bodies(void)
{
    g_autofree char *unbroken = repeat("é", 5000);
    g_autofree char *thousand = repeat("0123456789", 100);
    const char *bodies[] = {
        "",
        "\n",
        FRENCH "\n" ARABIC "\n" EMOJI "\n",
        ".\n..\n.hidden\n",
        "From here\nFrom\n>From\n",
        "trailing space \ntab\t\n = equals =3D\n",
        "-- \nsignature\n",
        "--=_boundary--\n",
        unbroken,
        thousand,
        "\n\nblank lines\n\n\n",
        "no end of line",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
        ComposeMail mail = plain_mail();
        mail.text = bodies[i];
        g_autoptr(GString) out = compose(&mail);
        g_assert_null(strstr(out->str, "\r\n.\r\n"));
        g_assert_null(strstr(out->str, "\r\nFrom "));
        g_autoptr(GMimeMessage) message = parse(out);
        g_autoptr(GPtrArray) parts = leaves(message);
        g_autofree char *text = content_text(parts->pdata[0]);
        bool ended = *bodies[i] == '\0' || g_str_has_suffix(bodies[i], "\n");
        g_autofree char *expected = g_strconcat(bodies[i], ended ? "" : "\n", NULL);
        g_assert_cmpstr(text, ==, expected);
        g_auto(GStrv) lines = g_strsplit(out->str, "\r\n", -1);
        for (char **line = lines; *line; line++)
            g_assert_cmpuint(strlen(*line), <=, 76);
        mail_clear(&mail);
    }
}

static void test_deterministic(void)
{
    FullMail one, two;
    full_mail(&one);
    full_mail(&two);
    g_autoptr(GString) first = compose(&one.mail);
    g_autoptr(GString) second = compose(&two.mail);
    g_assert_cmpmem(first->str, first->len, second->str, second->len);
    mail_clear(&one.mail);
    mail_clear(&two.mail);
}

/* Also when a part comes in pieces of other sizes. */
static void test_pieces_do_not_show(void)
{
    static const gsize pieces[] = {1, 56, 57, 58, 1000, 65536};
    gsize size = 100003;
    g_autofree char *bytes = g_malloc(size);
    for (gsize i = 0; i < size; i++)
        bytes[i] = (char)(i * 31 + i / 253);
    g_autoptr(GString) first = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
        FullMail full;
        full_mail(&full);
        full.sources[1] = (Source){bytes, size, 0, pieces[i]};
        GString *out = compose(&full.mail);
        if (first == NULL) {
            g_autoptr(GMimeMessage) message = parse(out);
            g_autoptr(GPtrArray) parts = leaves(message);
            gsize length;
            g_autofree char *decoded = content(parts->pdata[3], &length);
            g_assert_cmpmem(decoded, length, bytes, size);
            first = out;
        } else {
            g_assert_cmpmem(out->str, out->len, first->str, first->len);
            g_string_free(out, TRUE);
        }
        mail_clear(&full.mail);
    }
}

#define BIG (5 * 1024 * 1024)

typedef struct {
    gsize read, written, most_held;
} Flow;

static bool read_flow(void *user, GByteArray *out, GError **error)
{
    Flow *flow = user;
    gsize length = MIN((gsize)65536, BIG - flow->read);
    gsize before = out->len;
    g_byte_array_set_size(out, (guint)(before + length));
    memset(out->data + before, 'x', length);
    flow->read += length;
    return true;
}

static bool write_flow(const guint8 *bytes, gsize length, void *user, GError **error)
{
    Flow *flow = user;
    flow->written += length;
    if (flow->read > flow->written)
        flow->most_held = MAX(flow->most_held, flow->read - flow->written);
    flow->most_held = MAX(flow->most_held, length);
    return true;
}

static void test_big_attachment_flows(void)
{
    Flow flow = {0};
    FullMail full;
    full_mail(&full);
    full.attached.read = read_flow;
    full.attached.user = &flow;
    g_autoptr(GError) error = NULL;
    g_assert_true(compose_mail(&full.mail, write_flow, &flow, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(flow.read, ==, BIG);
    g_assert_cmpuint(flow.written, >, BIG / 3 * 4);
    g_assert_cmpuint(flow.most_held, <, 256 * 1024);
    mail_clear(&full.mail);
}

static bool failing_read(void *user, GByteArray *out, GError **error)
{
    g_set_error_literal(error, WICKET_ERROR, ERROR_CORRUPT, "gone");
    return false;
}

static bool failing_sink(const guint8 *bytes, gsize length, void *user, GError **error)
{
    g_set_error_literal(error, WICKET_ERROR, ERROR_TRANSIENT, "full");
    return false;
}

static void test_failures_are_told(void)
{
    FullMail full;
    full_mail(&full);
    g_autoptr(GError) sink_error = NULL;
    g_assert_false(compose_mail(&full.mail, failing_sink, NULL, &sink_error));
    g_assert_error(sink_error, WICKET_ERROR, ERROR_TRANSIENT);
    full.attached.read = failing_read;
    g_autoptr(GError) read_error = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    g_assert_false(compose_mail(&full.mail, append_to, out, &read_error));
    g_assert_error(read_error, WICKET_ERROR, ERROR_CORRUPT);
    mail_clear(&full.mail);
}

/* Encoded beforehand or on the way: the same mail. */
static void test_encoded_beforehand(void)
{
    FullMail read, ready;
    full_mail(&read);
    full_mail(&ready);
    g_autofree char *image = g_base64_encode((const guchar *)"\x89PNG\0\r\n", 7);
    g_autofree char *line = g_strconcat(image, "\r\n", NULL);
    ready.inlined.base64 = g_bytes_new(line, strlen(line));
    ready.inlined.read = NULL;
    g_autoptr(GString) one = compose(&read.mail);
    g_autoptr(GString) other = compose(&ready.mail);
    g_assert_cmpstr(one->str, ==, other->str);
    g_bytes_unref(ready.inlined.base64);
    mail_clear(&read.mail);
    mail_clear(&ready.mail);
}

static void test_attached_text(void)
{
    FullMail full;
    full_mail(&full);
    full.attached.type = "text/html";
    full.attached.charset = "utf-8";
    g_autoptr(GString) out = compose(&full.mail);
    g_assert_nonnull(strstr(out->str, "\r\nContent-Type: text/html;\r\n charset=\"utf-8\";"
                                      "\r\n name=\"notice.pdf\"\r\n"));
    mail_clear(&full.mail);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_mime_init();
    g_test_add_func("/compose/attached-text", test_attached_text);
    g_test_add_func("/compose/structure", test_structure);
    g_test_add_func("/compose/text-only", test_text_only);
    g_test_add_func("/compose/inline-without-html", test_inline_without_html);
    g_test_add_func("/compose/values", test_values);
    g_test_add_func("/compose/token-stays-raw", test_token_stays_raw);
    g_test_add_func("/compose/injection", test_injection);
    g_test_add_func("/compose/addresses", test_addresses);
    g_test_add_func("/compose/ids", test_ids);
    g_test_add_func("/compose/header-names", test_header_names);
    g_test_add_func("/compose/file-names", test_file_names);
    g_test_add_func("/compose/types", test_types);
    g_test_add_func("/compose/bodies", test_bodies);
    g_test_add_func("/compose/deterministic", test_deterministic);
    g_test_add_func("/compose/pieces-do-not-show", test_pieces_do_not_show);
    g_test_add_func("/compose/big-attachment-flows", test_big_attachment_flows);
    g_test_add_func("/compose/failures-are-told", test_failures_are_told);
    g_test_add_func("/compose/encoded-beforehand", test_encoded_beforehand);
    int status = g_test_run();
    g_mime_shutdown();
    return status;
}
