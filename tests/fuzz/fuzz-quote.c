/* Any text: every line of it in exactly one of the three parts, in order within each, as the
 * cuts say. The first line is the subject of the mail. */
#include "core/mail/quote.h"

#include <stdbool.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void take_line(const char **part, const char *line, gsize length)
{
    g_assert_true(strncmp(*part, line, length) == 0);
    *part += length;
}

/* Takes the text apart by the cuts. */
static void check_cuts(const char *text, const QuoteParts *parts)
{
    const char *reply = parts->reply, *signature = parts->signature, *quoted = parts->quoted;
    guint32 line = 1;
    for (guint i = 0; *text; line++) {
        gsize length = strcspn(text, "\n");
        length += text[length] == '\n';
        const MailCut *cut = i < parts->cuts->len ? parts->cuts->pdata[i] : NULL;
        bool within = cut && line >= cut->line;
        take_line(!within ? &reply : cut->is_signature ? &signature : &quoted, text, length);
        i += within && line == cut->line + cut->lines - 1;
        text += length;
    }
    g_assert_cmpstr(reply, ==, "");
    g_assert_cmpstr(signature, ==, "");
    g_assert_cmpstr(quoted, ==, "");
    guint32 next = 1;
    for (guint i = 0; i < parts->cuts->len; i++) {
        const MailCut *cut = parts->cuts->pdata[i];
        g_assert_cmpuint(cut->line, >=, next);
        g_assert_cmpuint(cut->lines, >, 0);
        g_assert_true(*cut->rule != '\0');
        next = cut->line + cut->lines;
    }
    g_assert_cmpuint(next, <=, line);
    g_assert_cmpuint(parts->cuts->len, <=, 1000);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *all = g_strndup((const char *)data, size);
    char *text = strchr(all, '\n');
    if (!text)
        return 0;
    *text++ = '\0';
    QuoteParts parts;
    quote_split(text, all, &parts);
    check_cuts(text, &parts);
    quote_parts_clear(&parts);
    return 0;
}
