/* The parser: GMime finds the structure, the rest of this room reads what is in it.
 *
 * The mail is parsed as one MIME part rather than as a message: GMime then keeps all header
 * fields as they are and reads no address list, where its recursion can be made to overflow
 * the stack (messages within the mail excepted, which is why this runs in a sandbox), and no
 * two From fields are merged into one.
 *
 * A mail without a header that GMime accepts is all text. Nothing is logged. */
#include "core/mail/parse.h"

#include "core/mail/authres.h"
#include "core/mail/bounce_prose.h"
#include "core/mail/charset.h"
#include "core/mail/header.h"
#include "core/mail/kind.h"
#include "core/mail/kind_body.h"
#include "core/mail/notice.h"
#include "core/mail/quote.h"
#include "core/mail/raw.h"
#include "core/mail/receipt.h"
#include "core/mail/report_parts.h"
#include "core/mail/text.h"

#include <arpa/inet.h>
#include <gmime/gmime.h>
#include <string.h>

#include "core/base/autofree.h" /* after GMime, whose types it frees */

#define REFERENCES_MAX 100
#define RECEIVED_MAX 20
#define AUTH_MAX 100
#define LOOP_MARKS_MAX 20
#define JUNK_LINES_MAX 4
#define SPAM_LOOKS 50 /* fields of the filter's name: it writes on top */
#define DEPTH_MAX 8   /* looked into for the body's charset */

/* In the sandbox's child this runs beside the parent's own work. */
void parse_prepare(void)
{
    static gsize ready;
    if (g_once_init_enter(&ready)) {
        g_mime_init();
        g_once_init_leave(&ready, 1);
    }
}

/* --- header fields ----------------------------------------------------------------------- */

typedef struct {
    Mail *mail;
    int hop;             /* Received fields so far */
    int priority_row;    /* of the field that set the priority: the first row outranks */
    const char *charset; /* of the body, NULL unknown */
} FieldReader;

static void set_once(char **field, const char *raw)
{
    if (**field != '\0')
        return;
    g_free(*field);
    *field = header_decode_text(raw);
}

/* Who writes a subject without encoded words mostly writes it in the charset of the body. */
static void read_subject(const char *raw, FieldReader *reader)
{
    bool plain = g_utf8_validate(raw, -1, NULL) && !strchr(raw, '\033');
    g_autofree char *text =
        plain ? NULL : charset_to_utf8((const guint8 *)raw, strlen(raw), reader->charset);
    set_once(&reader->mail->subject, text ? text : raw);
}

static void read_date(const char *raw, FieldReader *reader)
{
    if (reader->mail->date == 0)
        reader->mail->date = header_decode_date(raw);
}

static void read_from(const char *raw, FieldReader *reader)
{
    reader->mail->from_fields++;
    header_decode_addresses(raw, reader->mail->from);
}

static void read_to(const char *raw, FieldReader *reader)
{
    header_decode_addresses(raw, reader->mail->to);
}

static void read_cc(const char *raw, FieldReader *reader)
{
    header_decode_addresses(raw, reader->mail->cc);
}

static void read_reply_to(const char *raw, FieldReader *reader)
{
    header_decode_addresses(raw, reader->mail->reply_to);
}

static void read_return_path(const char *raw, FieldReader *reader)
{
    g_autoptr(GPtrArray) list =
        g_ptr_array_new_with_free_func((GDestroyNotify)mail_address_free);
    header_decode_addresses(raw, list);
    if (list->len > 0 && *reader->mail->return_path == '\0') {
        g_free(reader->mail->return_path);
        reader->mail->return_path = g_strdup(((MailAddress *)list->pdata[0])->address);
    }
}

static void read_message_id(const char *raw, FieldReader *reader)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    header_decode_ids(raw, ids);
    if (ids->len > 0 && *reader->mail->message_id == '\0') {
        g_free(reader->mail->message_id);
        reader->mail->message_id = g_strdup(ids->pdata[0]);
    }
}

/* Keeps the last ones: the nearest ancestors. */
static void read_ids(const char *raw, GPtrArray *ids)
{
    header_decode_ids(raw, ids);
    if (ids->len > REFERENCES_MAX)
        g_ptr_array_remove_range(ids, 0, ids->len - REFERENCES_MAX);
}

static void read_in_reply_to(const char *raw, FieldReader *reader)
{
    read_ids(raw, reader->mail->in_reply_to);
}

static void read_references(const char *raw, FieldReader *reader)
{
    read_ids(raw, reader->mail->references);
}

static void read_loop_mark(const char *raw, FieldReader *reader)
{
    if (reader->mail->loop_marks->len < LOOP_MARKS_MAX)
        g_ptr_array_add(reader->mail->loop_marks, header_decode_text(raw));
}

static void read_auth(const char *raw, FieldReader *reader)
{
    GPtrArray *auth = reader->mail->auth;
    if (auth->len < AUTH_MAX)
        authres_read(raw, reader->hop, auth);
    if (auth->len > AUTH_MAX)
        g_ptr_array_set_size(auth, AUTH_MAX);
}

/* "[192.0.2.1]" or "[IPv6:2001:db8::1]", or NULL. */
static char *bracketed_ip(const char *open, const char *end)
{
    const char *close = memchr(open, ']', (gsize)(end - open));
    char ip[INET6_ADDRSTRLEN];
    guint8 bytes[16];
    if (!close)
        return NULL;
    const char *start = open + 1;
    if (close - start > 5 && g_ascii_strncasecmp(start, "IPv6:", 5) == 0)
        start += 5;
    gsize length = (gsize)(close - start);
    if (length == 0 || length >= sizeof ip)
        return NULL;
    memcpy(ip, start, length);
    ip[length] = '\0';
    bool is_ip = inet_pton(AF_INET, ip, bytes) == 1 || inet_pton(AF_INET6, ip, bytes) == 1;
    return is_ip ? g_ascii_strdown(ip, -1) : NULL;
}

/* The end of the "from" clause: the first word "by". What a client calls itself has no blanks,
 * so it cannot bring a "by" of its own. */
static const char *from_clause_end(const char *text)
{
    for (const char *p = text; (p = strstr(p, "by")) != NULL; p += 2)
        if (p > text && strchr(" \t\r\n", p[-1]) && p[2] && strchr(" \t\r\n", p[2]))
            return p;
    return text + strlen(text);
}

/* The last address in brackets of "from NAME (rdns [ADDRESS])": our server writes it behind
 * the name that the client chose. "helo=[…]" is such a name too. */
static char *client_ip(const char *raw)
{
    const char *text = raw + strspn(raw, " \t\r\n");
    if (g_ascii_strncasecmp(text, "from", 4) != 0)
        return g_strdup("");
    const char *end = from_clause_end(text);
    for (const char *p = end; p > text; p--) {
        if (p[-1] != '[' || p - 1 == text || p[-2] == '=')
            continue;
        char *ip = bracketed_ip(p - 1, end);
        return ip ? ip : g_strdup("");
    }
    return g_strdup("");
}

static void read_received(const char *raw, FieldReader *reader)
{
    reader->hop++;
    if (reader->mail->received_from->len < RECEIVED_MAX)
        g_ptr_array_add(reader->mail->received_from, client_ip(raw));
}

/* The fields that speak of priority, the most trusted first, and what they say. */
static const struct {
    const char *name, *value; /* a value by its first word */
    MailPriority priority;
} priorities[] = {
    {"Importance", "high", PRIORITY_HIGH},    {"Importance", "normal", PRIORITY_NORMAL},
    {"Importance", "low", PRIORITY_LOW},      {"X-Priority", "1", PRIORITY_HIGH},
    {"X-Priority", "2", PRIORITY_HIGH},       {"X-Priority", "3", PRIORITY_NORMAL},
    {"X-Priority", "4", PRIORITY_LOW},        {"X-Priority", "5", PRIORITY_LOW},
    {"Priority", "urgent", PRIORITY_HIGH},    {"Priority", "normal", PRIORITY_NORMAL},
    {"Priority", "non-urgent", PRIORITY_LOW},
};

static void read_priority(const char *name, const char *raw, FieldReader *reader)
{
    raw += strspn(raw, " \t\r\n");
    gsize length = strcspn(raw, " \t\r\n(;");
    for (int i = 0; i < reader->priority_row; i++) {
        if (g_ascii_strcasecmp(name, priorities[i].name) == 0 &&
            strlen(priorities[i].value) == length &&
            g_ascii_strncasecmp(raw, priorities[i].value, length) == 0) {
            reader->mail->priority = priorities[i].priority;
            reader->priority_row = i;
        }
    }
}

static const struct {
    const char *name;
    void (*read)(const char *raw, FieldReader *reader);
} fields[] = {
    {"Received", read_received},
    {"Authentication-Results", read_auth},
    {"From", read_from},
    {"To", read_to},
    {"Cc", read_cc},
    {"Subject", read_subject},
    {"Date", read_date},
    {"Message-ID", read_message_id},
    {"In-Reply-To", read_in_reply_to},
    {"References", read_references},
    {"Reply-To", read_reply_to},
    {"Return-Path", read_return_path},
    {"X-Loop", read_loop_mark},
};

static void read_field(const char *name, const char *raw, FieldReader *reader)
{
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (g_ascii_strcasecmp(name, fields[i].name) == 0) {
            fields[i].read(raw, reader);
            return;
        }
    }
    read_priority(name, raw, reader);
}

/* The charset that the first part names. */
static const char *body_charset(GMimeObject *object)
{
    for (int depth = 0; GMIME_IS_MULTIPART(object) && depth < DEPTH_MAX; depth++)
        object = g_mime_multipart_get_count((GMimeMultipart *)object) > 0
                     ? g_mime_multipart_get_part((GMimeMultipart *)object, 0)
                     : NULL;
    return object ? g_mime_object_get_content_type_parameter(object, "charset") : NULL;
}

static void read_header(GMimeObject *root, const SpamRule *spam, Mail *mail)
{
    GMimeHeaderList *list = g_mime_object_get_header_list(root);
    FieldReader reader = {
        .mail = mail,
        .priority_row = G_N_ELEMENTS(priorities),
        .charset = body_charset(root),
    };
    int looks = SPAM_LOOKS;
    for (int i = 0; i < g_mime_header_list_get_count(list); i++) {
        GMimeHeader *header = g_mime_header_list_get_header_at(list, i);
        const char *raw = g_mime_header_get_raw_value(header);
        if (!raw)
            continue;
        read_field(g_mime_header_get_name(header), raw, &reader);
        if (spam_rule_is_about(spam, g_mime_header_get_name(header)) && looks-- > 0)
            mail->is_spam |= spam_rule_marks(spam, raw);
    }
}

/* --- kind and reports -------------------------------------------------------------------- */

static const char *look_up(const char *name, void *user)
{
    GMimeHeader *header = g_mime_header_list_get_header(user, name);
    return header ? g_mime_header_get_raw_value(header) : NULL;
}

static bool is_report(GMimeObject *root)
{
    GMimeContentType *type = g_mime_object_get_content_type(root);
    return type && g_mime_content_type_is_type(type, "multipart", "report");
}

/* Before the body is read. */
static void judge(GMimeObject *root, Mail *mail)
{
    const char *report = NULL;
    if (is_report(root))
        report = g_mime_object_get_content_type_parameter(root, "report-type");
    kind_judge(look_up, g_mime_object_get_header_list(root), report ? report : "", mail);
}

/* After it: its parts have all been listed as attachments. */
static void judge_body(GMimeObject *root, Mail *mail)
{
    static const char *const returned[] = {"message/rfc822", "message/global", NULL};
    KindBody body = {.is_report = is_report(root), .part = ""};
    for (guint i = 0; i < mail->attachments->len; i++) {
        const MailAttachment *part = mail->attachments->pdata[i];
        if (*body.part == '\0')
            body.part = report_type_of_part(part->type);
        body.has_returned_mail |= g_strv_contains(returned, part->type);
    }
    kind_judge_body(look_up, g_mime_object_get_header_list(root), &body, mail);
}

static void read_report(const RawMail *raw, GMimeObject *root, Mail *mail)
{
    report_read_parts(raw, mail);
    if (mail->kind == MAIL_BOUNCE) {
        notice_read(mail);
        bounce_prose_read(look_up("X-Failed-Recipients", g_mime_object_get_header_list(root)),
                          mail);
        kind_judge_recipients(mail);
    } else if (mail->kind == MAIL_RECEIPT) {
        receipt_read_prose(mail);
    }
}

/* --- the mail ---------------------------------------------------------------------------- */

/* Where the line after the one at `start` begins; the end if it is the last or very long. */
static guint64 next_line(const RawMail *raw, guint64 start)
{
    char line[1024];
    gssize n = raw_pread(raw, start, line, sizeof line);
    const char *end = n > 0 ? memchr(line, '\n', (gsize)n) : NULL;
    return end ? start + (guint64)(end - line) + 1 : raw->size;
}

static bool is_divided(const char *content_type)
{
    g_autofree char *boundary = header_decode_parameter(content_type, "boundary");
    content_type += strspn(content_type, " \t\r\n");
    return boundary && *boundary && g_ascii_strncasecmp(content_type, "multipart/", 10) == 0;
}

/* Of two Content-Type fields the library believes the last. Where that one makes one text of a
 * mail that the other knows how to divide, the offset of that one; else -1. */
static gint64 misleading_type(GMimeObject *root)
{
    GMimeHeaderList *list = g_mime_object_get_header_list(root);
    GMimeHeader *first = NULL, *last = NULL;
    for (int i = 0; i < g_mime_header_list_get_count(list); i++) {
        GMimeHeader *header = g_mime_header_list_get_header_at(list, i);
        if (g_ascii_strcasecmp(g_mime_header_get_name(header), "Content-Type") != 0)
            continue;
        first = first ? first : header;
        last = header;
    }
    bool misleads = first != last && is_divided(g_mime_header_get_raw_value(first)) &&
                    !is_divided(g_mime_header_get_raw_value(last));
    return misleads ? g_mime_header_get_offset(last) : -1;
}

/* The mail's structure, or NULL if it has no header. A few lines of something else, such as an
 * mbox "From ", may stand in front of the header. */
static GMimeObject *read_structure(const RawMail *raw)
{
    GMimeObject *root = raw_parse(raw, 0, -1);
    guint64 start = 0;
    for (int junk = 0; !root && junk < JUNK_LINES_MAX && start < raw->size; junk++) {
        start = next_line(raw, start);
        root = raw_parse(raw, start, -1);
        if (root && g_mime_header_list_get_count(g_mime_object_get_header_list(root)) == 0)
            g_clear_object(&root);
    }
    gint64 misleading = root ? misleading_type(root) : -1;
    if (misleading >= 0) {
        g_object_unref(root);
        root = raw_parse(raw, start, misleading);
    }
    return root;
}

Mail *parse_mail(int fd, guint64 size, const SpamRule *spam)
{
    parse_prepare();
    g_autoptr(Mail) mail = mail_new();
    g_autofree RawWindow *window = g_malloc(sizeof *window);
    const RawMail raw = {.fd = fd, .size = size, .window = window};
    window->start = window->length = 0;
    GMimeObject *root = read_structure(&raw);
    if (root) {
        read_header(root, spam, mail);
        judge(root, mail);
        text_read_body(root, &raw, mail);
        judge_body(root, mail);
        read_report(&raw, root, mail);
        g_object_unref(root);
    } else {
        text_read_plain(&raw, mail);
    }
    quote_mail(mail);
    return g_steal_pointer(&mail);
}
