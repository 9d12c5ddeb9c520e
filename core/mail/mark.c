/* Marks of an earlier mail, by a table of phrases: a language more is a row more.
 *
 * A phrase stands between rules ("----- … -----"), or at least after one; those of Apple and
 * a few others stand alone and end in a colon.
 *
 * Not here: what follows from a mark (quote.c), attributions (attribution.c). Never fails. */
#include "core/mail/mark.h"

#include "core/mail/quote_lines.h"

#include <string.h>

#define LENGTH_MAX 200

/* Lower case, between rules. A phrase ending in a blank may be followed by a date or a name. */
static const char *const originals[] = {
    "original message",
    "original appointment",
    "original mail",
    "reply message",
    "replied message",
    "message d'origine",
    "message original",
    "message initial",
    "message d'origine d'",
    "mail original",
    "mail d'origine",
    "mail initial",
    "e-mail d'origine",
    "courriel original",
    "courriel d'origine",
    "message du ",
    "message du : ",
    "réponse au message ",
    "message reçu ",
    "message de ",
    "ursprüngliche nachricht",
    "ursprüngliche mail",
    "ursprüngliche e-mail",
    "originalnachricht",
    "original-nachricht",
    "originale nachricht",
    "ursprünglicher termin",
    "urspr. nachricht",
    "antwort auf nachricht",
    "originalmail",
    "mensaje original",
    "mensaje de origen",
    "correo original",
    "cita original",
    "missatge original",
    "mensaxe orixinal",
    "messaggio originale",
    "messaggio di origine",
    "mail originale",
    "messaggio da ",
    "mensagem original",
    "e-mail original",
    "mensagem de ",
    "oorspronkelijk bericht",
    "oorspronkelijke bericht",
    "oorspronkelijke mail",
    "origineel bericht",
    "originele bericht",
    "ursprungligt meddelande",
    "originalmeddelande",
    "ursprungsmeddelande",
    "opprinnelig melding",
    "original melding",
    "oprindelig meddelelse",
    "original meddelelse",
    "oprindelig besked",
    "oprindelig mail",
    "alkuperäinen viesti",
    "alkuperäinen sähköposti",
    "wiadomość oryginalna",
    "oryginalna wiadomość",
    "wiadomość pierwotna",
    "pierwotna wiadomość",
    "treść oryginalnej wiadomości",
    "původní zpráva",
    "původní e-mail",
    "puvodni zprava",
    "pôvodná správa",
    "izvirno sporočilo",
    "izvorna poruka",
    "originalna poruka",
    "оригинална порука",
    "исходное сообщение",
    "оригинальное сообщение",
    "первоначальное сообщение",
    "исходное письмо",
    "оригінальне повідомлення",
    "вихідне повідомлення",
    "первинне повідомлення",
    "оригинално съобщение",
    "изходно съобщение",
    "eredeti üzenet",
    "eredeti levél",
    "mesaj original",
    "mesajul original",
    "mesaj iniţial",
    "mesajul iniţial",
    "mesajul inițial",
    "orijinal mesaj",
    "özgün ileti",
    "orjinal mesaj",
    "ilk mesaj",
    "orijinal ileti",
    "αρχικό μήνυμα",
    "πρωτότυπο μήνυμα",
    "originalus laiškas",
    "pirminis laiškas",
    "sākotnējais ziņojums",
    "algne kiri",
    "upprunaleg skilaboð",
    "thư gốc",
    "tin nhắn gốc",
    "pesan asli",
    "mesej asal",
    "ข้อความต้นฉบับ",
    "ข้อความดั้งเดิม",
    "元のメッセージ",
    "オリジナルメッセージ",
    "元のメール",
    "original message 元",
    "原始邮件",
    "原始郵件",
    "邮件原件",
    "原邮件",
    "原始信件",
    "原信",
    "원본 메시지",
    "원본 메일",
    "원본메일",
    "원래 메시지",
    "original message 원본",
    "הודעה מקורית",
    "ההודעה המקורית",
    "הודעה מקורית",
    "الرسالة الأصلية",
    "رسالة أصلية",
    "الرسالة الاصلية",
    "پیام اصلی",
    "मूल संदेश",
};

static const char *const forwards[] = {
    "forwarded message",
    "forwarded mail",
    "forwarded email",
    "forwarded by ",
    "forwarded from ",
    "begin forwarded message",
    "start of forwarded message",
    "original forwarded message",
    "fwd message",
    "forwarded letter",
    "message transféré",
    "message transmis",
    "message réexpédié",
    "mail transféré",
    "mail transmis",
    "courriel transféré",
    "e-mail transféré",
    "message forwardé",
    "transféré par ",
    "transmis par ",
    "message renvoyé",
    "réexpédié par ",
    "début du message réexpédié",
    "début du message transféré",
    "début du message transmis",
    "weitergeleitete nachricht",
    "weitergeleitete mail",
    "weitergeleitete e-mail",
    "weitergeleitet von ",
    "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail",
    "beginn der weitergeleiteten nachricht",
    "beginn der weitergeleiteten e-mail",
    "nachricht weitergeleitet",
    "fwd: nachricht",
    "mensaje reenviado",
    "correo reenviado",
    "reenviado por ",
    "inicio del mensaje reenviado",
    "comienzo del mensaje reenviado",
    "mensaje enviado",
    "missatge reenviat",
    "inici del missatge reenviat",
    "mensaxe reenviada",
    "messaggio inoltrato",
    "mail inoltrata",
    "inoltrato da ",
    "inizio messaggio inoltrato",
    "inizio del messaggio inoltrato",
    "mensagem encaminhada",
    "mensagem reencaminhada",
    "e-mail encaminhado",
    "encaminhado por ",
    "início da mensagem encaminhada",
    "início da mensagem reencaminhada",
    "mensagem enviada",
    "doorgestuurd bericht",
    "doorgestuurde mail",
    "doorgezonden bericht",
    "doorgestuurd door ",
    "begin doorgestuurd bericht",
    "begin van doorgestuurd bericht",
    "doorgestuurde bericht",
    "vidarebefordrat meddelande",
    "vidarebefordrat mejl",
    "vidarebefordrat brev",
    "vidarebefordrat av ",
    "vidarebefordrat mail",
    "börja vidarebefordrat meddelande",
    "början på vidarebefordrat meddelande",
    "påbörja vidarebefordrat meddelande",
    "vidarebefordrat e-postmeddelande",
    "videresendt melding",
    "videresendt e-post",
    "start på videresendt melding",
    "begynnelse på videresendt melding",
    "videresendt meddelelse",
    "videresendt besked",
    "videresendt mail",
    "start på videresendt besked",
    "begyndelse på videresendt besked",
    "videresendt af ",
    "videresendt av ",
    "starten på den videresendte beskeden",
    "starten på den videresendte meddelelse",
    "välitetty viesti",
    "edelleenlähetetty viesti",
    "lähetetty edelleen",
    "välitetty sähköposti",
    "välitetty viesti alkaa",
    "välitetyn viestin alku",
    "aloita välitetty viesti",
    "wiadomość przekazana",
    "przekazana wiadomość",
    "treść przekazanej wiadomości",
    "przekazano dalej",
    "początek przekazywanej wiadomości",
    "początek przekazanej wiadomości",
    "wiadomość przesłana dalej",
    "przesłana wiadomość",
    "przekazany e-mail",
    "wiadomość przekazana dalej",
    "přeposlaná zpráva",
    "přeposlaný e-mail",
    "přesměrovaná zpráva",
    "začátek přeposílané zprávy",
    "začátek přeposlané zprávy",
    "přeposlaný email",
    "přeposláno",
    "preposlaná správa",
    "preposlaný e-mail",
    "začiatok preposlanej správy",
    "začiatok preposielanej správy",
    "preposlaný email",
    "posredovano sporočilo",
    "začetek posredovanega sporočila",
    "proslijeđena poruka",
    "prosljeđena poruka",
    "započni proslijeđenu poruku",
    "početak proslijeđene poruke",
    "прослеђена порука",
    "prosleđena poruka",
    "пересылаемое сообщение",
    "пересланное сообщение",
    "пересылаемое письмо",
    "пересланное письмо",
    "перенаправленное сообщение",
    "начало пересылаемого сообщения",
    "начало переадресованного сообщения",
    "начало пересланного сообщения",
    "переадресованное сообщение",
    "завершение пересылаемого сообщения",
    "переслане повідомлення",
    "пересланий лист",
    "перенаправлене повідомлення",
    "початок листа, що пересилається",
    "початок пересланого повідомлення",
    "початок переадресованого повідомлення",
    "повідомлення, що пересилається",
    "препратено съобщение",
    "начало на препратеното съобщение",
    "továbbított üzenet",
    "továbbított levél",
    "a továbbított levél kezdete",
    "a továbbított üzenet kezdete",
    "továbbított üzenet kezdete",
    "levél továbbítása",
    "továbbított e-mail",
    "mesaj redirecționat",
    "mesaj redirecţionat",
    "mesaj retrimis",
    "mesaj transmis",
    "mesaj înaintat",
    "începutul mesajului redirecționat",
    "mesaj redirectionat",
    "început mesaj redirecționat",
    "începe mesajul redirecționat",
    "începe mesajul redirecţionat",
    "mesajul redirecţionat",
    "mesajul redirecționat",
    "yönlendirilmiş ileti",
    "iletilen mesaj",
    "iletilmiş mesaj",
    "yönlendirilen ileti",
    "yönlendirilmiş mesaj",
    "iletilen ileti",
    "başlangıç iletilmiş mesaj",
    "ileti başlangıcı",
    "i̇leti başlangıcı",
    "iletilmiş ileti başlangıcı",
    "yönlendirilen ileti başlangıcı",
    "iletilmiş mesajın başlangıcı",
    "iletilmiş iletinin başlangıcı",
    "προωθημένο μήνυμα",
    "έναρξη προωθημένου μηνύματος",
    "προωθημένο e-mail",
    "αρχή προωθημένου μηνύματος",
    "persiųstas laiškas",
    "pārsūtīts ziņojums",
    "edastatud kiri",
    "áframsend skilaboð",
    "áframsent bréf",
    "thư được chuyển tiếp",
    "thư đã chuyển tiếp",
    "chuyển tiếp thư",
    "tin nhắn được chuyển tiếp",
    "bắt đầu thư được chuyển tiếp",
    "forwarded message chuyển tiếp",
    "pesan terusan",
    "pesan yang diteruskan",
    "pesan diteruskan",
    "mesej dimajukan",
    "mulai pesan terusan",
    "ข้อความที่ส่งต่อ",
    "ส่งต่อข้อความ",
    "เริ่มต้นข้อความที่ส่งต่อ",
    "転送メッセージ",
    "メッセージを転送",
    "転送されたメール",
    "メールを転送",
    "転送されたメッセージ",
    "転送メール",
    "転送されたメール",
    "以下転送メッセージ",
    "転送されたメッセージの先頭",
    "転送元メッセージ",
    "転送済みメッセージ",
    "转发的邮件",
    "转发邮件",
    "转发信息",
    "下面是被转发的邮件",
    "下面是转发的邮件",
    "以下是转发的邮件",
    "轉寄郵件",
    "轉寄的郵件",
    "轉寄信件",
    "開始轉寄郵件",
    "以下是轉寄的郵件",
    "轉寄的信件",
    "开始转发的邮件",
    "전달된 메시지",
    "전달된 메일",
    "전달한 메시지",
    "전달된 메시지 시작",
    "전달 메시지",
    "전달된 편지",
    "הודעה שהועברה",
    "תחילת ההודעה שהועברה",
    "הודעה מועברת",
    "הודעה שהועברה על ידי ",
    "رسالة معاد توجيهها",
    "رسالة مُعاد توجيهها",
    "الرسالة المعاد توجيهها",
    "رسالة محولة",
    "بداية الرسالة المحولة",
    "بدء الرسالة المعاد توجيهها",
    "رسالة أعيد توجيهها",
    "پیام هدایت‌شده",
    "अग्रेषित संदेश",
};

/* --- matching ---------------------------------------------------------------------------- */

/* Phrases, each with its MarkKind. */
static GHashTable *phrases(void)
{
    static GHashTable *table;
    if (g_once_init_enter(&table)) {
        GHashTable *made = g_hash_table_new(g_str_hash, g_str_equal);
        for (gsize i = 0; i < G_N_ELEMENTS(originals); i++)
            g_hash_table_insert(made, (char *)originals[i], GINT_TO_POINTER(MARK_ORIGINAL));
        for (gsize i = 0; i < G_N_ELEMENTS(forwards); i++)
            g_hash_table_insert(made, (char *)forwards[i], GINT_TO_POINTER(MARK_FORWARD));
        g_once_init_leave(&table, made);
    }
    return table;
}

/* "message du 20/11/2026": what follows an open phrase begins with a digit, or a name stands
 * between rules. */
static MarkKind open_phrase(const char *text, bool ruled)
{
    const char *blank = text;
    for (int words = 0; words < 5 && (blank = strchr(blank, ' ')); words++) {
        g_autofree char *start = g_strndup(text, (gsize)(++blank - text));
        MarkKind kind = (MarkKind)GPOINTER_TO_INT(g_hash_table_lookup(phrases(), start));
        if (kind && (ruled || g_ascii_isdigit(*blank)))
            return kind;
    }
    return MARK_NONE;
}

/* Bytes of the rule's character at `p`; 0: none. Blanks count only for some. */
static gsize rule_size(const char *p, bool blanks)
{
    if (*p && strchr("-_*=~#+", *p))
        return 1;
    if (*p == ' ')
        return blanks;
    return g_str_has_prefix(p, "—") || g_str_has_prefix(p, "─") ? 3 : 0;
}

static bool may_be_mark(const char *line, gsize length, bool *ret_rule)
{
    const char *end = line + length;
    *ret_rule = (strchr("-_*=~#+", *line) && *line && line[1] && strchr("-_*=~#+ ", line[1])) ||
                memcmp(line, "—", 3) == 0 || memcmp(line, "─", 3) == 0;
    return *ret_rule || *line == 'M' || *line == 'm' || end[-1] == ':' ||
           memcmp(end - 3, "：", 3) == 0;
}

/* Where the phrase ends: at the next rule of three, at a colon that ends the line, or at the
 * end. */
static gsize phrase_length(const char *text, bool *ret_ruled, bool *ret_colon)
{
    gsize end = 0;
    while (text[end] &&
           !(rule_size(text + end, false) && rule_size(text + end + 1, false) == 1 &&
             rule_size(text + end + 2, false) == 1) &&
           !(g_str_has_prefix(text + end, "—")) && !(g_str_has_prefix(text + end, "─")))
        end++;
    *ret_ruled = text[end] != '\0';
    while (end > 0 && rule_size(text + end - 1, true) == 1)
        end--;
    *ret_colon = !*ret_ruled && end > 0 && text[end - 1] == ':';
    end -= *ret_colon;
    while (end > 0 && text[end - 1] == ' ')
        end--;
    return end;
}

MarkKind mark_of_line(const char *line, gsize length)
{
    bool rule, ruled, colon;
    while (length > 0 && (*line == ' ' || *line == '\t')) {
        line++;
        length--;
    }
    if (length < 6 || !may_be_mark(line, length, &rule) || (!rule && length > LENGTH_MAX))
        return MARK_NONE;
    g_autofree char *folded = quote_fold(line, MIN(length, LENGTH_MAX));
    char *start = folded;
    for (gsize n; (n = rule_size(start, true)) > 0;)
        start += n;
    bool short_rule = start - folded < 2;
    start[phrase_length(start, &ruled, &colon)] = '\0';
    MarkKind kind = (MarkKind)GPOINTER_TO_INT(g_hash_table_lookup(phrases(), start));
    if (kind && ((rule && !short_rule) || (colon && kind == MARK_FORWARD)))
        return kind;
    return kind ? MARK_NONE : open_phrase(start, rule && ruled);
}
