/* From raw header fields to the outline of a Mail: message_id, in_reply_to, references, from,
 * to, cc, reply_to, subject, return_path, from_fields, loop_marks, kind.
 *
 * Each field comes capped and is read once, left to right, without recursion; lists are capped
 * too. Broken input loses the broken entry, never the mail. The parser's own, complete reading
 * is in header.c; dates, priorities, proofs and bodies are left to it. */
#include "core/mail/outline.h"

#include "core/base/utf8.h"
#include "core/mail/kind.h"
#include "core/mail/structure.h"
#include "core/mail/words.h"

#include <string.h>

enum {
    PEOPLE_MAX = 1000, /* of one list */
    IDS_MAX = 100,
    LOOP_MARKS_MAX = 20,
    SIGNS_MAX = 64, /* headers kept for kind_judge */
    ID_MAX = 998,
    BUDGET = 256 * 1024, /* bytes of values read in all: what is kept stays in proportion */
    FROM_FIELDS_MAX = 1000,
};

typedef struct {
    char *name, *value;
} Sign;

struct Outline {
    Mail *mail;
    GPtrArray *signs; /* Sign *, first come first */
    char *report_type;
    gsize read; /* bytes of values so far */
};

static void sign_free(gpointer data)
{
    Sign *sign = data;
    g_free(sign->name);
    g_free(sign->value);
    g_free(sign);
}

static void replace(char **where, char *value)
{
    g_free(*where);
    *where = value;
}

static char *clean_line(const char *text)
{
    return utf8_clean(text, strlen(text), TEXT_LINE);
}

/* --- ids --------------------------------------------------------------------------------- */

static bool is_sound_id(const char *id)
{
    return *id && strlen(id) <= ID_MAX && !strpbrk(id, " \t<");
}

/* Every <id> of the value; the last IDS_MAX stay. */
static void read_ids(const char *value, GPtrArray *ids)
{
    for (const char *open = strchr(value, '<'); open;) {
        const char *close = strchr(open, '>');
        if (!close)
            break;
        g_autofree char *raw = g_strndup(open + 1, (gsize)(close - open - 1));
        g_autofree char *id = clean_line(raw);
        if (is_sound_id(id))
            g_ptr_array_add(ids, g_steal_pointer(&id));
        open = strchr(close, '<');
    }
    if (ids->len > IDS_MAX)
        g_ptr_array_remove_range(ids, 0, ids->len - IDS_MAX);
}

static void read_message_id(const char *value, Mail *mail)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    if (*mail->message_id)
        return;
    read_ids(value, ids);
    if (ids->len > 0)
        replace(&mail->message_id, g_ptr_array_steal_index(ids, 0));
}

/* --- addresses --------------------------------------------------------------------------- */

/* The mailbox in progress. */
typedef struct {
    GString *phrase; /* display name so far, unquoted */
    GString *bare;   /* the same as written, without blanks: an address without <> */
    GString *angle;  /* between < and > */
    bool has_angle;
} Mailbox;

static void mailbox_reset(Mailbox *box)
{
    g_string_truncate(box->phrase, 0);
    g_string_truncate(box->bare, 0);
    g_string_truncate(box->angle, 0);
    box->has_angle = false;
}

static void mailbox_finish(Mailbox *box, GPtrArray *people)
{
    const char *written = box->has_angle ? box->angle->str : box->bare->str;
    const char *route = *written == '@' ? strchr(written, ':') : NULL;
    g_autofree char *address = clean_line(route ? route + 1 : written);
    g_autofree char *name = words_decode(box->has_angle ? box->phrase->str : "");
    if (*address && people->len < PEOPLE_MAX)
        g_ptr_array_add(people, mail_address_new(name, address));
    mailbox_reset(box);
}

static const char *skip_comment(const char *p)
{
    gsize depth = 0;
    for (; *p; p++) {
        if (*p == '\\' && p[1])
            p++;
        else if (*p == '(')
            depth++;
        else if (*p == ')' && --depth == 0)
            return p + 1;
    }
    return p;
}

/* A quoted string: its contents to the phrase, as written to where an address may form. */
static const char *take_quoted(const char *p, Mailbox *box, GString *written)
{
    const char *start = p;
    for (p++; *p && *p != '"'; p++) {
        if (*p == '\\' && p[1])
            p++;
        if (written == box->bare)
            g_string_append_c(box->phrase, *p);
    }
    p += *p == '"';
    g_string_append_len(written, start, p - start);
    return p;
}

static const char *take_angle(const char *p, Mailbox *box)
{
    box->has_angle = true;
    g_string_truncate(box->angle, 0);
    for (p++; *p && *p != '>';) {
        if (*p == '"')
            p = take_quoted(p, box, box->angle);
        else if (*p == '(')
            p = skip_comment(p);
        else if (g_ascii_isspace(*p))
            p++;
        else
            g_string_append_c(box->angle, *p++);
    }
    return p + (*p == '>');
}

/* An address list, RFC 5322 section 3.4; groups are flattened. */
static void read_addresses(const char *p, GPtrArray *people)
{
    g_autoptr(GString) phrase = g_string_new(NULL);
    g_autoptr(GString) bare = g_string_new(NULL);
    g_autoptr(GString) angle = g_string_new(NULL);
    Mailbox box = {.phrase = phrase, .bare = bare, .angle = angle};
    while (*p && people->len < PEOPLE_MAX) {
        if (*p == '"') {
            p = take_quoted(p, &box, box.bare);
        } else if (*p == '(') {
            p = skip_comment(p);
        } else if (*p == '<') {
            p = take_angle(p, &box);
        } else if (*p == ',' || *p == ';') {
            mailbox_finish(&box, people);
            p++;
        } else if (*p == ':') { /* what came before it was a group's name */
            mailbox_reset(&box);
            p++;
        } else {
            g_string_append_c(box.phrase, *p);
            if (!g_ascii_isspace(*p))
                g_string_append_c(box.bare, *p);
            p++;
        }
    }
    mailbox_finish(&box, people);
}

/* "<a@b>" → "a@b"; the null sender's "<>" is "". */
static void read_return_path(const char *value, Mail *mail)
{
    g_autoptr(GPtrArray) people =
        g_ptr_array_new_with_free_func((GDestroyNotify)mail_address_free);
    read_addresses(value, people);
    if (*mail->return_path || people->len == 0)
        return;
    const MailAddress *address = people->pdata[0];
    replace(&mail->return_path, g_strdup(address->address));
}

/* --- fields ------------------------------------------------------------------------------ */

static void keep_sign(Outline *outline, const char *name, const char *value)
{
    if (outline->signs->len >= SIGNS_MAX || !kind_reads(name))
        return;
    Sign *sign = g_new0(Sign, 1);
    sign->name = g_strdup(name);
    sign->value = g_strdup(value);
    g_ptr_array_add(outline->signs, sign);
}

static void read_content_type(Outline *outline, const char *value)
{
    g_autofree char *type = clean_line(value);
    char *report = g_ascii_strncasecmp(type, "multipart/report", 16) == 0
                       ? structure_parameter(value, "report-type")
                       : NULL;
    replace(&outline->report_type, report ? report : g_strdup(""));
}

static bool is_read(const char *name)
{
    static const char *const names[] = {"from",        "to",           "cc",         "reply-to",
                                        "message-id",  "in-reply-to",  "references", "subject",
                                        "return-path", "content-type", "x-loop"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (*name == *names[i] && strcmp(name, names[i]) == 0)
            return true;
    return kind_reads(name);
}

static void read_people(const char *name, const char *value, Mail *mail)
{
    const struct {
        const char *name;
        GPtrArray *people;
    } lists[] = {
        {"from", mail->from}, {"to", mail->to}, {"cc", mail->cc}, {"reply-to", mail->reply_to}};
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        if (strcmp(name, lists[i].name) == 0)
            read_addresses(value, lists[i].people);
}

void outline_field(const char *name, const char *value, void *user)
{
    Outline *outline = user;
    Mail *mail = outline->mail;
    if (!is_read(name))
        return;
    if (strcmp(name, "from") == 0 && mail->from_fields < FROM_FIELDS_MAX)
        mail->from_fields++;
    outline->read += strlen(value);
    if (outline->read > BUDGET)
        return;
    read_people(name, value, mail);
    if (strcmp(name, "message-id") == 0)
        read_message_id(value, mail);
    else if (strcmp(name, "in-reply-to") == 0)
        read_ids(value, mail->in_reply_to);
    else if (strcmp(name, "references") == 0)
        read_ids(value, mail->references);
    else if (strcmp(name, "subject") == 0 && !*mail->subject)
        replace(&mail->subject, words_decode(value));
    else if (strcmp(name, "return-path") == 0)
        read_return_path(value, mail);
    else if (strcmp(name, "content-type") == 0)
        read_content_type(outline, value);
    else if (strcmp(name, "x-loop") == 0 && mail->loop_marks->len < LOOP_MARKS_MAX)
        g_ptr_array_add(mail->loop_marks, clean_line(value));
    keep_sign(outline, name, value);
}

static const char *find_sign(const char *name, void *user)
{
    const Outline *outline = user;
    for (guint i = 0; i < outline->signs->len; i++) {
        const Sign *sign = outline->signs->pdata[i];
        if (g_ascii_strcasecmp(sign->name, name) == 0)
            return sign->value;
    }
    return NULL;
}

Outline *outline_new(void)
{
    Outline *outline = g_new0(Outline, 1);
    outline->mail = mail_new();
    outline->signs = g_ptr_array_new_with_free_func(sign_free);
    outline->report_type = g_strdup("");
    return outline;
}

Mail *outline_finish(Outline *outline)
{
    kind_judge(find_sign, outline, outline->report_type, outline->mail);
    Mail *mail = g_steal_pointer(&outline->mail);
    outline_free(outline);
    return mail;
}

void outline_free(Outline *outline)
{
    if (!outline)
        return;
    mail_free(outline->mail);
    g_ptr_array_unref(outline->signs);
    g_free(outline->report_type);
    g_free(outline);
}
