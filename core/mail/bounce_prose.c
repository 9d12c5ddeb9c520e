/* A mailer-daemon's prose, read without knowing whose it is.
 *
 * The text is taken as lines. What follows a mark of the returned mail ("--- Below this line is
 * a copy of the message."), or looks like its header, is not the server's word and is read for
 * its Message-ID and To only. In front of it a recipient is, best first
 *
 *   1. an address of X-Failed-Recipients
 *   2. an address that begins a line and has it for itself, or is followed by a colon or by
 *      words that name a failure, or stands below "… the following recipients:"
 *   3. an address behind words that introduce one: "could not be delivered to", "RCPT TO:"
 *   4. the single To of the returned mail
 *
 * except whom the bounce itself is from or to, and postmasters, whom it tells to write to. The
 * diagnostic is what stands between an address and the next blank line or address; if that says
 * nothing, the rest of the text is asked. Time is linear in the text, per recipient at most.
 *
 * Not here: whether the mail is a bounce (kind.c), fields of RFC 3464 (report.c). Nothing found
 * leaves the mail as it was. */
#include "core/mail/bounce_prose.h"

#include "core/base/utf8.h"
#include "core/mail/bounce_status.h"
#include "core/mail/report.h"

#include <string.h>

enum {
    TEXT_MAX = 64 * 1024,
    OPENING_LINES = 40, /* not blank */
    RECIPIENTS_MAX = 100,
    LOCAL_MAX = 64, /* RFC 5321 section 4.5.3.1 */
    DOMAIN_MAX = 255,
    DIAGNOSTIC_MAX = 2048,
    INTRODUCTION_MAX = 120,
    MENTIONS_MAX = 5, /* lines asked about one recipient */
    FIELD_RUN = 3,    /* header fields in a row that make a header */
};

/* --- phrases ----------------------------------------------------------------------------- */

/* Case-folded. How a server says that a mail did not arrive; it rarely needs the subject too.
 */
static const char *const openings[] = {
    "could not be delivered",
    "couldn't be delivered",
    "couldn\xe2\x80\x99t be delivered",
    "cannot be delivered",
    "can't be delivered",
    "can not be delivered",
    "could not be sent",
    "unable to deliver",
    "not able to deliver",
    "could not deliver",
    "couldn't deliver",
    "was not delivered",
    "wasn't delivered",
    "not been delivered",
    "has been delayed",
    "not be delivered",
    "did not reach",
    "didn't reach",
    "undeliverable",
    "undelivered",
    "delivery failed",
    "delivery has failed",
    "delivery failure",
    "delivery error",
    "delivery problem",
    "failed to deliver",
    "failed permanently",
    "error delivering",
    "had permanent",
    "had transient",
    "had delivery",
    "delivery status notification",
    "delivery to the following",
    "unable to send",
    "rejected your message",
    "returned to sender",
    "returned mail",
    "error message below",
    "invalid user address",
    "transcript of session",
    "their mailbox is full",
    "rcpt to:",
    "non remis",
    "non distribu\xc3\xa9",
    "pas pu \xc3\xaatre",
    "n'a pu \xc3\xaatre",
    "n\xe2\x80\x99"
    "a pu \xc3\xaatre",
    "pas \xc3\xa9t\xc3\xa9 distribu\xc3\xa9",
    "pas \xc3\xa9t\xc3\xa9 remis",
    "pas \xc3\xa9t\xc3\xa9 d\xc3\xa9livr\xc3\xa9",
    "\xc3\xa9"
    "chec de la remise",
    "\xc3\xa9"
    "chec de remise",
    "impossible de remettre",
    "impossible de d\xc3\xa9livrer",
    "nicht zugestellt",
    "unzustellbar",
    "zustellung",
    "no se pudo entregar",
    "no se ha podido entregar",
    "no ha podido ser entregado",
    "no se pudo enviar",
    "non \xc3\xa8 stato possibile",
    "impossibile recapitare",
    "mancato recapito",
    "mancata consegna",
    "n\xc3\xa3o p\xc3\xb4"
    "de ser entregue",
    "n\xc3\xa3o foi entregue",
    "niet worden afgeleverd",
    "niet worden bezorgd",
    "kunde inte levereras",
    "kunne ikke leveres",
    "ei voitu toimittaa",
    "nie mo\xc5\xbc"
    "e zosta\xc4\x87 dostarczon",
    "nie zosta\xc5\x82"
    "a dostarczon",
    "nelze doru\xc4\x8dit",
    "nem k\xc3\xa9zbes\xc3\xadthet\xc5\x91",
    "teslim edilemedi",
    "\xd0\xbd\xd0\xb5 \xd0\xb4\xd0\xbe\xd1\x81\xd1\x82\xd0\xb0\xd0\xb2\xd0\xbb\xd0\xb5\xd0"
    "\xbd\xd0\xbe", /* не доставлено */
    "\xe9\x85\x8d\xe4\xbf\xa1\xe3\x81\xa7\xe3\x81\x8d\xe3\x81\xbe\xe3\x81\x9b", /* 配信できませ
                                                                                 */
    "\xe9\x85\x8d\xe9\x80\x81\xe3\x81\xa7\xe3\x81\x8d\xe3\x81\xbe\xe3\x81\x9b", /* 配送できませ
                                                                                 */
    "\xe9\x80\x81\xe4\xbf\xa1\xe3\x81\xa7\xe3\x81\x8d\xe3\x81\xbe\xe3\x81\x9b", /* 送信できませ
                                                                                 */
    "\xe6\x97\xa0\xe6\xb3\x95\xe6\x8a\x95\xe9\x80\x92", /* 无法投递 */
    "\xe6\x97\xa0\xe6\xb3\x95\xe9\x80\x81\xe8\xbe\xbe", /* 无法送达 */
    "\xe9\x80\x80\xe4\xbf\xa1",                         /* 退信 */
};

/* The server has not given up. */
static const char *const delays[] = {
    "has been delayed",
    "is delayed",
    "was delayed",
    "delivery delayed",
    "delayed mail",
    "warning message only",
    "this is a warning only",
    "not yet been delivered",
    "still being retried",
    "will be retried",
    "will continue to try",
    "will keep trying",
    "still trying to deliver",
    "has not been delivered yet",
    "had transient non-fatal errors",
    "do not need to resend",
    "delivery is delayed",
    "remise retard\xc3\xa9"
    "e",
    "remise diff\xc3\xa9r\xc3\xa9"
    "e",
    "a \xc3\xa9t\xc3\xa9 retard\xc3\xa9",
    "verz\xc3\xb6gert",
    "retrasad",
    "ritardat",
    "vertraagd",
};

/* It has: outweighs a delay. */
static const char *const finals[] = {
    "giving up", "given up", "permanent error", "permanent fatal", "failed permanently",
};

/* At the start of a line without its dashes and blanks: the returned mail follows. */
static const char *const returned_marks[] = {
    "below this line is a copy of the message",
    "below the next line is a copy of the message",
    "enclosed is a copy of the message",
    "this is a copy of the message",
    "this is a copy of your message",
    "original message",
    "your original message",
    "the original message follows",
    "the header of the original message",
    "original mail as follows",
    "original header",
    "message header",
    "header of the original",
    "headers of the original",
    "the message header",
    "unsent message",
    "undelivered message",
    "returned message",
    "returned mail follows",
    "returned text",
    "the returned message",
    "the body of the message",
    "a copy of the original message",
    "copy of message",
    "start of returned message",
    "included message",
    "included is a copy of the message",
    "here is a copy of the first part of the message",
    "failed message",
    "message text follows",
    "first part of the message",
    "message d'origine",
    "message original",
    "en-t\xc3\xaates de message",
    "en-t\xc3\xaates du message",
    "en-t\xc3\xaates d'origine",
    "urspr\xc3\xbcngliche nachricht",
    "urspr\xc3\xbcngliche nachrichtenkopf",
    "kopfzeilen der",
    "encabezados del mensaje",
    "mensaje original",
    "intestazioni originali",
    "messaggio originale",
    "mensagem original",
    "cabe\xc3\xa7"
    "alhos",
    "oorspronkelijk bericht",
};

/* Words in front of a failed address, anywhere in a line. */
static const char *const introductions[] = {
    "rcpt to",
    "recipient",
    "delivered to",
    "deliver",
    "delivery to",
    "address",
    "expanded from",
    "message to",
    "mail to",
    "send to",
    "sent to",
    "orig_to",
    "destinataire",
    "remis \xc3\xa0",
    "empf\xc3\xa4nger",
    "adresse",
    "destinatario",
    "ontvanger",
    "destinat\xc3\xa1rio",
    "to:",
    "\xc3\xa0 l'adresse",
    "mottagare",
    "modtager",
    "odbiorca",
    "failed",
    "reach",
    "unknown",
    "undeliver",
    "\xe5\xae\x9b\xe5\x85\x88", /* 宛先 */
};

/* Whom a bounce tells to write to. */
static const char *const helpers[] = {
    "postmaster", "mailer-daemon", "support",    "abuse",      "helpdesk",
    "hostmaster", "webmaster",     "noc",        "no-reply",   "noreply",
    "help",       "mail-daemon",   "mailmaster", "mail-abuse", "post_master",
};

static bool has_any(const char *folded, const char *const *list, gsize n)
{
    for (gsize i = 0; i < n; i++)
        if (strstr(folded, list[i]))
            return true;
    return false;
}

#define HAS_ANY(folded, list) has_any(folded, list, G_N_ELEMENTS(list))

/* --- addresses --------------------------------------------------------------------------- */

static bool is_local_byte(char c)
{
    return g_ascii_isalnum(c) || (guchar)c >= 0x80 || (c && strchr("!#$%&'*+-/=?^_`{|}~.", c));
}

static bool is_domain_byte(char c)
{
    return g_ascii_isalnum(c) || (guchar)c >= 0x80 || c == '-' || c == '.' || c == '_';
}

/* Where the local part in front of `at` begins, not before `from`. */
static const char *local_start(const char *from, const char *at)
{
    const char *start = at;
    if (at > from && at[-1] == '"') {
        for (start--; start > from && at - start < LOCAL_MAX && start[-1] != '"'; start--)
            continue;
        return start > from && start[-1] == '"' ? start - 1 : at;
    }
    while (start > from && at - start < LOCAL_MAX && is_local_byte(start[-1]))
        start--;
    return start + strspn(start, "'.*");
}

/* The first address at or after `from`: *ret_start, and its end is returned; NULL if there is
 * none. */
static const char *find_address(const char *from, const char **ret_start)
{
    for (const char *at = strchr(from, '@'); at; at = strchr(at + 1, '@')) {
        const char *start = local_start(from, at), *end = at + 1;
        while (is_domain_byte(*end) && end - at <= DOMAIN_MAX)
            end++;
        while (end > at + 1 && (end[-1] == '.' || end[-1] == '-'))
            end--;
        if (start < at && end > at + 1) {
            *ret_start = start;
            return end;
        }
    }
    return NULL;
}

static bool is_helper(const char *address)
{
    gsize local = strcspn(address, "@");
    for (gsize i = 0; i < G_N_ELEMENTS(helpers); i++)
        if (strlen(helpers[i]) == local && g_ascii_strncasecmp(address, helpers[i], local) == 0)
            return true;
    return false;
}

static bool is_among(const GPtrArray *addresses, const char *address)
{
    for (guint i = 0; i < addresses->len; i++)
        if (g_ascii_strcasecmp(((MailAddress *)addresses->pdata[i])->address, address) == 0)
            return true;
    return false;
}

/* --- lines ------------------------------------------------------------------------------- */

typedef struct {
    Mail *mail;
    char **lines; /* of the text */
    guint own;    /* how many of them are the server's own words */
    bool delayed;
} Prose;

static const char *skip_ornaments(const char *line)
{
    return line + strspn(line, " \t-*=>#|_");
}

static bool is_returned_mark(const char *line)
{
    g_autofree char *folded = g_utf8_casefold(skip_ornaments(line), -1);
    for (gsize i = 0; i < G_N_ELEMENTS(returned_marks); i++)
        if (g_str_has_prefix(folded, returned_marks[i]))
            return true;
    return false;
}

/* "Name: value" with no blank in the name. */
static gsize field_name_length(const char *line)
{
    gsize n = 0;
    while (g_ascii_isalnum(line[n]) || line[n] == '-' || line[n] == '_')
        n++;
    return line[n] == ':' ? n : 0;
}

static bool is_trace_field(const char *line, gsize name_length)
{
    static const char *const names[] = {"Received",       "Message-ID",   "Return-Path",
                                        "DKIM-Signature", "Delivered-To", "X-Mailer",
                                        "References"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (strlen(names[i]) == name_length &&
            g_ascii_strncasecmp(line, names[i], name_length) == 0)
            return true;
    return false;
}

/* Do some header fields in a row, one of them such as only mails have, begin at `first`? */
static bool begins_header(char **lines, guint first)
{
    guint fields = 0;
    bool trace = false;
    for (guint i = first; lines[i] && lines[i][0] && i < first + 20; i++) {
        gsize name = field_name_length(lines[i]);
        if (name == 0 && (i == first || (lines[i][0] != ' ' && lines[i][0] != '\t')))
            return false;
        fields += name > 0;
        trace |= name > 0 && is_trace_field(lines[i], name);
        if (fields >= FIELD_RUN && trace)
            return true;
    }
    return false;
}

static guint count_own_lines(char **lines)
{
    guint n = 0;
    while (lines[n] && !is_returned_mark(lines[n]) && !begins_header(lines, n))
        n++;
    return n;
}

/* A copy of the text's beginning as lines; g_strfreev. */
static char **split_lines(const char *text, gsize max)
{
    gsize length = strnlen(text, max);
    while (length > 0 && ((guchar)text[length] & 0xc0) == 0x80)
        length--; /* not within a character */
    g_autofree char *head = g_strndup(text, length);
    return g_strsplit(head, "\n", -1);
}

bool bounce_prose_speaks(const char *text)
{
    g_auto(GStrv) lines = split_lines(text, 8 * 1024);
    g_autoptr(GString) opening = g_string_new(NULL);
    guint own = count_own_lines(lines);
    int told = 0;
    for (guint i = 0; i < own && told < OPENING_LINES && lines[i][0] != '>'; i++) {
        told += lines[i][0] != '\0';
        g_string_append(opening, lines[i]);
        g_string_append_c(opening, ' ');
    }
    g_autofree char *folded = g_utf8_casefold(opening->str, -1);
    return HAS_ANY(folded, openings);
}

/* --- recipients -------------------------------------------------------------------------- */

static MailBounceRecipient *add_recipient(Mail *mail, const char *address, gsize length)
{
    GPtrArray *all = mail->bounce_recipients;
    g_autofree char *clean = utf8_clean(address, length, TEXT_LINE);
    for (guint i = 0; i < all->len; i++)
        if (g_ascii_strcasecmp(((MailBounceRecipient *)all->pdata[i])->address, clean) == 0)
            return NULL;
    if (all->len >= RECIPIENTS_MAX)
        return NULL;
    MailBounceRecipient *recipient = mail_bounce_recipient_new();
    g_free(recipient->address);
    recipient->address = g_steal_pointer(&clean);
    g_ptr_array_add(all, recipient);
    return recipient;
}

/* May `start` to `end` be whom the mail did not reach? */
static bool is_candidate(const Mail *mail, const char *start, const char *end)
{
    g_autofree char *address = g_strndup(start, (gsize)(end - start));
    return !is_helper(address) && !is_among(mail->from, address) &&
           !is_among(mail->to, address);
}

/* Does the address in front of `rest` have its line for itself, or a reason behind it? */
static bool stands_alone(const char *rest)
{
    rest += strspn(rest, ">'\")]| \t");
    if (g_ascii_strncasecmp(rest, "<mailto:", 8) == 0 || *rest == '<' || *rest == '(') {
        rest += strcspn(rest, ">)");
        rest += strspn(rest, ">) \t");
    }
    if (*rest == '\0' || strchr(":,;(.-[", *rest))
        return true;
    g_autofree char *status = bounce_status_guess(rest, false);
    return *status != '\0';
}

/* Do the words right in front of `start` introduce a recipient? */
static bool is_introduced(const char *line, const char *start)
{
    gsize length = MIN((gsize)(start - line), (gsize)INTRODUCTION_MAX);
    g_autofree char *before = utf8_clean(start - length, length, TEXT_LINE);
    g_autofree char *folded = g_utf8_casefold(before, -1);
    return HAS_ANY(folded, introductions);
}

/* The address that leads a line, behind bullets and brackets. */
static const char *leading_address(const char *line, const char **ret_start)
{
    const char *content = line + strspn(line, " \t*-<>'\"([|=#:");
    while (g_str_has_prefix(content, "\xe2\x80\xa2") || g_str_has_prefix(content, "\xc2\xb7"))
        content += strspn(content, "\xe2\x80\xa2\xc2\xb7 \t<"); /* • · */
    if (g_ascii_strncasecmp(content, "mailto:", 7) == 0)
        content += 7;
    const char *end = find_address(content, ret_start);
    return end && *ret_start <= content + 1 ? end : NULL;
}

static bool is_blank_line(const char *line)
{
    return line[strspn(line, " \t\r")] == '\0';
}

/* Does a line that ends in a colon, and speaks of recipients, stand above line `i`? */
static bool is_listed(const Prose *prose, guint i)
{
    while (i > 0 && is_blank_line(prose->lines[i - 1]))
        i--;
    if (i == 0)
        return false;
    g_autofree char *above = g_utf8_casefold(prose->lines[i - 1], -1);
    return g_str_has_suffix(g_strchomp(above), ":") && HAS_ANY(above, introductions);
}

static void find_leading(Prose *prose)
{
    for (guint i = 0; i < prose->own; i++) {
        const char *start, *end = leading_address(prose->lines[i], &start);
        if (end && is_candidate(prose->mail, start, end) &&
            (stands_alone(end) || is_listed(prose, i)))
            add_recipient(prose->mail, start, (gsize)(end - start));
    }
}

static void find_introduced(Prose *prose)
{
    for (guint i = 0; i < prose->own; i++) {
        const char *line = prose->lines[i], *start, *end = find_address(line, &start);
        bool failure = end && bounce_prose_speaks(line);
        for (; end; end = find_address(end, &start))
            if (is_candidate(prose->mail, start, end) &&
                (failure || is_introduced(line, start)))
                add_recipient(prose->mail, start, (gsize)(end - start));
    }
}

static void add_all(Mail *mail, const char *value)
{
    const char *start, *end = find_address(value, &start);
    for (int n = 0; end && n < RECIPIENTS_MAX; n++) {
        add_recipient(mail, start, (gsize)(end - start));
        end = find_address(end, &start);
    }
}

/* --- why --------------------------------------------------------------------------------- */

static void replace(char **where, char *value)
{
    g_free(*where);
    *where = value;
}

/* By its @, of which few lines have many. */
static bool mentions(const char *line, const char *address)
{
    gsize length = strlen(address), local = strcspn(address, "@");
    for (const char *at = strchr(line, '@'); at; at = strchr(at + 1, '@'))
        if ((gsize)(at - line) >= local &&
            g_ascii_strncasecmp(at - local, address, length) == 0)
            return true;
    return false;
}

static void append_line(GString *out, const char *line)
{
    g_autofree char *clean = utf8_clean(line, strlen(line), TEXT_LINE);
    if (*clean == '\0' || out->len + strlen(clean) + 1 > DIAGNOSTIC_MAX)
        return;
    if (out->len > 0)
        g_string_append_c(out, ' ');
    g_string_append(out, clean);
}

/* The paragraph behind the first line that `address` leads, or that mentions it. */
static char *read_paragraph(const Prose *prose, const char *address)
{
    g_autoptr(GString) out = g_string_new(NULL);
    guint i = 0;
    while (i < prose->own && !mentions(prose->lines[i], address))
        i++;
    if (i == prose->own)
        return g_strdup("");
    const char *start, *end = leading_address(prose->lines[i], &start);
    append_line(out, end ? end + strspn(end, ">'\")]:;,| \t") : prose->lines[i]);
    for (i++; i < prose->own && !is_blank_line(prose->lines[i]); i++) {
        end = leading_address(prose->lines[i], &start);
        if (end && is_candidate(prose->mail, start, end) && stands_alone(end) &&
            !mentions(prose->lines[i], address))
            break;
        append_line(out, prose->lines[i]);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static bool has_exact(const char *text)
{
    g_autofree char *code = bounce_status_find(text);
    return bounce_status_is_telling(code) && *code != '2';
}

typedef struct {
    char *text, *status;
} Reason;

static void set_reason(Reason *reason, char *text, char *status)
{
    replace(&reason->text, text);
    replace(&reason->status, status);
}

/* The line that says most: the first with a status, else the first with a reply code or a
 * reason. Among the lines about `address`, or all if NULL. */
static Reason find_reason(const Prose *prose, const char *address)
{
    Reason best = {0};
    int asked = 0;
    for (guint i = 0; i < prose->own && asked < MENTIONS_MAX; i++) {
        const char *line = prose->lines[i];
        if (address && !mentions(line, address))
            continue;
        asked += address != NULL;
        bool exact = has_exact(line);
        if (best.text && !exact)
            continue;
        g_autofree char *status = bounce_status_guess(line, prose->delayed);
        if (*status)
            set_reason(&best, utf8_clean(line, strlen(line), TEXT_LINE),
                       g_steal_pointer(&status));
        if (exact)
            break;
    }
    return best;
}

/* Is `a` better than `b`: more exact, or telling where b is not? */
static bool is_better(const Reason *a, const Reason *b)
{
    if (!a->text || (b->text && has_exact(b->text)))
        return false;
    return has_exact(a->text) || !b->status ||
           (!bounce_status_is_telling(b->status) && bounce_status_is_telling(a->status)) ||
           *b->status == '\0';
}

/* What the text says of one recipient, and if that is little, what it says at all. */
static void explain(const Prose *prose, const Reason *any, MailBounceRecipient *recipient)
{
    bool single = prose->mail->bounce_recipients->len == 1;
    Reason best = {.text = read_paragraph(prose, recipient->address)};
    best.status = bounce_status_guess(best.text, prose->delayed);
    Reason line = find_reason(prose, recipient->address);
    if (is_better(&line, &best))
        set_reason(&best, g_steal_pointer(&line.text), g_steal_pointer(&line.status));
    if ((single || *best.status == '\0') && is_better(any, &best))
        set_reason(&best, g_strdup(any->text), g_strdup(any->status));
    set_reason(&line, NULL, NULL);

    if (*recipient->diagnostic == '\0')
        replace(&recipient->diagnostic, g_strdup(best.text));
    bool given = *recipient->status != '\0';
    if (*best.status &&
        (!given || (has_exact(best.text) && *recipient->status == *best.status)))
        replace(&recipient->status, g_strdup(best.status));
    set_reason(&best, NULL, NULL);
}

/* Statuses that no server gave: of an action, its class. */
static void complete(const Prose *prose, const Reason *any, MailBounceRecipient *recipient)
{
    if (*recipient->action == '\0')
        replace(&recipient->action, g_strdup(prose->delayed ? "delayed" : "failed"));
    bool failed = strcmp(recipient->action, "failed") == 0,
         delayed = strcmp(recipient->action, "delayed") == 0;
    if (!failed && !delayed)
        return;
    if (!bounce_status_is_telling(recipient->status))
        explain(prose, any, recipient);
    if (*recipient->status == '\0')
        replace(&recipient->status, g_strdup(failed ? "5.0.0" : "4.0.0"));
}

/* --- the whole --------------------------------------------------------------------------- */

static bool is_delayed(const Prose *prose)
{
    g_autoptr(GString) own = g_string_new(prose->mail->subject);
    for (guint i = 0; i < prose->own; i++) {
        g_string_append_c(own, ' ');
        g_string_append(own, prose->lines[i]);
    }
    g_autofree char *folded = g_utf8_casefold(own->str, -1);
    return HAS_ANY(folded, delays) && !HAS_ANY(folded, finals);
}

static void read_returned(const Prose *prose)
{
    guint first = prose->own;
    if (!prose->lines[first])
        return;
    if (!begins_header(prose->lines, first))
        first++; /* the mark */
    g_autofree char *returned = g_strjoinv("\n", prose->lines + first);
    if (*prose->mail->original_message_id == '\0')
        report_read_original(returned, strlen(returned), prose->mail);
    report_read_addressee(returned, strlen(returned), prose->mail);
}

void bounce_prose_read(const char *failed, Mail *mail)
{
    g_auto(GStrv) lines = split_lines(mail->text, TEXT_MAX);
    Prose prose = {.mail = mail, .lines = lines, .own = count_own_lines(lines)};
    prose.delayed = is_delayed(&prose);

    if (mail->bounce_recipients->len == 0 && failed)
        add_all(mail, failed);
    if (mail->bounce_recipients->len == 0)
        find_leading(&prose);
    if (mail->bounce_recipients->len == 0)
        find_introduced(&prose);
    read_returned(&prose);

    Reason any = find_reason(&prose, NULL);
    for (guint i = 0; i < mail->bounce_recipients->len; i++)
        complete(&prose, &any, mail->bounce_recipients->pdata[i]);
    set_reason(&any, NULL, NULL);
}
