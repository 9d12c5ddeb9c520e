/* The wire between parser and caller: nothing lost, nothing unsound let in. */
#include "core/mail/wire.h"

#include "core/base/error.h"

#include <string.h>

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
enum { RAW_SIZE = 1000 };

static void set(char **field, const char *value)
{
    g_free(*field);
    *field = g_strdup(value);
}

static Mail *full_mail(void)
{
    Mail *mail = mail_new();
    set(&mail->message_id, "1@x");
    g_ptr_array_add(mail->in_reply_to, g_strdup("0@x"));
    g_ptr_array_add(mail->references, g_strdup("r@x"));
    g_ptr_array_add(mail->references, g_strdup("0@x"));
    mail->date = -5;
    set(&mail->subject, "Caf\xc3\xa9");
    g_ptr_array_add(mail->from, mail_address_new("A", "a@b"));
    g_ptr_array_add(mail->to, mail_address_new("", "s@t"));
    g_ptr_array_add(mail->cc, mail_address_new("C", "c@d"));
    g_ptr_array_add(mail->reply_to, mail_address_new("R", "r@d"));
    set(&mail->return_path, "bounce@b");
    mail->from_fields = 2;
    mail->kind = MAIL_BOUNCE;
    set(&mail->machine, "mailer-daemon");
    mail->priority = PRIORITY_URGENT;
    g_ptr_array_add(mail->loop_marks, g_strdup("site"));
    set(&mail->text, "one\n\ttwo\n");
    set(&mail->reply, "one\n");
    set(&mail->signature, "-- \n");
    set(&mail->quoted, "\ttwo\n");

    MailAttachment *attachment = mail_attachment_new();
    set(&attachment->name, "../x.pdf");
    set(&attachment->type, "application/pdf");
    set(&attachment->charset, "utf-8");
    set(&attachment->content_id, "cid@x");
    attachment->is_inline = true;
    attachment->size = 70;
    set(&attachment->sha256, HASH);
    attachment->place.outer = (Extent){900, 100, TRANSFER_BASE64};
    attachment->place.inner = (Extent){10, 20, TRANSFER_UUENCODE};
    attachment->place.is_nested = true;
    g_ptr_array_add(mail->attachments, attachment);

    MailBounceRecipient *recipient = mail_bounce_recipient_new();
    set(&recipient->address, "gone@b");
    set(&recipient->action, "failed");
    set(&recipient->status, "5.1.1");
    set(&recipient->diagnostic, "550 no");
    g_ptr_array_add(mail->bounce_recipients, recipient);
    set(&mail->original_message_id, "orig@x");
    set(&mail->disposition, "displayed");
    g_ptr_array_add(mail->remarks, g_strdup("encrypted"));
    g_ptr_array_add(mail->cuts, mail_cut_new(2, 1, false, "a rule"));
    mail->forwarded = mail_forward_new();
    set(&mail->forwarded->address, "first@x");
    mail->forwarded->date = 7;
    g_ptr_array_add(mail->received_from, g_strdup("192.0.2.1"));
    g_ptr_array_add(mail->received_from, g_strdup(""));

    MailAuthResult *auth = mail_auth_result_new();
    set(&auth->server, "mx");
    auth->hop = 3;
    set(&auth->method, "dmarc");
    set(&auth->result, "pass");
    set(&auth->identity, "b");
    g_ptr_array_add(mail->auth, auth);
    return mail;
}

/* Unpacks a copy in a block of its exact size. */
static bool unpack(GBytes *bytes, Mail **ret)
{
    g_autoptr(GError) error = NULL;
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);
    g_autoptr(GBytes) copy = g_bytes_new(data, size);
    bool ok = wire_unpack(copy, RAW_SIZE, ret, &error);
    if (!ok)
        g_assert_error(error, WICKET_ERROR, ERROR_CORRUPT);
    return ok;
}

static void test_round_trip(void)
{
    g_autoptr(Mail) mail = full_mail();
    g_autoptr(GBytes) packed = wire_pack(mail);
    g_autoptr(Mail) got = NULL;
    g_assert_true(unpack(packed, &got));
    /* What survives twice the same way survived whole. */
    g_autoptr(GBytes) again = wire_pack(got);
    g_assert_true(g_bytes_equal(packed, again));

    g_assert_cmpstr(got->message_id, ==, "1@x");
    g_assert_cmpstr(got->references->pdata[1], ==, "0@x");
    g_assert_cmpint(got->date, ==, -5);
    g_assert_cmpint(got->from_fields, ==, 2);
    g_assert_cmpint(got->kind, ==, MAIL_BOUNCE);
    g_assert_cmpint(got->priority, ==, PRIORITY_URGENT);
    g_assert_cmpstr(got->quoted, ==, "\ttwo\n");
    g_assert_cmpstr(got->original_message_id, ==, "orig@x");
    g_assert_null(got->unparsed);
    g_assert_cmpstr(got->disposition, ==, "displayed");
    g_assert_cmpstr(got->remarks->pdata[0], ==, "encrypted");
    const MailCut *cut = got->cuts->pdata[0];
    g_assert_cmpuint(cut->line, ==, 2);
    g_assert_cmpstr(cut->rule, ==, "a rule");
    g_assert_cmpstr(got->forwarded->address, ==, "first@x");
    g_assert_cmpint(got->forwarded->date, ==, 7);
    const MailAddress *reply_to = got->reply_to->pdata[0];
    g_assert_cmpstr(reply_to->address, ==, "r@d");
    const MailAttachment *attachment = got->attachments->pdata[0];
    g_assert_cmpstr(attachment->name, ==, "../x.pdf");
    g_assert_cmpuint(attachment->place.outer.offset, ==, 900);
    g_assert_cmpint(attachment->place.outer.encoding, ==, TRANSFER_BASE64);
    g_assert_true(attachment->place.is_nested);
    g_assert_cmpuint(attachment->place.inner.length, ==, 20);
    g_assert_cmpint(attachment->place.inner.encoding, ==, TRANSFER_UUENCODE);
    g_assert_true(attachment->is_inline);
    const MailAuthResult *auth = got->auth->pdata[0];
    g_assert_cmpint(auth->hop, ==, 3);
    g_assert_cmpstr(auth->identity, ==, "b");
    const MailBounceRecipient *recipient = got->bounce_recipients->pdata[0];
    g_assert_cmpstr(recipient->diagnostic, ==, "550 no");

    g_autoptr(Mail) empty = mail_new();
    g_autoptr(GBytes) packed_empty = wire_pack(empty);
    g_autoptr(Mail) got_empty = NULL;
    g_assert_true(unpack(packed_empty, &got_empty));
    g_assert_cmpstr(got_empty->subject, ==, "");
}

/* Not UTF-8: mended on the way out rather than refused on the way in. */
static void test_invalid_text(void)
{
    g_autoptr(Mail) mail = mail_new();
    set(&mail->subject, "a\xff");
    g_autoptr(GBytes) packed = wire_pack(mail);
    g_autoptr(Mail) got = NULL;
    g_assert_true(unpack(packed, &got));
    g_assert_cmpstr(got->subject, ==, "a\xef\xbf\xbd");
}

/* --- unsound mails ----------------------------------------------------------------------- */

static MailAttachment *attachment_of(Mail *mail)
{
    return mail->attachments->pdata[0];
}

static void bad_subject(Mail *mail)
{
    set(&mail->subject, "a\r\nBcc: x@y");
}
static void bad_c1(Mail *mail)
{
    set(&mail->subject, "a\xc2\x9b");
}
static void bad_tab(Mail *mail)
{
    set(&mail->message_id, "a\tb");
}
static void bad_text(Mail *mail)
{
    set(&mail->text, "a\x1b[31m");
}
static void bad_name(Mail *mail)
{
    g_ptr_array_add(mail->to, mail_address_new("\n", "a@b"));
}
static void bad_kind(Mail *mail)
{
    mail->kind = (MailKind)(MAIL_FEEDBACK + 1);
}
static void bad_priority(Mail *mail)
{
    mail->priority = (MailPriority)77;
}
static void bad_from_fields(Mail *mail)
{
    mail->from_fields = -1;
}
static void bad_offset(Mail *mail)
{
    attachment_of(mail)->place.outer.offset = RAW_SIZE + 1;
}
static void bad_length(Mail *mail)
{
    attachment_of(mail)->place.outer.length = 101;
}
static void bad_sum(Mail *mail)
{
    attachment_of(mail)->place.outer.length = G_MAXUINT64 - 100;
}
static void bad_size(Mail *mail)
{
    attachment_of(mail)->size = RAW_SIZE + 1;
}
static void bad_encoding(Mail *mail)
{
    attachment_of(mail)->place.outer.encoding = (TransferEncoding)9;
}
static void bad_inner(Mail *mail)
{
    attachment_of(mail)->place.inner.offset = 81;
}
static void bad_hash(Mail *mail)
{
    set(&attachment_of(mail)->sha256, "abc");
}
static void bad_type(Mail *mail)
{
    set(&attachment_of(mail)->type, "a\nb");
}
static void bad_diagnostic(Mail *mail)
{
    MailBounceRecipient *recipient = mail->bounce_recipients->pdata[0];
    set(&recipient->diagnostic, "\x7f");
}
static void bad_hop(Mail *mail)
{
    MailAuthResult *auth = mail->auth->pdata[0];
    auth->hop = -1;
}
static void many(GPtrArray *list, int n)
{
    for (int i = 0; i < n; i++)
        g_ptr_array_add(list, g_strdup("x"));
}
static void bad_references(Mail *mail)
{
    many(mail->references, 100);
}
static void bad_received(Mail *mail)
{
    many(mail->received_from, 20);
}
static void bad_auth(Mail *mail)
{
    for (int i = 0; i < 100; i++)
        g_ptr_array_add(mail->auth, mail_auth_result_new());
}
static void bad_bulk(Mail *mail)
{
    g_free(mail->text);
    mail->text = g_strnfill(WIRE_MAX_BYTES, 'x');
}

static void test_unsound(void)
{
    void (*const spoil[])(Mail *) = {
        bad_subject,     bad_c1,         bad_tab,      bad_text,   bad_name,       bad_kind,
        bad_priority,    bad_offset,     bad_sum,      bad_length, bad_size,       bad_encoding,
        bad_inner,       bad_hash,       bad_type,     bad_hop,    bad_diagnostic, bad_received,
        bad_from_fields, bad_references, bad_received, bad_auth,   bad_bulk,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(spoil); i++) {
        g_autoptr(Mail) mail = full_mail();
        g_autoptr(Mail) got = NULL;
        spoil[i](mail);
        g_autoptr(GBytes) packed = wire_pack(mail);
        g_test_message("case %d", (int)i);
        g_assert_false(unpack(packed, &got));
        g_assert_null(got);
    }
}

/* Every cut and every flipped byte: refused, or another sound mail; never a crash. */
static void test_mutations(void)
{
    g_autoptr(Mail) mail = full_mail();
    g_autoptr(GBytes) packed = wire_pack(mail);
    gsize size;
    const guint8 *data = g_bytes_get_data(packed, &size);
    for (gsize i = 0; i < size; i++) {
        g_autoptr(GBytes) cut = g_bytes_new(data, i);
        g_autoptr(Mail) from_cut = NULL;
        g_assert_false(unpack(cut, &from_cut));
        for (int bit = 0; bit < 8; bit++) {
            guint8 *copy = g_memdup2(data, size);
            copy[i] ^= (guint8)(1 << bit);
            g_autoptr(GBytes) flipped = g_bytes_new_take(copy, size);
            g_autoptr(Mail) from_flipped = NULL;
            if (unpack(flipped, &from_flipped))
                g_assert_cmpint(from_flipped->kind, <=, MAIL_FEEDBACK);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/round-trip", test_round_trip);
    g_test_add_func("/wire/invalid-text", test_invalid_text);
    g_test_add_func("/wire/unsound", test_unsound);
    g_test_add_func("/wire/mutations", test_mutations);
    return g_test_run();
}
