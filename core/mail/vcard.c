/* Reading visiting cards: one pass over their unfolded lines, each property's values as lines
 * in the order of the table. Pictures, keys and whatever else a card holds stay in its file. */
#include "core/mail/vcard.h"

#include "core/base/transfer.h"
#include "core/base/utf8.h"
#include "core/mail/content_line.h"

#include <string.h>

enum { READ_MAX = 256 * 1024, CARDS_MAX = 10, LINES_MAX = 5 /* of one property */ };

typedef enum {
    FULL_NAME,
    NAME,
    TITLE,
    ORGANIZATION,
    PHONE,
    MAIL,
    ADDRESS,
    LINK,
    N_PROPERTIES
} Property;

static const char *const properties[N_PROPERTIES] = {
    [FULL_NAME] = "FN", [NAME] = "N",     [TITLE] = "TITLE", [ORGANIZATION] = "ORG",
    [PHONE] = "TEL",    [MAIL] = "EMAIL", [ADDRESS] = "ADR", [LINK] = "URL",
};

typedef struct {
    GString *lines[N_PROPERTIES];
    int n[N_PROPERTIES];
} Card;

/* "item1.TEL" is a TEL. */
static const char *without_group(const char *name)
{
    gsize group = strcspn(name, ".;:");
    return name[group] == '.' ? name + group + 1 : name;
}

static bool is_quoted_printable(const char *name)
{
    g_autofree char *upper = g_ascii_strup(name, -1);
    return strstr(upper, "QUOTED-PRINTABLE") != NULL;
}

static char *decode(const char *value)
{
    TransferDecoder decoder;
    g_autoptr(GByteArray) out = g_byte_array_new();
    transfer_init(&decoder, TRANSFER_QUOTED_PRINTABLE);
    transfer_decode(&decoder, (const guint8 *)value, strlen(value), out);
    transfer_finish(&decoder, out);
    return utf8_clean((const char *)out->data, out->len, TEXT_LINE);
}

/* vCard 2.1 breaks long quoted-printable values with "=" at the end of a line. */
static bool next_line(const char **at, const char *end, GString *line)
{
    if (!content_line_next(at, end, line))
        return false;
    g_autoptr(GString) more = g_string_new(NULL);
    while (line->len > 0 && line->str[line->len - 1] == '=' && line->len < CONTENT_LINE_MAX &&
           is_quoted_printable(line->str) && content_line_next(at, end, more)) {
        g_string_truncate(line, line->len - 1);
        g_string_append(line, more->str);
    }
    return true;
}

/* The components of a structured value ("Dupont;Jean;;;"), parted by `between`. */
static char *join_components(const char *value, const char *between, bool reversed)
{
    g_auto(GStrv) parts = g_strsplit(value, ";", 16);
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0, n = g_strv_length(parts); i < n; i++) {
        const char *part = g_strstrip(parts[reversed ? n - 1 - i : i]);
        if (*part)
            g_string_append_printf(out, "%s%s", out->len ? between : "", part);
    }
    return content_line_text(out->str);
}

static char *readable(Property property, const char *value)
{
    switch (property) {
    case NAME:
        return join_components(value, " ", true);
    case ORGANIZATION:
    case ADDRESS:
        return join_components(value, ", ", false);
    default:
        return content_line_text(g_str_has_prefix(value, "tel:") ? value + 4 : value);
    }
}

static void take(Card *card, const char *name, const char *written)
{
    name = without_group(name);
    for (int i = 0; i < N_PROPERTIES; i++) {
        if (!content_line_is(name, properties[i]) || card->n[i] == LINES_MAX)
            continue;
        g_autofree char *plain =
            is_quoted_printable(name) ? decode(written) : g_strdup(written);
        g_autofree char *line = readable(i, plain);
        if (*line == '\0')
            continue;
        card->n[i]++;
        g_string_append_printf(card->lines[i], "%s\n", line);
    }
}

static void write_card(Card *card, GString *out)
{
    if (card->n[FULL_NAME] > 0)
        g_string_truncate(card->lines[NAME], 0);
    bool first = out->len > 0;
    for (int i = 0; i < N_PROPERTIES; i++) {
        if (first && card->lines[i]->len > 0) {
            g_string_append_c(out, '\n');
            first = false;
        }
        g_string_append(out, card->lines[i]->str);
        g_string_truncate(card->lines[i], 0);
        card->n[i] = 0;
    }
}

char *vcard_to_text(const char *cards, gsize length)
{
    Card card = {0};
    g_autoptr(GString) line = g_string_new(NULL);
    g_autoptr(GString) out = g_string_new(NULL);
    const char *end = cards + MIN(length, (gsize)READ_MAX);
    for (int i = 0; i < N_PROPERTIES; i++)
        card.lines[i] = g_string_new(NULL);
    for (int n = 0; n < CARDS_MAX && next_line(&cards, end, line);) {
        char *value = content_line_divide(line->str);
        if (!value)
            continue;
        if (content_line_is(line->str, "END")) {
            write_card(&card, out);
            n++;
        } else {
            take(&card, line->str, value);
        }
    }
    write_card(&card, out);
    for (int i = 0; i < N_PROPERTIES; i++)
        g_string_free(card.lines[i], TRUE);
    return out->len > 0 ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}
