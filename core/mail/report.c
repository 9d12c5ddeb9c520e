/* Delivery status notifications, RFC 3464: whom a mail did not reach and why, and which mail.
 *
 * Read as servers really write them: missing spaces, missing address types, missing blank lines
 * between recipients, any line end. Only the per-recipient fields count; prose is not read
 * here. What is missing stays "". At most RECIPIENTS_MAX recipients are kept, each value
 * capped, and every value is cleaned: a bounce is as forgeable as any mail. */
#include "core/mail/report.h"

#include "core/base/utf8.h"
#include "core/mail/bounce_status.h"

#include <string.h>

enum { RECIPIENTS_MAX = 100, VALUE_MAX = 2048, LINE_ID_MAX = 998 };

/* --- fields ------------------------------------------------------------------------------ */

typedef struct {
    const char *p, *end;
} Reader;

typedef struct {
    const char *name; /* borrowed from the input */
    gsize name_length;
    GString *value; /* unfolded, capped at VALUE_MAX */
} Field;

typedef enum { READ_FIELD, READ_BLANK, READ_OTHER, READ_END } Read;

/* One physical line without its end. */
static bool read_line(Reader *reader, const char **line, gsize *length)
{
    if (reader->p == reader->end)
        return false;
    const char *stop = reader->p;
    while (stop < reader->end && *stop != '\n' && *stop != '\r')
        stop++;
    *line = reader->p;
    *length = (gsize)(stop - reader->p);
    if (stop < reader->end && *stop == '\r')
        stop++;
    if (stop < reader->end && *stop == '\n')
        stop++;
    reader->p = stop;
    return true;
}

static void append_capped(GString *value, const char *text, gsize length)
{
    gsize room = VALUE_MAX - MIN(value->len, (gsize)VALUE_MAX);
    g_string_append_len(value, text, (gssize)MIN(room, length));
}

/* The next field with its continuation lines, or what stands in its place. */
static Read read_field(Reader *reader, Field *field)
{
    const char *line;
    gsize length;
    if (!read_line(reader, &line, &length))
        return READ_END;
    gsize blank = 0;
    while (blank < length && (line[blank] == ' ' || line[blank] == '\t'))
        blank++;
    if (blank == length)
        return READ_BLANK;
    const char *colon = memchr(line, ':', length);
    if (!colon || colon == line)
        return READ_OTHER;

    field->name = line;
    field->name_length = (gsize)(colon - line);
    while (field->name_length > 0 && g_ascii_isspace(line[field->name_length - 1]))
        field->name_length--;
    g_string_truncate(field->value, 0);
    append_capped(field->value, colon + 1, (gsize)(line + length - colon - 1));
    while (reader->p < reader->end && (*reader->p == ' ' || *reader->p == '\t') &&
           read_line(reader, &line, &length)) {
        for (; length > 0 && g_ascii_isspace(*line); line++)
            length--;
        append_capped(field->value, " ", 1);
        append_capped(field->value, line, length);
    }
    return READ_FIELD;
}

static bool field_is(const Field *field, const char *name)
{
    return strlen(name) == field->name_length &&
           g_ascii_strncasecmp(field->name, name, field->name_length) == 0;
}

/* --- values ------------------------------------------------------------------------------ */

static char *clean_value(const char *text, gsize length)
{
    return utf8_clean(text, length, TEXT_LINE);
}

/* "rfc822; <user@example.org>" → "user@example.org". The type may be missing. */
static char *read_address(const GString *value)
{
    g_autofree char *text = clean_value(value->str, value->len);
    char *start = strchr(text, ';');
    start = g_strstrip(start ? start + 1 : text);
    char *open = strchr(start, '<');
    char *close = open ? strchr(open, '>') : NULL;
    if (close) {
        *close = '\0';
        return g_strdup(g_strstrip(open + 1));
    }
    start[strcspn(start, " ,")] = '\0';
    return g_strdup(start);
}

/* Only the vocabulary of RFC 3464 section 2.3.3, by its stem: some write "failure". And that of
 * Postfix where nothing was sent: it was asked whether an address would do. */
static const char *read_action(const GString *value)
{
    static const char *const stems[][2] = {
        {"fail", "failed"},          {"delay", "delayed"},
        {"undeliverable", "failed"}, {"deliverable", "deliverable"},
        {"deliver", "delivered"},    {"relay", "relayed"},
        {"expand", "expanded"}};
    const char *text = value->str;
    while (g_ascii_isspace(*text))
        text++;
    for (gsize i = 0; i < G_N_ELEMENTS(stems); i++)
        if (g_ascii_strncasecmp(text, stems[i][0], strlen(stems[i][0])) == 0)
            return stems[i][1];
    return "";
}

/* "smtp; 550 5.1.1 unknown" → "550 5.1.1 unknown". */
static char *read_diagnostic(const GString *value)
{
    g_autofree char *text = clean_value(value->str, value->len);
    const char *start = text;
    gsize type = strcspn(text, "; ");
    if (text[type] == ';')
        start = text + type + 1;
    return g_strstrip(g_strdup(start));
}

/* --- recipients -------------------------------------------------------------------------- */

static void replace(char **where, char *value)
{
    g_free(*where);
    *where = value;
}

typedef struct {
    Mail *mail;
    MailBounceRecipient *current; /* NULL: between groups, or in the per-message fields */
    bool has_final;               /* current->address is its Final-Recipient */
} Groups;

/* The group a per-recipient field belongs to; NULL once there are enough. */
static MailBounceRecipient *current_group(Groups *groups)
{
    if (!groups->current && groups->mail->bounce_recipients->len < RECIPIENTS_MAX) {
        groups->current = mail_bounce_recipient_new();
        g_ptr_array_add(groups->mail->bounce_recipients, groups->current);
        groups->has_final = false;
    }
    return groups->current;
}

static void take_address(Groups *groups, const Field *field, bool is_final)
{
    /* A second one without a blank line before it is the next recipient. */
    if (groups->current && is_final && groups->has_final)
        groups->current = NULL;
    MailBounceRecipient *recipient = current_group(groups);
    if (!recipient || (!is_final && *recipient->address))
        return;
    g_autofree char *address = read_address(field->value);
    if (*address == '\0')
        return;
    replace(&recipient->address, g_steal_pointer(&address));
    groups->has_final |= is_final;
}

static void take_field(Groups *groups, const Field *field)
{
    if (field_is(field, "Final-Recipient") || field_is(field, "Original-Recipient")) {
        take_address(groups, field, field_is(field, "Final-Recipient"));
        return;
    }
    bool action = field_is(field, "Action"), status = field_is(field, "Status"),
         diagnostic = field_is(field, "Diagnostic-Code");
    if (!action && !status && !diagnostic)
        return;
    MailBounceRecipient *recipient = current_group(groups);
    if (!recipient)
        return;
    if (action)
        replace(&recipient->action, g_strdup(read_action(field->value)));
    else if (status)
        replace(&recipient->status, bounce_status_find(field->value->str));
    else
        replace(&recipient->diagnostic, read_diagnostic(field->value));
}

/* What the diagnostic says in the place of a missing field, or in codes where the field says
 * the class only. A server's x.0.0 stays, whatever its words are. */
static void refine_status(MailBounceRecipient *recipient)
{
    if (bounce_status_is_telling(recipient->status))
        return;
    bool delayed = strcmp(recipient->action, "delayed") == 0;
    bool given = *recipient->status != '\0';
    g_autofree char *said = given ? bounce_status_find(recipient->diagnostic)
                                  : bounce_status_guess(recipient->diagnostic, delayed);
    if (*said && (!given || (*recipient->status == *said && bounce_status_is_telling(said))))
        replace(&recipient->status, g_steal_pointer(&said));
}

/* A group without an address names nobody. */
static void finish_recipients(Mail *mail, guint first)
{
    for (guint i = mail->bounce_recipients->len; i > first; i--) {
        MailBounceRecipient *recipient = mail->bounce_recipients->pdata[i - 1];
        if (*recipient->address == '\0')
            g_ptr_array_remove_index(mail->bounce_recipients, i - 1);
        else
            refine_status(recipient);
    }
}

void report_read_status(const char *status, gsize length, Mail *mail)
{
    Reader reader = {.p = status, .end = status + length};
    g_autoptr(GString) value = g_string_new(NULL);
    Field field = {.value = value};
    Groups groups = {.mail = mail};
    guint first = mail->bounce_recipients->len;

    for (Read read = read_field(&reader, &field); read != READ_END;
         read = read_field(&reader, &field)) {
        if (read == READ_BLANK)
            groups.current = NULL;
        else if (read == READ_FIELD)
            take_field(&groups, &field);
    }
    finish_recipients(mail, first);
}

/* --- the returned mail ------------------------------------------------------------------- */

char *report_clean_id(const char *value)
{
    g_autofree char *text = clean_value(value, strlen(value));
    char *open = strchr(text, '<');
    char *close = open ? strchr(open, '>') : NULL;
    if (close)
        *close = '\0';
    char *id = g_strstrip(open && close ? open + 1 : text);
    bool sound = *id && strlen(id) <= LINE_ID_MAX && !strpbrk(id, " \t<>");
    return sound ? g_strdup(id) : NULL;
}

/* The next field of a header that a few other lines may stand in front of. */
static bool next_header_field(Reader *reader, Field *field, bool *begun)
{
    for (Read read = read_field(reader, field); read != READ_END;
         read = read_field(reader, field)) {
        if (read == READ_BLANK && *begun)
            return false;
        if (read != READ_FIELD)
            continue;
        *begun = true;
        return true;
    }
    return false;
}

void report_read_original(const char *header, gsize length, Mail *mail)
{
    Reader reader = {.p = header, .end = header + length};
    g_autoptr(GString) value = g_string_new(NULL);
    Field field = {.value = value};
    bool begun = false;

    while (next_header_field(&reader, &field, &begun)) {
        if (!field_is(&field, "Message-ID"))
            continue;
        g_autofree char *id = report_clean_id(value->str);
        if (id) {
            replace(&mail->original_message_id, g_steal_pointer(&id));
            return;
        }
    }
}

/* The address of a To that names one mailbox, or NULL. */
static char *read_mailbox(const GString *value)
{
    g_autofree char *text = clean_value(value->str, value->len);
    char *at = strchr(text, '@');
    if (!at || strchr(at + 1, '@') || strchr(at, ','))
        return NULL;
    char *open = strchr(text, '<');
    char *close = open ? strchr(open, '>') : NULL;
    if (close)
        *close = '\0';
    char *address = g_strstrip(close ? open + 1 : text);
    return strpbrk(address, " \t<>\"();") || !strchr(address, '@') ? NULL : g_strdup(address);
}

void report_read_addressee(const char *header, gsize length, Mail *mail)
{
    Reader reader = {.p = header, .end = header + length};
    g_autoptr(GString) value = g_string_new(NULL);
    Field field = {.value = value};
    bool begun = false;

    while (mail->bounce_recipients->len == 0 && next_header_field(&reader, &field, &begun)) {
        g_autofree char *address = field_is(&field, "To") ? read_mailbox(value) : NULL;
        if (!address)
            continue;
        MailBounceRecipient *recipient = mail_bounce_recipient_new();
        replace(&recipient->address, g_steal_pointer(&address));
        g_ptr_array_add(mail->bounce_recipients, recipient);
    }
}

char *report_find_field(const char *fields, gsize length, const char *name)
{
    Reader reader = {.p = fields, .end = fields + length};
    g_autoptr(GString) value = g_string_new(NULL);
    Field field = {.value = value};

    for (Read read = read_field(&reader, &field); read != READ_END;
         read = read_field(&reader, &field))
        if (read == READ_FIELD && field_is(&field, name))
            return g_strstrip(clean_value(value->str, value->len));
    return NULL;
}
