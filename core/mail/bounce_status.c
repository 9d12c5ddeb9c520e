/* The status of a failed delivery, from whatever a server said about it.
 *
 * Three sources in this order: an enhanced code, which is the server's own word; a phrase of
 * the tables below, which name the reason in the words of many servers and languages; an SMTP
 * reply code, which often names the class only. A more particular phrase stands above a vaguer
 * one: the first row found decides. The class is 5 unless the reply code or the caller says
 * that the failure is temporary, or the reason is one by nature.
 *
 * Not here: whom the mail did not reach (report.c, bounce_prose.c). */
#include "core/mail/bounce_status.h"

#include <string.h>

enum { TEXT_MAX = 2048 };

/* --- codes ------------------------------------------------------------------------------- */

/* RFC 3463: class 2, 4 or 5, subject and detail of one to three digits. 0: none here. */
static gsize status_length(const char *text)
{
    if (*text != '2' && *text != '4' && *text != '5')
        return 0;
    gsize n = 1;
    for (int i = 0; i < 2; i++) {
        if (text[n] != '.')
            return 0;
        gsize digits = 0;
        while (digits < 4 && g_ascii_isdigit(text[n + 1 + digits]))
            digits++;
        if (digits < 1 || digits > 3)
            return 0;
        n += 1 + digits;
    }
    /* An IPv4 address is no status, the end of a sentence is no address. */
    return text[n] == '.' && g_ascii_isdigit(text[n + 1]) ? 0 : n;
}

static bool begins_word(const char *text, const char *p)
{
    return p == text || !(g_ascii_isalnum(p[-1]) || p[-1] == '.' || p[-1] == '-') ||
           (p[-1] == '-' && p - text > 1 && g_ascii_isdigit(p[-2])); /* "550-5.1.1" */
}

bool bounce_status_is_telling(const char *status)
{
    return *status && strcmp(status + 1, ".0.0") != 0;
}

/* How much a code says: x.0.0 its class, x.1.0 its subject, x.1.1 all of it. */
static int rank(const char *status)
{
    return !bounce_status_is_telling(status) ? 1 : g_str_has_suffix(status, ".0") ? 2 : 3;
}

/* Servers write their own "554 5.0.0 Service unavailable" in front of what they were told. */
char *bounce_status_find(const char *text)
{
    g_autofree char *best = NULL;
    for (const char *p = text; *p; p++) {
        gsize length = begins_word(text, p) ? status_length(p) : 0;
        if (length == 0 || g_ascii_isalnum(p[length]))
            continue;
        g_autofree char *status = g_strndup(p, length);
        if (!best || rank(status) > rank(best)) {
            g_free(best);
            best = g_steal_pointer(&status);
        }
        p += length - 1;
    }
    return best ? g_steal_pointer(&best) : g_strdup("");
}

/* Reply codes that mailers give for a failure, and what they mean beyond their class. */
static const struct {
    const char *code, *status;
} replies[] = {
    {"421", "4.0.0"}, {"432", "4.7.12"}, {"450", "4.0.0"}, {"451", "4.0.0"}, {"452", "4.0.0"},
    {"454", "4.0.0"}, {"471", "4.0.0"},  {"500", "5.5.2"}, {"501", "5.5.4"}, {"502", "5.5.1"},
    {"503", "5.5.1"}, {"504", "5.5.4"},  {"511", "5.1.1"}, {"512", "5.1.2"}, {"521", "5.3.2"},
    {"523", "5.3.4"}, {"530", "5.7.0"},  {"534", "5.7.9"}, {"535", "5.7.8"}, {"541", "5.7.1"},
    {"550", "5.0.0"}, {"551", "5.1.6"},  {"552", "5.0.0"}, {"553", "5.0.0"}, {"554", "5.0.0"},
    {"555", "5.5.4"}, {"556", "5.1.10"}, {"571", "5.7.1"}, {"572", "5.7.1"},
};

/* What the first reply code in `text` means; NULL without one. */
static const char *find_reply(const char *text)
{
    for (const char *p = text; *p; p++) {
        if ((*p != '4' && *p != '5') || (p > text && (g_ascii_isalnum(p[-1]) || p[-1] == '.')))
            continue;
        if (!g_ascii_isdigit(p[1]) || !g_ascii_isdigit(p[2]) || g_ascii_isalnum(p[3]) ||
            (p[3] == '.' && g_ascii_isdigit(p[4])))
            continue;
        for (gsize i = 0; i < G_N_ELEMENTS(replies); i++)
            if (strncmp(p, replies[i].code, 3) == 0)
                return replies[i].status;
    }
    return NULL;
}

/* --- words ------------------------------------------------------------------------------- */

/* Case-folded. A status with its class is of that class whatever else is said. */
static const struct {
    const char *phrase, *status;
} phrases[] = {
    /* loops */
    {"mail loop", "x.4.6"},
    {"mail forwarding loop", "x.4.6"},
    {"routing loop", "x.4.6"},
    {"loop detected", "x.4.6"},
    {"too many hops", "x.4.6"},
    {"hop count exceeded", "x.4.6"},
    {"too many received", "x.4.6"},
    {"loops back to myself", "x.4.6"},
    {"zu viele hops", "x.4.6"},
    {"boucle", "x.4.6"},

    /* too old */
    {"retry timeout exceeded", "4.4.7"},
    {"retry time not reached", "4.4.7"},
    {"message expired", "4.4.7"},
    {"delivery time expired", "4.4.7"},
    {"delivery expired", "4.4.7"},
    {"has expired", "4.4.7"},
    {"been in the queue too long", "4.4.7"},
    {"too long in the queue", "4.4.7"},
    {"in the queue too long", "4.4.7"},
    {"could not deliver mail within", "4.4.7"},
    {"could not be delivered for", "4.4.7"},
    {"unable to deliver message for", "4.4.7"},
    {"too old", "4.4.7"},
    {"giving up", "4.4.7"},
    {"d\xc3\xa9lai d\xc3\xa9pass\xc3\xa9", "4.4.7"},
    {"d\xc3\xa9lai expir\xc3\xa9", "4.4.7"},
    {"zeit\xc3\xbc"
     "berschreitung",
     "4.4.7"},

    /* mailbox full */
    {"mailbox full", "x.2.2"},
    {"mailbox is full", "x.2.2"},
    {"mail box is full", "x.2.2"},
    {"mail box full", "x.2.2"},
    {"inbox is full", "x.2.2"},
    {"inbox full", "x.2.2"},
    {"account is full", "x.2.2"},
    {"user is full", "x.2.2"},
    {"folder is full", "x.2.2"},
    {"over quota", "x.2.2"},
    {"overquota", "x.2.2"},
    {"over-quota", "x.2.2"},
    {"quota exceed", "x.2.2"},
    {"exceeded quota", "x.2.2"},
    {"exceed the quota", "x.2.2"},
    {"exceeded the quota", "x.2.2"},
    {"exceeded storage", "x.2.2"},
    {"exceeded its disk", "x.2.2"},
    {"over the allowed quota", "x.2.2"},
    {"over disk quota", "x.2.2"},
    {"over its quota", "x.2.2"},
    {"over their quota", "x.2.2"},
    {"out of storage", "x.2.2"},
    {"storage limit", "x.2.2"},
    {"storage quota", "x.2.2"},
    {"mailbox size limit", "x.2.2"},
    {"mailbox has exceeded", "x.2.2"},
    {"mailbox exceeds", "x.2.2"},
    {"mailbox over", "x.2.2"},
    {"mailfolder is full", "x.2.2"},
    {"disk quota", "x.2.2"},
    {"disc quota", "x.2.2"},
    {"quota violation", "x.2.2"},
    {"quota would be exceeded", "x.2.2"},
    {"not enough storage space", "x.2.2"},
    {"too much mail data", "x.2.2"},
    {"has too much mail", "x.2.2"},
    {"no space left in mailbox", "x.2.2"},
    {"insufficient space in mailbox", "x.2.2"},
    {"is in excess", "x.2.2"},
    {"bo\xc3\xaete pleine", "x.2.2"},
    {"boite pleine", "x.2.2"},
    {"bo\xc3\xaete aux lettres pleine", "x.2.2"},
    {"bo\xc3\xaete aux lettres est pleine", "x.2.2"},
    {"bo\xc3\xaete aux lettres du destinataire est pleine", "x.2.2"},
    {"bo\xc3\xaete de r\xc3\xa9"
     "ception est pleine",
     "x.2.2"},
    {"messagerie pleine", "x.2.2"},
    {"quota d\xc3\xa9pass\xc3\xa9", "x.2.2"},
    {"postfach voll", "x.2.2"},
    {"postfach ist voll", "x.2.2"},
    {"postfach des empf\xc3\xa4ngers ist voll", "x.2.2"},
    {"speicherplatz", "x.2.2"},
    {"buz\xc3\xb3n lleno", "x.2.2"},
    {"buz\xc3\xb3n est\xc3\xa1 lleno", "x.2.2"},
    {"casella piena", "x.2.2"},
    {"casella di posta piena", "x.2.2"},
    {"caixa de correio cheia", "x.2.2"},
    {"caixa postal cheia", "x.2.2"},
    {"postvak is vol", "x.2.2"},
    {"mailbox is vol", "x.2.2"},
    {"skrzynka jest pe\xc5\x82na", "x.2.2"},
    {"\xd0\xbf\xd0\xb5\xd1\x80\xd0\xb5\xd0\xbf\xd0\xbe\xd0\xbb\xd0\xbd\xd0\xb5\xd0\xbd",
     "x.2.2"}, /* переполнен */
    {"\xe3\x83\xa1\xe3\x83\xbc\xe3\x83\xab\xe3\x83\x9c\xe3\x83\x83\xe3\x82\xaf\xe3\x82\xb9\xe3"
     "\x81\x8c\xe4\xb8\x80\xe6\x9d\xaf",
     "x.2.2"}, /* メールボックスが一杯 */
    {"\xe9\x82\xae\xe7\xae\xb1\xe5\xb7\xb2\xe6\xbb\xa1", "x.2.2"}, /* 邮箱已满 */

    /* too big */
    {"message too large", "x.3.4"},
    {"message too big", "x.3.4"},
    {"message is too large", "x.3.4"},
    {"message is too big", "x.3.4"},
    {"message file too big", "x.3.4"},
    {"message size exceeds", "x.3.4"},
    {"message exceeds", "x.3.4"},
    {"size limit exceeded", "x.3.4"},
    {"exceeds size limit", "x.3.4"},
    {"exceeds the maximum", "x.3.4"},
    {"exceeds maximum", "x.3.4"},
    {"exceeded maximum inbound message size", "x.3.4"},
    {"maximum message size", "x.3.4"},
    {"maximum permitted message size", "x.3.4"},
    {"exceeds fixed maximum", "x.3.4"},
    {"larger than the", "x.3.4"},
    {"message trop volumineux", "x.3.4"},
    {"taille maximale", "x.3.4"},
    {"nachricht ist zu gro\xc3\x9f", "x.3.4"},
    {"nachricht ist zu gross", "x.3.4"},
    {"mensaje demasiado grande", "x.3.4"},
    {"messaggio troppo grande", "x.3.4"},

    /* spam, policy, authentication */
    {"relay not permitted", "x.7.1"},
    {"relaying denied", "x.7.1"},
    {"relay access denied", "x.7.1"},
    {"relaying not allowed", "x.7.1"},
    {"relaying is prohibited", "x.7.1"},
    {"relay denied", "x.7.1"},
    {"unable to relay", "x.7.1"},
    {"not permitted to relay", "x.7.1"},
    {"we do not relay", "x.7.1"},
    {"rcpthosts", "x.7.1"},
    {"relais refus\xc3\xa9", "x.7.1"},
    {"spf ", "x.7.23"},
    {"sender policy framework", "x.7.23"},
    {"dmarc", "x.7.26"},
    {"unauthenticated email", "x.7.26"},
    {"greylist", "4.7.1"},
    {"graylist", "4.7.1"},
    {"blacklist", "x.7.1"},
    {"black list", "x.7.1"},
    {"blocklist", "x.7.1"},
    {"block list", "x.7.1"},
    {"blocked using", "x.7.1"},
    {"spamhaus", "x.7.1"},
    {"spamcop", "x.7.1"},
    {"barracudacentral", "x.7.1"},
    {"dnsbl", "x.7.1"},
    {"poor reputation", "x.7.1"},
    {"bad reputation", "x.7.1"},
    {"low reputation", "x.7.1"},
    {"spam", "x.7.1"},
    {"unsolicited", "x.7.1"},
    {"junk mail", "x.7.1"},
    {"virus", "x.7.1"},
    {"malware", "x.7.1"},
    {"ind\xc3\xa9sirable", "x.7.1"},
    {"contenu refus\xc3\xa9", "x.7.1"},
    {"policy", "x.7.1"},
    {"prohibited", "x.7.1"},
    {"message content", "x.7.1"},
    {"content rejected", "x.7.1"},
    {"not authorized", "x.7.1"},
    {"not authorised", "x.7.1"},
    {"authentication required", "x.7.0"},
    {"no reverse dns", "x.7.25"},
    {"reverse dns", "x.7.25"},
    {"ptr record", "x.7.25"},
    {"rate limit", "4.7.0"},
    {"too many messages", "4.7.0"},
    {"throttl", "4.7.0"},

    /* the account is closed */
    {"account disabled", "x.2.1"},
    {"account is disabled", "x.2.1"},
    {"account has been disabled", "x.2.1"},
    {"account that you tried to reach is disabled", "x.2.1"},
    {"account inactive", "x.2.1"},
    {"account is inactive", "x.2.1"},
    {"account has been suspended", "x.2.1"},
    {"account is suspended", "x.2.1"},
    {"account suspended", "x.2.1"},
    {"account locked", "x.2.1"},
    {"account is locked", "x.2.1"},
    {"account deactivated", "x.2.1"},
    {"account expired", "x.2.1"},
    {"mailbox disabled", "x.2.1"},
    {"mailbox is disabled", "x.2.1"},
    {"mailbox is inactive", "x.2.1"},
    {"mailbox inactive", "x.2.1"},
    {"mailbox has been disabled", "x.2.1"},
    {"mailbox temporarily disabled", "4.2.1"},
    {"user disabled", "x.2.1"},
    {"user is inactive", "x.2.1"},
    {"inactive user", "x.2.1"},
    {"user suspended", "x.2.1"},
    {"not accepting mail", "x.2.1"},
    {"not accepting messages", "x.2.1"},
    {"compte d\xc3\xa9sactiv\xc3\xa9", "x.2.1"},
    {"compte suspendu", "x.2.1"},
    {"compte inactif", "x.2.1"},
    {"konto deaktiviert", "x.2.1"},
    {"konto ist deaktiviert", "x.2.1"},
    {"konto gesperrt", "x.2.1"},
    {"cuenta desactivada", "x.2.1"},
    {"account disattivato", "x.2.1"},

    /* nobody of that name */
    {"user unknown", "x.1.1"},
    {"unknown user", "x.1.1"},
    {"unknown recipient", "x.1.1"},
    {"recipient unknown", "x.1.1"},
    {"unknown mailbox", "x.1.1"},
    {"mailbox unknown", "x.1.1"},
    {"unknown local part", "x.1.1"},
    {"unknown local-part", "x.1.1"},
    {"unknown address", "x.1.1"},
    {"address unknown", "x.1.1"},
    {"unknown account", "x.1.1"},
    {"unrouteable address", "x.1.1"},
    {"unroutable address", "x.1.1"},
    {"no such user", "x.1.1"},
    {"no such mailbox", "x.1.1"},
    {"no such recipient", "x.1.1"},
    {"no such address", "x.1.1"},
    {"no such account", "x.1.1"},
    {"no such person", "x.1.1"},
    {"no such email", "x.1.1"},
    {"no such local", "x.1.1"},
    {"no mailbox here by that name", "x.1.1"},
    {"no mailbox by that name", "x.1.1"},
    {"no mailbox for", "x.1.1"},
    {"no account by that name", "x.1.1"},
    {"not our customer", "x.1.1"},
    {"not a valid user", "x.1.1"},
    {"not a valid mailbox", "x.1.1"},
    {"not a valid recipient", "x.1.1"},
    {"not a local mailbox", "x.1.1"},
    {"not a known user", "x.1.1"},
    {"is not a user", "x.1.1"},
    {"user not found", "x.1.1"},
    {"user not known", "x.1.1"},
    {"user does not exist", "x.1.1"},
    {"user doesn't exist", "x.1.1"},
    {"user doesn't have", "x.1.1"},
    {"user does not have", "x.1.1"},
    {"user not exist", "x.1.1"},
    {"mailbox not found", "x.1.1"},
    {"mailbox does not exist", "x.1.1"},
    {"mailbox doesn't exist", "x.1.1"},
    {"mailbox unavailable", "x.1.1"},
    {"mailbox not available", "x.1.1"},
    {"mailbox is unavailable", "x.1.1"},
    {"recipient not found", "x.1.1"},
    {"recipientnotfound", "x.1.10"},
    {"recipient does not exist", "x.1.1"},
    {"recipient doesn't exist", "x.1.1"},
    {"recipient address rejected", "x.1.1"},
    {"recipient rejected", "x.1.1"},
    {"recipient invalid", "x.1.1"},
    {"recipient is not", "x.1.1"},
    {"recipient no longer", "x.1.1"},
    {"invalid recipient", "x.1.1"},
    {"invalid mailbox", "x.1.1"},
    {"invalid user", "x.1.1"},
    {"invalid address", "x.1.1"},
    {"invalid final delivery user", "x.1.1"},
    {"address not found", "x.1.1"},
    {"address does not exist", "x.1.1"},
    {"address doesn't exist", "x.1.1"},
    {"address wasn't found", "x.1.1"},
    {"address wasn\xe2\x80\x99t found", "x.1.1"},
    {"address couldn't be found", "x.1.1"},
    {"address couldn\xe2\x80\x99t be found", "x.1.1"},
    {"address you entered couldn", "x.1.1"},
    {"account does not exist", "x.1.1"},
    {"account doesn't exist", "x.1.1"},
    {"account that you tried to reach does not exist", "x.1.1"},
    {"account not found", "x.1.1"},
    {"does not exist", "x.1.1"},
    {"does not like recipient", "x.1.1"},
    {"doesn't like recipient", "x.1.1"},
    {"addressee unknown", "x.1.1"},
    {"not listed in", "x.1.1"},
    {"email address is no longer", "x.1.1"},
    {"destinataire inconnu", "x.1.1"},
    {"destinataire n'existe pas", "x.1.1"},
    {"destinataire introuvable", "x.1.1"},
    {"utilisateur inconnu", "x.1.1"},
    {"adresse inconnue", "x.1.1"},
    {"adresse d au moins un destinataire invalide", "x.1.1"},
    {"adresse invalide", "x.1.1"},
    {"adresse introuvable", "x.1.1"},
    {"n'existe pas", "x.1.1"},
    {"n\xe2\x80\x99"
     "existe pas",
     "x.1.1"},
    {"unbekannter benutzer", "x.1.1"},
    {"unbekannter empf\xc3\xa4nger", "x.1.1"},
    {"empf\xc3\xa4nger unbekannt", "x.1.1"},
    {"empf\xc3\xa4nger nicht gefunden", "x.1.1"},
    {"benutzer unbekannt", "x.1.1"},
    {"existiert nicht", "x.1.1"},
    {"adresse nicht gefunden", "x.1.1"},
    {"usuario desconocido", "x.1.1"},
    {"destinatario desconocido", "x.1.1"},
    {"no existe", "x.1.1"},
    {"utente sconosciuto", "x.1.1"},
    {"destinatario sconosciuto", "x.1.1"},
    {"non esiste", "x.1.1"},
    {"usu\xc3\xa1rio desconhecido", "x.1.1"},
    {"n\xc3\xa3o existe", "x.1.1"},
    {"bestaat niet", "x.1.1"},
    {"onbekende gebruiker", "x.1.1"},
    {"finns inte", "x.1.1"},
    {"findes ikke", "x.1.1"},
    {"finnes ikke", "x.1.1"},
    {"nie istnieje", "x.1.1"},
    {"\xd0\xbd\xd0\xb5 \xd1\x81\xd1\x83\xd1\x89\xd0\xb5\xd1\x81\xd1\x82\xd0\xb2\xd1\x83\xd0"
     "\xb5\xd1\x82",
     "x.1.1"}, /* не существует */
    {"\xe5\xad\x98\xe5\x9c\xa8\xe3\x81\x97\xe3\x81\xbe\xe3\x81\x9b\xe3\x82\x93",
     "x.1.1"},                                                     /* 存在しません */
    {"\xe8\xa6\x8b\xe3\x81\xa4\xe3\x81\x8b\xe3\x82\x8a", "x.1.1"}, /* 見つかり… */
    {"\xe4\xb8\x8d\xe5\xad\x98\xe5\x9c\xa8", "x.1.1"},             /* 不存在 */

    /* no such place */
    {"host unknown", "x.1.2"},
    {"unknown host", "x.1.2"},
    {"host not found", "x.1.2"},
    {"name server: host", "x.1.2"},
    {"name or service not known", "x.1.2"},
    {"couldn't find any host", "x.1.2"},
    {"cannot find any host", "x.1.2"},
    {"no such domain", "x.1.2"},
    {"domain not found", "x.1.2"},
    {"unknown domain", "x.1.2"},
    {"domain unknown", "x.1.2"},
    {"domain name not found", "x.1.2"},
    {"couldn't be found", "x.1.2"},
    {"couldn\xe2\x80\x99t be found", "x.1.2"},
    {"couldn't find a mail exchanger", "x.1.2"},
    {"no mx", "x.1.2"},
    {"dns error", "x.1.2"},
    {"dns lookup fail", "x.1.2"},
    {"nxdomain", "x.1.2"},
    {"h\xc3\xb4te inconnu", "x.1.2"},
    {"domaine inconnu", "x.1.2"},
    {"domaine introuvable", "x.1.2"},
    {"unbekannte dom", "x.1.2"},
    {"dominio desconocido", "x.1.2"},
    {"dominio sconosciuto", "x.1.2"},
    {"null mx", "x.1.10"},

    /* the way there */
    {"connection refused", "4.4.1"},
    {"connection timed out", "4.4.1"},
    {"operation timed out", "4.4.1"},
    {"timed out", "4.4.2"},
    {"timeout", "4.4.2"},
    {"no route to host", "4.4.1"},
    {"network is unreachable", "4.4.1"},
    {"could not connect", "4.4.1"},
    {"couldn't connect", "4.4.1"},
    {"wasn't able to establish an smtp connection", "4.4.1"},
    {"all hosts", "4.4.1"},
    {"lost connection", "4.4.2"},
    {"connection reset", "4.4.2"},
    {"connection dropped", "4.4.2"},
    {"connection died", "4.4.2"},
    {"conversation with", "4.4.2"},
    {"not responding", "4.4.1"},

    /* the servers themselves */
    {"no space left", "4.3.1"},
    {"disk full", "4.3.1"},
    {"insufficient system storage", "4.3.1"},
    {"insufficient disk", "4.3.1"},
    {"try again later", "4.3.0"},
    {"temporarily unavailable", "4.3.2"},
    {"service unavailable", "x.3.2"},
    {"bad sender", "x.1.8"},
    {"sender address rejected", "x.1.8"},
    {"sender domain", "x.1.8"},
    {"sender rejected", "x.1.8"},
    {"syntax error", "x.5.2"},
    {"access denied", "x.7.1"},
    {"not allowed", "x.7.1"},
    {"refused", "x.7.1"},
    {"rejected", "x.7.1"},
    {"blocked", "x.7.1"},
    {"denied", "x.7.1"},
};

static const char *find_phrase(const char *folded)
{
    for (gsize i = 0; i < G_N_ELEMENTS(phrases); i++)
        if (strstr(folded, phrases[i].phrase))
            return phrases[i].status;
    return NULL;
}

/* Lower case, each run of blanks and line ends one space: servers wrap where they like. */
static char *fold(const char *text)
{
    gsize length = strnlen(text, TEXT_MAX);
    if (text[length])
        while (length > 0 && ((guchar)text[length] & 0xc0) == 0x80)
            length--; /* not within a character */
    char *folded = g_utf8_casefold(text, (gssize)length);
    char *out = folded;
    for (const char *p = folded; *p; p++) {
        bool blank = *p == ' ' || *p == '\t' || *p == '\n' || *p == '\r';
        if (!blank)
            *out++ = *p;
        else if (out > folded && out[-1] != ' ')
            *out++ = ' ';
    }
    *out = '\0';
    return folded;
}

char *bounce_status_guess(const char *text, bool temporary)
{
    g_autofree char *folded = fold(text);
    g_autofree char *found = bounce_status_find(folded);
    if (bounce_status_is_telling(found) && *found != '2')
        return g_steal_pointer(&found);
    const char *reply = find_reply(folded), *phrase = find_phrase(folded);
    if (!reply && (*found == '4' || *found == '5'))
        reply = found; /* its class */
    if (!phrase)
        return g_strdup(reply ? reply : "");
    char *status = g_strdup(phrase);
    if (reply)
        *status = *reply;
    else if (*status == 'x')
        *status = temporary ? '4' : '5';
    return status;
}
