/* Which part of a mail is read, what is an attachment, and where its bytes are. */
#include "core/mail/part_text.h"
#include "tests/unit/mail/fixture.h"

#include "core/mail/flowed.h"
#include "core/mail/text.h"

/* "name:type:size" of each attachment, "*" after an inline one. */
static char *describe(const Mail *mail)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < mail->attachments->len; i++) {
        const MailAttachment *part = mail->attachments->pdata[i];
        g_string_append_printf(out, "[%s:%s:%d%s]", part->name, part->type, (int)part->size,
                               part->is_inline ? "*" : "");
    }
    return g_string_free(out, FALSE);
}

/* Cut from the raw mail and decoded in one go, an attachment is what the parser said. */
static void check_cuts(const char *raw, gsize size, const Mail *mail)
{
    for (guint i = 0; i < mail->attachments->len; i++) {
        const MailAttachment *part = mail->attachments->pdata[i];
        const Extent *outer = &part->place.outer;
        g_assert_true(place_is_sound(&part->place, size));
        g_autofree guint8 *cut = g_memdup2(raw + outer->offset, outer->length);
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        g_auto(PlaceDecoder) decoder;
        place_decoder_init(&decoder, &part->place);
        place_decode(&decoder, cut, outer->length, bytes);
        place_finish(&decoder, bytes);
        g_autofree char *hash =
            g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes->data, bytes->len);
        g_assert_cmpuint(bytes->len, ==, part->size);
        g_assert_cmpstr(hash, ==, part->sha256);
    }
}

static void test_cuts_of_fixtures(void)
{
    g_autoptr(GDir) dir = g_dir_open("tests/mail", 0, NULL);
    g_assert_nonnull(dir);
    guint mails = 0;
    for (const char *name; (name = g_dir_read_name(dir)) != NULL; mails++) {
        gsize size;
        g_autofree char *raw = fixture_read(name, &size);
        g_autoptr(Mail) mail = fixture_parse_bytes(raw, size);
        check_cuts(raw, size, mail);
    }
    g_assert_cmpuint(mails, >=, 20);
}

static const struct {
    const char *file, *text, *attachments;
} fixtures[] = {
    {"question-windows-1252.eml",
     "Bonjour,\n\nL’imprimante du 2e étage affiche « erreur 50.4 » depuis ce matin…\n"
     "Le coût de la réparation dépasse-t-il 120 € ?\n\n"
     "Cordialement,\nClaire Dupont – œuvres sociales\n",
     "[capture d’écran.png:image/png:94]"},
    /* Padding in the middle of base64 ends nothing. */
    {"base64-padding.eml", "Première moitié, seconde part.",
     "[deux.bin:application/octet-stream:10]"},
    /* The plain alternative has no words, so HTML is read; text after a file is joined. */
    {"related.eml", "Voici le schéma : schéma\n\nEt un mot après la pièce jointe.",
     "[s.png:image/png:94*][plan.pdf:application/pdf:5]"},
    {"signed.eml", "Texte signé.", "[signature.asc:application/pgp-signature:29]"},
    {"encrypted.eml", "",
     "[:application/pgp-encrypted:10][encrypted.asc:application/octet-stream:27]"},
    /* An attached message is one file, called after its subject. */
    {"forwarded.eml", "À traiter, merci.",
     "[Facture n° 7.eml:message/rfc822:332][code.eml:message/rfc822:332]"
     "[notes.txt:application/octet-stream:5]"},
    /* Names are data. */
    {"path-name.eml", "Trois noms.",
     "[../../etc/passwd:text/plain:4][C:\\Temp\\devis.pdf:application/pdf:4]"
     "[ab cfdp.exe:application/pdf:4]"},
    {"missing-charset.eml", "Un café à 2 €.\n", ""},
    {"missing-charset-utf8.eml", "Un café à 2 €.\n", ""},
    {"nul.eml", "avantapres\nligne deux\n", ""},
    {"no-header.eml", "Bonjour, ceci n'a pas d'en-tête.\n\nVraiment pas.\n", ""},
    {"header-only.eml", "", ""},
    {"empty.eml", "", ""},
};

static void test_fixtures(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(fixtures); i++) {
        g_autoptr(Mail) mail = fixture_parse(fixtures[i].file);
        g_autofree char *attachments = describe(mail);
        g_test_message("%s", fixtures[i].file);
        g_assert_null(mail->unparsed);
        g_assert_cmpstr(mail->text, ==, fixtures[i].text);
        g_assert_cmpstr(attachments, ==, fixtures[i].attachments);
    }
}

#define MULTIPART(type) "Content-Type: multipart/" type "; boundary=b\n\n--b\n"
#define PART(header, body) header "\n" body "\n--b"
#define PLAIN "Content-Type: text/plain\n"
#define HTML "Content-Type: text/html\n"

static const struct {
    const char *what, *mail, *text, *attachments;
} structures[] = {
    {"plain and HTML",
     MULTIPART("alternative") PART(PLAIN, "plain") "\n" PART(HTML, "<p>html") "--\n", "plain",
     ""},
    {"HTML and plain",
     MULTIPART("alternative") PART(HTML, "<p>html") "\n" PART(PLAIN, "plain") "--\n", "plain",
     ""},
    {"only HTML", MULTIPART("alternative") PART(HTML, "<p>html") "--\n", "html\n", ""},
    {"no words anywhere", MULTIPART("alternative") PART(PLAIN, "--") "--\n", "--", ""},
    {"an invitation",
     MULTIPART("alternative") PART(PLAIN, "come") "\n" PART("Content-Type: text/calendar\n",
                                                            "BEGIN:VCALENDAR") "--\n",
     "come", "[:text/calendar:15]"},
    {"a report", MULTIPART("report") PART(PLAIN, "sorry") "\n" PART(PLAIN, "details") "--\n",
     "sorry\n\ndetails", ""},
    {"two plain alternatives",
     MULTIPART("alternative")
         PART(PLAIN, "one") "\n" PART(HTML, "<p>one") "\n" PART(PLAIN, "two") "--\n",
     "one\n\ntwo", ""},
    {"one plain alternative twice",
     MULTIPART("alternative") PART(PLAIN, "one") "\n" PART(PLAIN, " one\n") "--\n", "one", ""},
    {"signs beside a frame without words",
     MULTIPART("alternative") PART(PLAIN, "-----") "\n" PART(HTML, "<p>\303\202<hr>") "--\n",
     "-----", ""},
    {"signs beside words",
     MULTIPART("alternative") PART(PLAIN, "-----") "\n" PART(HTML, "<p>words") "--\n",
     "words\n", ""},
    {"a text below the signature",
     MULTIPART("signed") PART(PLAIN, "one") "\n" PART(
         "Content-Type: application/pgp-signature\n", "x") "\n" PART(PLAIN, "list") "--\n",
     "one\n\nlist", "[:application/pgp-signature:1]"},
    {"enriched text",
     "Content-Type: text/enriched\n\n<bold>Now</bold> is\nthe <<time>\n\n"
     "<color><param>red</param>red</color>\n\n\n<nofill>a\nb</nofill>\n",
     "Now is the <time>\nred\n\na\nb ", ""},
    {"rich text", "Content-Type: text/richtext\n\nA<nl>b\nc <lt>d> <comment>x</comment>e",
     "A\nb c <d> e", ""},
    {"a charset named in HTML",
     "Content-Type: text/html\n\n<head><META content='text/html; charset = koi8-r'></head>"
     "<p>\320\322\311",
     "\320\277\321\200\320\270\n", ""},
    {"a charset that HTML talks about",
     "Content-Type: text/html\n\n<p>charset=koi8-r \351t\351",
     "charset=koi8-r \303\251t\303\251\n", ""},
    {"two types, of which one divides",
     "Content-Type: multipart/mixed; boundary=b\nContent-Type: text/plain\n\n--b\n" PLAIN
     "\none\n--b--\n",
     "one", ""},
    {"two types, none divides", "Content-Type: text/html\nContent-Type: text/plain\n\n<p>one\n",
     "<p>one\n", ""},
    {"a bare line end in front of a boundary",
     "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
     "Content-Type: application/pdf; name=a.pdf\r\n\r\nabc\n--b--\r\n",
     "", "[a.pdf:application/pdf:3]"},
    {"text between files",
     MULTIPART("mixed") PART(PLAIN, "one") "\n" PART("Content-Type: image/png; name=a.png\n",
                                                     "x") "\n" PART(PLAIN, "two") "--\n",
     "one\n\ntwo", "[a.png:image/png:1]"},
    {"a named text after the body",
     MULTIPART("mixed") PART(PLAIN, "one") "\n" PART(
         "Content-Type: text/plain; name=log.txt\nContent-Disposition: inline\n", "two") "--\n",
     "one", "[log.txt:text/plain:3]"},
    {"a named text that is the body", "Content-Type: text/plain; name=body.txt\n\nbody\n",
     "body\n", ""},
    {"a file that is shown and kept",
     MULTIPART("mixed")
         PART("Content-Type: text/plain\nContent-Disposition: inline; filename=notes.txt\n",
              "one") "--\n",
     "one", "[notes.txt:text/plain:3*]"},
    {"a uuencoded file in a text",
     PLAIN "Content-Transfer-Encoding: quoted-printable\n\n"
           "=C3=A9t=C3=A9\nbegin 644 ../caf=C3=A9.txt\n#8V%T\n`\nend\nbye\n",
     "\303\251t\303\251\nbye\n", "[../caf\303\251.txt:application/octet-stream:3]"},
    {"a visiting card alone",
     "Content-Type: text/x-vcard; name=j.vcf\n\nBEGIN:VCARD\nFN:Jean\n", "Jean\n",
     "[j.vcf:text/x-vcard:20]"},
    {"a visiting card beside words",
     MULTIPART("mixed") PART(PLAIN, "one") "\n" PART("Content-Type: text/vcard\n",
                                                     "BEGIN:VCARD\nFN:Jean") "--\n",
     "one", "[:text/vcard:19]"},
    {"text as an attachment",
     "Content-Type: text/plain\nContent-Disposition: attachment\n\nfile\n", "",
     "[:text/plain:5]"},
    {"only a file", "Content-Type: application/pdf; name=a.pdf\n\n%PDF", "",
     "[a.pdf:application/pdf:4]"},
    {"a type that is none", "Content-Type: nonsense\n\nbody\n", "body\n", ""},
    {"no boundary given", "Content-Type: multipart/mixed\n\nbody\n", "body\n", ""},
    {"an inline image",
     MULTIPART("mixed") PART(PLAIN, "one") "\n" PART(
         "Content-Type: image/png\nContent-Disposition: inline\n", "x") "--\n",
     "one", "[:image/png:1*]"},
    {"a missing end", MULTIPART("mixed") PLAIN "\none\ntwo", "one\ntwo", ""},
    {"an HTML mail of nothing", "Content-Type: text/html\n\n", "", ""},
    {"an empty part", MULTIPART("mixed") PART(PLAIN, "one") "\n--b--\n", "one", ""},
    {"an empty message", MULTIPART("mixed") PART("Content-Type: message/rfc822\n", "") "--\n",
     "", "[message.eml:message/rfc822:0]"},
    {"a digest",
     MULTIPART("digest") PART("", "Subject: a\n\nx") "\n" PART("", "Subject: b\n\ny") "--\n",
     "", "[a.eml:message/rfc822:13][b.eml:message/rfc822:13]"},
    {"CRLF",
     "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
     "Content-Type: message/rfc822\r\n\r\nSubject: a\r\n\r\nx\r\n--b--\r\n",
     "", "[a.eml:message/rfc822:15]"},
};

static void test_structures(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(structures); i++) {
        g_autoptr(Mail) mail = fixture_parse_text(structures[i].mail);
        g_autofree char *attachments = describe(mail);
        g_test_message("%s", structures[i].what);
        g_assert_cmpstr(mail->text, ==, structures[i].text);
        g_assert_cmpstr(attachments, ==, structures[i].attachments);
        check_cuts(structures[i].mail, strlen(structures[i].mail), mail);
    }
}

static const struct {
    const char *mail, *remark;
} remarks[] = {
    {"Content-Type: text/plain\n\nx\n", NULL},
    {MULTIPART("signed")
         PART(PLAIN, "x") "\n" PART("Content-Type: application/pgp-signature\n", "x") "--\n",
     "signed"},
    {MULTIPART("encrypted") PART("Content-Type: application/pgp-encrypted\n", "x") "--\n",
     "encrypted"},
    {"Content-Type: text/plain\nContent-Type: text/html\n\nx\n",
     "ambiguous MIME: mail programs may read it otherwise"},
};

static void test_remarks(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(remarks); i++) {
        g_autoptr(Mail) mail = fixture_parse_text(remarks[i].mail);
        g_assert_cmpuint(mail->remarks->len, ==, remarks[i].remark ? 1 : 0);
        if (remarks[i].remark)
            g_assert_cmpstr(mail->remarks->pdata[0], ==, remarks[i].remark);
    }
}

/* A 10 kB file name is cut, its extension is not. */
static void test_long_name(void)
{
    g_autoptr(Mail) mail = fixture_parse("long-name.eml");
    const MailAttachment *part = mail->attachments->pdata[0];
    g_assert_cmpint(g_utf8_strlen(part->name, -1), <=, 255);
    g_assert_cmpint(g_utf8_strlen(part->name, -1), >=, 200);
    g_assert_true(g_str_has_prefix(part->name, "long long "));
    g_assert_true(g_str_has_suffix(part->name, ".pdf"));
}

/* An attached message's end is found even where its lines straddle the pieces it is read in. */
static void test_long_message(void)
{
    for (int pad = 32740; pad < 32780; pad++) {
        g_autoptr(GString) raw =
            g_string_new("Content-Type: multipart/mixed; boundary=b\n\n--b\n"
                         "Content-Type: message/rfc822\n\nSubject: a\n\n");
        for (int i = 0; i < pad; i++)
            g_string_append_c(raw, i % 70 == 69 ? '\n' : '-');
        g_string_append(raw, "\n--b\n\nafter\n--b--\n");
        g_autoptr(Mail) mail = fixture_parse_text(raw->str);
        const MailAttachment *part = mail->attachments->pdata[0];
        g_assert_cmpuint(part->size, ==, strlen("Subject: a\n\n") + (gsize)pad);
        g_assert_cmpstr(mail->text, ==, "after");
    }
}

static char *repeat(const char *piece, int n)
{
    GString *out = g_string_new(NULL);
    for (int i = 0; i < n; i++)
        g_string_append(out, piece);
    return g_string_free(out, FALSE);
}

static void test_limits(void)
{
    g_autoptr(GString) deep = g_string_new("Subject: deep\n");
    for (int i = 0; i < 40; i++)
        g_string_append_printf(deep, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n",
                               i, i);
    g_string_append(deep, "\nbottom\n");
    g_autoptr(Mail) nested = fixture_parse_text(deep->str);
    g_assert_cmpstr(nested->unparsed, ==, "parts nested deeper than 32");
    g_assert_cmpstr(nested->subject, ==, "deep");
    g_assert_cmpstr(nested->text, ==, "");

    g_autofree char *parts = repeat("\n--b\n\nx", 501);
    g_autofree char *wide =
        g_strconcat("Content-Type: multipart/mixed; boundary=b\n", parts, "\n--b--\n", NULL);
    g_autoptr(Mail) many = fixture_parse_text(wide);
    g_assert_cmpstr(many->unparsed, ==, "more than 500 parts");
    g_assert_cmpuint(many->attachments->len, ==, 0);
}

/* A body past the limit is cut at a character and is an attachment too. */
static void test_long_body(void)
{
    g_autofree char *body = repeat("é", PART_TEXT_MAX);
    g_autofree char *raw =
        g_strconcat("Content-Type: text/plain; charset=utf-8\n\n", body, NULL);
    g_autoptr(Mail) mail = fixture_parse_text(raw);
    g_assert_cmpuint(strlen(mail->text), <=, PART_TEXT_MAX);
    g_assert_cmpuint(strlen(mail->text), >, PART_TEXT_MAX - 4);
    g_autofree char *attachments = describe(mail);
    g_assert_cmpstr(attachments, ==, "[:text/plain:2097152]");
}

static const struct {
    const char *text, *unwrapped;
    bool delsp;
} flowed[] = {
    {"one \ntwo\nthree\n", "one two\nthree\n", false},
    {"one \ntwo\n", "onetwo\n", true},
    {"> a \n> b\n> > c\nd \n> e\n", "> a b\n> > c\nd \n> e\n", false},
    {">> a \n>>b\n", ">> a b\n", false},
    {" >not quoted\n From us\n", ">not quoted\nFrom us\n", false},
    {"text \n-- \nPaul\n", "text \n-- \nPaul\n", false},
    {"last ", "last \n", false},
    {"", "", false},
};

static void test_flowed(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(flowed); i++) {
        g_autofree char *text = flowed_unwrap(flowed[i].text, flowed[i].delsp);
        g_assert_cmpstr(text, ==, flowed[i].unwrapped);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mail/text/cuts-of-fixtures", test_cuts_of_fixtures);
    g_test_add_func("/mail/text/fixtures", test_fixtures);
    g_test_add_func("/mail/text/structures", test_structures);
    g_test_add_func("/mail/text/remarks", test_remarks);
    g_test_add_func("/mail/text/long-name", test_long_name);
    g_test_add_func("/mail/text/long-message", test_long_message);
    g_test_add_func("/mail/text/limits", test_limits);
    g_test_add_func("/mail/text/long-body", test_long_body);
    g_test_add_func("/mail/text/flowed", test_flowed);
    return g_test_run();
}
