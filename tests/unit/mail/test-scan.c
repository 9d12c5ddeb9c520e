/* The scan: hashes that survive travel, Postfix's size, caps that bombs meet and ordinary mail
 * does not, and the outline. */
#include "core/mail/scan.h"

#include "core/base/error.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const ScanCaps ordinary = {.header_bytes = 256 * 1024,
                                  .header_fields = 1000,
                                  .address_bytes = 16 * 1024,
                                  .parts = 500,
                                  .depth = 20};

static int file_of(const char *bytes, gsize length)
{
    int fd = memfd_create("mail", MFD_CLOEXEC);
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(write(fd, bytes, length), ==, length);
    return fd;
}

static Scan *scan_bytes(const char *bytes, gsize length)
{
    Scan *scan = NULL;
    g_autoptr(GError) error = NULL;
    int fd = file_of(bytes, length);
    g_assert_true(scan_mail(fd, length, &ordinary, &scan, &error));
    g_assert_no_error(error);
    close(fd);
    return scan;
}

static Scan *scan_text(const char *text)
{
    return scan_bytes(text, strlen(text));
}

static char *with_crlf(const char *text)
{
    GString *out = g_string_new(NULL);
    for (; *text; text++)
        g_string_append(out, *text == '\n' ? "\r\n" : (char[]){*text, '\0'});
    return g_string_free(out, FALSE);
}

/* --- hashes ------------------------------------------------------------------------------ */

static void test_raw_hash(void)
{
    static const char text[] = "From: a@b\n\nhello\n";
    g_autoptr(Scan) scan = scan_text(text);
    g_autofree char *expected = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    g_autoptr(GString) got = g_string_new(NULL);
    for (gsize i = 0; i < sizeof scan->raw_hash; i++)
        g_string_append_printf(got, "%02x", scan->raw_hash[i]);
    g_assert_cmpstr(got->str, ==, expected);
    g_assert_cmpuint(scan->size, ==, sizeof text - 1);
}

static bool same_content(const char *a, const char *b)
{
    g_autoptr(Scan) one = scan_text(a);
    g_autoptr(Scan) two = scan_text(b);
    return memcmp(one->content_hash, two->content_hash, 32) == 0;
}

#define MAIL                                                                                   \
    "From: A <a@b>\nTo: s@t\nSubject: x y\nReferences: <1@x> <2@x>\n"                          \
    "MIME-Version: 1.0\nContent-Type: text/plain\n\nhello\n\nworld\n"

static void test_same_content(void)
{
    static const char *const same[] = {
        MAIL,
        /* trace fields, in front and between */
        "Return-Path: <a@b>\nDelivered-To: s@t\nReceived: by x\n\tfor y\n" MAIL,
        "From a@b Fri Nov 20 09:12:00 2026\n" MAIL,
        "From: A <a@b>\nX-Spam: no\nTo: s@t\nSubject: x y\nReferences: <1@x> <2@x>\n"
        "Mime-version: 1.0\nDKIM-Signature: x\n y\nContent-Length: 12\n"
        "Content-Type: text/plain\n\nhello\n\nworld\n",
        /* folding and blanks */
        "From:A <a@b>\nTo: s@t  \nSubject:\n x\n  y\nReferences: <1@x>\n\t<2@x>\n"
        "MIME-Version: 1.0\nContent-Type: text/plain\n\nhello\n\nworld\n",
        /* the end */
        MAIL "\n\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(same); i++) {
        g_autofree char *crlf = with_crlf(same[i]);
        g_test_message("case %d", (int)i);
        g_assert_true(same_content(same[0], same[i]));
        g_assert_true(same_content(same[0], crlf));
    }
}

static void test_other_content(void)
{
    static const char *const other[][2] = {
        {"From: a@b\n\nhello\n", "From: a@c\n\nhello\n"},
        {"From: a@b\n\nhello\n", "From: a@b\n\nhello!\n"},
        {"From: a@b\n\nhello\n", "From: a@b\nSubject: hello\n\n"},
        {"From: a@b\n\nhello\n", "From: a@b\n\n\nhello\n"},
        {"From: a@b\n\na\nb\n", "From: a@b\n\na\n\nb\n"},
        {"From: a@b\n\na\rb\n", "From: a@b\n\nab\n"},
        {"Subject: a b\n\n", "Subject: ab\n\n"},
        {"Subject: a\n\n", "Subject: a\nSubject: a\n\n"},
        {"Subject: a\n\nb", "a\n\nb"},
        {"x", ""},
        {"Content-Type: text/plain\n\n", "Content-Type: text/html\n\n"},
        {"Date: 1\n\n", "Date: 2\n\n"},
        {"Message-ID: <1>\n\n", "Message-ID: <2>\n\n"},
        {"In-Reply-To: <1>\n\n", "In-Reply-To: <2>\n\n"},
        {"Cc: a@b\n\n", "To: a@b\n\n"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(other); i++) {
        g_test_message("case %d", (int)i);
        g_assert_false(same_content(other[i][0], other[i][1]));
    }
}

/* Lines longer than a block, and lines that end at its very end. */
static void test_block_edges(void)
{
    for (int length = 65536 - 40; length <= 65536 + 40; length++) {
        g_autofree char *x = g_strnfill((gsize)length, 'x');
        g_autofree char *lf = g_strconcat("Subject: ", x, "\n\n", x, "\nend\n", NULL);
        g_autofree char *crlf =
            g_strconcat("X-A: b\r\nSubject: ", x, "\r\n\r\n", x, "\r\nend\r\n", NULL);
        g_assert_true(same_content(lf, crlf));
        g_autofree char *longer = g_strconcat("Subject: ", x, "\n\n", x, "x\nend\n", NULL);
        g_assert_false(same_content(lf, longer));
    }
}

/* --- sizes ------------------------------------------------------------------------------- */

typedef struct {
    const char *front, *header, *fill;
    gsize n_fill;
    guint64 size; /* measured at a Postfix 3.7, less its Received field */
} SizeCase;

static void test_smtp_size(void)
{
    static const SizeCase cases[] = {
        {"", "", "y", 1, 3},
        {"", "", "y", 127, 129},
        {"", "", "y", 128, 131},
        {"", "", "y", 2046, 2049},
        {"", "", "y", 2047, 2050},
        {"", "", "y", 2048, 2053},
        {"", "", "y", 2049, 2054},
        {"", "", "y", 4096, 4104},
        {"", "", "y", 4097, 4105},
        {"", "X-Y: ", "a", 2043, 2051},
        {"", "X-Y: ", "a", 2044, 2054},
        {"Return-Path: <a@b>\nX-Original-To: s@t\nDelivered-To: s@t\n", "", "y", 1, 3},
        {"From a@b Fri Nov 20 09:12:00 2026\nReturn-Path: <a@b>\n", "", "y", 1, 3},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const SizeCase *c = &cases[i];
        g_autofree char *fill = g_strnfill(c->n_fill, *c->fill);
        const char *received = "Received: x\n"; /* 13 */
        g_autofree char *text =
            *c->header ? g_strconcat(c->front, received, c->header, fill, "\n\n", NULL)
                       : g_strconcat(c->front, received, "\n", fill, "\n", NULL);
        g_autofree char *crlf = with_crlf(text);
        g_autoptr(Scan) lf_scan = scan_text(text);
        g_autoptr(Scan) crlf_scan = scan_text(crlf);
        g_test_message("case %d", (int)i);
        g_assert_cmpuint(lf_scan->smtp_size, ==, 13 + 2 + c->size);
        g_assert_cmpuint(crlf_scan->smtp_size, ==, 13 + 2 + c->size);
    }
    /* Only once each, and only in front. */
    g_autoptr(Scan) twice = scan_text("Delivered-To: a\nDelivered-To: a\n\n");
    g_assert_cmpuint(twice->smtp_size, ==, 17 + 2);
    g_autoptr(Scan) below = scan_text("Received: x\nReturn-Path: <a>\n\n");
    g_assert_cmpuint(below->smtp_size, ==, 13 + 18 + 2);
}

static void test_cut(void)
{
    g_autoptr(Scan) whole = scan_text("From: a@b\n\nhello\n");
    g_autoptr(Scan) cut = scan_text("From: a@b\n\nhel");
    g_assert_false(scan_is_cut(whole, 20));
    g_assert_true(scan_is_cut(cut, 20));
    g_assert_false(scan_is_cut(cut, -1));
    /* A milter took a header away after Postfix had counted it. */
    g_assert_false(scan_is_cut(whole, 144));
}

static void test_read_errors(void)
{
    static const char text[] = "From: a@b\n\nhello\n";
    g_autoptr(Scan) scan = NULL;
    g_autoptr(GError) too_short = NULL;
    g_autoptr(GError) closed = NULL;
    int fd = file_of(text, sizeof text - 1);
    g_assert_false(scan_mail(fd, sizeof text, &ordinary, &scan, &too_short));
    g_assert_error(too_short, WICKET_ERROR, ERROR_TRANSIENT);
    g_assert_null(scan);

    /* No more than `size` is looked at. */
    g_autoptr(GError) error = NULL;
    g_assert_true(scan_mail(fd, 11, &ordinary, &scan, &error));
    g_assert_cmpuint(scan->smtp_size, ==, 11 + 2);
    close(fd);
    g_autoptr(Scan) none = NULL;
    g_assert_false(scan_mail(-1, 5, &ordinary, &none, &closed));
    g_assert_error(closed, WICKET_ERROR, ERROR_TRANSIENT);
}

/* --- caps -------------------------------------------------------------------------------- */

static char *repeat(const char *head, const char *part, int n, const char *tail)
{
    GString *out = g_string_new(head);
    for (int i = 0; i < n; i++)
        g_string_append(out, part);
    g_string_append(out, tail);
    return g_string_free(out, FALSE);
}

static void assert_over(char *text, const char *over)
{
    g_autofree char *owned = text;
    g_autofree char *crlf = with_crlf(owned);
    g_autoptr(Scan) scan = scan_text(owned);
    g_autoptr(Scan) crlf_scan = scan_text(crlf);
    g_assert_cmpstr(scan->over, ==, over);
    if (!over || !g_strrstr(over, "bytes")) /* CRLF is longer */
        g_assert_cmpstr(crlf_scan->over, ==, over);
}

static char *nested(int n, bool same_boundary)
{
    GString *out = g_string_new("From: a@b\n");
    for (int i = 0; i < n; i++)
        g_string_append_printf(out,
                               "Content-Type: multipart/mixed;\n boundary=\"b%d\"\n\n--b%d\n",
                               same_boundary ? 0 : i, same_boundary ? 0 : i);
    g_string_append(out, "\nx\n");
    return g_string_free(out, FALSE);
}

#define MULTIPART "From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n"
#define COLONS "an address field with more than 50 colons"

static void test_caps(void)
{
    static const char *const parts = "more than 500 parts";
    static const char *const depth = "parts nested more than 20 deep";
    static const char *const header = "a header of more than 262144 bytes";
    static const char *const address = "an address field of more than 16384 bytes";

    assert_over(repeat("X: ", "x", 262144 - 5, "\n\nx\n"), NULL);
    assert_over(repeat("X: ", "x", 262144, "\n\nx\n"), header);
    assert_over(repeat("", "A:\n", 1000, "\nx\n"), NULL);
    assert_over(repeat("", "A:\n", 1001, "\nx\n"), "more than 1000 header fields");

    assert_over(repeat("To: ", "a,", 8190, "\n\nx\n"), NULL);
    assert_over(repeat("To: ", "a,", 8200, "\n\nx\n"), address);
    assert_over(repeat("To: a", ",\n a@b", 5000, "\n\nx\n"), address);
    assert_over(repeat("", "To: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", 500, "\n"), address);
    assert_over(repeat("Subject: ", "a,", 20000, "\n\nx\n"), NULL);
    assert_over(repeat("To: ", "g:", 50, "\n\nx\n"), NULL);
    assert_over(repeat("To: ", "g:", 51, "\n\nx\n"), COLONS);
    assert_over(repeat("resent-CC : ", "g:", 51, "\n\nx\n"), COLONS);
    assert_over(repeat("From: a@b\nSubject: ", "a:", 51, "\n\nx\n"), NULL);

    assert_over(repeat(MULTIPART, "--b\n\nx\n", 500, "--b--\n"), NULL);
    assert_over(repeat(MULTIPART, "--b\n\nx\n", 501, "--b--\n"), parts);
    g_autofree char *fields = repeat("--b\n", "A:\n", 990, "\nx\n");
    assert_over(repeat(MULTIPART, fields, 100, "--b--\n"), NULL);
    assert_over(repeat(MULTIPART, fields, 102, "--b--\n"),
                "more than 100 times 1000 header fields in all");
    assert_over(nested(20, false), NULL);
    assert_over(nested(21, false), depth);
    assert_over(nested(21, true), depth);
    assert_over(repeat("From: a@b\n", "Content-Type: message/rfc822\n\n", 21, "x\n"), depth);
    assert_over(repeat("From: a@b\nContent-Type: multipart/digest; boundary=b\n\n",
                       "--b\n\nFrom: c@d\n\n", 251, "--b--\n"),
                parts);
}

/* What only looks like a bomb. */
static void test_ordinary(void)
{
    assert_over(repeat(MULTIPART "--b\n\n", "-- \nsignature\n", 2000, "--b--\n"), NULL);
    assert_over(repeat(MULTIPART "--b\n\n", "--------------\n", 2000, "--b--\n"), NULL);
    assert_over(repeat(MULTIPART "--b\n\n", "--bb\n--c\n---b\n", 2000, "--b--\n"), NULL);
    assert_over(repeat("From: a@b\n\n", "--b\n\n", 2000, ""), NULL);
    /* A quoted header in a text is text, however many addresses it has. */
    assert_over(repeat("From: a@b\n\nHello\n\nTo: ", "A <mailto:a@b>; ", 5000, "\n"), NULL);
    assert_over(repeat(MULTIPART "--b\n\nTo: ", "A <mailto:a@b>; ", 5000, "\n--b--\n"), NULL);
    /* After a boundary is closed, its delimiter is text. */
    assert_over(repeat(MULTIPART "--b\n\nx\n--b--\n", "--b\n\n", 2000, ""), NULL);
    assert_over(
        repeat("From: a@b\nContent-Type: text/plain; boundary=b\n\n", "--b\n\n", 2000, ""),
        NULL);
}

/* Bombs below the mail's own header, and boundaries written in every legal way. */
static void test_hidden_bombs(void)
{
    static const char *const spellings[] = {
        "multipart/mixed; boundary=b",
        "Multipart/Mixed;charset=x;BOUNDARY = \"b\"",
        "multipart/mixed (a;boundary=x) ; (c) boundary (c) = (c) b (c)",
        "multipart/mixed;\n\tboundary=\"\\b\"; x=y",
        "multipart/mixed; x=\"boundary=a\"; boundary=\"b \"",
        "multipart/mixed; boundary*0=\"b\"",
        "multipart/mixed; boundary=",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(spellings); i++) {
        g_autofree char *head =
            g_strconcat("From: a@b\nContent-Type: ", spellings[i], "\n\n", NULL);
        bool none = i == G_N_ELEMENTS(spellings) - 1;
        g_test_message("%s", spellings[i]);
        assert_over(repeat(head, "--b \n\nx\n", 501, ""), none ? NULL : "more than 500 parts");
    }
    static const char *const encoded[] = {
        "boundary*=utf-8''abc", "BOUNDARY*0*=''%61; boundary*1=bc", "boundary* = ''abc"};
    for (gsize i = 0; i < G_N_ELEMENTS(encoded); i++) {
        g_autofree char *head =
            g_strconcat("From: a@b\nContent-Type: multipart/mixed; ", encoded[i], "\n\n", NULL);
        assert_over(repeat(head, "--abc\n", 2, ""), "a percent-encoded boundary");
    }
    assert_over(repeat("From: a@b\nContent-Type: message/rfc822\n\nTo: ", "g:", 51, "\n\n"),
                COLONS);
    assert_over(
        repeat(MULTIPART "--b\nContent-Type: message/rfc822\n\nTo: ", "g:", 51, "\n\n--b--\n"),
        COLONS);
    assert_over(repeat(MULTIPART "--b\nTo: ", "g:", 51, "\n\n--b--\n"), COLONS);
    assert_over(repeat("From: a@b\nno field\nTo: ", "g:", 51, "\n\nx\n"), COLONS);
    assert_over(repeat("no field\nTo: ", "g:", 51, "\n\nx\n"), COLONS);
}

/* --- the outline ------------------------------------------------------------------------- */

static char *describe(const GPtrArray *people)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < people->len; i++) {
        const MailAddress *address = people->pdata[i];
        g_string_append_printf(out, "[%s|%s]", address->name, address->address);
    }
    return g_string_free(out, FALSE);
}

static void test_outline(void)
{
    g_autoptr(Scan) scan = scan_text(
        "Return-Path: <bounce@b.example>\n"
        "From: =?UTF-8?Q?Jos=C3=A9_?= =?utf-8?b?w6k=?= Dupont <jose@b.example>\n"
        "To: \"Support, desk\" <s@t.example>, u@t.example (the other one)\n"
        "To: third@t.example\nCc: friends: a@x , <b@x>;, \"c d\"@x\n"
        "Reply-To: undisclosed:;\n"
        "Subject: =?iso-8859-1?q?Caf=E9?=\n =?windows-1252?Q?_=80_=5F?= =?koi8-r?B?xw==?= x\n"
        "Message-ID: <1@b.example>\nIn-Reply-To: <0@t.example> \"quoted\"\n"
        "References: <r1@x>\n <r2@x><r3@x> <broken\n"
        "X-Loop: site\nAuto-Submitted: auto-replied\n\nSubject: body\n");
    const Mail *mail = scan->outline;
    g_autofree char *from = describe(mail->from);
    g_autofree char *to = describe(mail->to);
    g_autofree char *cc = describe(mail->cc);
    g_assert_cmpstr(from, ==, "[Jos\xc3\xa9 \xc3\xa9 Dupont|jose@b.example]");
    g_assert_cmpstr(to, ==, "[Support, desk|s@t.example][|u@t.example][|third@t.example]");
    g_assert_cmpstr(cc, ==, "[|a@x][|b@x][|\"c d\"@x]");
    g_assert_cmpuint(mail->reply_to->len, ==, 0);
    g_assert_cmpstr(mail->subject, ==, "Caf\xc3\xa9 \xe2\x82\xac _ =?koi8-r?B?xw==?= x");
    g_assert_cmpstr(mail->message_id, ==, "1@b.example");
    g_assert_cmpuint(mail->in_reply_to->len, ==, 1);
    g_assert_cmpuint(mail->references->len, ==, 3);
    g_assert_cmpstr(mail->references->pdata[2], ==, "r3@x");
    g_assert_cmpstr(mail->return_path, ==, "bounce@b.example");
    g_assert_cmpint(mail->from_fields, ==, 1);
    g_assert_cmpstr(mail->loop_marks->pdata[0], ==, "site");
    g_assert_cmpint(mail->kind, ==, MAIL_AUTO_REPLY);
    g_assert_cmpstr(mail->text, ==, "");
}

static void test_outline_hostile(void)
{
    static const char nul[] = "From: a\0b@c\nSubject: x\x01\0y=?utf-8?q?=0D=0ABcc:?=\n\n";
    g_autoptr(Scan) scan = scan_bytes(nul, sizeof nul - 1);
    g_autofree char *from = describe(scan->outline->from);
    g_assert_cmpstr(from, ==, "[|ab@c]");
    g_assert_null(strpbrk(scan->outline->subject, "\r\n\x01"));

    g_autofree char *many = repeat("To: a", ",a@b", 60000, "\nFrom: x@y\nFrom: z@y\n\n");
    g_autoptr(Scan) capped = scan_text(many);
    g_assert_nonnull(capped->over);
    g_assert_cmpuint(capped->outline->to->len, <=, 1000);
    g_assert_cmpint(capped->outline->from_fields, ==, 2);

    g_autofree char *refs = repeat("References: ", "<1@x> ", 5000, "<unclosed\n\n");
    g_autoptr(Scan) many_refs = scan_text(refs);
    g_assert_cmpuint(many_refs->outline->references->len, ==, 100);

    static const char *const broken[] = {
        "",
        "\n",
        "\n\n\n",
        "x",
        "From",
        "From:",
        ":",
        " From: a@b",
        "From: <",
        "From: \"",
        "From: (((\\",
        "From: <@a:b@c",
        "From: ,;:<>\"\\",
        "Message-ID: <",
        "Content-Type: ;\"",
        "Subject: =?",
        "--",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
        g_autoptr(Scan) survivor = scan_text(broken[i]);
        g_assert_nonnull(survivor->outline);
        g_assert_null(survivor->over);
    }
}

static void test_report_kind(void)
{
    g_autoptr(Scan) bounce = scan_text("From: x@y\nContent-Type: multipart/report;\n"
                                       " report-type=\"Delivery-Status\"; boundary=b\n\n");
    g_assert_cmpint(bounce->outline->kind, ==, MAIL_BOUNCE);
    g_autoptr(Scan) list = scan_text("From: x@y\nList-Id: <l.x>\n\n");
    g_assert_cmpint(list->outline->kind, ==, MAIL_LIST);
    g_autoptr(Scan) person = scan_text("From: x@y\n\nList-Id: <l.x>\n");
    g_assert_cmpint(person->outline->kind, ==, MAIL_MESSAGE);
}

/* Of a header that is far too long, enough is read for routing, but not all. */
static void test_routing(void)
{
    static const char routing[] =
        "From: A <a@b.example>\nSubject: Re: [SUP-1]\nIn-Reply-To: <1@d.example>\n\nx\n";
    g_autofree char *near_text = repeat("", "A: b\n", 200000, routing);
    g_autoptr(Scan) near = scan_text(near_text);
    g_assert_cmpstr(near->over, ==, "more than 1000 header fields");
    g_assert_cmpuint(near->outline->from->len, ==, 1);
    g_assert_cmpstr(near->outline->subject, ==, "Re: [SUP-1]");
    g_assert_cmpuint(near->outline->in_reply_to->len, ==, 1);
    g_autofree char *far_text = repeat("", "A: b\n", 1000000, routing);
    g_autofree char *far_crlf = with_crlf(far_text);
    g_autoptr(Scan) far = scan_text(far_text), crlf = scan_text(far_crlf);
    g_assert_cmpstr(far->over, ==, "more than 1000 header fields");
    g_assert_cmpuint(far->outline->from->len, ==, 0);
    g_assert_cmpmem(far->content_hash, 32, crlf->content_hash, 32);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scan/raw-hash", test_raw_hash);
    g_test_add_func("/scan/same-content", test_same_content);
    g_test_add_func("/scan/other-content", test_other_content);
    g_test_add_func("/scan/block-edges", test_block_edges);
    g_test_add_func("/scan/smtp-size", test_smtp_size);
    g_test_add_func("/scan/cut", test_cut);
    g_test_add_func("/scan/read-errors", test_read_errors);
    g_test_add_func("/scan/caps", test_caps);
    g_test_add_func("/scan/routing", test_routing);
    g_test_add_func("/scan/ordinary", test_ordinary);
    g_test_add_func("/scan/hidden-bombs", test_hidden_bombs);
    g_test_add_func("/scan/outline", test_outline);
    g_test_add_func("/scan/outline-hostile", test_outline_hostile);
    g_test_add_func("/scan/report-kind", test_report_kind);
    return g_test_run();
}
