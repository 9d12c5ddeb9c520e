/* An explained mail in words, for a person who wonders: who wrote it and to whom, what kind of
 * mail it is and by which sign, which lines are new and which rule took the others away, its
 * files, whose checks of it count, and what would be done with it and why.
 *
 * Strings of a mail are clean lines already (mail.h), so nothing here can upset a terminal. */
#include "core/base/timestamp.h"
#include "core/mail/authres.h"
#include "ctl/explain.h"

#include <string.h>

enum { SHOWN_OF_A_CUT = 4 }; /* lines, unless all are asked for */

/* One row: the label, on the first of several rows only. */
static void G_GNUC_PRINTF(3, 4)
    write_row(GString *out, const char *label, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_string_append_printf(out, "  %-12s ", label);
    g_string_append_vprintf(out, format, args);
    g_string_append_c(out, '\n');
    va_end(args);
}

static const char *counted(guint n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

/* --- header ------------------------------------------------------------------------------ */

static void write_address(const char *label, const char *name, const char *address,
                          GString *out)
{
    if (*name)
        write_row(out, label, "%s <%s>", name, address);
    else
        write_row(out, label, "%s", address);
}

static void write_addresses(const char *label, const GPtrArray *addresses, GString *out)
{
    for (guint i = 0; i < addresses->len; i++) {
        const MailAddress *address = addresses->pdata[i];
        write_address(i ? "" : label, address->name, address->address, out);
    }
}

static void write_ids(const char *label, const GPtrArray *ids, GString *out)
{
    for (guint i = 0; i < ids->len; i++)
        write_row(out, i ? "" : label, "<%s>", (const char *)ids->pdata[i]);
}

static void write_date(const Explained *explained, gint64 date, GString *out)
{
    g_autofree char *text =
        date ? timestamp_rfc5322(date, config_zone(explained->config)) : g_strdup("none");
    write_row(out, "date", "%s", text);
}

static void write_header(const Explained *explained, GString *out)
{
    const Mail *mail = explained->mail;
    if (mail->from->len == 0)
        write_row(out, "from", "nobody");
    write_addresses("from", mail->from, out);
    if (mail->from_fields > 1)
        write_row(out, "", "in %d From fields: such a sender has no identity",
                  mail->from_fields);
    write_addresses("to", mail->to, out);
    write_addresses("cc", mail->cc, out);
    write_addresses("reply-to", mail->reply_to, out);
    write_row(out, "subject", "%s", mail->subject);
    write_date(explained, mail->date, out);
    if (*mail->message_id)
        write_row(out, "message-id", "<%s>", mail->message_id);
    write_ids("in reply to", mail->in_reply_to, out);
}

/* --- what it is -------------------------------------------------------------------------- */

static void write_kind(const Mail *mail, GString *out)
{
    static const char *const priorities[] = {
        [PRIORITY_LOW] = "low", [PRIORITY_HIGH] = "high", [PRIORITY_URGENT] = "urgent"};
    if (*mail->machine)
        write_row(out, "kind", "%s, because: %s", mail_kind_name(mail->kind), mail->machine);
    else
        write_row(out, "kind", "%s, as no header says otherwise", mail_kind_name(mail->kind));
    if (mail->is_spam)
        write_row(out, "spam", "the mail filter says so, as spam_header has it");
    if (mail->priority != PRIORITY_NORMAL)
        write_row(out, "priority", "%s", priorities[mail->priority]);
    for (guint i = 0; i < mail->remarks->len; i++)
        write_row(out, i ? "" : "remarks", "%s", (const char *)mail->remarks->pdata[i]);
}

static void write_report(const Mail *mail, GString *out)
{
    for (guint i = 0; i < mail->bounce_recipients->len; i++) {
        const MailBounceRecipient *recipient = mail->bounce_recipients->pdata[i];
        write_row(out, i ? "" : "recipients", "%s: %s%s%s", recipient->address,
                  *recipient->action ? recipient->action : "unknown",
                  *recipient->status ? ", " : "", recipient->status);
        if (*recipient->diagnostic)
            write_row(out, "", "  %s", recipient->diagnostic);
    }
    if (mail->kind == MAIL_RECEIPT)
        write_row(out, "disposition", "%s", *mail->disposition ? mail->disposition : "unknown");
    if (*mail->original_message_id)
        write_row(out, "about", "<%s>", mail->original_message_id);
}

static void write_forward(const Explained *explained, GString *out)
{
    const MailForward *forward = explained->mail->forwarded;
    if (!forward)
        return;
    write_row(out, "forwards", "%s", *forward->subject ? forward->subject : "a mail");
    if (*forward->name || *forward->address)
        write_address("", forward->name, forward->address, out);
    if (forward->date) {
        g_autofree char *date =
            timestamp_rfc5322(forward->date, config_zone(explained->config));
        write_row(out, "", "%s", date);
    }
}

static void write_files(const Mail *mail, GString *out)
{
    for (guint i = 0; i < mail->attachments->len; i++) {
        const MailAttachment *file = mail->attachments->pdata[i];
        write_row(out, i ? "" : "files", "%s, %s%s, %" G_GUINT64_FORMAT " bytes",
                  *file->name ? file->name : "without a name", file->type,
                  file->is_inline ? " within the text" : "", file->size);
        const Extent *outer = &file->place.outer, *inner = &file->place.inner;
        write_row(out, "", "  %" G_GUINT64_FORMAT " bytes of %s at %" G_GUINT64_FORMAT,
                  outer->length, transfer_name(outer->encoding), outer->offset);
        if (file->place.is_nested)
            write_row(out, "",
                      "  within these %" G_GUINT64_FORMAT " bytes of %s at %" G_GUINT64_FORMAT,
                      inner->length, transfer_name(inner->encoding), inner->offset);
    }
}

/* --- the text ---------------------------------------------------------------------------- */

static guint count_lines(const char *text)
{
    guint n = 0;
    for (const char *p = text; *p; n++) {
        const char *end = strchr(p, '\n');
        p = end ? end + 1 : p + strlen(p);
    }
    return n;
}

static void write_line(char gutter, const char *line, gsize length, GString *out)
{
    g_string_append_printf(out, "    %c ", gutter);
    g_string_append_len(out, line, (gssize)length);
    g_string_append_c(out, '\n');
}

/* What a cut took, and why. */
static void write_cut(const MailCut *cut, guint skipped, GString *out)
{
    char gutter = cut->is_signature ? '~' : '>';
    if (skipped > 0)
        g_string_append_printf(out, "    %c … %u more %s\n", gutter, skipped,
                               counted(skipped, "line", "lines"));
    g_string_append_printf(out, "    %c (%s: %s)\n", gutter,
                           cut->is_signature ? "signature" : "quoted", cut->rule);
}

/* Every line with its mark in front, and behind each cut its rule. */
static void write_marked_text(const Explained *explained, GString *out)
{
    const GPtrArray *cuts = explained->mail->cuts;
    guint next = 0, number = 1, skipped = 0;
    for (const char *line = explained->mail->text; *line; number++) {
        const char *feed = strchr(line, '\n');
        gsize length = feed ? (gsize)(feed - line) : strlen(line);
        const MailCut *cut = next < cuts->len ? cuts->pdata[next] : NULL;
        bool within = cut && number >= cut->line;
        bool shown = !within || explained->all || number - cut->line < SHOWN_OF_A_CUT;
        if (shown)
            write_line(!within ? '|' : cut->is_signature ? '~' : '>', line, length, out);
        skipped += !shown;
        line += length + (feed != NULL);
        if (within && (number + 1 >= cut->line + cut->lines || !*line)) {
            write_cut(cut, skipped, out);
            skipped = 0;
            next++;
        }
    }
}

static void write_lines(char gutter, const char *text, GString *out)
{
    while (*text) {
        const char *feed = strchr(text, '\n');
        gsize length = feed ? (gsize)(feed - text) : strlen(text);
        write_line(gutter, text, length, out);
        text += length + (feed != NULL);
    }
}

/* Do the cuts account for all that is not the reply? Their number is limited. */
static bool are_whole(const Mail *mail)
{
    guint lines = 0;
    for (guint i = 0; i < mail->cuts->len; i++)
        lines += ((const MailCut *)mail->cuts->pdata[i])->lines;
    return lines == count_lines(mail->signature) + count_lines(mail->quoted);
}

static void write_text(const Explained *explained, GString *out)
{
    const Mail *mail = explained->mail;
    if (!*mail->text) {
        write_row(out, "text", "none");
        return;
    }
    write_row(out, "text", "%u new (|), %u signature (~), %u quoted (>)",
              count_lines(mail->reply), count_lines(mail->signature),
              count_lines(mail->quoted));
    if (are_whole(mail)) {
        write_marked_text(explained, out);
        return;
    }
    write_lines('|', mail->reply, out);
    write_lines('~', mail->signature, out);
    write_lines('>', mail->quoted, out);
}

/* --- who vouches for it ------------------------------------------------------------------ */

/* Why a result counts for nothing; NULL if it counts. */
static const char *why_not_believed(const Explained *explained, const MailAuthResult *result)
{
    const char *ours = explained->config->mail.authserv_id;
    if (!ours)
        return "no authserv_id is configured";
    if (g_ascii_strcasecmp(result->server, ours) != 0)
        return "another server's";
    if (result->hop >
        authres_trusted_hop(explained->mail, explained->config->mail.trusted_relays))
        return "it came in with the mail, below our own Received";
    return NULL;
}

static void write_checks(const Explained *explained, GString *out)
{
    const GPtrArray *auth = explained->mail->auth;
    for (guint i = 0; i < auth->len; i++) {
        const MailAuthResult *result = auth->pdata[i];
        const char *why_not = why_not_believed(explained, result);
        write_row(out, i ? "" : "checks", "%s says %s=%s %s: %s%s", result->server,
                  result->method, result->result, result->identity,
                  why_not ? "ignored, " : "counts", why_not ? why_not : "");
    }
}

/* --- what would be done ------------------------------------------------------------------ */

static const struct {
    const char *name, *missing;
    bool weak; /* only where no authserv_id is configured */
} proofs[] = {
    {"secret", "it was not sent to a reply address of theirs", false},
    {"domain", "our mail server does not vouch for their domain", false},
    {"confirmation", "it answers no question whether they wrote", false},
    {"token", "no subject of a ticket of ours", true},
    {"message-id", "it answers no mail that we sent them", true},
};

static bool is_found(const Outcome *outcome, const char *proof)
{
    for (guint i = 0; i < outcome->proofs->len; i++)
        if (strcmp(outcome->proofs->pdata[i], proof) == 0)
            return true;
    return false;
}

static void write_proofs(const Explained *explained, GString *out)
{
    const char *label = "proofs";
    for (gsize i = 0; i < G_N_ELEMENTS(proofs); i++) {
        bool found = is_found(explained->outcome, proofs[i].name);
        if (proofs[i].weak && !found && explained->config->mail.authserv_id)
            continue;
        if (found)
            write_row(out, label, "%s: found", proofs[i].name);
        else
            write_row(out, label, "%s: missing, %s", proofs[i].name, proofs[i].missing);
        label = "";
    }
}

static void write_decision(const Explained *explained, GString *out)
{
    const Outcome *outcome = explained->outcome;
    if (!outcome)
        return;
    write_proofs(explained, out);
    if (*outcome->person)
        write_row(out, "person", "%s", outcome->person);
    write_row(out, "decision", "%s, because: %s", verdict_name(outcome->verdict),
              outcome->reason);
    if (*outcome->ticket)
        write_row(out, "ticket", "%s in queue %s", outcome->ticket, outcome->queue);
}

/* --- all --------------------------------------------------------------------------------- */

void explain_words(const Explained *explained, GString *out)
{
    const Mail *mail = explained->mail;
    g_string_append_printf(out, "%s\n", explained->file);
    if (mail->unparsed)
        write_row(out, "unparsed", "%s; only the header was read", mail->unparsed);
    write_header(explained, out);
    write_kind(mail, out);
    write_report(mail, out);
    write_forward(explained, out);
    write_text(explained, out);
    write_files(mail, out);
    write_checks(explained, out);
    write_decision(explained, out);
}
