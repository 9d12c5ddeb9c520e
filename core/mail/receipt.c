/* Read receipts.
 *
 * A disposition-type is read wherever it stands in the field: behind the modes and the ";" as
 * RFC 8098 section 3.2.6 wants it, or alone. The prose of Outlook and kin counts only when the
 * subject begins as theirs do and the text says the same in its first lines: people write
 * "Read: …" too. What is unknown stays "". */
#include "core/mail/receipt.h"

#include "core/base/utf8.h"
#include "core/mail/report.h"
#include "core/mail/subject.h"

#include <string.h>

enum { OPENING_MAX = 1024 };

static void replace(char **where, char *value)
{
    g_free(*where);
    *where = value;
}

/* "manual-action/MDN-sent-manually; displayed/error" → "displayed". */
static const char *disposition_of(const char *value)
{
    static const char *const types[] = {"displayed", "deleted", "dispatched",
                                        "processed", "denied",  "failed"};
    const char *type = strchr(value, ';');
    type = type ? type + 1 : value;
    type += strspn(type, " \t");
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_ascii_strncasecmp(type, types[i], strlen(types[i])) == 0)
            return types[i];
    return "";
}

void receipt_read(const char *part, gsize length, Mail *mail)
{
    g_autofree char *disposition = report_find_field(part, length, "Disposition");
    g_autofree char *id = report_find_field(part, length, "Original-Message-ID");
    if (disposition)
        replace(&mail->disposition, g_strdup(disposition_of(disposition)));
    char *clean = id ? report_clean_id(id) : NULL;
    if (clean)
        replace(&mail->original_message_id, clean);
}

/* Case-folded: what the text says, and which disposition that is. The negative ones first: they
 * contain the others. */
static const struct {
    const char *phrase, *disposition;
} phrases[] = {
    {"was deleted without being read", "deleted"},
    {"was not read", "deleted"},
    {"a \xc3\xa9t\xc3\xa9 supprim\xc3\xa9 sans", "deleted"},
    {"wurde ungelesen gel\xc3\xb6scht", "deleted"},
    {"wurde gel\xc3\xb6scht, ohne", "deleted"},
    {"se elimin\xc3\xb3 sin", "deleted"},
    {"eliminato senza", "deleted"},
    {"exclu\xc3\xad"
     "da sem",
     "deleted"},
    {"is ongelezen verwijderd", "deleted"},
    {"was read on", "displayed"},
    {"was read at", "displayed"},
    {"has been read", "displayed"},
    {"was displayed", "displayed"},
    {"has been displayed", "displayed"},
    {"has been opened", "displayed"},
    {"this is a receipt for the mail", "displayed"},
    {"this is a return receipt", "displayed"},
    {"return receipt only acknowledges", "displayed"},
    {"a \xc3\xa9t\xc3\xa9 lu", "displayed"},
    {"a \xc3\xa9t\xc3\xa9 affich\xc3\xa9", "displayed"},
    {"a \xc3\xa9t\xc3\xa9 ouvert", "displayed"},
    {"est un accus\xc3\xa9 de r\xc3\xa9"
     "ception",
     "displayed"},
    {"wurde gelesen", "displayed"},
    {"gelesen am", "displayed"},
    {"wurde am", "displayed"},
    {"wurde angezeigt", "displayed"},
    {"eine empfangsbest\xc3\xa4tigung", "displayed"},
    {"fue le\xc3\xad"
     "do",
     "displayed"},
    {"ha sido le\xc3\xad"
     "do",
     "displayed"},
    {"se ley\xc3\xb3", "displayed"},
    {"\xc3\xa8 stato letto", "displayed"},
    {"\xc3\xa8 stato visualizzato", "displayed"},
    {"foi lida", "displayed"},
    {"foi lido", "displayed"},
    {"is gelezen", "displayed"},
    {"werd gelezen", "displayed"},
    {"har l\xc3\xa4sts", "displayed"},
    {"l\xc3\xa4stes", "displayed"},
    {"blev l\xc3\xa6st", "displayed"},
    {"ble lest", "displayed"},
    {"on luettu", "displayed"},
    {"luettiin", "displayed"},
    {"zosta\xc5\x82"
     "a przeczytana",
     "displayed"},
    {"byla p\xc5\x99"
     "e\xc4\x8dtena",
     "displayed"},
    {"\xd0\xbf\xd1\x80\xd0\xbe\xd1\x87\xd0\xb8\xd1\x82\xd0\xb0\xd0\xbd\xd0\xbe",
     "displayed"}, /* прочитано */
    {"okundu", "displayed"},
    {"\xe9\x96\x8b\xe5\xb0\x81", "displayed"}, /* 開封 */
    {"\xe5\xb7\xb2\xe8\xaf\xbb", "displayed"}, /* 已读 */
};

static const char *prose_disposition(const Mail *mail)
{
    gsize length = strnlen(mail->text, OPENING_MAX);
    g_autofree char *opening = utf8_clean(mail->text, length, TEXT_LINE);
    g_autofree char *folded = g_utf8_casefold(opening, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(phrases); i++)
        if (strstr(folded, phrases[i].phrase))
            return phrases[i].disposition;
    return "";
}

bool receipt_speaks(const Mail *mail)
{
    return subject_says_read(mail->subject) && *prose_disposition(mail) != '\0';
}

void receipt_read_prose(Mail *mail)
{
    if (*mail->disposition == '\0')
        replace(&mail->disposition, g_strdup(prose_disposition(mail)));
}
