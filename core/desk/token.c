/* Minting and verifying everything that is made with the site's secret.
 *
 * Nothing here looks anything up: who an id belongs to and which epoch holds is the caller's
 * knowledge. A MAC that does not verify is never an error, only "not ours". */
#include "core/desk/token.h"

#include "core/base/address.h"
#include "core/base/base32.h"

#include <string.h>

#define SUBJECT_MAC_BYTES 5
#define SUBJECT_MAC_CHARS 8
#define ADDRESS_MAC_CHARS 16 /* SECRET_MAC_BYTES in base32 */
#define MESSAGE_ID_RANDOM_BYTES 10
#define MESSAGE_ID_TIME_BYTES 7 /* of these; microseconds */
#define PAGE_CHARS 26           /* TOKEN_PAGE_BYTES in base32 */

/* --- subjects ---------------------------------------------------------------------------- */

char *token_subject_code(const Keyring *ring, const char *prefix, gint64 number)
{
    guint8 mac[SUBJECT_MAC_BYTES];
    g_autofree char *data = g_strdup_printf("%s-%" G_GINT64_FORMAT, prefix, number);
    keyring_mac(ring, "subject", data, mac, sizeof mac);
    return base32_encode(mac, sizeof mac);
}

char *token_subject(const Ticket *ticket)
{
    return g_strdup_printf("[%s-%" G_GINT64_FORMAT "-%s]", ticket->prefix, ticket->number,
                           ticket->token);
}

typedef struct {
    const char *end; /* behind the ] */
    char *prefix;    /* upper case */
    gint64 number;
    const char *code; /* SUBJECT_MAC_CHARS characters */
} SubjectToken;

/* Reads "[SUP-42-7kq2m9xw]" at `at`; the shape only. */
static bool read_subject_token(const char *at, SubjectToken *token)
{
    const char *p = at + 1;
    gsize prefix = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
    if (*at != '[' || prefix < 2 || prefix > 8 || p[prefix] != '-')
        return false;
    const char *digits = p + prefix + 1;
    gsize n = strspn(digits, "0123456789");
    if (n == 0 || n > 15 || digits[n] != '-')
        return false;
    const char *code = digits + n + 1;
    for (gsize i = 0; i < SUBJECT_MAC_CHARS; i++)
        if (!g_ascii_isalnum(code[i]))
            return false;
    if (code[SUBJECT_MAC_CHARS] != ']')
        return false;
    token->end = code + SUBJECT_MAC_CHARS + 1;
    token->prefix = g_ascii_strup(p, (gssize)prefix);
    token->number = g_ascii_strtoll(digits, NULL, 10);
    token->code = code;
    return true;
}

bool token_find_in_subject(const Keyring *ring, const char *subject, char **ret_prefix,
                           gint64 *ret_number)
{
    for (const char *at = strchr(subject, '['); at; at = strchr(at + 1, '[')) {
        SubjectToken token = {0};
        if (!read_subject_token(at, &token))
            continue;
        g_autofree char *prefix = token.prefix;
        guint8 mac[SUBJECT_MAC_BYTES];
        g_autofree char *data = g_strdup_printf("%s-%" G_GINT64_FORMAT, prefix, token.number);
        if (!base32_decode(token.code, SUBJECT_MAC_CHARS, mac, sizeof mac) ||
            !keyring_verify(ring, "subject", data, mac, sizeof mac))
            continue;
        *ret_prefix = g_steal_pointer(&prefix);
        *ret_number = token.number;
        return true;
    }
    return false;
}

/* Length of one reply or forward mark at `p`, with what follows it, or 0. */
static gsize reply_mark(const char *p)
{
    static const char *const marks[] = {"re", "fw", "fwd", "tr", "rép", "rep", "réf",  "aw",
                                        "wg", "sv", "vs",  "rv", "enc", "odp", "antw", "r"};
    g_autofree char *head = g_utf8_strdown(p, MIN((gssize)strlen(p), 12));
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (!g_str_has_prefix(head, marks[i]))
            continue;
        const char *q = p + strlen(marks[i]);
        if (*q == '[') /* Re[2]: */
            q += strspn(q, "[0123456789]");
        while (*q == ' ' || g_str_has_prefix(q, "\xC2\xA0"))
            q += *q == ' ' ? 1 : 2;
        if (*q == ':')
            return (gsize)(q + 1 - p);
        if (g_str_has_prefix(q, "：")) /* fullwidth, as East Asian clients write */
            return (gsize)(q + strlen("：") - p);
    }
    return 0;
}

char *token_strip_subject(const char *subject)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *p = subject; *p;) {
        SubjectToken token = {0};
        if (*p == '[' && read_subject_token(p, &token)) {
            g_free(token.prefix);
            p = token.end;
            while (*p == ' ')
                p++;
            continue;
        }
        gsize mark = out->len == 0 ? reply_mark(p) : 0;
        if (mark > 0)
            p += mark;
        else if (out->len == 0 && g_ascii_isspace(*p))
            p++;
        else
            g_string_append_c(out, *p++);
    }
    return g_strchomp(g_string_free(g_steal_pointer(&out), FALSE));
}

/* --- addresses --------------------------------------------------------------------------- */

static char *mint_address(const Keyring *ring, const char *queue_address, char letter,
                          gint64 id, gint64 epoch)
{
    const char purpose[] = {'a', 'd', 'd', 'r', 'e', 's', 's', '-', letter, '\0'};
    g_autofree char *data =
        g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, id, epoch);
    guint8 mac[SECRET_MAC_BYTES];
    keyring_mac(ring, purpose, data, mac, sizeof mac);
    g_autofree char *code = base32_encode(mac, sizeof mac);
    g_autofree char *extension = g_strdup_printf("%c%" G_GINT64_FORMAT ".%s", letter, id, code);
    return address_extend(queue_address, extension);
}

char *token_reply_address(const Keyring *ring, const char *queue_address, gint64 participation,
                          gint64 epoch)
{
    return mint_address(ring, queue_address, 'r', participation, epoch);
}

char *token_bounce_address(const Keyring *ring, const char *queue_address, gint64 outbox)
{
    return mint_address(ring, queue_address, 'v', outbox, 0);
}

char *token_confirm_address(const Keyring *ring, const char *queue_address, gint64 confirmation,
                            gint64 epoch)
{
    return mint_address(ring, queue_address, 'c', confirmation, epoch);
}

char *token_desk_address(const Keyring *ring, const char *queue_address, gint64 person,
                         gint64 epoch)
{
    return mint_address(ring, queue_address, 'd', person, epoch);
}

ExtensionKind token_read_extension(const char *extension, gint64 *ret_id)
{
    static const struct {
        char letter;
        ExtensionKind kind;
    } kinds[] = {{'r', EXTENSION_REPLY},
                 {'v', EXTENSION_BOUNCE},
                 {'c', EXTENSION_CONFIRM},
                 {'d', EXTENSION_DESK}};

    if (!extension)
        return EXTENSION_NONE;
    gsize digits = strspn(extension + (*extension != '\0'), "0123456789");
    if (digits == 0 || digits > 15 || extension[1 + digits] != '.' ||
        strlen(extension + 2 + digits) != ADDRESS_MAC_CHARS)
        return EXTENSION_NONE;
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (g_ascii_tolower(*extension) == kinds[i].letter) {
            *ret_id = g_ascii_strtoll(extension + 1, NULL, 10);
            return kinds[i].kind;
        }
    }
    return EXTENSION_NONE;
}

bool token_verify_extension(const Keyring *ring, const char *extension, gint64 epoch)
{
    gint64 id = 0;
    if (token_read_extension(extension, &id) == EXTENSION_NONE)
        return false;
    const char purpose[] = {'a', 'd', 'd', 'r', 'e', 's', 's', '-', g_ascii_tolower(*extension),
                            '\0'};
    g_autofree char *data =
        g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, id, epoch);
    guint8 mac[SECRET_MAC_BYTES];
    return base32_decode(strchr(extension, '.') + 1, ADDRESS_MAC_CHARS, mac, sizeof mac) &&
           keyring_verify(ring, purpose, data, mac, sizeof mac);
}

/* --- Message-IDs ------------------------------------------------------------------------- */

/* It begins with the time, so that those of one delivery lie side by side in the index that
 * bounces and answers are looked up in. That it is ours is proven by the code behind. */
char *token_message_id(const Keyring *ring, const char *domain)
{
    guint8 noise[MESSAGE_ID_RANDOM_BYTES], mac[SECRET_MAC_BYTES];
    random_bytes(noise, sizeof noise);
    guint64 time = (guint64)g_get_real_time();
    for (int i = 0; i < MESSAGE_ID_TIME_BYTES; i++)
        noise[i] = (guint8)(time >> 8 * (MESSAGE_ID_TIME_BYTES - 1 - i));
    g_autofree char *random = base32_encode(noise, sizeof noise);
    keyring_mac(ring, "message-id", random, mac, sizeof mac);
    g_autofree char *code = base32_encode(mac, sizeof mac);
    return g_strdup_printf("%s.%s@%s", random, code, domain);
}

bool token_message_id_is_ours(const Keyring *ring, const char *message_id)
{
    const char *dot = strchr(message_id, '.');
    const char *at = strchr(message_id, '@');
    if (!dot || !at || dot - message_id != ADDRESS_MAC_CHARS ||
        at - dot - 1 != ADDRESS_MAC_CHARS)
        return false;
    g_autofree char *random = g_strndup(message_id, ADDRESS_MAC_CHARS);
    guint8 mac[SECRET_MAC_BYTES];
    return base32_decode(dot + 1, ADDRESS_MAC_CHARS, mac, sizeof mac) &&
           keyring_verify(ring, "message-id", random, mac, sizeof mac);
}

/* --- pages ------------------------------------------------------------------------------- */

char *token_page(const Keyring *ring, gint64 ticket, gint64 person, gint64 epoch)
{
    g_autofree char *data = g_strdup_printf(
        "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, ticket, person, epoch);
    guint8 mac[TOKEN_PAGE_BYTES];
    keyring_mac(ring, "page", data, mac, sizeof mac);
    return base32_encode(mac, sizeof mac);
}

bool token_page_hash(const char *page, guint8 out[32])
{
    guint8 bytes[TOKEN_PAGE_BYTES];
    if (strlen(page) != PAGE_CHARS || !base32_decode(page, PAGE_CHARS, bytes, sizeof bytes))
        return false;
    sha256_of(bytes, sizeof bytes, out);
    return true;
}
