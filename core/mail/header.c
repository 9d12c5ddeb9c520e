/* Header values without inner structure: encoded words (RFC 2047), message ids, dates.
 *
 * GMime's decoder is not used for text: its release in Debian 12 loses every word that follows
 * a padded base64 word, and it knows no fallback when a word's charset is wrong. Only dates go
 * through GMime. Address lists are in mailbox.c, parameters in param.c.
 *
 * Nothing fails: what is no encoded word is text. */
#include "core/mail/header.h"

#include "core/base/transfer.h"
#include "core/base/utf8.h"
#include "core/mail/charset.h"

#include <gmime/gmime.h>
#include <string.h>

#define CHARSET_MAX 60
#define MIN_DATE G_GINT64_CONSTANT(-2208988800)  /* 1900, long before any mail */
#define BROKEN_CLOCK 86400                       /* they say 1970-01-01 */
#define MAX_DATE G_GINT64_CONSTANT(253402300799) /* the end of year 9999 */

/* --- encoded words ----------------------------------------------------------------------- */

/* =?charset*language?B?payload?= */
typedef struct {
    char charset[CHARSET_MAX + 1];
    char encoding; /* 'B' or 'Q' */
    const char *payload, *payload_end, *end;
} EncodedWord;

/* *closers false: no "?=" is left in the text, so that nobody looks for one again. */
static bool read_encoded_word(const char *at, EncodedWord *word, bool *closers)
{
    if (!*closers || at[0] != '=' || at[1] != '?')
        return false;
    const char *charset = at + 2;
    gsize length = strcspn(charset, "?* \t");
    gsize language = charset[length] == '*' ? strcspn(charset + length, "? \t") : 0;
    const char *p = charset + length + language;
    if (length == 0 || length > CHARSET_MAX || p[0] != '?' || p[1] == '\0' || p[2] != '?')
        return false;
    word->encoding = g_ascii_toupper(p[1]);
    if (word->encoding != 'B' && word->encoding != 'Q')
        return false;
    word->payload = p + 3;
    word->payload_end = strstr(word->payload, "?=");
    if (!word->payload_end) {
        *closers = false;
        return false;
    }
    word->end = word->payload_end + 2;
    memcpy(word->charset, charset, length);
    word->charset[length] = '\0';
    return true;
}

static void decode_q(const char *at, const char *end, GByteArray *out)
{
    for (; at < end; at++) {
        guint8 byte = *at == '_' ? ' ' : (guint8)*at;
        if (*at == '=' && end - at > 2 && g_ascii_isxdigit(at[1]) && g_ascii_isxdigit(at[2])) {
            byte = (guint8)(g_ascii_xdigit_value(at[1]) << 4 | g_ascii_xdigit_value(at[2]));
            at += 2;
        }
        g_byte_array_append(out, &byte, 1);
    }
}

static void decode_b(const char *at, const char *end, GByteArray *out)
{
    TransferDecoder decoder;
    transfer_init(&decoder, TRANSFER_BASE64);
    transfer_decode(&decoder, (const guint8 *)at, (gsize)(end - at), out);
    transfer_finish(&decoder, out);
}

/* Adjacent words of one charset, not yet converted. */
typedef struct {
    GString *out;
    GByteArray *bytes;
    char charset[CHARSET_MAX + 1];
} Run;

static void run_end(Run *run)
{
    if (run->bytes->len == 0)
        return;
    g_autofree char *text = charset_to_utf8(run->bytes->data, run->bytes->len, run->charset);
    g_string_append(run->out, text);
    g_byte_array_set_size(run->bytes, 0);
}

static void run_word(Run *run, const EncodedWord *word)
{
    if (g_ascii_strcasecmp(run->charset, word->charset) != 0)
        run_end(run);
    g_strlcpy(run->charset, word->charset, sizeof run->charset);
    if (word->encoding == 'B')
        decode_b(word->payload, word->payload_end, run->bytes);
    else
        decode_q(word->payload, word->payload_end, run->bytes);
}

static void run_literal(Run *run, const char *text, gsize length)
{
    run_end(run);
    g_autofree char *clean = charset_to_utf8((const guint8 *)text, length, NULL);
    g_string_append(run->out, clean);
}

static bool is_white(const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (text[i] != ' ' && text[i] != '\t')
            return false;
    return true;
}

static char *decode_words(const char *text)
{
    g_autoptr(GString) out = g_string_sized_new(strlen(text));
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    Run run = {.out = out, .bytes = bytes};
    EncodedWord word;
    bool closers = true, after_word = false;
    const char *literal = text, *at = text;
    while ((at = strstr(at, "=?")) != NULL) {
        if (!read_encoded_word(at, &word, &closers)) {
            if (!closers)
                break;
            at += 2;
            continue;
        }
        /* White space between two encoded words is not part of the text. */
        gsize between = (gsize)(at - literal);
        if (between > 0 && !(after_word && is_white(literal, between)))
            run_literal(&run, literal, between);
        run_word(&run, &word);
        literal = at = word.end;
        after_word = true;
    }
    run_literal(&run, literal, strlen(literal));
    return utf8_clean(out->str, out->len, TEXT_LINE);
}

/* Folding is CR LF in front of white space that stays. */
static char *unfold(const char *raw)
{
    char *text = g_strdup(raw), *to = text;
    for (const char *from = text; *from; from++)
        if (*from != '\r' && *from != '\n')
            *to++ = *from;
    *to = '\0';
    return text;
}

char *header_decode_text(const char *raw)
{
    g_autofree char *text = unfold(raw);
    return decode_words(text);
}

/* --- message ids ------------------------------------------------------------------------- */

static bool is_id(const char *id, gsize length)
{
    if (length == 0 || length > HEADER_ID_MAX || !g_utf8_validate_len(id, length, NULL))
        return false;
    for (gsize i = 0; i < length; i++)
        if ((guchar)id[i] <= ' ' || id[i] == 0x7f || id[i] == '<' || id[i] == '>')
            return false;
    return true;
}

static void add_id(const char *id, gsize length, GPtrArray *list)
{
    if (is_id(id, length))
        g_ptr_array_add(list, utf8_clean(id, length, TEXT_LINE));
}

void header_decode_ids(const char *raw, GPtrArray *list)
{
    g_autofree char *text = unfold(raw);
    const char *open = strchr(text, '<');
    if (!open) { /* some programs forget the brackets of a Message-ID */
        g_strstrip(text);
        if (strchr(text, '@'))
            add_id(text, strlen(text), list);
        return;
    }
    while (open) {
        gsize length = strcspn(open + 1, "<>");
        const char *stop = open + 1 + length;
        if (*stop == '>')
            add_id(open + 1, length, list);
        open = strchr(stop, '<');
    }
}

/* --- dates ------------------------------------------------------------------------------- */

gint64 header_decode_date(const char *raw)
{
    g_autofree char *text = unfold(raw);
    g_autoptr(GDateTime) date = g_mime_utils_header_decode_date(text);
    if (!date)
        return 0;
    gint64 at = g_date_time_to_unix(date);
    bool broken = at >= 0 && at < BROKEN_CLOCK;
    return at >= MIN_DATE && at <= MAX_DATE && !broken ? at : 0;
}
