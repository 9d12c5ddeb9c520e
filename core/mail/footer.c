/* Footers by a table of words: one that says "sent", and a device or a program.
 *
 * Every language says it in its own order ("Sent from my iPhone", "Von meinem iPhone gesendet",
 * "iPhoneから送信"), so a line is one if it is short, begins or ends with the word for "sent",
 * and names a device or a program.
 *
 * Not here: where in a text a footer counts (quote.c). Never fails. */
#include "core/mail/footer.h"

#include "core/mail/quote_lines.h"

#include <string.h>

#define LENGTH_MAX 300
#define WORDS_MAX 90 /* bytes of the line without its links */
#define RULE_MIN 3

/* Lower case, parted by "|". What a footer begins or ends with. */
static const char sent_words[] =
    /* clang-format off */
    "sent from|sent via|sent with|sent using|sent through|sent securely|composed on|"
    "written on my|typed on my|envoyé de|envoyé depuis|envoyé à partir|envoyé avec|"
    "envoyé par|envoyé via|envoyé d'|envoyé sur|envoyé grâce|envoyé en utilisant|"
    "envoye de|envoye depuis|envoyée de|envoyée depuis|provenance :|écrit depuis|"
    "expédié depuis|gesendet|gesendet von|gesendet mit|gesendet über|gesendet aus|"
    "verschickt von|diese nachricht wurde von|von meinem|versendet|enviado|enviada|"
    "inviato|inviata|spedito|enviat des|enviat amb|verzonden|verstuurd|verstuurd vanaf|"
    "gestuurd vanaf|skickat från|skickat med|skickat via|skickades från|sänt från|skickat|"
    "sendt fra|sendt med|sendt via|sent fra|sendt|lähetetty|lähetetty laitteesta|lähetin|"
    "wysłane|wysłano|wysłana|wysyłane|odesláno|odoslané|odoslane|odeslano|poslano|poslané|"
    "posláno|посла|отправлено|послано|надіслано|відправлено|изпратено|küldve|elküldve|"
    "küldött|trimis|expediat|gönderildi|gönderilen|gönderilmiştir|στάλθηκε|εστάλη|"
    "απεσταλμένο|αποστολή|išsiųsta|nosūtīts|saadetud|sent úr|được gửi từ|gửi từ|đã gửi từ|"
    "dikirim|dihantar|ส่งจาก|から送信|から送信されました|より送信|から送信しました|送信元|发自我的|发自|從我的|从我的|发送|传送|傳送|發送|"
    "寄出|에서 보냄|보냄|에서 전송|에서 보낸 메일|에서 발송|נשלח|נשלחה|أرسلت من|أُرسلت|مرسل من|تم الإرسال|"
    "أرسل من|تم إرساله|ارسال شده|से भेजा|भेजा गया";
/* clang-format on */

static const char program_words[] =
    /* clang-format off */
    "iphon|ipad|ipod|android|blackberry|samsung|galaxy|huawei|xiaomi|redmi|nokia|lumia|"
    "windows|outlook|yahoo|proton|gmail|aol|orange|sfr|la poste|laposte|free mail|"
    "bouygues|zimbra|mailbird|spark|newton|superhuman|airmail|front app|missive|canary|"
    "bluemail|blue mail|k-9|k9|thunderbird|tutanota|tuta|gmx|web.de|t-online|freenet|"
    "telekom|mail.ru|yandex|яндекс|почт|ukr.net|wp.pl|onet|interia|seznam|centrum|libero|"
    "virgilio|alice|tim mail|hotmail|live mail|zoho|mailspring|mailbox|hey|fastmail|"
    "icloud|mail pour|mail for|mail für|mail per|mail para|courrier|mail app|email app|"
    "e-mail app|mobile|smartphone|telephone|phone|téléphone|portable|tablet|handy|mobil|"
    "telefon|móvil|movil|celular|teléfono|telefono|cellulare|dispositivo|telemóvel|mobiel|"
    "telefoon|puhelim|komórk|telefonu|téléphon|телефон|устройств|смартфон|мобіль|мобил|"
    "κινητό|συσκευή|điện thoại|ponsel|スマートフォン|携帯|手机|手機|휴대폰|스마트폰|هاتف|جهاز|الـ iphone|"
    "הנייד|htc|motorola|oneplus|oppo|vivo|pixel|xperia|sony|wiko|honor|realme|lg |"
    "workspace one|boxer|nine|mymail|edison|email client|jail break|apple watch|mac|"
    "roundcube|shaw webmail|rogers|verizon|at&t|t-mobile";
/* clang-format on */

/* --- words ------------------------------------------------------------------------------- */

static char **sent, **programs, **advertised;

static void split_words(void)
{
    static gsize ready;
    if (g_once_init_enter(&ready)) {
        sent = g_strsplit(sent_words, "|", -1);
        programs = g_strsplit(program_words, "|", -1);
        advertised = g_strsplit("ios|android|mac|iphone", "|", -1);
        g_once_init_leave(&ready, 1);
    }
}

static bool contains_any(const char *text, char **words)
{
    for (; *words; words++)
        if (strstr(text, *words))
            return true;
    return false;
}

/* The first and last two bytes of the words for "sent", to tell most lines apart at once. */
typedef struct {
    guint8 first[8192], last[8192];
} Pairs;

static void add_pair(guint8 *set, const char *at)
{
    guint pair = (guint)(guchar)at[0] << 8 | (guchar)at[1];
    set[pair / 8] |= (guint8)(1 << pair % 8);
}

static bool has_pair(const guint8 *set, const char *at)
{
    guint pair = (guint)(guchar)at[0] << 8 | (guchar)at[1];
    return set[pair / 8] & 1 << pair % 8;
}

static const Pairs *pairs(void)
{
    static Pairs made;
    static gsize ready;
    if (g_once_init_enter(&ready)) {
        for (char **word = sent; *word; word++) {
            add_pair(made.first, *word);
            add_pair(made.last, *word + strlen(*word) - 2);
        }
        g_once_init_leave(&ready, 1);
    }
    return &made;
}

/* Does `text` begin with the word? Chinese and its kin set no blanks between words. */
static bool begins_with(const char *text, const char *word, gsize n)
{
    return strncmp(text, word, n) == 0 &&
           ((guchar)*word >= 0xe0 || word[n - 1] == '\'' || !quote_is_letter(text[n]));
}

static bool ends_with(const char *text, gsize length, const char *word, gsize n)
{
    if (n > length || memcmp(text + length - n, word, n) != 0)
        return false;
    return (guchar)*word >= 0xe0 || n == length || !quote_is_letter(text[length - n - 1]);
}

/* Does `text` begin or end with a word for "sent"? German and Turkish put it last. */
static bool says_sent(const char *text, gsize length)
{
    bool first = has_pair(pairs()->first, text);
    bool last = has_pair(pairs()->last, text + length - 2);
    for (char **word = sent; (first || last) && *word; word++) {
        bool begun = first && strncmp(text, *word, 2) == 0;
        if (!begun && !last)
            continue;
        gsize n = strlen(*word);
        if ((begun && begins_with(text, *word, n)) ||
            (last && ends_with(text, length, *word, n)))
            return true;
    }
    return false;
}

/* Takes links out: "Outlook <https://…>" and "[Outlook](https://…)"; then what stands around.
 */
static void strip_links(char *text)
{
    char *out = text;
    bool link = false;
    for (char *p = text; *p; p++) {
        if (*p == '<' ||
            (*p == '(' && (g_str_has_prefix(p, "(http") || g_str_has_prefix(p, "(mailto"))))
            link = true;
        if (!link && *p != '[' && *p != ']' && *p != '*' && *p != '_' && *p != '"')
            *out++ = *p;
        if (link && (*p == '>' || *p == ')'))
            link = false;
    }
    while (out > text && strchr(" .!,-", out[-1]))
        out--;
    *out = '\0';
    memmove(text, text + strspn(text, " -.,"), strlen(text + strspn(text, " -.,")) + 1);
}

bool footer_is_program(const char *line, gsize length)
{
    if (length < 8 || length > LENGTH_MAX ||
        (length > WORDS_MAX && !memchr(line, '<', length) && !memchr(line, '(', length)))
        return false;
    split_words();
    g_autofree char *folded = quote_fold(line, length);
    bool link = strstr(folded, "aka.ms") != NULL;
    strip_links(folded);
    gsize n = strlen(folded);
    if (n < 8 || n > WORDS_MAX || strchr(folded, '?'))
        return false;
    if (strstr(folded, "outlook") && n <= 60 && (link || contains_any(folded, advertised)))
        return true;
    return says_sent(folded, n) && contains_any(folded, programs);
}

bool footer_is_mark(const char *line, gsize length)
{
    return length == 2 && memcmp(line, "--", 2) == 0;
}

/* ". . . . .", "- - - - -", perhaps in bold. */
static bool is_spaced(const char *line, gsize length)
{
    gsize n[256] = {0};
    for (gsize i = 0; i < length; i++)
        n[(guchar)line[i]]++;
    gsize dots = MAX(n['.'], MAX(n['-'], n['_']));
    return dots >= 5 && n[' '] + 1 >= dots && dots + n[' '] + n['*'] == length;
}

/* "_____", "-----". */
static bool is_repeated(const char *line, gsize length)
{
    char c = length > 0 ? *line : 0;
    if (c == '.')
        return is_spaced(line, length);
    for (gsize i = 1; i < length; i++)
        if (line[i] != c)
            return is_spaced(line, length);
    return c == '_' ? length >= 2 : c == '-' && length >= RULE_MIN;
}

bool footer_is_rule(const char *line, gsize length)
{
    if (length >= 3 && length <= 120 &&
        (memcmp(line, "\342\200\224", 3) == 0 || memcmp(line, "\342\224\200", 3) == 0 ||
         memcmp(line, "\342\200\223", 3) == 0)) {
        for (gsize i = 3; i < length; i++)
            if (line[i] != line[i % 3])
                return false;
        return length % 3 == 0;
    }
    char c = length > 0 ? *line : 0;
    return c == '*' ? is_spaced(line, length) : is_repeated(line, length);
}
