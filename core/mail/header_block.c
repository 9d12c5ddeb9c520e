/* Header blocks, by a table of the labels that mail programs of each language use.
 *
 * Labels of different languages may stand in one block: programs mix them. Fields may be folded
 * over lines and have blank lines between.
 *
 * Not here: what follows from a block (quote.c), what its values say (forward.c). Never
 * fails. */
#include "core/mail/header_block.h"

#include <string.h>

#define LABEL_MAX 48   /* bytes of a label */
#define BLOCK_LINES 24 /* of one block at most */
#define WITHIN_MAX 600 /* bytes of a line that are searched for further fields */
#define ABOVE_LINES 8  /* above a block, that may tell a pasted one */
#define FOLDED_LINES 4 /* lines in a block that are no field */

/* Lower case. */
static const struct {
    HeaderField field;
    const char *labels; /* parted by "|" */
} table[] = {
    {FIELD_FROM,
     "from|de|von|da|van|från|fra|lähettäjä|od|nadawca|odesílatel|odosielateľ|от|от кого|від|"
     "отправитель|відправник|feladó|de la|expeditor|expéditeur|absender|remitente|mittente|"
     "remetente|afzender|avsändare|avsender|afsender|kimden|gönderen|από|αποστολέας|"
     "差出人|送信元|送信者|发件人|寄件者|寄件人|發件人|보낸 "
     "사람|보낸사람|발신|발신자|מאת|من|المرسل|"
     "người gửi|từ|dari|จาก|pošiljatelj|šalje|nuo|kellelt|saatja|frá|فرستنده|از|प्रेषक|de "
     "part "
     "de|message de|"
     "envoyé par|gesendet von|sent by"},
    {FIELD_DATE,
     "sent|date|sent on|sent at|date sent|received|envoyé|envoye|envoyé le|envoyée le|date "
     "d'envoi|reçu|reçu le|"
     "gesendet|datum|gesendet am|enviado|enviado el|enviado em|fecha|data|enviada|enviada em|"
     "enviat|enviado a las|inviato|inviato il|data invio|verzonden|verzonden "
     "op|skickat|dato|sendt|sendt den|lähetetty|"
     "päivämäärä|pvm|päiväys|wysłano|wysłane|data wysłania|odesláno|odoslané|dátum|odoslaná|"
     "отправлено|дата|дата отправки|надіслано|відправлено|küldve|elküldve|küldés dátuma|küldés "
     "ideje|"
     "trimis|data trimiterii|tarih|gönderildi|gönderme tarihi|gönderim tarihi|gönderilme "
     "tarihi|ημερομηνία|"
     "στάλθηκε|εστάλη|αποστολή|送信日時|日時|日付|送信日|发送时间|发送日期|发送|日期|時間|时间|"
     "傳送時間|"
     "寄件日期|寄件時間|傳送日期|寄送時間|보낸 날짜|보낸날짜|날짜|일시|보낸 "
     "시간|발송일|נשלח|תאריך|"
     "تاريخ|التاريخ|تاريخ الإرسال|تم الإرسال|أرسلت|مرسل|ngày|đã gửi|thời "
     "gian|tanggal|terkirim|dikirim|วันที่|ส่ง|poslano|"
     "išsiųsta|nosūtīts|saadetud|kuupäev|изпратено|तारीख"},
    {FIELD_TO,
     "to|à|a|pour|an|para|per|aan|till|til|vastaanottaja|do|adresat|komu|pro|кому|címzett|"
     "către|catre|kime|alıcı|προς|宛先|送信先|收件人|收件者|받는 "
     "사람|받는사람|수신|수신자|אל|إلى|الى|المستلم|"
     "người "
     "nhận|đến|tới|kepada|ke|ถึง|destinataire|destinataires|empfänger|destinatario|destinatari|"
     "destinatário|ontvanger|mottagare|mottaker|modtager|do "
     "kogo|za|prima|kam|kellele|до|получатель|به|"
     "recipient|recipients|an die|αποδέκτης"},
    {FIELD_SUBJECT,
     "subject|objet|sujet|betreff|asunto|oggetto|assunto|onderwerp|ämne|emne|aihe|otsikko|"
     "temat|tytuł|předmět|predmet|predmět|тема|относно|tárgy|subiect|konu|θέμα|件名|主题|主旨|"
     "主題|标题|제목|"
     "נושא|الموضوع|موضوع|chủ đề|tiêu "
     "đề|subjek|perihal|subyek|หัวเรื่อง|เรื่อง|zadeva|naslov|tema|assumpte|"
     "teema|efni|betrifft|विषय|re|rif|subjekt|titre"},
    {FIELD_OTHER,
     "cc|bcc|cci|importance|importância|importancia|reply-to|reply to|copie à|copie|copie "
     "cachée|répondre à|"
     "kopie|antwort an|antwort|priorität|wichtigkeit|con copia|copia|responder a|responder "
     "para|cópia|rispondi a|"
     "risposta|copia per conoscenza|importanza|priorità|cc:n|kopia|kopi|svar til|svara "
     "till|svar till|besvar til|kopio|"
     "vastausosoite|odpowiedź do|odpowiedz do|do wiadomości|dw|udw|odpověď komu|"
     "копия|ответить|відповісти|копія|másolat|válaszcím|copie "
     "la|bilgi|yanıtla|yanıt|κοιν|κοινοποίηση|απάντηση προς|抄送|"
     "副本|回复|返信先|참조|עותק|نسخة|نسخة إلى|attachments|pièces jointes|pièce "
     "jointe|anlagen|anhänge|"
     "bijlagen|bijlage|allegati|adjuntos|anexos|datos "
     "adjuntos|załączniki|вложения|přílohy|priority|priorité|"
     "importancia|prioridad|organization|organisation|newsgroups|sender|mailed-by|prilohy|"
     "kópia|"
     "sensitivity|antwoord "
     "aan|beantwoorden|x-original-to|list-id|categories|"
     "vá|tembusan|urgency|cópia oculta|beilagen"},
};

static GHashTable *labels(void)
{
    static GHashTable *made;
    if (g_once_init_enter(&made)) {
        GHashTable *hash = g_hash_table_new(g_str_hash, g_str_equal);
        for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
            g_auto(GStrv) split = g_strsplit(table[i].labels, "|", -1);
            for (char **label = split; *label; label++)
                if (!g_hash_table_contains(hash, *label))
                    g_hash_table_insert(hash, g_strdup(*label),
                                        GINT_TO_POINTER(table[i].field));
        }
        g_once_init_leave(&made, hash);
    }
    return made;
}

/* --- one field --------------------------------------------------------------------------- */

static bool is_decoration(char c)
{
    return c == ' ' || c == '\t' || c == '*' || c == '_' || c == '|';
}

/* The colon after a label, or NULL; *ret_size its bytes. */
static const char *find_colon(const char *line, gsize length, gsize *ret_size)
{
    gsize most = MIN(length, LABEL_MAX);
    const char *colon = memchr(line, ':', most);
    *ret_size = 1;
    if (!colon && (colon = memmem(line, most, "\357\274\232", 3)))
        *ret_size = 3;
    return colon;
}

int header_field(const char *line, gsize length, const char **ret_value)
{
    while (length > 0 && is_decoration(*line)) {
        line++;
        length--;
    }
    gsize size;
    const char *colon = find_colon(line, length, &size);
    if (!colon || colon == line)
        return 0;
    g_autofree char *label = quote_fold(line, (gsize)(colon - line));
    gsize n = strlen(label);
    while (n > 0 && is_decoration(label[n - 1]))
        label[--n] = '\0';
    int field = GPOINTER_TO_INT(g_hash_table_lookup(labels(), label));
    const char *value = colon + size, *end = line + length;
    while (value < end && is_decoration(*value))
        value++;
    *ret_value = value;
    return field;
}

/* The field whose label ends at `colon`: the letters before it, or those of them from a capital
 * on. */
static int label_before(const char *from, const char *colon, const char **ret_start)
{
    const char *end = colon;
    while (end > from && end[-1] == ' ')
        end--;
    const char *start = end;
    while (start > from && end - start < LABEL_MAX &&
           (g_ascii_isalpha(start[-1]) || (guchar)start[-1] >= 0x80))
        start--;
    for (; start < end; start++) {
        bool whole = start == from || !g_ascii_isalnum(start[-1]);
        if (((guchar)*start & 0xc0) == 0x80 ||
            !(whole || g_ascii_isupper(*start) || (guchar)*start >= 0xc0))
            continue;
        g_autofree char *label = quote_fold(start, (gsize)(end - start));
        int field = GPOINTER_TO_INT(g_hash_table_lookup(labels(), label));
        *ret_start = start;
        if (field)
            return field;
    }
    return 0;
}

int header_field_within(const char *at, const char *end, const char **ret_start,
                        const char **ret_value)
{
    const char *from = at, *colon;
    end = MIN(end, at + WITHIN_MAX);
    while (at < end && (colon = memchr(at, ':', (gsize)(end - at)))) {
        int field = label_before(from, colon, ret_start);
        *ret_value = colon + 1;
        if (field && *ret_start > from)
            return field;
        at = from = colon + 1;
    }
    return 0;
}

/* --- a block ----------------------------------------------------------------------------- */

/* Is the value what only a mail's header says there: an address, or a time of the day? */
static bool is_telling(int field, const char *value, const char *end)
{
    gsize n = value < end ? (gsize)(end - value) : 0;
    if (field & (FIELD_FROM | FIELD_TO))
        return n > 0 && memchr(value, '@', n);
    if (field & FIELD_DATE)
        for (const char *p = value; p + 2 < end; p++)
            if (g_ascii_isdigit(p[0]) && (p[1] == ':' || p[1] == '.' || p[1] == 'h') &&
                g_ascii_isdigit(p[2]))
                return true;
    return false;
}

static bool is_whole(int found, int telling)
{
    int count = __builtin_popcount((unsigned)found);
    /* Journeys have a from, a to and a date as well. */
    bool of_mail = telling != 0 || (found & FIELD_SUBJECT);
    return ((found & FIELD_FROM) && count >= 3 && of_mail) ||
           (count >= 2 && __builtin_popcount((unsigned)telling) >= 2);
}

/* Counts a field, and those run together with it if they make a whole block. */
static void take_fields(int field, const char *value, const char *end, int *found, int *telling)
{
    *found |= field & ~FIELD_OTHER;
    if (is_telling(field, value, end))
        *telling |= field;
    int within = *found;
    const char *start;
    while ((field = header_field_within(value, end, &start, &value)))
        within |= field & ~FIELD_OTHER;
    if ((within & FIELD_FROM) && __builtin_popcount((unsigned)within) >= 3)
        *found = within;
}

/* Fields that no mail program shows: a block with them was pasted, and is what the sender has
 * to say. */
static bool is_technical(const QuoteLine *line)
{
    static const char *const names[] = {
        "Received:",
        "Message-ID:",
        "Return-Path:",
        "MIME-Version:",
        "Delivered-To:",
        "X-",
        "User-Agent:",
        "Content-",
        "DKIM-",
        "ARC-",
        "References:",
        "In-Reply-To:",
        "Authentication-Results:",
        "Received-SPF:",
    };
    gsize length;
    const char *bare = quote_bare(line, &length);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (length > strlen(names[i]) &&
            g_ascii_strncasecmp(bare, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

/* "Name: Ann": a field, but none of mails. Above a block it tells the answers of a web form. */
static bool is_other_field(const QuoteLine *line)
{
    const char *value, *colon = memchr(line->at, ':', MIN(line->length, LABEL_MAX));
    return colon && colon > line->at && colon + 2 < line->at + line->length &&
           colon[1] == ' ' && !memchr(line->at, '.', (gsize)(colon - line->at)) &&
           header_field(line->at, line->length, &value) == 0;
}

/* Does one of the lines right above line `i` pass the test? */
static bool is_below(const GArray *lines, guint i, bool (*test)(const QuoteLine *))
{
    for (guint above = i; above > 0 && i - above < ABOVE_LINES; above--) {
        const QuoteLine *line = quote_line(lines, above - 1);
        if (line->class == LINE_BLANK)
            return false;
        if (test(line))
            return true;
    }
    return false;
}

bool header_block_at(const GArray *lines, guint i, guint *ret_end)
{
    int found = 0, telling = 0, others = 0;
    guint first = i, stop = MIN(i + BLOCK_LINES, lines->len);
    if (is_below(lines, i, is_technical))
        return false;
    for (*ret_end = i; i < stop && others <= FOLDED_LINES; i++) {
        gsize length;
        const char *bare = quote_bare(quote_line(lines, i), &length), *value;
        int field = header_field(bare, length, &value);
        if (field == 0) {
            /* A text may begin below a whole block, after a blank line. */
            if (length == 0 && is_whole(found, telling) && (found & FIELD_SUBJECT))
                break;
            if (is_technical(quote_line(lines, i)))
                return false;
            others += length > 0;
            continue;
        }
        if (found == 0 && field == FIELD_OTHER)
            return false;
        if (found & field & ~FIELD_OTHER)
            break;
        take_fields(field, value, bare + length, &found, &telling);
        *ret_end = i + 1;
    }
    return is_whole(found, telling) && (telling || !is_below(lines, first, is_other_field));
}
